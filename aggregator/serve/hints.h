/* The hint socket: packets of the nginx workers.  Loop thread. */

#ifndef GL_HINTS_H
#define GL_HINTS_H

#include <event2/event.h>

#include "conf.h"
#include "writer/writer.h"
#include "serve/socket.h"

struct gl_hints;

/* Takes LISTENING's descriptor.  NULL when out of memory. */
struct gl_hints *gl_hints_open(struct event_base *base,
                               struct gl_socket *listening,
                               const struct gl_conf *conf,
                               struct gl_ingest *ingest);
void gl_hints_close(struct gl_hints *hints);

#endif
