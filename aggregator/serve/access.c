/*
 * May this request see this site?  Asks the ingest thread for the site, then
 * for the token's account; keeps nothing.  Loop thread.
 */

#include "serve/access.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "serve/reply.h"

#define GL_ACCESS_TOKEN_MAX 256 /* ours are 64; longer is nonsense */

struct check {
    struct gl_asks *asks;
    struct evhttp_request *req;
    json_t *site; /* NULL until known */
    gl_ask_done *done;
    void *arg;
};

static void
decide(struct check *check, int status, json_t *answer)
{
    check->done(check->arg, status, answer);
    json_decref(check->site);
    free(check);
}

static void
refuse(struct check *check, int status, const char *sentence)
{
    json_t *answer = json_pack("{s:s}", "error", sentence);
    decide(check, status, answer);
    json_decref(answer);
}

/* The token of REQ's Authorization header, or NULL. */
static const char *
bearer(struct evhttp_request *req)
{
    static const char scheme[] = "Bearer ";
    const char *value = gl_reply_header(req, "Authorization");
    if (value == NULL || strncasecmp(value, scheme, sizeof(scheme) - 1) != 0) {
        return NULL;
    }
    value += sizeof(scheme) - 1;
    size_t len = strlen(value);
    return len == 0 || len > GL_ACCESS_TOKEN_MAX ? NULL : value;
}

static void
on_token(void *arg, int status, json_t *answer)
{
    struct check *check = arg;
    if (status == 404) {
        refuse(check, 401, "this token is not known");
        return;
    }
    if (status != 200) {
        decide(check, status, answer);
        return;
    }
    json_t *account = json_object_get(answer, "account");
    if (!json_is_string(account) ||
        !json_equal(account, json_object_get(check->site, "account"))) {
        refuse(check, 404, "no such site");
        return;
    }
    decide(check, 200, check->site);
}

static void
on_site(void *arg, int status, json_t *answer)
{
    struct check *check = arg;
    if (status != 200) {
        decide(check, status, answer);
        return;
    }
    json_t *site = json_object_get(answer, "site");
    if (json_is_true(json_object_get(site, "public"))) {
        decide(check, 200, site);
        return;
    }
    const char *token = bearer(check->req);
    if (token == NULL) {
        refuse(check, 401,
               "this site is not public; send a token as "
               "\"Authorization: Bearer TOKEN\"");
        return;
    }
    check->site = json_incref(site);
    gl_ask(check->asks, check->req, "token.check",
           json_pack("{s:s}", "token", token), NULL, 0, "dashboard", on_token,
           check);
}

void
gl_access_check(struct gl_asks *asks, struct evhttp_request *req,
                const char *site, gl_ask_done *done, void *arg)
{
    struct check *check = calloc(1, sizeof(*check));
    json_t *name = json_string(site);
    if (check == NULL || name == NULL) {
        free(check);
        json_decref(name);
        json_t *answer = json_pack("{s:s}", "error", "no such site");
        done(arg, 404, answer); /* no UTF-8, so no site is called that */
        json_decref(answer);
        return;
    }
    *check = (struct check){asks, req, NULL, done, arg};
    gl_ask(asks, req, "site.get", json_pack("{s:o}", "domain", name), NULL, 0,
           "dashboard", on_site, check);
}
