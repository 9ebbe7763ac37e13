
/*
 * Copyright (C) Glinto contributors
 *
 * What a worker measures, and the sums of all workers.
 */


#ifndef _NGX_HTTP_GLINTO_MEASURED_H_INCLUDED_
#define _NGX_HTTP_GLINTO_MEASURED_H_INCLUDED_


#include "ngx_http_glinto_counts.h"

ngx_http_glinto_private_begin


/* the last has no bound */

#define NGX_HTTP_GLINTO_BUCKETS  13

typedef struct {
    uint64_t                      n[NGX_HTTP_GLINTO_BUCKETS];
    uint64_t                      sum_us;
} ngx_http_glinto_histogram_t;

/* nothing but numbers of 64 bits that only grow */

typedef struct {
    uint64_t                      requests;
    uint64_t                      stored;
    uint64_t                      served;    /* frames of pages served */
    uint64_t                      dropped[NGX_HTTP_GLINTO_REASONS];
    ngx_http_glinto_histogram_t   request;
    ngx_http_glinto_histogram_t   append;
} ngx_http_glinto_measures_t;

#define NGX_HTTP_GLINTO_NUMBERS                                               \
    (sizeof(ngx_http_glinto_measures_t) / sizeof(uint64_t))


/* bounds of the buckets but the last, us */
extern const int64_t
    ngx_http_glinto_measured_bounds[NGX_HTTP_GLINTO_BUCKETS - 1];

/* the zone with the sums of all workers, when there is a spool */
ngx_int_t ngx_http_glinto_measured_zone(ngx_conf_t *cf,
    ngx_http_glinto_main_conf_t *gmcf);

/* an append that began then is over; looked_us is set */
void ngx_http_glinto_measured_append(ngx_http_glinto_worker_t *gw,
    int64_t began_us);

/* the events of this request are in the spool, by the last append */
void ngx_http_glinto_measured_request(ngx_http_glinto_worker_t *gw,
    const ngx_http_request_t *r);

/* add what is new to the sums of all workers: once a second, and at the end */
void ngx_http_glinto_measured_tell(ngx_http_glinto_worker_t *gw);

/* the sums of all workers, but for their last second */
void ngx_http_glinto_measured_sums(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_measures_t *sums);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_MEASURED_H_INCLUDED_ */
