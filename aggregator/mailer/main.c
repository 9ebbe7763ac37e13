/*
 * glinto-mail: what is in the outbox is handed on.
 *
 *   each mail ─► journal: how far is it?
 *     a try without an end ─► in doubt: once more; a second time: no more
 *     "try" into the journal, on the disk
 *       sendmail, or notify_command
 *     "sent", "again" or "failed" into the journal, on the disk
 *
 * Exit status: 0 nothing is left, 75 something is to be tried again later, 1
 * it cannot work, 2 not understood.
 */

#include <errno.h>
#include <gmime/gmime.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "clock.h"
#include "conf.h"
#include "ending.h"
#include "mailer/hand.h"
#include "mailer/message.h"
#include "mailer/model.h"
#include "outbox/journal.h"
#include "outbox/outbox.h"
#include "version.h"

#define EXIT_LATER 75 /* EX_TEMPFAIL */
#define TRIES_MAX 5
#define HAND_LIMIT_S 120
#define LINE_BYTES 512

static const char help[] =
    "glinto-mail - hands on what glintod put into the outbox\n"
    "\n"
    "  glinto-mail [--conf FILE]\n"
    "\n"
    "glinto-mail.service runs it when the outbox changes.  Mails go to\n"
    "mail_command, notices also to notify_command, of glinto.conf (default\n"
    "/etc/glinto/glinto.conf).  What fails is tried five times.\n"
    "\n"
    "Exit status: 0 done, 75 something is to be tried again, 1 failed, 2 not\n"
    "understood.\n";

/* How long after a try the next one may be. */
static const int64_t rest_ms[TRIES_MAX] = {300000, 1200000, 4800000, 19200000,
                                           0};

struct mailer {
    struct gl_conf conf;
    int later;  /* something is to be tried again */
    int worked; /* in this pass */
    int broken; /* the journal cannot be written */
};

static const char *
text_of(const json_t *mail, const char *key)
{
    const char *text = json_string_value(json_object_get(mail, key));

    return text == NULL ? "" : text;
}

static int
note(struct mailer *mailer, const char *id, const char *line)
{
    if (gl_journal_add(mailer->conf.mail_journal, id, line) == 0)
        return 0;
    fprintf(stderr, "glinto-mail: %s/%s: %s\n", mailer->conf.mail_journal, id,
            strerror(errno));
    mailer->broken = 1;
    return -1;
}

/* ---- one mail ---- */

/* A text of summary_command, or NULL: ours is used. */
static char *
model_text(const struct mailer *mailer, const char *id, const json_t *mail)
{
    g_autofree char *why = NULL;

    if (mailer->conf.summary_command[0] == '\0' ||
        strcmp(text_of(mail, "kind"), "summary") != 0)
        return NULL;
    char *text = gl_model_text(mailer->conf.summary_command, mail, &why);
    if (text == NULL)
        fprintf(stderr,
                "glinto-mail: %s: the text of summary_command is not used: "
                "%s\n",
                id, why);
    return text;
}

/* MAIL to its program: exit status, or -1. */
static int
hand_on(const struct mailer *mailer, const json_t *mail, const char *text,
        char **why)
{
    const struct gl_conf *conf = &mailer->conf;
    const char *to = text_of(mail, "to");
    const char *const args[] = {"-i", "--", to, NULL};
    g_autoptr(GString) input = NULL;

    if (to[0] == '\0') {
        char *json = json_dumps(mail, JSON_COMPACT);

        input = g_string_new(json);
        free(json);
        g_string_append_c(input, '\n');
    } else {
        input = gl_message(mail, conf->mail_from, text);
    }
    if (input == NULL) {
        *why = g_strdup("it lacks something, or mail_from is no address");
        return -1;
    }
    return gl_hand(to[0] == '\0' ? conf->notify_command : conf->mail_command,
                   to[0] == '\0' ? args + 3 : args, input, NULL, 0,
                   HAND_LIMIT_S, why);
}

/* How try N ended: into the journal. */
static void
note_end(struct mailer *mailer, const char *id, int n, int status,
         const char *why)
{
    char line[LINE_BYTES];
    long long now_ms = (long long) gl_clock_now_ms();

    if (status == 0)
        snprintf(line, sizeof line, "sent %d %lld", n, now_ms);
    else if (n >= TRIES_MAX)
        snprintf(line, sizeof line, "failed %d %lld %.200s", n, now_ms, why);
    else
        snprintf(line, sizeof line, "again %d %lld %lld %.200s", n, now_ms,
                 now_ms + (long long) rest_ms[n - 1], why);
    if (status != 0)
        fprintf(stderr, "glinto-mail: %s: %s\n", id, why);
    mailer->later |= status != 0 && n < TRIES_MAX;
    note(mailer, id, line);
}

static void
try(struct mailer *mailer, const char *id, const json_t *mail, int n)
{
    char line[LINE_BYTES];
    g_autofree char *text = model_text(mailer, id, mail);
    g_autofree char *why = NULL;

    snprintf(line, sizeof line, "try %d %lld", n,
             (long long) gl_clock_now_ms());
    if (note(mailer, id, line) == 0) {
        int status = hand_on(mailer, mail, text, &why);
        note_end(mailer, id, n, status, why == NULL ? "" : why);
    }
}

/* A try was cut off: 1 = it may be made again. */
static int
is_again(struct mailer *mailer, const char *id,
         const struct gl_journal *journal)
{
    char line[LINE_BYTES];
    int first = journal->doubts == 0;

    fprintf(stderr,
            first ? "glinto-mail: %s: in doubt, it is sent once more\n"
                  : "glinto-mail: %s: in doubt again, it is left\n",
            id);
    snprintf(line, sizeof line, "%s %d %lld", first ? "doubt" : "unsure",
             journal->tries, (long long) gl_clock_now_ms());
    return note(mailer, id, line) == 0 && first;
}

static void
handle(struct mailer *mailer, const char *id)
{
    struct gl_journal journal;

    if (gl_journal_read(mailer->conf.mail_journal, id, &journal) != 0 ||
        journal.end != GL_JOURNAL_OPEN)
        return;
    if (journal.next_ms > gl_clock_now_ms()) {
        mailer->later = 1;
        return;
    }
    json_auto_t *mail = gl_outbox_get(mailer->conf.outbox, id);
    if (mail == NULL)
        return;
    mailer->worked = 1;
    if (!journal.trying || is_again(mailer, id, &journal))
        try(mailer, id, mail, journal.tries + 1);
}

/* ---- all of them ---- */

static gint
by_name(gconstpointer left, gconstpointer right)
{
    return strcmp(*(const char *const *) left, *(const char *const *) right);
}

/* Journals of mails that glintod took back: it knows how they ended. */
static void
forget(const struct mailer *mailer, GPtrArray *mails)
{
    g_autoptr(GPtrArray) journals = gl_outbox_list(mailer->conf.mail_journal);

    for (guint i = 0; journals != NULL && i < journals->len; i++)
        if (bsearch(&journals->pdata[i], mails->pdata, mails->len,
                    sizeof mails->pdata[0], by_name) == NULL)
            gl_journal_remove(mailer->conf.mail_journal, journals->pdata[i]);
}

/* What comes while it works is handed on, too. */
static int
work(struct mailer *mailer)
{
    do {
        g_autoptr(GPtrArray) mails = gl_outbox_list(mailer->conf.outbox);

        if (mails == NULL) {
            fprintf(stderr, "glinto-mail: the outbox %s cannot be read\n",
                    mailer->conf.outbox);
            return 1;
        }
        mailer->later = mailer->worked = 0;
        for (guint i = 0; i < mails->len && !mailer->broken; i++)
            handle(mailer, mails->pdata[i]);
        forget(mailer, mails);
    } while (mailer->worked && !mailer->broken);
    return mailer->broken ? 1 : mailer->later ? EXIT_LATER : 0;
}

static int
read_args(int argc, char **argv, const char **conf)
{
    *conf = "/etc/glinto/glinto.conf";
    if (argc == 1)
        return -1;
    if (argc == 3 && strcmp(argv[1], "--conf") == 0) {
        *conf = argv[2];
        return -1;
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("glinto-mail " GL_VERSION);
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(help, stdout);
        return 0;
    }
    fputs(help, stderr);
    return 2;
}

int
main(int argc, char **argv)
{
    static struct mailer mailer;
    char why[512];
    const char *conf;
    int status = read_args(argc, argv, &conf);

    if (status != -1)
        return status;
    gl_ending_begin("glinto-mail");
    if (gl_conf_read(&mailer.conf, conf, why, sizeof why) != 0) {
        fprintf(stderr, "glinto-mail: %s\n", why);
        return 1;
    }
    if (mailer.conf.outbox[0] == '\0')
        return 0;
    umask(027);
    if (gl_journal_lock(mailer.conf.mail_journal) == -1) {
        fprintf(stderr, "glinto-mail: %s: %s\n", mailer.conf.mail_journal,
                strerror(errno));
        return 1;
    }
    g_mime_init();
    status = work(&mailer);
    g_mime_shutdown();
    return status;
}
