/*
 * What was not counted, in the files of all accounts: for questions.  The sums
 * of a file that has not changed since are kept, because it takes a quarter of
 * a second to open a thousand files.
 */

#ifndef GL_STORE_DROPS_H
#define GL_STORE_DROPS_H

#include <stddef.h>
#include <stdint.h>

struct gl_meta;
struct gl_drops; /* what is kept; any thread, any number at once */

struct gl_drops *gl_drops_new(void);
void gl_drops_free(struct gl_drops *drops); /* NULL is allowed */

/*
 * Sums over all days, of drops and bots: DOMAIN NULL = of no site.  Of META
 * the file alone is looked at, and the directory.  How many accounts could not
 * be read; -1 with a sentence in WHY: meta.db cannot.
 */
int gl_drops_read(struct gl_drops *drops, const struct gl_meta *meta,
                  void (*each)(void *arg, const char *domain,
                               const char *reason, uint64_t n),
                  void *arg, char *why, size_t why_len);

#endif
