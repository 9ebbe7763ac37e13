
/*
 * Copyright (C) Glinto contributors
 *
 * The one place that knows how nginx differs from version to version
 * (1.22 to 1.31), and what is ours alone in its process.
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


/*
 * nginx loads all modules into one name space, where functions of one name
 * take each other's place.  What is declared between these two lines is of
 * this module only; calls of it are direct, without a table.
 */

#define ngx_http_glinto_private_begin                                         \
    _Pragma("GCC visibility push(hidden)")
#define ngx_http_glinto_private_end                                           \
    _Pragma("GCC visibility pop")


#endif /* _NGX_HTTP_GLINTO_COMPAT_H_INCLUDED_ */
