/*
 * On which primary each site's events belong, by this machine's meta.db.
 * Reads only; any thread, glintod may run.
 */

#ifndef GL_STORE_ROUTES_H
#define GL_STORE_ROUTES_H

#include <stddef.h>
#include <stdint.h>

/* EACH name that events of a site may have, in its one form (domain.h), with
 * the primary of its account, "" = the first.  *UPTO = the last change of all
 * machines that was made here, 0 = none yet.  0, or -1 with a sentence in
 * WHY. */
int gl_routes_read(const char *data, int64_t *upto,
                   void (*each)(void *arg, const char *domain,
                                const char *primary),
                   void *arg, char *why, size_t why_len);

/* A number that is another one when meta.db was changed, but for a change in
 * the moment of the last look. */
uint64_t gl_routes_look(const char *data);

#endif
