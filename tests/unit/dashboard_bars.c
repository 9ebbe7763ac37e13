/*
 * Promise: bars are in proportion, the highest below the room for the scale,
 * the smallest to be seen, and a scale ends with a round number.
 */

#include "dashboard/bars.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>

static void
check(const char *minutes, int64_t top, const char *heights)
{
    json_t *list = json_loads(minutes, 0, NULL);
    json_t *bars = gl_bars(list);
    char *text = json_dumps(json_object_get(bars, "heights"), JSON_COMPACT);

    tap_int(json_integer_value(json_object_get(bars, "top")), top, "scale: %s",
            minutes);
    tap_str(text, heights, "heights: %s", minutes);
    free(text);
    json_decref(bars);
    json_decref(list);
}

int
main(void)
{
    check("[0, 0]", 5, "[10,10]");
    check("[null, 0]", 5, "[10,10]");
    check("[5, 1, 0]", 5, "[920,184,10]");
    check("[6, 3]", 6, "[920,460]");
    check("[7]", 8, "[805]");
    check("[9, 1]", 10, "[828,92]");
    check("[70000, 1]", 80000, "[805,20]");
    check("[2147483647]", INT64_C(3000000000), "[658]");
    check("[]", 5, "[]");
    return tap_done();
}
