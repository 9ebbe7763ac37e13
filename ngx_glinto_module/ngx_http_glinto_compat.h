
/*
 * Copyright (C) Glinto contributors
 *
 * The one place that knows how nginx differs from version to version
 * (1.22 to 1.31).
 */


#ifndef _NGX_HTTP_GLINTO_COMPAT_H_INCLUDED_
#define _NGX_HTTP_GLINTO_COMPAT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* since 1.23.0 header elements of one name are linked */

#if (nginx_version >= 1023000)
#define ngx_http_glinto_header_single(h)  (h)->next = NULL
#else
#define ngx_http_glinto_header_single(h)
#endif


#endif /* _NGX_HTTP_GLINTO_COMPAT_H_INCLUDED_ */
