/*
 * Which crawler, fetcher or automation a User-Agent names itself: the
 * published list, and words that crawlers nobody has listed yet use.  A
 * client that lies about itself is not found here.
 */

#ifndef GL_ENRICH_BOTS_H
#define GL_ENRICH_BOTS_H

#include "enrich.h"

struct gl_bots;

/* Texts live as long as the struct gl_bots; "" = not known. */
struct gl_bot_found {
    const char *family; /* there are only as many as the list has */
    const char *kind, *operator;
    enum gl_bot_rule rule;
};

/*
 * Reads bots.json and bots.scan of DATA_DIR.  NULL with *WHY a static
 * sentence.
 */
struct gl_bots *gl_bots_new_(const char *data_dir, const char **why);
void gl_bots_free_(struct gl_bots *bots);
/* Writes bots.scan of DATA_DIR.  0, or -1: see errno. */
int gl_bots_save_(const struct gl_bots *bots, const char *data_dir);

/*
 * What TEXT is in FOUND: 1; or 0: none of them.  Of several the first of:
 *
 *   a plain name           it says who it is; where an expression begins the
 *                          pass does not know
 *     the first in the text  who it is comes before whom it is like
 *     the longest there      "X-Image" is not "X"
 *   an expression, in the order of bots.json:
 *     a program's            it is what sends, whatever it adds
 *     a published crawler's  a name says more than what it does
 *     a word's               of signs, then of isbot: all are one to us
 *
 * No word counts where people's agents have what others chose (bots.c): in the
 * name of a thing and of its build (15 agents of the labelled ones had a word
 * there and nowhere else: telephones, tablets, a watch, whatever their label),
 * and in what a language is told with.
 */
int gl_bots_find_(struct gl_bots *bots, struct gl_text text,
                  struct gl_bot_found *found);

#endif
