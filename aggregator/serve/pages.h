/* What a browser gets below /glinto/: paths of paths.def.  Loop thread. */

#ifndef GL_PAGES_H
#define GL_PAGES_H

#include <event2/http.h>

#include <jansson.h>

#include "access/elsewhere.h"
#include "serve/path.h"

/* Of a link with this SECRET: a form that takes its password; FAULT may be
 * NULL. */
void gl_pages_locked(struct evhttp_request *req, int status, const char *fault,
                     const char *secret);

/* PAGE (taken, malloc'd; NULL: out of memory) as the answer. */
void gl_pages_send(struct evhttp_request *req, int status, char *page,
                   size_t len);
/* A page that says what is wrong. */
void gl_pages_error(struct evhttp_request *req, int status,
                    const char *sentence);
/* The same of a page below SITE, which the asker may see: with a way back. */
void gl_pages_below(struct evhttp_request *req, int status,
                    const struct gl_meta_site *site, const char *sentence);
/* The numbers of SITE are WHERE, on another machine. */
void gl_pages_elsewhere(struct evhttp_request *req,
                        const struct gl_meta_site *site,
                        const struct gl_elsewhere *where);
/* A page with a form: TEMPLATE with the names of VIEW (taken). */
void gl_pages_form(struct evhttp_request *req, int status,
                   const char *template, json_t *view);
/* To a person, who cannot send a token, the page says how to open SITE. */
void gl_pages_closed(struct evhttp_request *req,
                     const struct gl_meta_site *site, const char *sentence);
/* Only who signs in may see rows of the site called DOMAIN. */
void gl_pages_sign_in(struct evhttp_request *req, const char *domain);

/* The page of SITE, and the file of its list that is asked for; BY (taken):
 * dashboard/render.h. */
void gl_pages_make(struct gl_paths *paths, struct evhttp_request *req,
                   const struct gl_meta_site *site, json_t *by,
                   const json_t *live);
void gl_pages_file(struct gl_paths *paths,
                   const struct gl_path_request *request, json_t *by);

/* HTML for REQ; whoever keeps it keeps one for each language: nginx by its
 * key. */
void gl_pages_html(struct evhttp_request *req, int status, const char *page,
                   size_t len);
/* REQ's answer is one for everybody: nginx keeps it. */
void gl_pages_share(struct evhttp_request *req);

#endif
