
/*
 * Copyright (C) Glinto contributors
 *
 * What a worker sees of the spool.
 */


#ifndef _NGX_HTTP_GLINTO_STATUS_H_INCLUDED_
#define _NGX_HTTP_GLINTO_STATUS_H_INCLUDED_


#include "ngx_http_glinto_module.h"

ngx_http_glinto_private_begin


/* segments, and when the one that was left alone longest was written */
void ngx_http_glinto_status_files(ngx_http_glinto_worker_t *gw,
    ngx_uint_t *files, time_t *oldest);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_STATUS_H_INCLUDED_ */
