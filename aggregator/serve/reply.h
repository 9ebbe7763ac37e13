/*
 * What every HTTP answer and question has in common: security headers, error
 * bodies, checks of a request's headers.  Loop thread.
 */

#ifndef GL_REPLY_H
#define GL_REPLY_H

#include <event2/http.h>
#include <jansson.h>
#include <stddef.h>
#include <sys/types.h>

#include "access/access.h"

/* Answer with TEXT, which is JSON; NULL: there was no memory for it. */
void gl_reply_json_text(struct evhttp_request *req, int status,
                        const char *text);

/* Answer with JSON; the answer is not taken.  For HEAD only the head is
 * sent. */
void gl_reply_json(struct evhttp_request *req, int status,
                   const json_t *answer);

/* {"error": SENTENCE}, and the connection ends after it. */
void gl_reply_refuse(struct evhttp_request *req, int status,
                     const char *sentence);

/* {"error": SENTENCE} */
void gl_reply_error(struct evhttp_request *req, int status,
                    const char *sentence);

/* TEXT of TYPE with CACHE as its Cache-Control.  TEXT is copied. */
void gl_reply_text(struct evhttp_request *req, int status, const char *type,
                   const char *cache, const char *text, size_t len);

/* Once for each request: which language its reader takes, who may have chosen
 * one in the address; else CONF's, else the first of Accept-Language. */
void gl_reply_listen(struct evhttp_request *req, const struct gl_conf *conf);
/* From now on this thread speaks to the reader of REQ. */
void gl_reply_speak(struct evhttp_request *req);
/* The same as a verb takes it, gl_speech_word(); the caller's. */
json_t *gl_reply_speech(struct evhttp_request *req);

/* The headers every answer carries. */
void gl_reply_secure(struct evhttp_request *req, const char *cache);

/* NULL, or a sentence: too many headers, a body whose length is not plain. */
const char *gl_reply_fault(struct evhttp_request *req);

/* REQ's header NAME; NULL when it has none or several. */
const char *gl_reply_header(struct evhttp_request *req, const char *name);

/* Who sent REQ; good as long as its headers. */
struct gl_asker gl_reply_asker(struct evhttp_request *req,
                               const struct gl_conf *conf);

/* NAME begins with __Host-: the browser sends it to this host alone, over TLS
 * (or to its own machine), never to a page's script, nor with a form of
 * another site; for S seconds.  "" and 0 take it away. */
void gl_reply_cookie(struct evhttp_request *req, const char *name,
                     const char *value, int s);

/* The page may be in frames of ANCESTORS, sources as a policy has them. */
void gl_reply_frame(struct evhttp_request *req, const char *ancestors);

/* The page has a form: its browser says of which host it is when it is sent,
 * and tells no more of its address to anybody. */
void gl_reply_origin(struct evhttp_request *req);

/* 303: the browser goes to PATH, which is ours, and keeps its language. */
void gl_reply_go(struct evhttp_request *req, const char *path);

/* A part of a path with its %XX decoded, malloc'd; "" when it holds a NUL, so
 * that no name passes for its beginning.  NULL: out of memory. */
char *gl_reply_decode(const char *coded, size_t len);

/* User id of REQ's peer.  0, or -1. */
int gl_reply_peer(struct evhttp_request *req, uid_t *uid);

/* The reason phrase of a status. */
const char *gl_reply_phrase(int status);

#endif
