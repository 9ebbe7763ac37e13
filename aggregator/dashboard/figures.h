/* The headline numbers: which a page has, how each is called and written.
 * Pure. */

#ifndef GL_FIGURES_H
#define GL_FIGURES_H

#include <jansson.h>
#include <stddef.h>

#include "language/say.h"

enum gl_figure_kind {
    GL_FIGURE_COUNT,
    GL_FIGURE_RATIO, /* 2.3 */
    GL_FIGURE_SHARE, /* 43% of all that there may be */
    GL_FIGURE_RATE,  /* 1.4%: of few */
    GL_FIGURE_SECONDS,
    GL_FIGURE_MONEY /* an object, as the API has it */
};

struct gl_figure {
    const char *metric;  /* of the API */
    const char *by_time; /* which tells it of each time; NULL = the same */
    enum gl_say text;
    enum gl_figure_kind kind;
    int less_is_better;
};

struct gl_figures {
    const struct gl_figure *one; /* in the order of the page */
    size_t n;
};

/* What the filters of a page are about decides. */
enum gl_figures_of {
    GL_FIGURES_OF_SITE,
    GL_FIGURES_OF_PAGE, /* pages: time on them, how far they are read */
    GL_FIGURES_OF_GOAL,
    GL_FIGURES_OF_SALE /* goals that bring money */
};
struct gl_figures gl_figures_of(enum gl_figures_of of);

/* Which is METRIC; the first when none is. */
size_t gl_figure_find(const struct gl_figures *figures, const char *metric);
/* All of them, as "metrics" of a query, the caller's. */
json_t *gl_figure_metrics(const struct gl_figures *figures, int by_time);
/* N of a figure as a number; 0 for null. */
double gl_figure_number(const json_t *n);
/* N as people read it: "12,345", "2.3", "43%", "2m 05s", "€1.2K"; a dash for
 * null.  The caller's (g_free). */
char *gl_figure_text(enum gl_figure_kind kind, const json_t *n);
/* 1: TEXT is wider than its usual place: ten millions and more. */
int gl_figure_is_long(const char *text);

#endif
