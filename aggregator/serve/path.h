/* One path of the dashboard socket (paths.def): what is told to the function
 * that answers it.  Loop thread. */

#ifndef GL_PATH_H
#define GL_PATH_H

#include <event2/http.h>
#include <jansson.h>

#include "serve/ask.h"
#include "serve/door.h"
#include "serve/kept.h"
#include "serve/watcher.h"
#include "access/access.h"

struct gl_ahead;

struct gl_paths {
    struct gl_access access;
    struct gl_ahead *ahead;
    struct gl_asks *asks;
    struct gl_hub *hub;
    struct gl_kept *kept;
    struct gl_lives *lives;
    struct gl_door *door; /* the requests come through it */
};

/* A request that may be answered. */
struct gl_path_request {
    struct evhttp_request *req;
    const char *path; /* of the table */
    const char *rest; /* '*' of the path, decoded; "" = there is none */
    json_t *asked;    /* but of SEE, ROWS and TOKEN, an object: the body, the
                       fields of a form, or the parameters; borrowed */
    const struct gl_meta_site *site;   /* where '*' or "site_id" names one */
    const struct gl_meta_token *token; /* of TOKEN, LIST and CREATE */
    const struct gl_asker *asker;
    const struct gl_meta_person *person; /* of SIGNED, MINE,
                                            EDIT and ALTER */
    const struct gl_meta_share *share;   /* of SHARE and EMBED */
};

/* gl_path_list_() and so on. */
typedef void gl_path_answer(struct gl_paths *paths,
                            const struct gl_path_request *request);
#define PATH(function, method, path, needs)                                   \
    gl_path_answer gl_path_##function##_;
#include "serve/paths.def"
#undef PATH

#endif
