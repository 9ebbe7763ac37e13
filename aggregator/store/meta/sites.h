/*
 * Sites, in meta.db and in memory as of the last commit: routing asks no file.
 */

#ifndef GL_STORE_META_SITES_H
#define GL_STORE_META_SITES_H

#include <stddef.h>
#include <stdint.h>

#include "event.h"
#include "store/directory/site.h"

struct gl_meta;

/* By the name it is stored under, or was, as of the last commit; valid until
 * one that changes this site.  More is in gl_meta_now() (directory.h). */
const struct gl_meta_site *gl_meta_site(const struct gl_meta *meta,
                                        struct gl_text domain);
const struct gl_meta_site *gl_meta_site_by_id(const struct gl_meta *meta,
                                              int64_t id);

/* SITE without id; the id is filled in.  1 made, 0 when the domain is taken;
 * -GL_STORE_DATA when there is no such account. */
int gl_meta_site_add(struct gl_meta *meta, struct gl_meta_site *site);
/* Write every field of SITE but id and created, which are as they were: 1, or
 * 0 no such id. */
int gl_meta_site_set(struct gl_meta *meta, const struct gl_meta_site *site);
/* SITE under an id that no site has had, in *ID; its old one is nobody's. */
int gl_meta_site_renumber(struct gl_meta *meta,
                          const struct gl_meta_site *site, int64_t *id);
/* With the names that it had, the roles in it, the links to it. */
int gl_meta_site_remove(struct gl_meta *meta, int64_t id);

/* Rows of SITE in the file of ACCOUNT are of no use (any more, or yet) and to
 * be deleted; removing the account forgets them. */
int gl_meta_add_remain(struct gl_meta *meta, int64_t site,
                       const char *account);
int gl_meta_remove_remain(struct gl_meta *meta, int64_t site,
                          const char *account);
int gl_meta_remains(struct gl_meta *meta,
                    void (*remain)(void *arg, int64_t site,
                                   const char *account),
                    void *arg);

#endif
