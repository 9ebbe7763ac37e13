/*
 * Patterns of paths; see pattern.h.  Two places to come back to: the last '*',
 * which takes one byte more while that is no '/', and the last '**' before it,
 * which may take anything.  Bytes, not characters: no byte of one character of
 * UTF-8 is another character.
 */

#include "request/pattern.h"

struct place {
    uint32_t pattern, path; /* behind the star; what it has taken ends here */
    int is_set;
};

/* How many stars stand at AT: 0, 1, or 2 for any more. */
static uint32_t
stars(struct gl_text pattern, uint32_t at)
{
    uint32_t n = 0;

    while (at + n < pattern.len && pattern.data[at + n] == '*')
        n++;
    return n;
}

/* The star of PLACE takes one byte more: 1, or 0 when it cannot. */
static int
take_more(struct place *place, struct gl_text path, int any, uint32_t *p,
          uint32_t *t)
{
    if (!place->is_set || place->path >= path.len)
        return 0;
    if (!any && path.data[place->path] == '/')
        return 0;
    place->path++;
    *p = place->pattern;
    *t = place->path;
    return 1;
}

int
gl_pattern_fits(struct gl_text pattern, struct gl_text path, uint32_t *steps)
{
    struct place one = {0}, any = {0};
    uint32_t p = 0, t = 0;

    while (t < path.len || p < pattern.len) {
        uint32_t n = stars(pattern, p);

        if (*steps == 0)
            return 0;
        --*steps;
        if (n > 0) {
            struct place here = {p + n, t, 1};

            p += n;
            one.is_set = 0;
            *(n == 1 ? &one : &any) = here;
        } else if (p < pattern.len && t < path.len &&
                   pattern.data[p] == path.data[t]) {
            p++, t++;
        } else if (!take_more(&one, path, 0, &p, &t)) {
            one.is_set = 0;
            if (!take_more(&any, path, 1, &p, &t))
                return 0;
        }
    }
    return 1;
}
