/* GET /v1/live/SITE on the admin socket: one JSON object a line for every
 * change, until the client goes.  Loop thread. */

#ifndef GL_STREAM_H
#define GL_STREAM_H

#include <event2/http.h>

#include "conf.h"
#include "serve/hub.h"
#include "store/directory/directory.h"

struct gl_streams;

struct gl_streams *gl_streams_new(struct gl_hub *hub);
void gl_streams_attach(struct gl_streams *streams,
                       struct gl_directory *directory,
                       const struct gl_conf *conf);
void gl_streams_request(struct gl_streams *streams, struct evhttp_request *req,
                        const char *name);
/* After the connections have gone. */
void gl_streams_free(struct gl_streams *streams);

#endif
