
/*
 * Copyright (C) Glinto contributors
 *
 * What the worker turns away itself, summed by site and reason in a fixed
 * table, and written as one frame by the tick and at the end.
 * A worker that is killed loses at most the last second of it.
 *
 * 503s are not summed here: the segment's drop block counts them exactly.
 */


#include "ngx_http_glinto_worker.h"


/* room that is kept for sums that name no site, one for each reason */

#define NGX_HTTP_GLINTO_COUNTS_NAMED                                          \
    (NGX_HTTP_GLINTO_COUNTS - NGX_HTTP_GLINTO_REASONS)


static ngx_http_glinto_count_t *ngx_http_glinto_counts_find(
    ngx_http_glinto_worker_t *gw, ngx_uint_t reason, const ngx_str_t *site);
static ngx_uint_t ngx_http_glinto_counts_write(ngx_http_glinto_worker_t *gw);


const ngx_str_t  ngx_http_glinto_reasons[NGX_HTTP_GLINTO_REASONS] = {
    ngx_string("unknown_site"),
    ngx_string("hostname_not_allowed"),
    ngx_string("opt_out"),
    ngx_string("prefetch"),
    ngx_string("bot_headers"),
    ngx_string("condition"),
    ngx_string("invalid"),
    ngx_string("too_large"),
    ngx_string("too_slow"),
    ngx_string("spool_full"),
    ngx_string("spool_failed"),
    ngx_string("spool_slow"),
    ngx_string("busy")
};


void
ngx_http_glinto_counts_add(ngx_http_glinto_worker_t *gw, ngx_uint_t reason,
    const ngx_str_t *site)
{
    ngx_str_t                 name;
    ngx_http_glinto_count_t  *count;

    gw->dropped[reason]++;

    ngx_str_set(&name, "");

    if (site) {
        name.data = site->data;
        name.len = ngx_min(site->len, NGX_HTTP_GLINTO_SITE_MAX);
    }

    count = ngx_http_glinto_counts_find(gw, reason, &name);

    if (count == NULL && name.len
        && gw->ncounts >= NGX_HTTP_GLINTO_COUNTS_NAMED)
    {
        ngx_http_glinto_counts_flush(gw);

        if (gw->ncounts >= NGX_HTTP_GLINTO_COUNTS_NAMED) {

            /* the spool takes nothing: better without a name than lost */

            name.len = 0;
            count = ngx_http_glinto_counts_find(gw, reason, &name);
        }
    }

    if (count == NULL) {
        count = &gw->counts[gw->ncounts++];

        count->reason = reason;
        count->n = 0;
        count->len = (uint32_t) name.len;
        ngx_memcpy(count->site, name.data, name.len);
    }

    count->n++;
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


void
ngx_http_glinto_counts_flush(ngx_http_glinto_worker_t *gw)
{
    ngx_uint_t  n;

    while (gw->ncounts) {

        if (ngx_http_glinto_batch_reserve(gw, GL_FRAME_MAX) != NGX_OK) {
            return;
        }

        n = ngx_http_glinto_counts_write(gw);

        if (ngx_http_glinto_batch_append(gw) != NGX_OK) {
            return;
        }

        gw->ncounts -= n;

        ngx_memmove(gw->counts, gw->counts + n,
                    gw->ncounts * sizeof(ngx_http_glinto_count_t));
    }
}


/* as many as fit into one frame */

static ngx_uint_t
ngx_http_glinto_counts_write(ngx_http_glinto_worker_t *gw)
{
    size_t                    len;
    ngx_uint_t                i, n;
    struct gl_count           counts[NGX_HTTP_GLINTO_COUNTS];
    ngx_http_glinto_count_t  *count;

    for (i = 0; i < gw->ncounts; i++) {
        count = &gw->counts[i];

        counts[i].site.data = count->len ? count->site : NULL;
        counts[i].site.len = count->len;
        counts[i].reason.data =
            (char *) ngx_http_glinto_reasons[count->reason].data;
        counts[i].reason.len = ngx_http_glinto_reasons[count->reason].len;
        counts[i].n = count->n;
    }

    n = gw->ncounts;

    for ( ;; ) {
        len = gl_counts_encode(counts, n, ngx_http_glinto_batch_payload(gw),
                               GL_FRAME_PAYLOAD_MAX);
        if (len) {
            break;
        }

        n = (n + 1) / 2;
    }

    (void) ngx_http_glinto_batch_frame(gw, len, gw->boot_ms,
                                       GL_FRAME_COUNTS);

    return n;
}
