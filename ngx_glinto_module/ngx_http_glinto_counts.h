
/*
 * Copyright (C) Glinto contributors
 *
 * Why events are not in the spool, and how many of them for which site.
 */


#ifndef _NGX_HTTP_GLINTO_COUNTS_H_INCLUDED_
#define _NGX_HTTP_GLINTO_COUNTS_H_INCLUDED_


#include "ngx_http_glinto_module.h"

ngx_http_glinto_private_begin

#include "event.h"
#include "request/longest.h"


#define NGX_HTTP_GLINTO_SITE_MAX      GL_LONGEST_site


/* why an event is not in the spool */

typedef enum {
#define WORKER(name, word, says)      NGX_HTTP_GLINTO_##name,
#define LATER(name, word, says)
#include "reasons.def"
#undef WORKER
#undef LATER
    NGX_HTTP_GLINTO_REASONS,
    NGX_HTTP_GLINTO_TAKEN                    /* no reason to drop it */
} ngx_http_glinto_reason_e;


/* what was turned away for one site and reason */

#define NGX_HTTP_GLINTO_COUNTS        GL_COUNTS_MAX

/* so many names of what is no site are told at a time, as samples */

#define NGX_HTTP_GLINTO_SAMPLES       4

typedef struct {
    ngx_uint_t                    reason;
    uint64_t                      n;
    uint32_t                      len;       /* 0 = not of one site */
    char                          site[NGX_HTTP_GLINTO_SITE_MAX];
} ngx_http_glinto_count_t;


/* ngx_http_glinto_counts.c */

extern const ngx_str_t  ngx_http_glinto_reasons[NGX_HTTP_GLINTO_REASONS];

/* one more, of no site */
void ngx_http_glinto_counts_add(ngx_http_glinto_worker_t *gw,
    ngx_uint_t reason);

/* one more, with its name when few others of this reason have one */
void ngx_http_glinto_counts_add_sample(ngx_http_glinto_worker_t *gw,
    ngx_uint_t reason, const ngx_str_t *site);

/* NGX_DECLINED: there is no room for another name */
ngx_int_t ngx_http_glinto_counts_add_named(ngx_http_glinto_worker_t *gw,
    ngx_uint_t reason, const ngx_str_t *site);


/* ngx_http_glinto_counts_frame.c */

/* one more, of this site; what there is is written when there is no room */
void ngx_http_glinto_counts_add_site(ngx_http_glinto_worker_t *gw,
    ngx_uint_t reason, const ngx_str_t *site);
void ngx_http_glinto_counts_flush(ngx_http_glinto_worker_t *gw);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_COUNTS_H_INCLUDED_ */
