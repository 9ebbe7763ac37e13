/* Who gets mails, and what was mailed; see mails.h. */

#include "store/meta/mails.h"

#include "store/meta/meta_internal.h"

#include <string.h>

static const char *const states[] = {"meant", "made", "sent", "failed",
                                     "doubt"};

/* ---- recipients ---- */

static void
read_recipient(sqlite3_stmt *row, struct gl_meta_recipient *recipient)
{
    gl_db_column_string(row, 0, recipient->id, sizeof recipient->id);
    recipient->site = sqlite3_column_int64(row, 1);
    gl_db_column_string(row, 2, recipient->address, sizeof recipient->address);
    gl_db_column_string(row, 3, recipient->language,
                        sizeof recipient->language);
    recipient->gets = sqlite3_column_int(row, 4);
    recipient->monday = sqlite3_column_int64(row, 5);
    recipient->created_ms = sqlite3_column_int64(row, 6);
}

/* The first row of ASK, the rest is left: 1, 0, or an error. */
static int
take_first(struct gl_meta *meta, sqlite3_stmt *ask,
           struct gl_meta_recipient *recipient)
{
    int rc = gl_db_step(&meta->db, ask);

    if (rc == 1) {
        read_recipient(ask, recipient);
        sqlite3_reset(ask);
    }
    return rc;
}

static int
take_all(struct gl_meta *meta, sqlite3_stmt *ask,
         int (*each)(void *arg, const struct gl_meta_recipient *recipient),
         void *arg)
{
    struct gl_meta_recipient recipient;
    int rc, stop = 0;

    while (!stop && (rc = gl_db_step(&meta->db, ask)) == 1) {
        read_recipient(ask, &recipient);
        stop = each(arg, &recipient);
    }
    if (stop)
        sqlite3_reset(ask);
    return stop ? stop : rc;
}

int
gl_meta_recipient(struct gl_meta *meta, struct gl_meta_recipient *recipient)
{
    int rc;
    sqlite3_stmt *ask = gl_db_statement(&meta->db, GL_META_SQL_RECIPIENT, &rc);

    if (ask == NULL)
        return rc;
    gl_db_bind_int(ask, 1, recipient->site);
    gl_db_bind_string(ask, 2, recipient->address);
    return take_first(meta, ask, recipient);
}

int
gl_meta_recipient_add(struct gl_meta *meta,
                      struct gl_meta_recipient *recipient)
{
    int rc;
    sqlite3_stmt *add =
        gl_db_change(&meta->db, GL_META_SQL_ADD_RECIPIENT, &rc);

    if (add == NULL)
        return rc;
    gl_meta_draw_id_(meta, recipient->id);
    gl_db_bind_string(add, 1, recipient->id);
    gl_db_bind_int(add, 2, recipient->site);
    gl_db_bind_string(add, 3, recipient->address);
    gl_db_bind_string(add, 4, recipient->language);
    gl_db_bind_int(add, 5, recipient->gets);
    gl_db_bind_int(add, 6, recipient->monday);
    gl_db_bind_int(add, 7, recipient->created_ms);
    return gl_db_done(&meta->db, add);
}

int
gl_meta_recipient_set(struct gl_meta *meta,
                      const struct gl_meta_recipient *recipient)
{
    int rc;
    sqlite3_stmt *set =
        gl_db_change(&meta->db, GL_META_SQL_SET_RECIPIENT, &rc);

    if (set == NULL)
        return rc;
    gl_db_bind_string(set, 1, recipient->id);
    gl_db_bind_string(set, 2, recipient->language);
    gl_db_bind_int(set, 3, recipient->gets);
    return gl_db_changed(&meta->db, set);
}

int
gl_meta_recipient_monday(struct gl_meta *meta, const char *id, int64_t monday)
{
    int rc;
    sqlite3_stmt *set = gl_db_change(&meta->db, GL_META_SQL_SET_MONDAY, &rc);

    if (set == NULL)
        return rc;
    gl_db_bind_string(set, 1, id);
    gl_db_bind_int(set, 2, monday);
    return gl_db_done(&meta->db, set);
}

int
gl_meta_recipient_remove(struct gl_meta *meta, const char *id, int64_t site)
{
    int rc;
    sqlite3_stmt *remove =
        gl_db_change(&meta->db, GL_META_SQL_REMOVE_RECIPIENT, &rc);

    if (remove == NULL)
        return rc;
    gl_db_bind_string(remove, 1, id);
    gl_db_bind_int(remove, 2, site);
    rc = gl_db_changed(&meta->db, remove);
    if (rc != 1)
        return rc;
    remove = gl_db_change(&meta->db, GL_META_SQL_REMOVE_RECIPIENT_LINKS, &rc);
    if (remove == NULL)
        return rc;
    gl_db_bind_string(remove, 1, id);
    rc = gl_db_done(&meta->db, remove);
    return rc < 0 ? rc : 1;
}

int
gl_meta_recipients(struct gl_meta *meta,
                   int (*each)(void *arg,
                               const struct gl_meta_recipient *recipient),
                   void *arg)
{
    int rc;
    sqlite3_stmt *ask =
        gl_db_statement(&meta->db, GL_META_SQL_RECIPIENTS, &rc);

    return ask == NULL ? rc : take_all(meta, ask, each, arg);
}

int
gl_meta_recipients_due(struct gl_meta *meta, int64_t date,
                       int (*each)(void *arg,
                                   const struct gl_meta_recipient *recipient),
                       void *arg)
{
    int rc;
    sqlite3_stmt *ask =
        gl_db_statement(&meta->db, GL_META_SQL_RECIPIENTS_DUE, &rc);

    if (ask == NULL)
        return rc;
    gl_db_bind_int(ask, 1, date);
    return take_all(meta, ask, each, arg);
}

static int
change_site(struct gl_meta *meta, int number, int64_t site, int64_t to)
{
    int rc;
    sqlite3_stmt *change = gl_db_change(&meta->db, number, &rc);

    if (change == NULL)
        return rc;
    gl_db_bind_int(change, 1, site);
    if (to != 0)
        gl_db_bind_int(change, 2, to);
    return gl_db_done(&meta->db, change);
}

int
gl_meta_recipients_hand_on(struct gl_meta *meta, int64_t site, int64_t to)
{
    int rc;

    if (to != 0)
        return change_site(meta, GL_META_SQL_HAND_ON_RECIPIENTS, site, to);
    rc = change_site(meta, GL_META_SQL_REMOVE_SITE_LINKS, site, 0);
    return rc < 0 ? rc
                  : change_site(meta, GL_META_SQL_REMOVE_SITE_RECIPIENTS, site,
                                0);
}

/* ---- links ---- */

int
gl_meta_unsubscribe_add(struct gl_meta *meta,
                        const uint8_t hash[GL_META_HASH_LEN],
                        const char *recipient, int64_t until_ms)
{
    int rc;
    sqlite3_stmt *add =
        gl_db_change(&meta->db, GL_META_SQL_ADD_UNSUBSCRIBE, &rc);

    if (add == NULL)
        return rc;
    gl_db_bind_blob(add, 1, hash, GL_META_HASH_LEN);
    gl_db_bind_string(add, 2, recipient);
    gl_db_bind_int(add, 3, until_ms);
    return gl_db_done(&meta->db, add);
}

int
gl_meta_unsubscribes(struct gl_meta *meta,
                     const uint8_t hash[GL_META_HASH_LEN], int64_t now_ms,
                     struct gl_meta_recipient *recipient)
{
    int rc;
    sqlite3_stmt *ask =
        gl_db_statement(&meta->db, GL_META_SQL_UNSUBSCRIBES, &rc);

    if (ask == NULL)
        return rc;
    gl_db_bind_blob(ask, 1, hash, GL_META_HASH_LEN);
    gl_db_bind_int(ask, 2, now_ms);
    return take_first(meta, ask, recipient);
}

/* ---- mails ---- */

int
gl_meta_mail_add(struct gl_meta *meta, const char *id, const char *recipient,
                 int64_t now_ms)
{
    int rc;
    sqlite3_stmt *add = gl_db_change(&meta->db, GL_META_SQL_ADD_MAIL, &rc);

    if (add == NULL)
        return rc;
    gl_db_bind_string(add, 1, id);
    gl_db_bind_string(add, 2, recipient);
    gl_db_bind_int(add, 3, now_ms);
    return gl_db_done(&meta->db, add);
}

int
gl_meta_mail(struct gl_meta *meta, const char *id)
{
    char word[8];
    int rc, state = -1;
    sqlite3_stmt *ask = gl_db_statement(&meta->db, GL_META_SQL_MAIL, &rc);

    if (ask == NULL)
        return -1;
    gl_db_bind_string(ask, 1, id);
    if (gl_db_step(&meta->db, ask) != 1)
        return -1;
    gl_db_column_string(ask, 0, word, sizeof word);
    sqlite3_reset(ask);
    for (int i = 0; i <= GL_MAIL_DOUBT; i++)
        if (strcmp(word, states[i]) == 0)
            state = i;
    return state;
}

int
gl_meta_mail_set(struct gl_meta *meta, const char *id,
                 enum gl_mail_state state, int tries, int doubts,
                 int64_t ended_ms)
{
    int rc;
    sqlite3_stmt *set = gl_db_change(&meta->db, GL_META_SQL_SET_MAIL, &rc);

    if (set == NULL)
        return rc;
    gl_db_bind_string(set, 1, id);
    gl_db_bind_string(set, 2, states[state]);
    gl_db_bind_int(set, 3, tries);
    gl_db_bind_int(set, 4, doubts);
    gl_db_bind_int(set, 5, ended_ms);
    return gl_db_done(&meta->db, set);
}

int
gl_meta_mails_open(struct gl_meta *meta,
                   void (*each)(void *arg, const char *id), void *arg)
{
    char id[GL_MAIL_ID_MAX + 1];
    int rc;
    sqlite3_stmt *ask =
        gl_db_statement(&meta->db, GL_META_SQL_MAILS_OPEN, &rc);

    if (ask == NULL)
        return rc;
    while ((rc = gl_db_step(&meta->db, ask)) == 1) {
        gl_db_column_string(ask, 0, id, sizeof id);
        each(arg, id);
    }
    return rc;
}

int
gl_meta_mail_sums(struct gl_meta *meta, int64_t since_ms,
                  struct gl_mail_sums *sums)
{
    int rc;
    sqlite3_stmt *ask = gl_db_statement(&meta->db, GL_META_SQL_MAIL_SUMS, &rc);

    if (ask == NULL)
        return rc;
    gl_db_bind_int(ask, 1, since_ms);
    rc = gl_db_step(&meta->db, ask);
    if (rc != 1)
        return rc;
    *sums = (struct gl_mail_sums){
        sqlite3_column_int64(ask, 0), sqlite3_column_int64(ask, 1),
        sqlite3_column_int64(ask, 2), sqlite3_column_int64(ask, 3)};
    sqlite3_reset(ask);
    return 1;
}

int
gl_meta_mails_forget(struct gl_meta *meta, int64_t made_ms, int64_t now_ms)
{
    int rc = change_site(meta, GL_META_SQL_FORGET_MAILS, made_ms, 0);

    return rc < 0
               ? rc
               : change_site(meta, GL_META_SQL_FORGET_UNSUBSCRIBES, now_ms, 0);
}
