/*
 * Profiles of a site: what its switches must be.  A site has one as long as
 * they are: there is nothing else to be stored, and nothing that can disagree.
 */

#ifndef GL_ADMIN_SITE_PROFILE_H
#define GL_ADMIN_SITE_PROFILE_H

#include <jansson.h>

#include "store/meta/sites.h"

/* 25 months: CNIL, on audience measurement without consent. */
#define GL_PROFILE_RETENTION_DAYS 760
#define GL_PROFILE_EXEMPT "consent-exempt"

/* What ends it for SITE: [{switch, is, must}], the caller's. */
json_t *gl_profile_ends(const struct gl_meta_site *site);

/* SITE with the profile VALUE: 0, or a status with a sentence. */
int gl_site_set_profile_(struct gl_meta_site *site, const json_t *value,
                         json_t **answer);

#endif
