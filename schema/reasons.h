/* Why an event is not counted: reasons.def for C. */

#ifndef GL_REASONS_H
#define GL_REASONS_H

#include "event.h"

enum gl_reason {
#define WORKER(name, word, says) GL_REASON_##name,
#define LATER(name, word, says) GL_REASON_##name,
#include "reasons.def"
#undef WORKER
#undef LATER
    GL_REASONS
};

/* The word of the table. */
struct gl_text gl_reason_word(enum gl_reason reason);
/* What it means, for people. */
const char *gl_reason_says(enum gl_reason reason);

#endif
