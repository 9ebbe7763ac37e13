
/*
 * Copyright (C) Glinto contributors
 *
 * An event line between its JSON and its event.
 */


#ifndef _NGX_HTTP_GLINTO_EVENTS_H_INCLUDED_
#define _NGX_HTTP_GLINTO_EVENTS_H_INCLUDED_


#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_json.h"

ngx_http_glinto_private_begin


/* the texts first: each has a reader */

enum {
    NGX_HTTP_GLINTO_LINE_HOST = 0,
    NGX_HTTP_GLINTO_LINE_PATH,
    NGX_HTTP_GLINTO_LINE_NAME,
    NGX_HTTP_GLINTO_LINE_REFERRER,
    NGX_HTTP_GLINTO_LINE_SOURCE,
    NGX_HTTP_GLINTO_LINE_UTM_SOURCE,
    NGX_HTTP_GLINTO_LINE_UTM_MEDIUM,
    NGX_HTTP_GLINTO_LINE_UTM_CAMPAIGN,
    NGX_HTTP_GLINTO_LINE_UTM_CONTENT,
    NGX_HTTP_GLINTO_LINE_UTM_TERM,
    NGX_HTTP_GLINTO_LINE_CLICK_ID,
    NGX_HTTP_GLINTO_LINE_TITLE,
    NGX_HTTP_GLINTO_LINE_LANGUAGE,
    NGX_HTTP_GLINTO_LINE_SCREEN,
    NGX_HTTP_GLINTO_LINE_COUNTRY,
    NGX_HTTP_GLINTO_LINE_REGION,
    NGX_HTTP_GLINTO_LINE_CITY,
    NGX_HTTP_GLINTO_LINE_TEXTS,
    NGX_HTTP_GLINTO_LINE_USER_AGENT = NGX_HTTP_GLINTO_LINE_TEXTS,
    NGX_HTTP_GLINTO_LINE_VISITOR,
    NGX_HTTP_GLINTO_LINE_IP,
    NGX_HTTP_GLINTO_LINE_AT,
    NGX_HTTP_GLINTO_LINE_KIND,
    NGX_HTTP_GLINTO_LINE_STRINGS,
    NGX_HTTP_GLINTO_LINE_PROPS = NGX_HTTP_GLINTO_LINE_STRINGS,
    NGX_HTTP_GLINTO_LINE_INTERACTIVE,
    NGX_HTTP_GLINTO_LINE_REVENUE,
    NGX_HTTP_GLINTO_LINE_SCROLL_DEPTH,
    NGX_HTTP_GLINTO_LINE_ENGAGEMENT_MS,
    NGX_HTTP_GLINTO_LINE_FIELDS
};


typedef struct {
    ngx_http_glinto_json_t        fields[NGX_HTTP_GLINTO_LINE_FIELDS];
    ngx_http_glinto_json_t        other;     /* of a key that is not known */
    struct gl_text                unknown;   /* that key */
} ngx_http_glinto_line_t;


/* ngx_http_glinto_events_line.c: what the keys are called */

extern const ngx_str_t
    ngx_http_glinto_line_fields[NGX_HTTP_GLINTO_LINE_FIELDS];


/* ngx_http_glinto_events_text.c */

/* its texts into the event; a step, as those of parse() */
ngx_int_t ngx_http_glinto_line_texts(ngx_pool_t *pool,
    const ngx_http_glinto_line_t *line, ngx_http_glinto_hit_t *hit);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_EVENTS_H_INCLUDED_ */
