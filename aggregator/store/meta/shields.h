/*
 * What sites turn away, in meta.db.  What a text of a kind means says who sets
 * it (admin/site_shields.c) and who obeys it: workers
 * (ngx_glinto_module/ngx_http_glinto_shields.c).
 */

#ifndef GL_STORE_META_SHIELDS_H
#define GL_STORE_META_SHIELDS_H

#include <stdint.h>

struct gl_meta;

struct gl_meta_shield {
    int64_t site;
    const char *kind; /* "addresses", "countries", "pages", "agents" */
    const char *text;
};

/* All of a KIND that SITE has: TEXTS, which a NULL ends: 0. */
int gl_meta_shields_set(struct gl_meta *meta, int64_t site, const char *kind,
                        char *const *texts);
/* Those of site FROM are TO's: 0. */
int gl_meta_shields_hand_on(struct gl_meta *meta, int64_t from, int64_t to);
/* Those of SITE, 0 = of all, by site, kind and text; META may be a reader: 0.
 * Texts until EACH returns. */
int gl_meta_shields(struct gl_meta *meta, int64_t site,
                    void (*each)(void *arg, const struct gl_meta_shield *),
                    void *arg);

#endif
