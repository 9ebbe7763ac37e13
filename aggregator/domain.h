/* What a site may be called, as it is stored and as people read it. */

#ifndef GL_DOMAIN_H
#define GL_DOMAIN_H

#include "event.h"
#include "request/longest.h"

#define GL_DOMAIN_BYTES (GL_LONGEST_site + 1)

/* NAME (any bytes) in the one form of request/host.h: 0, or -1: it names no
 * host. */
int gl_domain(const char *name, char stored[GL_DOMAIN_BYTES]);
int gl_domain_text(struct gl_text name, char stored[GL_DOMAIN_BYTES]);

/* As gl_domain(), of what an operator types and can mend: NULL, or why NAME
 * names no site, a static sentence that follows it. */
const char *gl_domain_typed(const char *name, char stored[GL_DOMAIN_BYTES]);

/* STORED in the letters of its language, where these have room and can be read
 * back; else as it is. */
void gl_domain_show(const char *stored, char shown[GL_DOMAIN_BYTES]);

/* TEXT, which may begin with a stored name ("xn--bcher-kva.example/a"), with
 * that name so; the caller's, g_free(). */
char *gl_domain_shown(const char *text);

/* 1: values of DIMENSION, a word of the Stats API, may begin with one. */
int gl_domain_begins(const char *dimension);

#endif
