/* The six headline numbers: how each is called and written.  Pure. */

#ifndef GL_FIGURES_H
#define GL_FIGURES_H

#include <jansson.h>
#include <stddef.h>

enum gl_figure_kind {
    GL_FIGURE_COUNT,
    GL_FIGURE_RATIO, /* 2.3 */
    GL_FIGURE_SHARE, /* 43 % */
    GL_FIGURE_SECONDS
};

struct gl_figure {
    const char *metric; /* of the API */
    const char *text;
    enum gl_figure_kind kind;
    int less_is_better;
};

#define GL_FIGURES_N 6
/* In the order of the page. */
extern const struct gl_figure gl_figures[GL_FIGURES_N];

/* Which is METRIC; the first when none is. */
size_t gl_figure_find(const char *metric);
/* All of them, as "metrics" of a query, the caller's. */
json_t *gl_figure_metrics(void);
/* N as people read it: "12,345", "2.3", "43 %", "2m 05s"; a dash for null.
 * The caller's (g_free). */
char *gl_figure_text(enum gl_figure_kind kind, const json_t *n);

#endif
