/* What was not counted, in the files of all accounts: for questions. */

#ifndef GL_STORE_DROPS_H
#define GL_STORE_DROPS_H

#include <stdint.h>

struct gl_meta;

/*
 * Sums over all days, of drops and bots: DOMAIN NULL = of no site.  READER is
 * of gl_meta_reader().  How many accounts could not be read, or
 * -enum gl_store_error.
 */
int gl_drops_read(struct gl_meta *reader,
                  void (*each)(void *arg, const char *domain,
                               const char *reason, uint64_t n),
                  void *arg);

#endif
