/*
 * The marketing channel of a visit: GA4's default channel groups with
 * Plausible's changes, 19 names, the first rule that holds.  Pure.
 */

#ifndef GL_ENRICH_CHANNEL_H
#define GL_ENRICH_CHANNEL_H

#include "event.h"

enum gl_category {
    GL_CATEGORY_NONE = 0, /* known or not, of no special kind */
    GL_CATEGORY_SEARCH,
    GL_CATEGORY_SOCIAL,
    GL_CATEGORY_VIDEO,
    GL_CATEGORY_SHOPPING,
    GL_CATEGORY_EMAIL,
    GL_CATEGORY_AI,
    GL_CATEGORY_PAID /* a host that only serves advertisements */
};

struct gl_channel_facts {
    struct gl_text source; /* as shown; empty = direct */
    enum gl_category category;
    int paid_source; /* utm_source like "facebook-ads" or "adwords" */
    struct gl_text utm_source, utm_medium, utm_campaign, click_id;
};

/* A static text, never NULL. */
const char *gl_channel_(const struct gl_channel_facts *facts);

#endif
