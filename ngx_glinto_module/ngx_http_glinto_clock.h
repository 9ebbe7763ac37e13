
/*
 * Copyright (C) Glinto contributors
 *
 * The clocks of a worker.
 */


#ifndef _NGX_HTTP_GLINTO_CLOCK_H_INCLUDED_
#define _NGX_HTTP_GLINTO_CLOCK_H_INCLUDED_


#include "ngx_http_glinto_module.h"

ngx_http_glinto_private_begin


/* to be called before the clocks are used, once in a turn */
void ngx_http_glinto_clock(ngx_http_glinto_worker_t *gw);

/* the same for a page served, which wants to know the millisecond */
void ngx_http_glinto_clock_page(ngx_http_glinto_worker_t *gw);

/* the boot clock now, not that of the turn; us, 0: there is none */
int64_t ngx_http_glinto_clock_boot_us(void);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_CLOCK_H_INCLUDED_ */
