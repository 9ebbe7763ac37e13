/* The text of a summary by a program of the operator's, if it may be used. */

#ifndef GL_MAILER_MODEL_H
#define GL_MAILER_MODEL_H

#include <glib.h>
#include <jansson.h>

#define GL_MODEL_LIMIT_S 120
#define GL_MODEL_TEXT_MAX 8000 /* bytes */

/*
 * COMMAND is given the facts of MAIL as JSON and prints a text, a paragraph a
 * line.  The text, the caller's; NULL and WHY, the caller's: it took too long,
 * it failed, its text is empty, too long, no UTF-8, or has a number that is
 * none of the facts.
 */
char *gl_model_text(const char *command, const json_t *mail, char **why);

#endif
