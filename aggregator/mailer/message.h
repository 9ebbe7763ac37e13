/* A mail as bytes: MIME, by GMime. */

#ifndef GL_MAILER_MESSAGE_H
#define GL_MAILER_MESSAGE_H

#include <glib.h>
#include <jansson.h>

/*
 * MAIL, as the outbox has it, from FROM ("Glinto <glinto@example.com>", or an
 * address alone): text and HTML, the same words.  Two of one MAIL are the
 * same, byte by byte.  TEXT, or NULL, takes the place of its "items", a paragraph a
 * line.  NULL: it lacks something.
 */
GString *gl_message(const json_t *mail, const char *from, const char *text);

#endif
