/*
 * What sites were called, from which change to which, and what of it is
 * erased: by the changes that were made, in their order.
 *
 *   add a     rename a b      unname a         reset b
 *    ├── a ────────┼────────────┤                │
 *                  ├── b ───────┼────────────────┤ ...
 *    └───────── erased ─────────┴────────────────┘
 *
 * Events name a site as it was called when they came.  One thread.
 */

#ifndef GL_LOG_NAMES_H
#define GL_LOG_NAMES_H

#include "event.h"

#include <stdint.h>

struct gl_names;

struct gl_names *gl_names_new(void);
void gl_names_free(struct gl_names *names);

/* VERB of DOMAIN, as it was typed, was made by transaction XID; TO is the new
 * name, of site.rename.  ERASES: what a reset or a removal erases is told by
 * the calls below. */
void gl_names_change(struct gl_names *names, const char *verb,
                     const char *domain, const char *to, uint64_t xid,
                     int erases);

/* Of the site that is called DOMAIN now, events of before BEFORE_MS (UTC) are
 * erased, too, under each name that it had since its last reset. */
void gl_names_expire(struct gl_names *names, const char *domain,
                     int64_t before_ms);

/* 1 = an event of SITE, of AT_MS, that came by XID is erased. */
int gl_names_erased(const struct gl_names *names, struct gl_text site,
                    uint64_t xid, int64_t at_ms);
/* 0 = whatever its site is, it is not. */
int gl_names_any_erased(const struct gl_names *names, uint64_t xid,
                        int64_t at_ms);
/* All that is erased came after FROM and before UNTIL. */
void gl_names_range(const struct gl_names *names, uint64_t *from,
                    uint64_t *until);

#endif
