/* The keys of an event line whose value is a text, and what each may hold. */

#ifndef GL_IMPORT_TEXT_H
#define GL_IMPORT_TEXT_H

#include "import/event_line.h"
#include "request/memory.h"

struct gl_import_text;

/* The text that KEY names, or NULL. */
const struct gl_import_text *gl_import_text_(const char *key);

/* Make of TEXT what KEY keeps of it, in LINE's memory: 0, or -1 with why not
 * in MUST, a sentence that follows the key. */
int gl_import_text_read_(struct gl_import_line *line,
                         const struct gl_import_text *key,
                         struct gl_text *text, char *must, size_t must_len);

/* What stands for a text that KEY cannot have, where that is no error: of a
 * title, a source or a campaign GL_TOO_LONG, as a worker has it; else none. */
struct gl_text gl_import_text_instead_(const struct gl_import_text *key);

/* As gl_import_text_read_(), and put it where KEY says. */
int gl_import_text_take_(struct gl_import_line *line,
                         const struct gl_import_text *key, struct gl_text text,
                         char *must, size_t must_len);

/* 1: what an export wrote of a word beyond a cap, whose kind is lost. */
int gl_import_is_other_(struct gl_text text);

/* Memory that lives until the line is cleared. */
struct gl_memory gl_import_memory_(struct gl_import_line *line);

#endif
