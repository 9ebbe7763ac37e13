/* Any thread; keeps nothing. */

#include "dashboard/bars.h"

#include "gl_assert.h"

#define LOWEST 20   /* of any bar that is not 0 */
#define NOTHING 10  /* of one that is */
#define SCALE_MIN 5 /* the scale ends there or higher */

/* The scale's top: one of these digits times a power of ten. */
static int64_t
ceiling(int64_t most)
{
    static const int64_t steps[] = {1, 2, 3, 4, 5, 6, 8};

    for (int64_t power = 1;; power *= 10)
        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
            int64_t top = steps[i] * power;

            if (top >= most && top >= SCALE_MIN)
                return top;
        }
}

static int64_t
height(int64_t n, int64_t top)
{
    int64_t high = n * (GL_BARS_HIGH - GL_BARS_ROOM) / top;

    GL_ASSERT(n <= top && high <= GL_BARS_HIGH);

    if (n == 0)
        return NOTHING;
    return high < LOWEST ? LOWEST : high;
}

json_t *
gl_bars(const json_t *minutes)
{
    json_t *heights = json_array();
    int64_t most = 0;
    size_t n = json_array_size(minutes);

    for (size_t i = 0; i < n; i++) {
        int64_t one = json_integer_value(json_array_get(minutes, i));

        most = one > most ? one : most;
    }
    int64_t top = ceiling(most);
    for (size_t i = 0; i < n; i++) {
        int64_t one = json_integer_value(json_array_get(minutes, i));

        json_array_append_new(heights, json_integer(height(one, top)));
    }
    return json_pack("{s:I, s:o}", "top", (json_int_t) top, "heights",
                     heights);
}
