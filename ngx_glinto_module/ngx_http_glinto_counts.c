
/*
 * Copyright (C) Glinto contributors
 *
 * What the worker turns away itself, summed by site and reason in a fixed
 * table, until it is written (counts_frame.c).
 *
 * 503s are not summed here: the segment's drop block counts them exactly.
 */


#include "ngx_http_glinto_counts.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_worker.h"


/* room that is kept for sums that name no site, one for each reason */

#define NGX_HTTP_GLINTO_COUNTS_NAMED                                          \
    (NGX_HTTP_GLINTO_COUNTS - NGX_HTTP_GLINTO_REASONS)


static ngx_http_glinto_count_t *ngx_http_glinto_counts_find(
    ngx_http_glinto_worker_t *gw, ngx_uint_t reason, const ngx_str_t *site);
static ngx_http_glinto_count_t *ngx_http_glinto_counts_new(
    ngx_http_glinto_worker_t *gw, ngx_uint_t reason, const ngx_str_t *site);
static void ngx_http_glinto_counts_one(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_count_t *count);


const ngx_str_t  ngx_http_glinto_reasons[NGX_HTTP_GLINTO_REASONS] = {
#define WORKER(name, word, says)  ngx_string(#word),
#define LATER(name, word, says)
#include "reasons.def"
#undef WORKER
#undef LATER
};


void
ngx_http_glinto_counts_add(ngx_http_glinto_worker_t *gw, ngx_uint_t reason)
{
    ngx_str_t                 none;
    ngx_http_glinto_count_t  *count;

    ngx_str_set(&none, "");

    count = ngx_http_glinto_counts_find(gw, reason, &none);

    if (count == NULL) {
        count = ngx_http_glinto_counts_new(gw, reason, &none);
    }

    ngx_http_glinto_counts_one(gw, count);
}


ngx_int_t
ngx_http_glinto_counts_add_named(ngx_http_glinto_worker_t *gw,
    ngx_uint_t reason, const ngx_str_t *site)
{
    ngx_str_t                 name;
    ngx_http_glinto_count_t  *count;

    name.data = site->data;
    name.len = ngx_min(site->len, NGX_HTTP_GLINTO_SITE_MAX);

    count = ngx_http_glinto_counts_find(gw, reason, &name);

    if (count == NULL) {

        if (gw->ncounts >= NGX_HTTP_GLINTO_COUNTS_NAMED) {
            return NGX_DECLINED;
        }

        count = ngx_http_glinto_counts_new(gw, reason, &name);
    }

    ngx_http_glinto_counts_one(gw, count);

    return NGX_OK;
}


void
ngx_http_glinto_counts_add_sample(ngx_http_glinto_worker_t *gw,
    ngx_uint_t reason, const ngx_str_t *site)
{
    ngx_uint_t  i, n;

    n = 0;

    for (i = 0; i < gw->ncounts; i++) {
        n += gw->counts[i].reason == reason && gw->counts[i].len;
    }

    if ((n < NGX_HTTP_GLINTO_SAMPLES
         || ngx_http_glinto_counts_find(gw, reason, site) != NULL)
        && ngx_http_glinto_counts_add_named(gw, reason, site) == NGX_OK)
    {
        return;
    }

    ngx_http_glinto_counts_add(gw, reason);
}


static ngx_http_glinto_count_t *
ngx_http_glinto_counts_find(ngx_http_glinto_worker_t *gw, ngx_uint_t reason,
    const ngx_str_t *site)
{
    ngx_uint_t                i;
    ngx_http_glinto_count_t  *count;

    for (i = 0; i < gw->ncounts; i++) {
        count = &gw->counts[i];

        if (count->reason == reason
            && count->len == site->len
            && ngx_memcmp(count->site, site->data, site->len) == 0)
        {
            return count;
        }
    }

    return NULL;
}


static ngx_http_glinto_count_t *
ngx_http_glinto_counts_new(ngx_http_glinto_worker_t *gw, ngx_uint_t reason,
    const ngx_str_t *site)
{
    ngx_http_glinto_count_t  *count;

    count = &gw->counts[gw->ncounts++];

    count->reason = reason;
    count->n = 0;
    count->len = (uint32_t) site->len;
    ngx_memcpy(count->site, site->data, site->len);

    return count;
}


static void
ngx_http_glinto_counts_one(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_count_t *count)
{
    count->n++;
    gw->measured.dropped[count->reason]++;
}
