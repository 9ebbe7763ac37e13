/*
 * Promise: a text of summary_command is taken only as promised: in UTF-8, of
 * 8,000 bytes at most, not empty, with no number but the facts', from a
 * program that ended well; it is told the facts, and nothing of who gets the
 * mail.  A program that takes too long is killed, with what it started.
 */

#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "mailer/hand.h"
#include "mailer/model.h"
#include "tap.h"

static const struct {
    const char *script, *text, *why; /* one is NULL */
} cases[] = {
    {"echo 'Of 1,314 visitors all came.'", "Of 1,314 visitors all came.\n",
     NULL},
    {"printf 'Two lines.\\nOf words.'", "Two lines.\nOf words.", NULL},
    {"head -c 8000 /dev/zero | tr '\\0' a", "8000", NULL},
    {"head -c 8001 /dev/zero | tr '\\0' a", NULL,
     "it has more than 8000 bytes"},
    {"head -c 100000 /dev/zero | tr '\\0' a", NULL,
     "it has more than 8000 bytes"},
    {"printf 'caf\\351'", NULL, "it is no UTF-8"},
    {"true", NULL, "it is empty"},
    {"printf '\\n \\t\\n'", NULL, "it is empty"},
    {"echo '1,315 came.'", NULL, "\"1,315\" is no number of the facts"},
    {"echo Some came.; exit 3", NULL, "ended with status 3"},
    {"echo Some came.; kill -TERM $$", NULL, "ended by signal 15"},
    {"grep -q '\"value\":1314' && echo Told.", "Told.\n", NULL},
    {"grep -q ann@ || echo 'Not of her.'", "Not of her.\n", NULL},
    {"grep -q secret || echo 'No secret.'", "No secret.\n", NULL},
};

static void
check_text(const json_t *mail, const char *folder, size_t i)
{
    char *path = g_build_filename(folder, "model.sh", NULL);
    char *command = g_strdup_printf("/bin/sh '%s'", path), *why = NULL, *text;

    if (!g_file_set_contents(path, cases[i].script, -1, NULL))
        tap_bail("cannot write %s", path);
    text = gl_model_text(command, mail, &why);
    if (text != NULL && strlen(text) == GL_MODEL_TEXT_MAX)
        tap_str("8000", cases[i].text, "%s", cases[i].script);
    else
        tap_str(text, cases[i].text, "%s", cases[i].script);
    tap_str(why, cases[i].why, "  and why");
    g_free(why);
    g_free(text);
    g_free(command);
    g_free(path);
}

/* It tells the number of a process that it started, which works on, and is
 * this one's to wait for once its parent is gone. */
static void
check_time(void)
{
    static const char *const args[] = {NULL};
    GString *input = g_string_new(""), *out = g_string_new("");
    gint64 began_us = g_get_monotonic_time();
    char *why = NULL;
    int how = 0;

    if (prctl(PR_SET_CHILD_SUBREAPER, 1) == -1)
        tap_bail("prctl");
    int status = gl_hand("/bin/sh -c 'tail -f /dev/null & echo $!; wait'",
                         args, input, out, 100, 1, &why);
    pid_t started = (pid_t) strtol(out->str, NULL, 10);

    tap_int(status, 128 + SIGKILL, "it is killed");
    tap_str(why, "it took longer than 1 s", "and why");
    tap_ok(g_get_monotonic_time() - began_us >= G_USEC_PER_SEC,
           "not before its time");
    tap_ok(started > 0, "it had started another");
    tap_int(waitpid(started, &how, 0), started, "which ends, too");
    tap_ok(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL, "killed");
    g_free(why);
    g_string_free(out, TRUE);
    g_string_free(input, TRUE);
}

int
main(void)
{
    json_t *mail = json_pack("{s:s, s:s, s:s, s:[s], s:[{s:i}]}", "to",
                             "ann@mail.example", "unsubscribe", "secret",
                             "title", "The week in words", "items",
                             "1,314 visitors came.", "facts", "value", 1314);

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        check_text(mail, tap_dir(), i);
    check_time();
    json_decref(mail);
    return tap_done();
}
