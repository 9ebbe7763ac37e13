/* Who runs crawlers, by the names of files that an owner adds. */

#ifndef GL_ENRICH_OPERATORS_H
#define GL_ENRICH_OPERATORS_H

#include "event.h"

struct gl_operators;

/* Reads operators.json of DATA_DIR; NULL with *WHY a static sentence. */
struct gl_operators *gl_operators_new_(const char *data_dir, const char **why);
void gl_operators_free_(struct gl_operators *operators);

struct gl_operator {
    const char *name; /* "OpenAI" */
    const char *kind; /* of its crawlers: "ai-crawler", or "" */
};

/* Whose CODE is, "openai"; one that is not known is its own name.  Valid until
 * the next call. */
struct gl_operator gl_operators_find_(struct gl_operators *operators,
                                      struct gl_text code);

#endif
