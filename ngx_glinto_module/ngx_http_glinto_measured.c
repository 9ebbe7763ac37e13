
/*
 * Copyright (C) Glinto contributors
 *
 * What a worker measures.  A request pays for a few additions to memory that
 * is the worker's own; no clock is read for it, and no word is shared.  Once
 * a second what is new is added to the sums of all workers, in a zone of
 * shared memory that outlives workers and reloads: they only grow until nginx
 * itself starts anew.  A worker that is killed loses its last second of them;
 * what is counted of events is counted in the spool.
 *
 * The clock is read where it was read before: at the first tracking request
 * of a turn of the event loop, and after each append.  Between the two lies
 * all that the turn did for its requests.
 */


#include "ngx_http_glinto_measured.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_worker.h"


/* a slab zone of nginx has 8 pages at least */

#define NGX_HTTP_GLINTO_ZONE_PAGES  8


typedef struct {
    ngx_atomic_t  n[NGX_HTTP_GLINTO_NUMBERS];
} ngx_http_glinto_shared_t;


static ngx_int_t ngx_http_glinto_measured_init(ngx_shm_zone_t *zone,
    void *data);
static ngx_uint_t ngx_http_glinto_measured_bucket(int64_t us);


const int64_t  ngx_http_glinto_measured_bounds[NGX_HTTP_GLINTO_BUCKETS - 1] = {
    50, 100, 250, 500, 1000, 2500, 5000, 10000, 25000, 100000, 1000000,
    10000000
};


ngx_int_t
ngx_http_glinto_measured_zone(ngx_conf_t *cf,
    ngx_http_glinto_main_conf_t *gmcf)
{
    ngx_str_t  name;

    ngx_str_set(&name, "glinto_measured");

    gmcf->zone = ngx_shared_memory_add(cf, &name,
                                  NGX_HTTP_GLINTO_ZONE_PAGES * ngx_pagesize,
                                  &ngx_http_glinto_module);
    if (gmcf->zone == NULL) {
        return NGX_ERROR;
    }

    gmcf->zone->init = ngx_http_glinto_measured_init;

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_measured_init(ngx_shm_zone_t *zone, void *data)
{
    ngx_slab_pool_t  *pool;

    if (data) {
        zone->data = data;
        return NGX_OK;
    }

    pool = (ngx_slab_pool_t *) zone->shm.addr;

    if (zone->shm.exists) {
        zone->data = pool->data;
        return NGX_OK;
    }

    pool->data = ngx_slab_calloc(pool, sizeof(ngx_http_glinto_shared_t));
    if (pool->data == NULL) {
        return NGX_ERROR;
    }

    zone->data = pool->data;

    return NGX_OK;
}


static ngx_uint_t
ngx_http_glinto_measured_bucket(int64_t us)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_HTTP_GLINTO_BUCKETS - 1; i++) {
        if (us <= ngx_http_glinto_measured_bounds[i]) {
            break;
        }
    }

    return i;
}


void
ngx_http_glinto_measured_append(ngx_http_glinto_worker_t *gw,
    int64_t began_us)
{
    int64_t                       us;
    ngx_http_glinto_histogram_t  *h;

    h = &gw->measured.append;
    us = ngx_max(gw->looked_us - began_us, 0);

    h->n[ngx_http_glinto_measured_bucket(us)]++;
    h->sum_us += us;

    gw->turn_us = ngx_max(gw->looked_us - gw->began_us, 0);
    gw->turn_bucket = ngx_http_glinto_measured_bucket(gw->turn_us);
}


void
ngx_http_glinto_measured_request(ngx_http_glinto_worker_t *gw,
    const ngx_http_request_t *r)
{
    int64_t                       ms, us;
    ngx_uint_t                    bucket;
    ngx_http_glinto_histogram_t  *h;

    h = &gw->measured.request;
    us = gw->turn_us;
    bucket = gw->turn_bucket;

    ms = gw->wall_ms - ((int64_t) r->start_sec * 1000
                        + (int64_t) r->start_msec);

    if (ms > 0) {

        /* it came in an earlier turn; a clock set back is no time */

        us += ms * 1000;
        bucket = ngx_http_glinto_measured_bucket(us);
    }

    h->n[bucket]++;
    h->sum_us += us;
}


void
ngx_http_glinto_measured_tell(ngx_http_glinto_worker_t *gw)
{
    uint64_t                  *mine, *told;
    ngx_uint_t                 i;
    ngx_http_glinto_shared_t  *shared;

    shared = gw->gmcf->zone ? gw->gmcf->zone->data : NULL;

    if (shared == NULL) {
        return;
    }

    mine = (uint64_t *) &gw->measured;
    told = (uint64_t *) &gw->told;

    for (i = 0; i < NGX_HTTP_GLINTO_NUMBERS; i++) {

        if (mine[i] != told[i]) {
            (void) ngx_atomic_fetch_add(&shared->n[i],
                                   (ngx_atomic_int_t) (mine[i] - told[i]));
            told[i] = mine[i];
        }
    }
}


void
ngx_http_glinto_measured_sums(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_measures_t *sums)
{
    uint64_t                  *to;
    ngx_uint_t                 i;
    ngx_http_glinto_shared_t  *shared;

    ngx_http_glinto_measured_tell(gw);

    shared = gw->gmcf->zone ? gw->gmcf->zone->data : NULL;

    if (shared == NULL) {
        *sums = gw->measured;
        return;
    }

    to = (uint64_t *) sums;

    for (i = 0; i < NGX_HTTP_GLINTO_NUMBERS; i++) {
        to[i] = shared->n[i];
    }
}
