/*
 * What the files of this room share about an account: what it is in memory,
 * and its connection, which lies below all of them.
 *
 * Every cache here says what the file says, uncommitted changes of this
 * connection included; gl_account_drop_caches_() forgets them all.
 */

#ifndef GL_STORE_ACCOUNT_ACCOUNT_INTERNAL_H
#define GL_STORE_ACCOUNT_ACCOUNT_INTERNAL_H

#include <sys/queue.h>

#include "store/account/accounts.h"
#include "store/account/bots_added.h"
#include "store/account/codes.h"
#include "store/account/days.h"
#include "store/account/rows_held.h"
#include "store/account/served_added.h"
#include "store/db/db.h"
#include "store/db/positions.h"

enum gl_account_sql {
#define GL_SQL(name, text) GL_SQL_##name,
#include "store/account/account_sql.h"
#undef GL_SQL
    GL_SQL_N
};

#define GL_INSERT_N 23  /* parameters of GL_SQL_INSERT */
#define GL_SQL_ROWS_N 8 /* rows of GL_SQL_INSERT_ROWS */

struct gl_account {
    struct gl_accounts *pool;
    char id[GL_ACCOUNT_ID_LEN + 1];
    struct gl_db db;
    TAILQ_ENTRY(gl_account) age; /* in pool->open while db.handle */
    int listed;                  /* 1 = in pool->open */
    int64_t used_ms;             /* clock of gl_accounts_shorten_logs() */
    int busy;                    /* 1 = has a place of pool->busy_n */
    int briefly;                 /* 1 = closed by gl_account_rest() */
    int reading;                 /* scans that call out: not to be closed */
    int64_t next_id;             /* 0 = not known */
    int64_t bound[GL_INSERT_N];  /* to INSERT's parameters; 0 = NULL */
    uint32_t bound_in;           /* the connection where: db.opened */
    struct gl_codes codes;
    struct gl_days days;
    GArray *bots; /* bots_added.c; NULL = none */
    struct gl_rows_held *held;
    struct gl_served_added *served;
    int64_t changed_day; /* gl_account_changed_day() */
    /* the last day of a site that was let go, if IS; for the transaction that
     * is open, and no site 0 */
    struct {
        int64_t site, day;
        int is;
    } let_go;
    struct gl_file file;  /* db, as rounds see it */
    struct gl_copy *copy; /* of a site of it to another; or NULL */
    /* is told that a visit was closed, or got an alias, if there is a copy */
    void (*note)(struct gl_copy *copy, int64_t visit);
};

TAILQ_HEAD(gl_account_list, gl_account);

struct gl_accounts {
    int data_fd, acct_fd;
    char *path;                  /* of acct/, absolute, no links */
    GHashTable *known;           /* id -> struct gl_account */
    struct gl_account_list open; /* last used first */
    size_t open_n, open_max;
    size_t busy_n;          /* of open_n: beside open_max */
    struct gl_lend *lender; /* the connection of those opened briefly */
    int64_t now_ms;         /* as told to gl_accounts_shorten_logs() */
    int sync_failed;        /* of an inherited log, perhaps */
    uint32_t caps[GL_WORD_COUNTED];
    uint64_t text_max;
    uint8_t keys[GL_WORD_KINDS][16]; /* of the hashes in codes.c */
    struct gl_accounts_stats stats;
    void (*note)(void *arg, const char *sentence);
    void *arg;
};

extern const struct gl_db_schema gl_account_schema_;
/* account.c */
void gl_account_file_init_(struct gl_account *account);
int gl_account_is_id_(const char *id);

/* ---- connection.c ---- */

/* Connected and counted as last used; 0 or an error. */
int gl_account_connect_(struct gl_account *account);
void gl_account_disconnect_(struct gl_account *account);
void gl_account_drop_caches_(struct gl_account *account);
/* Its connection is one of open_max again. */
void gl_account_idle_(struct gl_account *account);
/* In a transaction, or connected: 0 or an error. */
int gl_account_ready_(struct gl_account *account);
/* As gl_db_ask(), of an account that is ready: for reading at any time. */
sqlite3_stmt *gl_account_ask_(struct gl_account *account, int number,
                              const struct gl_value *values);

#endif
