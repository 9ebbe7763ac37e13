/* Countries on the map; see parts.h.  How they look is made at build time
 * (conf/map). */

#include "dashboard/lists.h"

#include <math.h>
#include <string.h>

static json_int_t
visitors(const json_t *row)
{
    return json_integer_value(
        json_array_get(json_object_get(row, "metrics"), 0));
}

/* By the root, so that few are told from none beside many. */
static json_int_t
level(json_int_t n, json_int_t most)
{
    return most == 0 ? 1
                     : (json_int_t) ceil(GL_MAP_LEVELS *
                                         sqrt((double) n / (double) most));
}

/* Two letters: it may be drawn. */
static int
is_code(const char *value)
{
    return strlen(value) == 2 && g_ascii_isupper(value[0]) &&
           g_ascii_isupper(value[1]);
}

json_t *
gl_map_view(const struct gl_page *page, const struct gl_list *list,
            const json_t *answer)
{
    const json_t *results = json_object_get(answer, "results"), *row;
    json_int_t most = visitors(json_array_get(results, 0));
    json_t *countries = json_array();
    size_t i;

    json_array_foreach (results, i, row) {
        const char *code = gl_list_value(row);

        if (!is_code(code))
            continue;
        json_t *view = gl_list_row(page, list, row);
        json_object_update_new(view,
                               json_pack("{s:s, s:I, s:I}", "code", code, "n",
                                         visitors(row), "level",
                                         MAX(level(visitors(row), most), 1)));
        json_array_append_new(countries, view);
    }
    return json_pack("{s:o}", "list", countries);
}
