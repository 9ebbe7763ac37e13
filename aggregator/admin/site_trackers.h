/* Keys of a site that other products' trackers need. */

#ifndef GL_ADMIN_SITE_TRACKERS_H
#define GL_ADMIN_SITE_TRACKERS_H

#include <jansson.h>

#include "store/meta/sites.h"

struct gl_ingest;

/* SITE with another value, which is not stored yet: 0, or a status with
 * *ANSWER. */
int gl_site_set_umami_(struct gl_ingest *in, struct gl_meta_site *site,
                       const json_t *value, json_t **answer);
int gl_site_set_matomo_(struct gl_ingest *in, struct gl_meta_site *site,
                        const json_t *value, json_t **answer);
int gl_site_set_currency_(struct gl_ingest *in, struct gl_meta_site *site,
                          const json_t *value, json_t **answer);

#endif
