/*
 * /glinto/me: who has signed in chooses whether signing in takes a code of his
 * telephone, too.  The key is in the form until a code of it shows that the
 * telephone has it.  Loop thread.
 */

#include <glib.h>
#include <sodium.h>
#include <string.h>

#include "access/form.h"
#include "access/totp.h"
#include "clock.h"
#include "dashboard/render.h"
#include "serve/pages.h"
#include "serve/path.h"
#include "serve/reply.h"

struct choosing {
    struct gl_paths *paths;
    struct evhttp_request *req;
    struct gl_asker asker; /* of the request, as long as that */
    struct gl_meta_person person;
    char key[GL_TOTP_TEXT + 1]; /* "" = no codes any more */
    int64_t step;               /* of the code that shows it */
};

static void
free_choosing(struct choosing *choosing)
{
    sodium_memzero(choosing, sizeof *choosing);
    g_free(choosing);
}

/* KEY is that of the form before, "" = another one. */
static void
show(struct gl_paths *paths, struct evhttp_request *req,
     const struct gl_asker *asker, const struct gl_meta_person *person,
     int status, const char *fault, const char *key)
{
    char token[GL_SECRET_LEN + 1], text[GL_TOTP_TEXT + 1];
    uint8_t drawn[GL_TOTP_BYTES];

    gl_form_token(&paths->access, asker, person, token);
    gl_totp_draw(drawn);
    gl_totp_text(drawn, text);
    gl_pages_form(req, status, "me",
                  json_pack("{s:s, s:s, s:s?, s:b, s:s}", "name", person->name,
                            "token", token, "fault", fault, "has",
                            person->has_totp, "key",
                            key[0] == '\0' ? text : key));
    sodium_memzero(drawn, sizeof drawn);
    sodium_memzero(text, sizeof text);
}

void
gl_path_me_page_(struct gl_paths *paths, const struct gl_path_request *request)
{
    show(paths, request->req, request->asker, request->person, 200, NULL, "");
}

static void
show_again(const struct choosing *choosing, int status, const char *fault)
{
    show(choosing->paths, choosing->req, &choosing->asker, &choosing->person,
         status, fault, choosing->key);
}

static void
on_set(void *arg, int status, const char *answer)
{
    struct choosing *choosing = arg;

    (void) answer;
    if (status == 200)
        gl_reply_go(choosing->req, "/glinto/me");
    else if (status != GL_ASK_GONE)
        show_again(choosing, status, "Try again in a moment.");
    free_choosing(choosing);
}

static void
on_proved(void *arg, int status, const char *answer)
{
    struct choosing *choosing = arg;

    (void) answer;
    if (status == 200) {
        gl_ask(choosing->paths->asks, choosing->req, "person.totp",
               json_pack("{s:s, s:s, s:I}", "person", choosing->person.id,
                         "key", choosing->key, "step",
                         (json_int_t) choosing->step),
               NULL, 0, "sign-in", on_set, choosing);
        return;
    }
    if (status != GL_ASK_GONE)
        show_again(choosing, status,
                   status == 403 ? "The password or the code is not right."
                                 : "Try again in a moment.");
    free_choosing(choosing);
}

static const char *
field(const struct gl_path_request *request, const char *key)
{
    const char *text = json_string_value(json_object_get(request->asked, key));

    return text == NULL ? "" : text;
}

/* 1: the form is what it must be: a new key with a code of it. */
static int
read_key(struct choosing *choosing, const struct gl_path_request *request)
{
    const char *text = field(request, "key");
    uint8_t key[GL_TOTP_BYTES];

    if (choosing->person.has_totp) /* person.prove looks at the code */
        return text[0] == '\0';
    if (!gl_totp_read(text, key))
        return 0;
    g_strlcpy(choosing->key, text, sizeof choosing->key);
    choosing->step =
        gl_totp_step(key, field(request, "code"), gl_clock_now_ms(), 0);
    sodium_memzero(key, sizeof key);
    return choosing->step != 0;
}

void
gl_path_me_(struct gl_paths *paths, const struct gl_path_request *request)
{
    struct choosing *choosing = g_new0(struct choosing, 1);
    const char *fault = NULL;

    choosing->paths = paths;
    choosing->req = request->req;
    choosing->asker = *request->asker;
    choosing->person = *request->person;
    if (!gl_form_may_try(&paths->access, request->person->name))
        fault = "Too many tries: wait for three minutes.";
    else if (!read_key(choosing, request))
        fault = "The password or the code is not right.";
    if (fault != NULL) {
        show_again(choosing, 403, fault);
        free_choosing(choosing);
        return;
    }
    gl_ask(paths->asks, request->req, "person.prove",
           json_pack("{s:s, s:s, s:s}", "name", request->person->name,
                     "password", field(request, "password"), "code",
                     field(request, "code")),
           NULL, 0, "sign-in", on_proved, choosing);
}
