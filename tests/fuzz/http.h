/*
 * The two HTTP sockets of glintod without its writer thread: the loop, the
 * door, the requests and the WebSockets are the real ones, the answers of the
 * writer thread come from a stand-in that knows two sites and a token.
 */

#ifndef GL_FUZZ_HTTP_H
#define GL_FUZZ_HTTP_H

#include <stddef.h>
#include <stdint.h>

struct fuzz_http;

enum fuzz_http_door { FUZZ_HTTP_ADMIN, FUZZ_HTTP_DASHBOARD };

struct fuzz_http *fuzz_http_open(enum fuzz_http_door which);

/*
 * One connection that sends DATA and no more, read to its end.  What comes
 * back is answers of HTTP, none of them 500, and the connection does end.
 */
void fuzz_http_try(struct fuzz_http *http, const uint8_t *data, size_t size);

#endif
