/*
 * Questions of the loop thread to the writer thread or those that query, on
 * behalf of an HTTP request.  The answer comes on their thread and is carried
 * over; by then the request's connection may have gone.
 */

#ifndef GL_ASK_H
#define GL_ASK_H

#include <event2/event.h>
#include <event2/http.h>
#include <jansson.h>

#include "writer/writer.h"

struct gl_asks;

/* Status of a question whose connection has gone: nobody to tell, REQ must
 * not be used; only free what you hold. */
#define GL_ASK_GONE 0

/* Runs in the loop thread exactly once.  ANSWER, a JSON object as text or, of
 * a verb that SHOWS, the text, is borrowed; NULL when gone, or without
 * memory. */
typedef void gl_ask_done(void *arg, int status, const char *answer);

struct gl_asks *gl_asks_new(struct event_base *base);
void gl_asks_attach(struct gl_asks *asks, struct gl_ingest *ingest);
/* CHANGED is told of each verb that may have changed something, before who
 * asked is: DOMAIN is the site that it named, as it was named, "" = none. */
void gl_asks_on_change(struct gl_asks *asks,
                       void (*changed)(void *arg, const char *domain),
                       void *arg);
/* After the writer thread has stopped. */
void gl_asks_free(struct gl_asks *asks);

/*
 * Ask VERB (a constant) with ARGS (taken, NULL = out of memory) and BODY
 * (taken, may be NULL).  ACTOR is copied.  Until DONE the request belongs to
 * the question; NULL: nobody outside asks.  When the question cannot be put,
 * DONE runs with 503 before this returns.
 */
void gl_ask(struct gl_asks *asks, struct evhttp_request *req, const char *verb,
            json_t *args, char *body, size_t body_len, const char *actor,
            gl_ask_done *done, void *arg);

/* As gl_ask(), of a page: what is asked already, with the same ARGS and
 * nothing changed since, is not asked again; many wait for one answer. */
void gl_ask_shared(struct gl_asks *asks, struct evhttp_request *req,
                   const char *verb, json_t *args, gl_ask_done *done,
                   void *arg);

/* Verbs heard of that may have changed something: what was asked before the
 * last is old. */
unsigned gl_asks_changes(const struct gl_asks *asks);

#endif
