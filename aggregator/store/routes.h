/*
 * The sites of meta.db in memory: what routing asks.  A change costs the same
 * whatever their number (but for the tree that keeps them in order: its
 * logarithm).
 *
 * Memory: some 1.5 KiB a site.  Ingest thread only.
 */

#ifndef GL_STORE_ROUTES_H
#define GL_STORE_ROUTES_H

#include "store/meta_sites.h"

struct gl_routes;

/* Without memory GLib ends the process. */
struct gl_routes *gl_routes_new(void);
void gl_routes_free(struct gl_routes *routes);

/* NULL = there is none.  What is found is valid until it is put or removed. */
const struct gl_meta_site *gl_routes_find(const struct gl_routes *routes,
                                          struct gl_text domain);
const struct gl_meta_site *gl_routes_by_id(const struct gl_routes *routes,
                                           int64_t id);
size_t gl_routes_n(const struct gl_routes *routes);
/* By domain; a value other than 0 ends the list and is returned. */
int gl_routes_each(const struct gl_routes *routes,
                   int (*each)(void *arg, const struct gl_meta_site *site),
                   void *arg);

/* SITE takes the place of the one with its id, if there is one. */
void gl_routes_put(struct gl_routes *routes, const struct gl_meta_site *site);
void gl_routes_remove(struct gl_routes *routes, int64_t id);

#endif
