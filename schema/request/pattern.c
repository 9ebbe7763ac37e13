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

static inline uint32_t
shorter(struct gl_text a, struct gl_text b)
{
    return a.len < b.len ? a.len : b.len;
}

/* How many bytes both begin with, before the pattern's first star. */
static uint32_t
begin_alike(struct gl_text pattern, struct gl_text path)
{
    uint32_t n = 0, most = shorter(pattern, path);

    while (n < most && pattern.data[n] == path.data[n] &&
           pattern.data[n] != '*')
        n++;
    return n;
}

/* 1: both end with what stands behind the pattern's last star. */
static int
end_alike(struct gl_text pattern, struct gl_text path)
{
    const char *a = pattern.data + pattern.len, *b = path.data + path.len;
    uint32_t n = 0, most = shorter(pattern, path);

    while (n < most && a[-1] == b[-1] && a[-1] != '*')
        n++, a--, b--;
    return n == pattern.len || a[-1] == '*';
}

int
gl_pattern_fits(struct gl_text pattern, struct gl_text path, uint32_t *steps)
{
    struct place one = {0}, any = {0};
    uint32_t p = begin_alike(pattern, path), t = p;

    /* most paths are told from a pattern by its ends */
    if (*steps < p || (p < pattern.len && pattern.data[p] != '*') ||
        !end_alike(pattern, path))
        return 0;
    *steps -= p;
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
