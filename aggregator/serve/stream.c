/*
 * Live numbers as lines of JSON, for "glinto live".  A client that is slow
 * misses states and gets the newest, as a WebSocket does.  The stream ends
 * with its connection.  Loop thread.
 */

#include "serve/stream.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <glib.h>
#include <stdlib.h>

#include "access/elsewhere.h"
#include "gl_assert.h"
#include "serve/reply.h"

#define GL_STREAM_STALL_S 60 /* a terminal may be stopped for a while */
#define GL_STREAM_INPUT_MAX 4096

struct gl_streams {
    struct gl_directory *directory;
    const struct gl_conf *conf;
    struct gl_hub *hub;
};

struct stream {
    struct gl_watch watch;
    struct gl_hub *hub;
    struct evhttp_request *req;
    struct evbuffer *line;
    int sending; /* the last line is not gone yet */
    int behind;  /* and there is a newer one */
};

static void on_sent(struct evhttp_connection *conn, void *arg);

static void
on_changed(struct gl_watch *watch, const struct gl_news *news)
{
    struct stream *stream = (struct stream *) watch; /* first member */
    stream->behind = stream->sending;
    if (!stream->sending) {
        stream->sending = 1;
        evbuffer_add(stream->line, news->text, news->text_len);
        evbuffer_add(stream->line, "\n", 1);
        evhttp_send_reply_chunk_with_cb(stream->req, stream->line, on_sent,
                                        stream);
    }
}

static void
on_sent(struct evhttp_connection *conn, void *arg)
{
    struct stream *stream = arg;
    GL_ASSERT(conn == evhttp_request_get_connection(stream->req));
    stream->sending = 0;
    if (stream->behind)
        on_changed(&stream->watch, gl_hub_news(&stream->watch));
}

static void
on_gone(struct evhttp_connection *conn, void *arg)
{
    struct stream *stream = arg;
    (void) conn;
    gl_hub_leave(stream->hub, &stream->watch);
    /* As in ask.c: ours only if evhttp has let go of it. */
    if (evhttp_request_get_connection(stream->req) == NULL)
        evhttp_request_free(stream->req);
    evbuffer_free(stream->line);
    free(stream);
}

static void
start(struct stream *stream)
{
    static const struct timeval stall = {GL_STREAM_STALL_S, 0};
    struct evhttp_connection *conn =
        evhttp_request_get_connection(stream->req);
    struct bufferevent *bev = evhttp_connection_get_bufferevent(conn);
    gl_reply_secure(stream->req, "no-store");
    evhttp_add_header(evhttp_request_get_output_headers(stream->req),
                      "Content-Type", "application/x-ndjson");
    evhttp_connection_set_closecb(conn, on_gone, stream);
    evhttp_send_reply_start(stream->req, 200, "OK");
    bufferevent_set_timeouts(bev, NULL, &stall);
    bufferevent_setwatermark(bev, EV_READ, 0, GL_STREAM_INPUT_MAX);
}

static void
refuse(struct evhttp_request *req, const char *name)
{
    json_t *sentence = json_sprintf("there is no site \"%s\"", name);
    if (sentence == NULL) /* no UTF-8 */
        sentence = json_string("there is no such site");
    json_auto_t *answer = json_pack("{s:o}", "error", sentence);
    gl_reply_json(req, 404, answer);
}

void
gl_streams_request(struct gl_streams *streams, struct evhttp_request *req,
                   const char *name)
{
    struct gl_meta_site site;
    if (!gl_directory_site(streams->directory, name, &site)) {
        refuse(req, name);
        return;
    }
    g_autofree char *why = gl_elsewhere_sentence(
        streams->conf, gl_directory_enter(streams->directory), &site);
    gl_directory_leave(streams->directory);
    if (why != NULL) {
        gl_reply_error(req, GL_ELSEWHERE_STATUS, why);
        return;
    }
    struct stream *stream = calloc(1, sizeof *stream);
    struct evbuffer *line = evbuffer_new();
    if (stream != NULL && line != NULL) {
        *stream = (struct stream){.watch.changed = on_changed,
                                  .hub = streams->hub,
                                  .req = req,
                                  .line = line};
        if (gl_hub_join(stream->hub, &stream->watch, site.domain, site.id) ==
            0) {
            start(stream);
            return;
        }
    }
    if (line != NULL)
        evbuffer_free(line);
    free(stream);
    gl_reply_error(req, 503, "out of memory");
}

struct gl_streams *
gl_streams_new(struct gl_hub *hub)
{
    struct gl_streams *streams = calloc(1, sizeof *streams);
    if (streams != NULL)
        streams->hub = hub;
    return streams;
}

void
gl_streams_attach(struct gl_streams *streams, struct gl_directory *directory,
                  const struct gl_conf *conf)
{
    streams->directory = directory;
    streams->conf = conf;
}

void
gl_streams_free(struct gl_streams *streams)
{
    free(streams);
}
