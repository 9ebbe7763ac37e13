/*
 * The loop thread: one libevent loop that listens on the three Unix sockets
 * (hints, administration, dashboard), answers HTTP and feeds WebSockets.  It
 * opens no network socket and no database: all it knows comes from the writer
 * thread.  Order of life in main:
 *
 *     serve = gl_serve_new(conf)           loop and signals, no socket yet
 *     events = {gl_serve_live, serve}
 *     ingest = gl_writer_start(conf, &events)   takes the spool's lock
 *     gl_serve_attach(serve, ingest)       sockets listen from here on
 *     gl_serve_run(serve)                  until TERM or INT; HUP calls back
 *     gl_writer_stop(ingest)               may still call gl_serve_live
 *     gl_serve_free(serve)
 */

#ifndef GL_SERVE_H
#define GL_SERVE_H

#include <stddef.h>

#include "conf.h"
#include "writer/writer.h"

struct gl_serve;

/*
 * CONF is kept and must outlive the result.  Takes SIGTERM, SIGINT (a signal
 * before gl_serve_run ends it at once) and SIGHUP, which are blocked from then
 * on, in threads begun later, too; ignores SIGPIPE.  NULL with a sentence in
 * WHY.
 */
struct gl_serve *gl_serve_new(const struct gl_conf *conf, char *why,
                              size_t why_len);

/* HUP is to be called in the loop thread at each SIGHUP; then the limits of
 * CONF that may change are looked at again. */
void gl_serve_on_hup(struct gl_serve *serve, void (*hup)(void *arg),
                     void *arg);

/* gl_ingest_events.live: ARG is the struct gl_serve.  Any thread, returns at
 * once. */
void gl_serve_live(void *arg, const struct gl_live *live);

/* Make the sockets and listen.  0, or -1 with a sentence in WHY. */
int gl_serve_attach(struct gl_serve *serve, struct gl_ingest *ingest,
                    char *why, size_t why_len);

/* Blocks.  On return the sockets are closed and unlinked, and every WebSocket
 * has been told 1001.  0, or -1 when the loop failed. */
int gl_serve_run(struct gl_serve *serve);

/* After gl_writer_stop.  NULL is allowed. */
void gl_serve_free(struct gl_serve *serve);

#endif
