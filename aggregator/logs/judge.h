/*
 * What a line is: a page that was seen, or why not.  The rules are those of
 * pages served (Glinto's log phase), as far as a log tells:
 *
 *   GET, 200 or 304, of the site's host, no prefetch, no asset
 *
 * A page is what has Content-Type text/html; where the log does not tell, what
 * was fetched as a document (Sec-Fetch-Dest); where it does not tell that
 * either, an address whose last part has no ending of a file, or that of a
 * page (.html, .php ...).  Pure.
 */

#ifndef GL_LOGS_JUDGE_H
#define GL_LOGS_JUDGE_H

#include "logs/format.h"

#define CLASS(name, word, sentence) GL_LOGS_IS_##name,
enum gl_logs_class {
#include "logs/classes.def"
    GL_LOGS_CLASSES
};
#undef CLASS

/* Static texts. */
const char *gl_logs_class_word(enum gl_logs_class class);
const char *gl_logs_class_sentence(enum gl_logs_class class);

/* All but hosts (page.h) and bots by their agent (enrich/). */
enum gl_logs_class gl_logs_judge(const struct gl_logs_format *format,
                                 const struct gl_logs_record *record);

#endif
