/*
 * A request that waits for the first news of a site, for so long as nobody
 * notices.  The writer may be in the middle of a turn of a quarter of a
 * second: then the page goes out without numbers, says so, and its WebSocket
 * brings them.  Loop thread.
 */

#include "serve/first.h"

#include <glib.h>
#include <stdlib.h>

#include "clock.h"
#include "gl_assert.h"
#include "serve/reply.h"

/* An idle writer answers within one or two. */
#define PATIENCE_MS 5
#define SECOND_MS 1000

struct first {
    struct gl_watch watch; /* the first: news finds the rest by it */
    struct gl_hub *hub;
    struct event *patience;
    struct evhttp_request *req;
    struct gl_meta_site site;
    gl_first_done *done;
    void *arg;
};

static void
end(struct first *first)
{
    gl_hub_leave(first->hub, &first->watch);
    if (first->patience != NULL)
        event_free(first->patience);
    free(first);
}

static void
answer(struct first *first, const json_t *live)
{
    evhttp_connection_set_closecb(evhttp_request_get_connection(first->req),
                                  NULL, NULL);
    first->done(first->arg, first->req, &first->site, live);
    end(first);
}

/* While they are not known more may come. */
static void
on_changed(struct gl_watch *watch, const struct gl_news *news)
{
    if (!json_is_null(json_object_get(news->object, "visitors")))
        answer((struct first *) watch, news->object);
}

static void
on_patience(evutil_socket_t fd, short what, void *arg)
{
    struct first *first = arg;
    const struct gl_news *news = gl_hub_news(&first->watch);
    int64_t now_ms = gl_clock_now_ms();
    /* many who wait get one page (gl_ask_shared()) */
    struct gl_live nothing = {.at_ms = now_ms - now_ms % SECOND_MS};
    (void) fd;
    (void) what;
    GL_ASSERT(first->patience != NULL && first->req != NULL);
    g_strlcpy(nothing.site, first->site.domain, sizeof nothing.site);
    json_auto_t *live =
        news != NULL ? json_incref(news->object) : gl_hub_object(&nothing);
    answer(first, live);
}

/* As in ask.c: the request is ours only if evhttp has let go of it. */
static void
on_gone(struct evhttp_connection *conn, void *arg)
{
    struct first *first = arg;
    (void) conn;
    GL_ASSERT(first->patience != NULL && first->req != NULL);
    if (evhttp_request_get_connection(first->req) == NULL)
        evhttp_request_free(first->req);
    end(first);
}

static int
begin(struct first *first)
{
    static const struct timeval patience = {0, PATIENCE_MS * 1000};
    struct evhttp_connection *conn = evhttp_request_get_connection(first->req);
    first->patience =
        evtimer_new(evhttp_connection_get_base(conn), on_patience, first);
    if (first->patience == NULL ||
        event_add(first->patience, &patience) == -1 ||
        gl_hub_join(first->hub, &first->watch, first->site.domain,
                    first->site.id) == -1)
        return -1;
    evhttp_connection_set_closecb(conn, on_gone, first);
    return 0;
}

void
gl_first_wait(struct gl_hub *hub, struct evhttp_request *req,
              const struct gl_meta_site *site, gl_first_done *done, void *arg)
{
    struct first *first = calloc(1, sizeof *first);
    if (first != NULL) {
        *first = (struct first){.watch.changed = on_changed,
                                .hub = hub,
                                .req = req,
                                .site = *site,
                                .done = done,
                                .arg = arg};
        if (begin(first) == 0)
            return;
        end(first);
    }
    gl_reply_error(req, 503, "out of memory");
}
