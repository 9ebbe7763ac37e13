/* All that a file has of one site, copied to another. */

#ifndef GL_STORE_SITE_COPY_H
#define GL_STORE_SITE_COPY_H

#include <stdint.h>

struct gl_account;

/*
 * Copying SITE from one file to another while it goes on counting: steps of
 * ROWS events (1 = more to do, 0 = all there are now), then finish in the turn
 * that sends its events to TO: what came since, open visits, small tables.
 * Each is a transaction in TO; none may be open in either.  Nobody may fold
 * days of the site meanwhile.  After an error or a crash TO's part is deleted
 * with gl_account_delete_site() before another copy.
 */
struct gl_copy;
struct gl_copy *gl_copy_new(struct gl_account *to, struct gl_account *from,
                            int64_t site); /* NULL: no memory */
void gl_copy_free(struct gl_copy *copy);
int gl_copy_step(struct gl_copy *copy, int rows);
int gl_copy_finish(struct gl_copy *copy);

#endif
