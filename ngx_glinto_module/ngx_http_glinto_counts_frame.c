
/*
 * Copyright (C) Glinto contributors
 *
 * The table of what was turned away as frames in the spool: by the tick, at
 * the end, and when there is no room for another site.  A worker that is
 * killed loses at most the last second of it.
 */


#include "ngx_http_glinto_batch.h"
#include "ngx_http_glinto_counts.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_worker.h"


static ngx_uint_t ngx_http_glinto_counts_write(ngx_http_glinto_worker_t *gw);


void
ngx_http_glinto_counts_add_site(ngx_http_glinto_worker_t *gw,
    ngx_uint_t reason, const ngx_str_t *site)
{
    if (ngx_http_glinto_counts_add_named(gw, reason, site) == NGX_OK) {
        return;
    }

    /* the frames of a request that is being read stay where they are */

    if (!gw->framing) {
        ngx_http_glinto_counts_flush(gw);
    }

    if (ngx_http_glinto_counts_add_named(gw, reason, site) == NGX_OK) {
        return;
    }

    /* no room: better without a name than lost */

    ngx_http_glinto_counts_add(gw, reason);
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
