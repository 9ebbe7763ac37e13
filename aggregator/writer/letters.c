/* Mails into the outbox, and back; see letters.h. */

#include "writer/letters.h"

#include <errno.h>
#include <string.h>

#include "language/say.h"
#include "log.h"
#include "outbox/journal.h"
#include "outbox/outbox.h"
#include "store/directory/directory.h"
#include "store/meta/people.h"

/* A link works for so long, and so long is told what became of a mail. */
#define KEPT_MS (INT64_C(400) * GL_DAY_MS)

char *
gl_letters_week(int64_t monday)
{
    GDateTime *day = g_date_time_new_from_unix_utc(monday * 86400);
    char *week = g_date_time_format(day, "%G-W%V");

    g_date_time_unref(day);
    return week;
}

/* ---- meta.db ---- */

/* RESULT of what was done since gl_meta_begin(): 0, or -1 and it is undone. */
static int
commit(struct gl_ingest *in, int result)
{
    if (result >= 0 && gl_meta_commit(in->meta) >= 0)
        return 0;
    gl_log(GL_LOG_ERROR, "meta.db: mails: %s", gl_meta_why(in->meta));
    gl_meta_rollback(in->meta);
    return -1;
}

/* 1 = RECIPIENT, who may have left meanwhile, is there. */
static int
is_there(struct gl_ingest *in, const struct gl_meta_recipient *recipient)
{
    struct gl_meta_recipient now = *recipient;

    return gl_meta_recipient(in->meta, &now) == 1 &&
           strcmp(now.id, recipient->id) == 0;
}

/* It is meant, and its link is known: 0, or -1. */
static int
mean(struct gl_ingest *in, const struct gl_meta_recipient *recipient,
     const char *id, const char *secret)
{
    uint8_t hash[GL_META_HASH_LEN];
    int rc = gl_meta_begin(in->meta);

    gl_directory_hash(secret, hash);
    if (rc >= 0)
        rc = gl_meta_mail_add(
            in->meta, id, recipient == NULL ? "" : recipient->id, in->now_ms);
    if (rc >= 0 && recipient != NULL)
        rc = gl_meta_unsubscribe_add(in->meta, hash, recipient->id,
                                     in->now_ms + KEPT_MS);
    return commit(in, rc);
}

/* It is made, and, unless MONDAY is 0, that is RECIPIENT's next one. */
static int
note_made(struct gl_ingest *in, const struct gl_meta_recipient *recipient,
          const char *id, int64_t monday)
{
    int rc = gl_meta_begin(in->meta);

    if (rc >= 0 && gl_meta_mail(in->meta, id) == GL_MAIL_MEANT)
        rc = gl_meta_mail_set(in->meta, id, GL_MAIL_MADE, 0, 0, 0);
    if (rc >= 0 && monday != 0)
        rc = gl_meta_recipient_monday(in->meta, recipient->id, monday);
    if (rc >= 0)
        rc = gl_meta_mails_forget(in->meta, in->now_ms - KEPT_MS, in->now_ms);
    return commit(in, rc);
}

/* ---- the mail ---- */

/* "https://example.com", the caller's. */
static char *
base_of(const struct gl_ingest *in, const struct gl_meta_site *site)
{
    const char *url = in->conf->public_url;
    size_t len = strlen(url);

    while (len > 0 && url[len - 1] == '/')
        len--;
    return len > 0
               ? g_strndup(url, len)
               : g_strconcat("https://",
                             site == NULL ? "localhost" : site->domain, NULL);
}

/* TOLD with a name of its own, links of the page PATH ("/summary?...") of SITE,
 * and who it is to; the caller's. */
static json_t *
addressed(const struct gl_ingest *in, const struct gl_meta_site *site,
          const struct gl_meta_recipient *recipient, const char *id,
          const char *secret, const char *path, const json_t *told)
{
    json_t *mail = json_copy((json_t *) (uintptr_t) told);
    char *base = base_of(in, site);
    char *coded =
        g_uri_escape_string(site == NULL ? "" : site->domain, NULL, FALSE);
    const char *host = strstr(base, "://");

    host = host == NULL ? base : host + 3;
    json_object_set_new(mail, "id", json_string(id));
    json_object_set_new(mail, "made", json_integer((json_int_t) in->now_ms));
    json_object_set_new(
        mail, "message_id",
        json_sprintf("%s@%.*s", id, (int) strcspn(host, ":/"), host));
    if (site != NULL || in->conf->public_url[0] != '\0')
        json_object_set_new(mail, "link",
                            json_sprintf("%s/glinto/%s%s", base, coded, path));
    if (recipient != NULL)
        json_object_set_new(mail, "to", json_string(recipient->address));
    if (recipient != NULL && json_object_get(mail, "link") != NULL)
        json_object_set_new(
            mail, "unsubscribe",
            json_sprintf("%s/glinto/unsubscribe/%s", base, secret));
    g_free(coded);
    g_free(base);
    return mail;
}

/* Into the outbox, unless it was there already: 0, or -1. */
static int
put(struct gl_ingest *in, const struct gl_meta_site *site,
    const struct gl_meta_recipient *recipient, const char *id,
    const char *path, const json_t *told)
{
    char secret[GL_SECRET_LEN + 1];
    json_t *mail;
    int result;

    if (gl_meta_mail(in->meta, id) >= GL_MAIL_MADE)
        return 0;
    gl_secret_draw(secret);
    if (mean(in, recipient, id, secret) != 0)
        return -1;
    mail = addressed(in, site, recipient, id, secret, path, told);
    result = gl_outbox_put(in->conf->outbox, id, mail);
    if (result != 0)
        gl_log(GL_LOG_ERROR, "outbox %s: %s: %s", in->conf->outbox, id,
               g_strerror(errno));
    json_decref(mail);
    return result;
}

void
gl_letters_summary_(struct gl_ingest *in,
                    const struct gl_meta_recipient *recipient,
                    const json_t *told)
{
    const struct gl_meta_site *site =
        gl_version_site_id(gl_meta_now(in->meta), recipient->site);
    char *week = gl_letters_week(recipient->monday - 7);
    char *id = g_strdup_printf("%s-%s", week, recipient->id);
    char *path =
        g_strdup_printf("/summary?week=%s&lang=%s", week, recipient->language);

    if (site != NULL && is_there(in, recipient) &&
        put(in, site, recipient, id, path, told) == 0)
        note_made(in, recipient, id, recipient->monday + 7);
    g_free(path);
    g_free(id);
    g_free(week);
}

/* Words around TOLD, in the language in use. */
static json_t *
as_mail(const struct gl_meta_recipient *recipient, const json_t *told)
{
    json_t *mail = json_copy((json_t *) (uintptr_t) told);
    char *why =
        gl_say_with(GL_SAY_NOTICE_WHY,
                    json_pack("{s:O}", "of", json_object_get(told, "of")));

    if (recipient != NULL) {
        json_object_set_new(mail, "language",
                            json_string(recipient->language));
        json_object_set_new(mail, "why", json_string(why));
        json_object_set_new(mail, "link_text",
                            json_string(gl_say(GL_SAY_NOTICE_LINK)));
        json_object_set_new(mail, "unsubscribe_text",
                            json_string(gl_say(GL_SAY_MAIL_LEAVE)));
    }
    g_free(why);
    return mail;
}

int
gl_letters_notice_(struct gl_ingest *in,
                   const struct gl_meta_recipient *recipient, int64_t site_id,
                   const char *key, const json_t *told)
{
    const struct gl_meta_site *site =
        site_id == 0 ? NULL
                     : gl_version_site_id(gl_meta_now(in->meta), site_id);
    json_t *mail = as_mail(recipient, told);
    char *id = g_strdup_printf(
        "%s-%s-%lld-%s", json_string_value(json_object_get(told, "notice")),
        key, (long long) json_integer_value(json_object_get(told, "since")),
        recipient == NULL ? "command" : recipient->id);
    int result = 0;

    if (recipient == NULL || is_there(in, recipient))
        result = put(in, site, recipient, id, "", mail);
    if (result == 0)
        result = note_made(in, recipient, id, 0);
    json_decref(mail);
    g_free(id);
    return result;
}

/* ---- what became of them ---- */

static void
add_id(void *arg, const char *id)
{
    g_ptr_array_add(arg, g_strdup(id));
}

/* 1 = mail ID has not ended; 0 = it has, and meta.db says so, or -1.  One
 * whose file an operator took away has failed. */
static int
settle(struct gl_ingest *in, const char *id)
{
    static const enum gl_mail_state states[] = {
        [GL_JOURNAL_SENT] = GL_MAIL_SENT,
        [GL_JOURNAL_FAILED] = GL_MAIL_FAILED,
        [GL_JOURNAL_UNSURE] = GL_MAIL_DOUBT};
    struct gl_journal journal;
    enum gl_mail_state state = GL_MAIL_FAILED;
    int waits = gl_outbox_has(in->conf->outbox, id);

    if (gl_journal_read(in->conf->mail_journal, id, &journal) != 0 ||
        (journal.end == GL_JOURNAL_OPEN && waits))
        return 1;
    if (journal.end != GL_JOURNAL_OPEN)
        state = states[journal.end];
    if (gl_meta_mail_set(in->meta, id, state, journal.tries, journal.doubts,
                         journal.at_ms == 0 ? in->now_ms : journal.at_ms) < 0)
        return -1;
    return 0;
}

int
gl_letters_settle_(struct gl_ingest *in)
{
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    int on_their_way = 0, rc = gl_meta_mails_open(in->meta, add_id, ids);

    if (rc >= 0 && ids->len > 0)
        rc = gl_meta_begin(in->meta);
    for (guint i = 0; i < ids->len && rc >= 0;) {
        rc = settle(in, ids->pdata[i]);
        if (rc == 1) {
            on_their_way++;
            g_ptr_array_remove_index(ids, i);
        } else {
            i++;
        }
    }
    if (rc >= 0 && ids->len + (guint) on_their_way > 0)
        rc = commit(in, rc);
    for (guint i = 0; i < ids->len && rc >= 0; i++)
        gl_outbox_remove(in->conf->outbox, ids->pdata[i]);
    g_ptr_array_unref(ids);
    return rc < 0 ? -1 : on_their_way;
}
