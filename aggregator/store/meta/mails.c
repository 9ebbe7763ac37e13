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
    sqlite3_stmt *ask = gl_db_ask(&meta->db, GL_META_SQL_RECIPIENT,
                                  GL_VALUES(gl_as_int(recipient->site),
                                            gl_as_string(recipient->address)));
    return take_first(meta, ask, recipient);
}

int
gl_meta_recipient_add(struct gl_meta *meta,
                      struct gl_meta_recipient *recipient)
{
    gl_meta_draw_id_(meta, recipient->id);
    return gl_db_change(
        &meta->db, GL_META_SQL_ADD_RECIPIENT,
        GL_VALUES(gl_as_string(recipient->id), gl_as_int(recipient->site),
                  gl_as_string(recipient->address),
                  gl_as_string(recipient->language),
                  gl_as_int(recipient->gets), gl_as_int(recipient->monday),
                  gl_as_int(recipient->created_ms)));
}

int
gl_meta_recipient_set(struct gl_meta *meta,
                      const struct gl_meta_recipient *recipient)
{
    return gl_db_changed(&meta->db, GL_META_SQL_SET_RECIPIENT,
                         GL_VALUES(gl_as_string(recipient->id),
                                   gl_as_string(recipient->language),
                                   gl_as_int(recipient->gets)));
}

int
gl_meta_recipient_monday(struct gl_meta *meta, const char *id, int64_t monday)
{
    return gl_db_change(&meta->db, GL_META_SQL_SET_MONDAY,
                        GL_VALUES(gl_as_string(id), gl_as_int(monday)));
}

int
gl_meta_recipient_remove(struct gl_meta *meta, const char *id, int64_t site)
{
    int rc = gl_db_changed(&meta->db, GL_META_SQL_REMOVE_RECIPIENT,
                           GL_VALUES(gl_as_string(id), gl_as_int(site)));

    if (rc != 1)
        return rc;
    rc = gl_db_change(&meta->db, GL_META_SQL_REMOVE_RECIPIENT_LINKS,
                      GL_VALUES(gl_as_string(id)));
    return rc < 0 ? rc : 1;
}

int
gl_meta_recipients(struct gl_meta *meta,
                   int (*each)(void *arg,
                               const struct gl_meta_recipient *recipient),
                   void *arg)
{
    return take_all(meta, gl_db_ask(&meta->db, GL_META_SQL_RECIPIENTS, NULL),
                    each, arg);
}

int
gl_meta_recipients_due(struct gl_meta *meta, int64_t date,
                       int (*each)(void *arg,
                                   const struct gl_meta_recipient *recipient),
                       void *arg)
{
    sqlite3_stmt *ask = gl_db_ask(&meta->db, GL_META_SQL_RECIPIENTS_DUE,
                                  GL_VALUES(gl_as_int(date)));
    return take_all(meta, ask, each, arg);
}

int
gl_meta_recipients_hand_on(struct gl_meta *meta, int64_t site, int64_t to)
{
    static const int gone[] = {GL_META_SQL_REMOVE_SITE_LINKS,
                               GL_META_SQL_REMOVE_SITE_RECIPIENTS};

    if (to != 0)
        return gl_db_change(&meta->db, GL_META_SQL_HAND_ON_RECIPIENTS,
                            GL_VALUES(gl_as_int(site), gl_as_int(to)));
    return gl_db_change_all(&meta->db, gone, 2, GL_VALUES(gl_as_int(site)));
}

/* ---- links ---- */

int
gl_meta_unsubscribe_add(struct gl_meta *meta,
                        const uint8_t hash[GL_META_HASH_LEN],
                        const char *recipient, int64_t until_ms)
{
    return gl_db_change(&meta->db, GL_META_SQL_ADD_UNSUBSCRIBE,
                        GL_VALUES(gl_as_blob(hash, GL_META_HASH_LEN),
                                  gl_as_string(recipient),
                                  gl_as_int(until_ms)));
}

int
gl_meta_unsubscribes(struct gl_meta *meta,
                     const uint8_t hash[GL_META_HASH_LEN], int64_t now_ms,
                     struct gl_meta_recipient *recipient)
{
    sqlite3_stmt *ask = gl_db_ask(
        &meta->db, GL_META_SQL_UNSUBSCRIBES,
        GL_VALUES(gl_as_blob(hash, GL_META_HASH_LEN), gl_as_int(now_ms)));
    return take_first(meta, ask, recipient);
}

/* ---- mails ---- */

int
gl_meta_mail_add(struct gl_meta *meta, const char *id, const char *recipient,
                 int64_t now_ms)
{
    return gl_db_change(&meta->db, GL_META_SQL_ADD_MAIL,
                        GL_VALUES(gl_as_string(id), gl_as_string(recipient),
                                  gl_as_int(now_ms)));
}

int
gl_meta_mail(struct gl_meta *meta, const char *id)
{
    char word[8];
    int state = -1;
    sqlite3_stmt *ask =
        gl_db_ask(&meta->db, GL_META_SQL_MAIL, GL_VALUES(gl_as_string(id)));

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
    return gl_db_change(
        &meta->db, GL_META_SQL_SET_MAIL,
        GL_VALUES(gl_as_string(id), gl_as_string(states[state]),
                  gl_as_int(tries), gl_as_int(doubts), gl_as_int(ended_ms)));
}

int
gl_meta_mails_open(struct gl_meta *meta,
                   void (*each)(void *arg, const char *id), void *arg)
{
    int rc;
    sqlite3_stmt *ask = gl_db_ask(&meta->db, GL_META_SQL_MAILS_OPEN, NULL);

    while ((rc = gl_db_step(&meta->db, ask)) == 1)
        each(arg, gl_db_column_text(ask, 0));
    return rc;
}

int
gl_meta_mail_sums(struct gl_meta *meta, int64_t since_ms,
                  struct gl_mail_sums *sums)
{
    sqlite3_stmt *ask = gl_db_ask(&meta->db, GL_META_SQL_MAIL_SUMS,
                                  GL_VALUES(gl_as_int(since_ms)));
    int rc = gl_db_step(&meta->db, ask);
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
    int rc = gl_db_change(&meta->db, GL_META_SQL_FORGET_MAILS,
                          GL_VALUES(gl_as_int(made_ms)));

    return rc < 0 ? rc
                  : gl_db_change(&meta->db, GL_META_SQL_FORGET_UNSUBSCRIBES,
                                 GL_VALUES(gl_as_int(now_ms)));
}
