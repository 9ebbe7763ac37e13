/*
 * /glinto/unsubscribe/SECRET, the link of a mail: a page that asks first, for
 * programs look into links, and the form of that page, which programs of mail
 * send by themselves when their reader wants so (RFC 8058).  Whoever has the
 * secret may: there is no other proof, and no page of this host need ask.
 * Loop thread.
 */

#include "serve/pages.h"
#include "serve/reply.h"

static void
send_page(struct evhttp_request *req, int status, const char *secret)
{
    gl_pages_form(req, status, "leave", json_pack("{s:s*}", "secret", secret));
}

void
gl_path_leave_page_(struct gl_paths *paths,
                    const struct gl_path_request *request)
{
    (void) paths;
    send_page(request->req, 200, request->rest);
}

/* A second time it is done, too. */
static void
on_left(void *arg, int status, const char *answer)
{
    (void) answer;
    if (status == 200 || status == 404)
        send_page(arg, 200, NULL);
    else if (status != GL_ASK_GONE)
        gl_pages_error(arg, 503, "This cannot be done just now.");
}

void
gl_path_leave_(struct gl_paths *paths, const struct gl_path_request *request)
{
    gl_ask(paths->asks, request->req, "recipient.leave",
           json_pack("{s:s}", "link", request->rest), NULL, 0, "mail", on_left,
           request->req);
}
