
/*
 * Copyright (C) Glinto contributors
 *
 * Metrics as Prometheus reads them: the sums of all workers, and the spool.
 * What glintod measures follows from the location that the directive names,
 * by a subrequest: where glintod is away the rest is there all the same.
 *
 *   location = /glinto/metrics { glinto_metrics /glinto/metrics/glintod; }
 */


#include "ngx_http_glinto_clock.h"
#include "ngx_http_glinto_measured.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_reply.h"
#include "ngx_http_glinto_status.h"
#include "ngx_http_glinto_worker.h"


/* a row has at most 400 bytes of help, a sample 100: some 8 KiB in all */

#define NGX_HTTP_GLINTO_METRICS_MAX  16384


typedef struct {
    const char  *name;
    const char  *type;
    const char  *help;
} ngx_http_glinto_metric_t;

typedef enum {
#define WORKERS(id, name, type, unit, label, help)  NGX_HTTP_GLINTO_M_##id,
#define GLINTOD(id, name, type, unit, label, help)
#include "metrics.def"
#undef WORKERS
#undef GLINTOD
    NGX_HTTP_GLINTO_METRICS
} ngx_http_glinto_metric_e;


static ngx_int_t ngx_http_glinto_metrics_send(ngx_http_request_t *r,
    ngx_buf_t *b);
static void ngx_http_glinto_metrics_workers(ngx_buf_t *b,
    ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_metrics_spool(ngx_buf_t *b,
    ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_metrics_head(ngx_buf_t *b, ngx_uint_t id);
static void ngx_http_glinto_metrics_number(ngx_buf_t *b, ngx_uint_t id,
    uint64_t n);
static void ngx_http_glinto_metrics_histogram(ngx_buf_t *b, ngx_uint_t id,
    const ngx_http_glinto_histogram_t *h);


static const ngx_http_glinto_metric_t
    ngx_http_glinto_metrics[NGX_HTTP_GLINTO_METRICS] = {
#define WORKERS(id, name, type, unit, label, help)  { #name, #type, help },
#define GLINTOD(id, name, type, unit, label, help)
#include "metrics.def"
#undef WORKERS
#undef GLINTOD
};

static const ngx_table_elt_t  ngx_http_glinto_metrics_headers[] = {
    ngx_http_glinto_header("Cache-Control", "no-store"),
};


ngx_int_t
ngx_http_glinto_metrics_handler(ngx_http_request_t *r)
{
    ngx_int_t                     rc;
    ngx_buf_t                    *b;
    ngx_http_glinto_worker_t     *gw;
    ngx_http_glinto_main_conf_t  *gmcf;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return NGX_HTTP_NOT_ALLOWED;
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    gmcf = ngx_http_get_module_main_conf(r, ngx_http_glinto_module);
    gw = ngx_http_glinto_worker_get(gmcf);

    b = ngx_create_temp_buf(r->pool, NGX_HTTP_GLINTO_METRICS_MAX);

    if (gw == NULL || b == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_glinto_clock(gw);
    ngx_http_glinto_metrics_workers(b, gw);
    ngx_http_glinto_metrics_spool(b, gw);

    if (b->last == b->end
        || ngx_http_glinto_reply_headers(r, ngx_http_glinto_metrics_headers, 1)
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_str_set(&r->headers_out.content_type, "text/plain; version=0.0.4");
    r->headers_out.content_type_len = r->headers_out.content_type.len;
    r->headers_out.content_type_lowcase = NULL;
    r->headers_out.status = NGX_HTTP_OK;

    return ngx_http_glinto_metrics_send(r, b);
}


/* B, then what the other location says: its length is not known before */

static ngx_int_t
ngx_http_glinto_metrics_send(ngx_http_request_t *r, ngx_buf_t *b)
{
    ngx_int_t                    rc;
    ngx_str_t                    args;
    ngx_chain_t                  out;
    ngx_http_request_t          *sr;
    ngx_http_glinto_loc_conf_t  *glcf;

    glcf = ngx_http_get_module_loc_conf(r, ngx_http_glinto_module);

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    out.buf = b;
    out.next = NULL;

    if (glcf->metrics.len == 0) {
        b->last_buf = (r == r->main) ? 1 : 0;
        b->last_in_chain = 1;

        return ngx_http_output_filter(r, &out);
    }

    rc = ngx_http_output_filter(r, &out);

    if (rc == NGX_ERROR) {
        return rc;
    }

    ngx_str_null(&args);

    if (ngx_http_subrequest(r, &glcf->metrics, &args, &sr, NULL, 0) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_send_special(r, NGX_HTTP_LAST);
}


static void
ngx_http_glinto_metrics_workers(ngx_buf_t *b, ngx_http_glinto_worker_t *gw)
{
    ngx_uint_t                  i;
    ngx_http_glinto_measures_t  sums;

    ngx_http_glinto_measured_sums(gw, &sums);

    ngx_http_glinto_metrics_number(b, NGX_HTTP_GLINTO_M_REQUESTS,
                                   sums.requests);
    ngx_http_glinto_metrics_number(b, NGX_HTTP_GLINTO_M_STORED, sums.stored);
    ngx_http_glinto_metrics_number(b, NGX_HTTP_GLINTO_M_SERVED, sums.served);
    ngx_http_glinto_metrics_head(b, NGX_HTTP_GLINTO_M_DROPPED);

    for (i = 0; i < NGX_HTTP_GLINTO_REASONS; i++) {
        b->last = ngx_slprintf(b->last, b->end, "%s{reason=\"%V\"} %uL\n",
                      ngx_http_glinto_metrics[NGX_HTTP_GLINTO_M_DROPPED].name,
                      &ngx_http_glinto_reasons[i], sums.dropped[i]);
    }

    ngx_http_glinto_metrics_histogram(b, NGX_HTTP_GLINTO_M_REQUEST_TIME,
                                      &sums.request);
    ngx_http_glinto_metrics_histogram(b, NGX_HTTP_GLINTO_M_APPEND_TIME,
                                      &sums.append);
}


static void
ngx_http_glinto_metrics_spool(ngx_buf_t *b, ngx_http_glinto_worker_t *gw)
{
    time_t                        oldest;
    uint64_t                      fill;
    ngx_uint_t                    files;
    ngx_http_glinto_main_conf_t  *gmcf;

    gmcf = gw->gmcf;

    ngx_http_glinto_status_files(gw, &files, &oldest);

    fill = (uint64_t) files * gmcf->segment * 1000 / (uint64_t) gmcf->budget;

    ngx_http_glinto_metrics_number(b, NGX_HTTP_GLINTO_M_SPOOL_FILES, files);
    ngx_http_glinto_metrics_head(b, NGX_HTTP_GLINTO_M_SPOOL_FILL);
    b->last = ngx_slprintf(b->last, b->end, "%s %uL.%03uL\n",
                   ngx_http_glinto_metrics[NGX_HTTP_GLINTO_M_SPOOL_FILL].name,
                   fill / 1000, fill % 1000);
    ngx_http_glinto_metrics_number(b, NGX_HTTP_GLINTO_M_SPOOL_AGE,
                           files ? (uint64_t) ngx_max(ngx_time() - oldest, 0)
                                 : 0);
    ngx_http_glinto_metrics_number(b, NGX_HTTP_GLINTO_M_SPOOL_BUDGET,
                                   (uint64_t) gmcf->budget);
    ngx_http_glinto_metrics_number(b, NGX_HTTP_GLINTO_M_SPOOL_WRITABLE,
                                   gw->dirfd != -1 && !gw->outage);
    ngx_http_glinto_metrics_number(b, NGX_HTTP_GLINTO_M_CONNECTED,
                                   gw->hint.fd != -1);
}


static void
ngx_http_glinto_metrics_head(ngx_buf_t *b, ngx_uint_t id)
{
    const ngx_http_glinto_metric_t  *m;

    m = &ngx_http_glinto_metrics[id];

    b->last = ngx_slprintf(b->last, b->end,
                           "# HELP %s %s\n# TYPE %s %s\n",
                           m->name, m->help, m->name, m->type);
}


static void
ngx_http_glinto_metrics_number(ngx_buf_t *b, ngx_uint_t id, uint64_t n)
{
    ngx_http_glinto_metrics_head(b, id);

    b->last = ngx_slprintf(b->last, b->end, "%s %uL\n",
                           ngx_http_glinto_metrics[id].name, n);
}


/* a bucket holds what is in those before it */

static void
ngx_http_glinto_metrics_histogram(ngx_buf_t *b, ngx_uint_t id,
    const ngx_http_glinto_histogram_t *h)
{
    int64_t      us;
    uint64_t     n;
    ngx_uint_t   i;
    const char  *name;

    name = ngx_http_glinto_metrics[id].name;
    n = 0;

    ngx_http_glinto_metrics_head(b, id);

    for (i = 0; i < NGX_HTTP_GLINTO_BUCKETS - 1; i++) {
        us = ngx_http_glinto_measured_bounds[i];
        n += h->n[i];

        b->last = ngx_slprintf(b->last, b->end,
                               "%s_bucket{le=\"%L.%06L\"} %uL\n", name,
                               us / 1000000, us % 1000000, n);
    }

    n += h->n[i];

    b->last = ngx_slprintf(b->last, b->end,
                           "%s_bucket{le=\"+Inf\"} %uL\n%s_sum %uL.%06uL\n"
                           "%s_count %uL\n",
                           name, n, name, h->sum_us / 1000000,
                           h->sum_us % 1000000, name, n);
}
