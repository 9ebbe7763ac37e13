
/*
 * Copyright (C) Glinto contributors
 *
 * The clocks of a worker.
 */


#include "ngx_http_glinto_clock.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_worker.h"


void
ngx_http_glinto_clock(ngx_http_glinto_worker_t *gw)
{
    int64_t      boot_us;
    ngx_time_t  *tp;

    /* all events of a turn have its time: the loop's clock stands as well */

    if (gw->flush.posted) {
        return;
    }

    tp = ngx_timeofday();
    gw->wall_ms = (int64_t) tp->sec * 1000 + tp->msec;

    boot_us = ngx_http_glinto_clock_boot_us();

    if (boot_us) {
        gw->boot_ms = boot_us / 1000;
    }

    gw->began_us = boot_us;
    gw->clock_at = ngx_current_msec;
}


void
ngx_http_glinto_clock_page(ngx_http_glinto_worker_t *gw)
{
    if (gw->clock_at != ngx_current_msec) {
        ngx_http_glinto_clock(gw);
    }
}


int64_t
ngx_http_glinto_clock_boot_us(void)
{
    struct timespec  ts;

    if (clock_gettime(CLOCK_BOOTTIME, &ts) == -1) {
        return 0;
    }

    return (int64_t) ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}
