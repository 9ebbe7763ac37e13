/* Keys of a site that say what is left out of its events, how long they stay,
 * and whose are turned away. */

#ifndef GL_ADMIN_SITE_SWITCHES_H
#define GL_ADMIN_SITE_SWITCHES_H

#include "admin/verbs_internal.h"

/* 1 = VALUE is yes or no, which is in *OUT; 0 = neither. */
int gl_site_truth_(const json_t *value, int *out);
/* VALUE as a number or as its text, from 0; less = it is none. */
int64_t gl_site_number_(const json_t *value);

/* VALUE into SITE: 0, or a status. */
int gl_site_set_optout_(struct gl_meta_site *site, const json_t *value,
                        json_t **answer);
/* KEY is one of those that are a number; else -1. */
int gl_site_set_number_(struct gl_meta_site *site, const char *key,
                        const json_t *value, json_t **answer);
/* KEY begins with "keep_". */
int gl_site_set_keep_(struct gl_meta_site *site, const char *key,
                      const json_t *value, json_t **answer);

/* KEY begins with "bot_". */
int gl_site_set_bots_(struct gl_meta_site *site, const char *key,
                      const json_t *value, json_t **answer);

/* The kind of shield that the key "block_KIND" sets, or NULL. */
const char *gl_site_shield_(const char *key);
/* VALUE, a comma list or an array of texts, as the lines of KIND that are to
 * be stored, the caller's (g_strfreev): NULL with a status in *STATUS. */
char **gl_site_read_shields_(const struct gl_ingest *in, const char *kind,
                             const json_t *value, int *status,
                             json_t **answer);

#endif
