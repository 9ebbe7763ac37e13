/*
 * Day sets that are kept between questions: least recently used first out,
 * within a number of bytes; shared by the threads that read.
 */

#ifndef GL_COLUMNS_CACHE_H
#define GL_COLUMNS_CACHE_H

#include <stddef.h>

#define GL_COLUMNS_CACHE_BYTES (256u << 20) /* when nothing else is said */

struct gl_columns_cache;

struct gl_columns_cache *gl_columns_cache_new(size_t bytes_max);
/* When no thread uses it any more.  NULL is allowed. */
void gl_columns_cache_free(struct gl_columns_cache *cache);

#endif
