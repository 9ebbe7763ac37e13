/*
 * Memory that holds nothing when it is given back: what came in a request or
 * is an argument of a call may be a password, and libevent and jansson, which
 * copy it on its way, wipe nothing themselves.
 */

#ifndef GL_WIPED_H
#define GL_WIPED_H

#include <stddef.h>

/* As free(3) and realloc(3), of what malloc(3) gave.  Without memory GLib ends
 * the process. */
void gl_wiped_free(void *bytes);
void *gl_wiped_resize(void *bytes, size_t size);

#endif
