/* What the page of a site's settings shows: for who may change them. */

#ifndef GL_DASHBOARD_SETTINGS_H
#define GL_DASHBOARD_SETTINGS_H

#include <jansson.h>

#include "store/directory/version.h"

/* Who looks. */
struct gl_settings_by {
    const char *person; /* his id */
    const char *token;  /* of his forms */
    const char *host;   /* where he is */
    int owns;           /* the site: its people, too */
    int owns_all;       /* its account: tokens, too */
};

/* Of SITE as VERSION has it, the caller's. */
json_t *gl_settings_view(const struct gl_version *version,
                         const struct gl_meta_site *site,
                         const struct gl_settings_by *by);

#endif
