/*
 * Whose a frame is, of several primaries: that of the account which has its
 * site, by this machine's meta.db.  What is of no site here is the first's:
 * there it is left out by its name.  A frame of counts of many sites becomes
 * one for each primary.
 *
 * One thread: the splitter's.
 */

#ifndef GL_LOG_ROUTER_H
#define GL_LOG_ROUTER_H

#include "log/chunk.h"
#include "spool/frame.h"

#include <stddef.h>
#include <stdint.h>

struct gl_router;

/* DATA is the caller's; nothing is read.  NULL: out of memory. */
struct gl_router *gl_router_new(const char *data);
void gl_router_free(struct gl_router *router);

/* What meta.db says now.  0, or -1 with a sentence in WHY: nobody knows, also
 * before this machine has made any change of all machines. */
int gl_router_read(struct gl_router *router, int64_t boot_ms, char *why,
                   size_t why_len);

/* The newest change of all machines by which that was so. */
int64_t gl_router_upto(const struct gl_router *router);

/* EACH primary that FRAME, or a part of it, is for, "" = the first; until it
 * answers -1, which is the answer. */
int gl_router_route(struct gl_router *router,
                    const struct gl_spool_frame *frame,
                    int (*each)(void *arg, const char *primary,
                                const struct gl_chunk_frame *frame),
                    void *arg);

#endif
