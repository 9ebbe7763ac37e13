/*
 * Questions to other threads.  Each is in one of two lists: asked (loop
 * thread only) and, from its answer on, answered (behind the mutex).  One that
 * is shared is in asked alone, until the first that was the same is answered.
 * DONE runs in the loop thread, exactly once, whatever becomes of the
 * connection.
 */

#include "serve/ask.h"

#include <event2/bufferevent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "admin/table.h"
#include "gl_assert.h"
#include "wiped.h"

/* 3.1 is no 3.1000000000000001. */
#define GL_ASK_FORMAT (JSON_COMPACT | JSON_REAL_PRECISION(15))
#define GL_ASK_ACTOR_MAX 64 /* "uid 4294967295" and to spare */

struct ask {
    TAILQ_ENTRY(ask) link;     /* in asked */
    TAILQ_ENTRY(ask) answered; /* in answered */
    struct gl_asks *asks;
    struct evhttp_request *req; /* NULL = connection gone, or there is none */
    struct event *closed;       /* its peer hangs up; NULL = not looked at */
    gl_ask_done *done;
    void *arg;
    atomic_int gone;
    int status;
    char *answer;      /* as text; NULL = out of memory */
    int asked_outside; /* there was a connection */
    int changes;       /* it is no mere question */
    char *domain;      /* of the site that it names; NULL = none */
    char *same;        /* what is asked; NULL = it is not shared */
    struct ask *first; /* asked the same before; NULL = this one is asked */
    int shares;        /* how many wait for its answer, too */
    char actor[GL_ASK_ACTOR_MAX];
};

TAILQ_HEAD(ask_list, ask);

struct gl_asks {
    struct gl_ingest *ingest;
    struct event *wake;
    void (*changed)(void *arg, const char *domain);
    void *changed_arg;
    unsigned changes;      /* heard of */
    struct ask_list asked; /* loop thread */
    pthread_mutex_t mutex; /* of answered */
    struct ask_list answered;
};

/* evhttp reads nothing while a question is under way, and so sees no end. */
static void
on_closed(evutil_socket_t fd, short what, void *arg)
{
    struct ask *ask = arg;

    (void) what;
    GL_ASSERT(ask->req != NULL);
    GL_ASSERT(ask->closed != NULL && event_get_fd(ask->closed) == fd);
    ask->gone = 1;
}

/* Who answers a slow question is told when nobody waits any more. */
static void
look_for_end(struct ask *ask, struct evhttp_connection *conn)
{
    evutil_socket_t fd =
        bufferevent_getfd(evhttp_connection_get_bufferevent(conn));

    ask->closed = event_new(evhttp_connection_get_base(conn), fd, EV_CLOSED,
                            on_closed, ask);
    if (ask->closed != NULL)
        event_add(ask->closed, NULL);
}

static void
look_no_more(struct ask *ask)
{
    if (ask->closed != NULL)
        event_free(ask->closed);
    ask->closed = NULL;
}

/* The connection ends while its question is under way. */
static void
on_gone(struct evhttp_connection *conn, void *arg)
{
    struct ask *ask = arg;
    (void) conn;
    GL_ASSERT(ask->req != NULL);
    /* evhttp lets go of a request in use only when the peer went; otherwise it
     * frees it with the connection. */
    if (evhttp_request_get_connection(ask->req) == NULL)
        evhttp_request_free(ask->req);
    ask->req = NULL;
    ask->gone = 1;
    look_no_more(ask);
}

static void
free_ask(struct ask *ask)
{
    look_no_more(ask);
    free(ask->same);
    free(ask->domain);
    gl_wiped_free(ask->answer);
    free(ask);
}

/* It is in no list any more. */
static void
hear(struct ask *ask, int status, const char *answer)
{
    struct gl_asks *asks = ask->asks;

    if (ask->changes) {
        asks->changes++;
        if (asks->changed != NULL)
            asks->changed(asks->changed_arg,
                          ask->domain == NULL ? "" : ask->domain);
    }
    if (ask->req != NULL) {
        struct evhttp_connection *conn =
            evhttp_request_get_connection(ask->req);
        evhttp_connection_set_closecb(conn, NULL, NULL);
    }
    if (ask->req != NULL || !ask->asked_outside)
        ask->done(ask->arg, status, answer);
    else
        ask->done(ask->arg, GL_ASK_GONE, NULL);
}

/* FIRST is answered, and so is who asked the same. */
static void
hear_all(struct gl_asks *asks, struct ask *first)
{
    struct ask *ask = TAILQ_FIRST(&asks->asked), *next;
    struct ask_list shared = TAILQ_HEAD_INITIALIZER(shared);

    GL_ASSERT(first->first == NULL);
    while (first->shares > 0) {
        GL_ASSERT(ask != NULL); /* all are in the list */
        next = TAILQ_NEXT(ask, link);
        if (ask->first == first) {
            TAILQ_REMOVE(&asks->asked, ask, link);
            TAILQ_INSERT_TAIL(&shared, ask, link);
            first->shares--;
        }
        ask = next;
    }
    hear(first, first->status, first->answer);
    while ((ask = TAILQ_FIRST(&shared)) != NULL) {
        TAILQ_REMOVE(&shared, ask, link);
        hear(ask, first->status, first->answer);
        free_ask(ask);
    }
    free_ask(first);
}

static void
on_wake(evutil_socket_t fd, short what, void *arg)
{
    struct gl_asks *asks = arg;
    (void) fd;
    (void) what;
    for (;;) {
        pthread_mutex_lock(&asks->mutex);
        struct ask *ask = TAILQ_FIRST(&asks->answered);
        if (ask != NULL)
            TAILQ_REMOVE(&asks->answered, ask, answered);
        pthread_mutex_unlock(&asks->mutex);
        if (ask == NULL)
            return;
        GL_ASSERT(ask->asks == asks && ask->status != 0);
        TAILQ_REMOVE(&asks->asked, ask, link);
        hear_all(asks, ask);
    }
}

/* The caller's: JSON, but a text alone as it is. */
static char *
text_of(const json_t *answer)
{
    return json_is_string(answer) ? strdup(json_string_value(answer))
                                  : json_dumps(answer, GL_ASK_FORMAT);
}

/* The thread that answers: a long list is made a text there. */
static void
on_answer(void *arg, int status, json_t *answer)
{
    struct ask *ask = arg;
    struct gl_asks *asks = ask->asks;
    GL_ASSERT(status != 0 && ask->status == 0); /* once */
    ask->status = status;
    ask->answer = text_of(answer);
    json_decref(answer);
    pthread_mutex_lock(&asks->mutex);
    TAILQ_INSERT_TAIL(&asks->answered, ask, answered);
    pthread_mutex_unlock(&asks->mutex);
    event_active(asks->wake, EV_READ, 0);
}

struct gl_asks *
gl_asks_new(struct event_base *base)
{
    struct gl_asks *asks = calloc(1, sizeof *asks);
    if (asks == NULL)
        return NULL;
    TAILQ_INIT(&asks->asked);
    TAILQ_INIT(&asks->answered);
    pthread_mutex_init(&asks->mutex, NULL);
    asks->wake = event_new(base, -1, 0, on_wake, asks);
    if (asks->wake == NULL) {
        pthread_mutex_destroy(&asks->mutex);
        free(asks);
        return NULL;
    }
    return asks;
}

void
gl_asks_attach(struct gl_asks *asks, struct gl_ingest *ingest)
{
    asks->ingest = ingest;
}

void
gl_asks_free(struct gl_asks *asks)
{
    struct ask *ask;
    if (asks == NULL)
        return;
    while ((ask = TAILQ_FIRST(&asks->asked)) != NULL) {
        TAILQ_REMOVE(&asks->asked, ask, link);
        hear_all(asks, ask);
    }
    event_free(asks->wake);
    pthread_mutex_destroy(&asks->mutex);
    free(asks);
}

void
gl_asks_on_change(struct gl_asks *asks,
                  void (*changed)(void *arg, const char *domain), void *arg)
{
    GL_ASSERT(asks->changed == NULL);
    asks->changed = changed;
    asks->changed_arg = arg;
}

static struct ask *
new_ask(struct gl_asks *asks, struct evhttp_request *req, const char *actor,
        gl_ask_done *done, void *arg)
{
    struct ask *ask = calloc(1, sizeof *ask);
    if (ask != NULL) {
        ask->asks = asks;
        ask->req = req;
        ask->asked_outside = req != NULL;
        ask->done = done;
        ask->arg = arg;
        snprintf(ask->actor, sizeof ask->actor, "%s", actor);
        if (req != NULL)
            evhttp_connection_set_closecb(evhttp_request_get_connection(req),
                                          on_gone, ask);
        TAILQ_INSERT_TAIL(&asks->asked, ask, link);
    }
    return ask;
}

static void
refuse(gl_ask_done *done, void *arg)
{
    done(arg, 503, "{\"error\":\"glintod is busy, try again\"}");
}

/* What is to be known of VERB with ARGS when it is answered. */
static void
look_at(struct ask *ask, const struct gl_verb *verb, const json_t *args)
{
    if (verb == NULL)
        return;
    if (json_is_object(json_object_get(args, "args"))) /* change.make */
        args = json_object_get(args, "args");
    const char *domain = json_string_value(json_object_get(args, "domain"));
    if (domain == NULL)
        domain = json_string_value(json_object_get(args, "site"));
    ask->changes =
        verb->kind >= GL_VERB_CHANGES && verb->kind <= GL_VERB_LINES;
    if (ask->changes && domain != NULL)
        ask->domain = strdup(domain);
    if (verb->kind == GL_VERB_RECOUNTS && ask->req != NULL)
        look_for_end(ask, evhttp_request_get_connection(ask->req));
}

/* ASK is put to another thread.  0, or -1 and it is no more; ARGS and BODY are
 * taken. */
static int
put(struct ask *ask, const char *verb, json_t *args, char *body,
    size_t body_len)
{
    struct evhttp_request *req = ask->req;
    struct gl_call call = {.verb = verb,
                           .args = args,
                           .body = body,
                           .body_len = body_len,
                           .actor = ask->actor,
                           .done = on_answer,
                           .arg = ask,
                           .gone = &ask->gone};
    look_at(ask, gl_verb_by_name(verb), args); /* they may be gone */
    if (gl_writer_call(ask->asks->ingest, &call) == 0)
        return 0;
    json_decref(args);
    free(body);
    TAILQ_REMOVE(&ask->asks->asked, ask, link);
    if (req != NULL)
        evhttp_connection_set_closecb(evhttp_request_get_connection(req), NULL,
                                      NULL);
    free_ask(ask);
    return -1;
}

void
gl_ask(struct gl_asks *asks, struct evhttp_request *req, const char *verb,
       json_t *args, char *body, size_t body_len, const char *actor,
       gl_ask_done *done, void *arg)
{
    /* The other thread's alone: who asks may keep references to parts. */
    json_t *copy = json_deep_copy(args);
    struct ask *ask =
        copy == NULL ? NULL : new_ask(asks, req, actor, done, arg);
    json_decref(args);
    if (ask == NULL) {
        json_decref(copy);
        free(body);
        refuse(done, arg);
    } else if (put(ask, verb, copy, body, body_len) == -1) {
        refuse(done, arg);
    }
}

unsigned
gl_asks_changes(const struct gl_asks *asks)
{
    return asks->changes;
}

/* Questions with the same text have the same answer.  NULL: out of memory. */
static char *
same_of(const struct gl_asks *asks, const char *verb, const json_t *args)
{
    json_auto_t *what =
        json_pack("[I, s, O]", (json_int_t) asks->changes, verb, args);

    return json_dumps(what, GL_ASK_FORMAT | JSON_SORT_KEYS);
}

static struct ask *
find_same(const struct gl_asks *asks, const char *same)
{
    struct ask *ask;

    TAILQ_FOREACH (ask, &asks->asked, link)
        if (ask->same != NULL && strcmp(ask->same, same) == 0)
            break;
    return ask;
}

void
gl_ask_shared(struct gl_asks *asks, struct evhttp_request *req,
              const char *verb, json_t *args, gl_ask_done *done, void *arg)
{
    char *same = same_of(asks, verb, args);
    struct ask *first = same == NULL ? NULL : find_same(asks, same);
    json_t *copy = first == NULL ? json_deep_copy(args) : NULL;
    struct ask *ask = first == NULL && copy == NULL
                          ? NULL
                          : new_ask(asks, req, "page", done, arg);

    json_decref(args);
    if (ask == NULL) {
        json_decref(copy);
        free(same);
        refuse(done, arg);
    } else if (first != NULL) {
        ask->first = first;
        first->shares++;
        free(same);
    } else {
        ask->same = same;
        if (put(ask, verb, copy, NULL, 0) == -1)
            refuse(done, arg);
    }
}
