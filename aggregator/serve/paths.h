/*
 * What the dashboard socket answers: finds the path in the table (paths.def),
 * and whether the asker may, before anything else is done.  Loop thread.
 */

#ifndef GL_PATHS_H
#define GL_PATHS_H

#include <event2/http.h>

/* A query's body is JSON of so many bytes at most. */
#define GL_PATHS_BODY_MAX 8192

/* Callback for a door; ARG is the struct gl_paths. */
void gl_paths_request(struct evhttp_request *req, void *arg);

#endif
