/*
 * What a request asks, as a JSON object: of a body that is JSON, or a form as
 * browsers and "curl -F" send it, whose fields are texts; of parameters the
 * same.  Loop thread.
 */

#ifndef GL_BODY_H
#define GL_BODY_H

#include <event2/http.h>
#include <jansson.h>

/* The caller's, of any kind of JSON: *WHY, the caller's (g_free), is WANTS,
 * for who wants something else of it; or NULL and *WHY. */
json_t *gl_body_read(struct evhttp_request *req, const char *wants,
                     char **why);
/* The same of a form alone, with no fields when it is empty. */
json_t *gl_body_read_form(struct evhttp_request *req, const char *wants,
                          char **why);
/* Of the parameters. */
json_t *gl_body_read_parameters(struct evhttp_request *req, const char *wants,
                                char **why);

#endif
