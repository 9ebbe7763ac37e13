/*
 * What the files of this room share about an account: accounts.c the pool,
 * account.c transactions and positions, words.c and codes.c dictionaries,
 * days.c stretches and caps, rows.c events, visits.c, tallies.c, sites.c.
 *
 * Every cache here says what the file says, uncommitted changes of this
 * connection included; gl_account_drop_caches_() forgets them all.
 */

#ifndef GL_STORE_ACCOUNT_INTERNAL_H
#define GL_STORE_ACCOUNT_INTERNAL_H

#include <sys/queue.h>

#include "store/account.h"
#include "store/db.h"
#include "store/positions.h"
#include "store/span.h"

enum gl_account_sql {
#define GL_SQL(name, text) GL_SQL_##name,
#include "store/account_sql.h"
#undef GL_SQL
    GL_SQL_N
};

/* Codes of words lately seen: codes.c. */
struct gl_code {
    uint64_t hash[2]; /* keyed, 128 bits: no text is kept or compared */
    uint32_t code;    /* 0 = free */
};
struct gl_codes {
    struct gl_code *slots;
    size_t size; /* power of two, 0 at first */
    size_t used;
};

/* A site's UTC day: days.c. */
struct gl_day {
    int64_t site, day;
    struct gl_day *changed;            /* the next one to be written */
    int64_t first_id, last_id;         /* its last span; 0 = none */
    int64_t stretch_id;                /* first of that one's last stretch */
    uint32_t new_words[GL_WORD_KINDS]; /* of kind 0: bytes of all */
    uint32_t words_changed;            /* bit KIND: differs from the file */
    uint8_t used, listed, span_changed;
    uint8_t gaps_len;
    uint8_t gaps[GL_SPAN_GAPS_MAX];
};
struct gl_days {
    struct gl_day *slots;
    size_t size, used;
    struct gl_day *last;    /* the one asked for last */
    struct gl_day *changed; /* those that differ from the file */
};

struct gl_account {
    struct gl_accounts *pool;
    char id[GL_ACCOUNT_ID_LEN + 1];
    struct gl_db db;
    TAILQ_ENTRY(gl_account) age; /* in pool->open while db.handle */
    int listed;                  /* 1 = in pool->open */
    int64_t used_ms;             /* clock of gl_accounts_tend() */
    int reading;                 /* scans that call out: not to be closed */
    int64_t next_id;             /* 0 = not known */
    uint32_t bound;              /* INSERT: bit N - 1 = parameter N is bound */
    struct gl_codes codes;
    struct gl_days days;
    struct gl_positions positions;
    struct gl_copy *copy; /* of a site of it to another; or NULL */
};

TAILQ_HEAD(gl_account_list, gl_account);

struct gl_accounts {
    int data_fd, acct_fd;
    char *path;                /* of acct/, absolute, no links */
    struct gl_account **known; /* sorted by id */
    size_t known_n, known_size;
    struct gl_account_list open; /* last used first */
    size_t open_n, open_max;
    int64_t now_ms;  /* as told to gl_accounts_tend() */
    int sync_failed; /* of an inherited log, perhaps */
    uint32_t caps[GL_WORD_KINDS];
    uint64_t text_max;
    uint8_t keys[GL_WORD_KINDS][16]; /* of the hashes in codes.c */
    struct gl_accounts_stats stats;
    void (*note)(void *arg, const char *sentence);
    void *arg;
};

extern const struct gl_db_schema gl_account_schema_;

/* ---- connection.c ---- */

/* Connected and counted as last used; 0 or an error. */
int gl_account_connect_(struct gl_account *account);
void gl_account_disconnect_(struct gl_account *account);
void gl_account_drop_caches_(struct gl_account *account);
/* In a transaction, or connected: 0 or an error. */
int gl_account_ready_(struct gl_account *account);
/* A statement of an account that is ready, for reading at any time; those that
 * change are gl_db_change(). */
sqlite3_stmt *gl_account_ask_(struct gl_account *account, int number, int *rc);

/* copy.c: a visit of the account was closed, or got an alias. */
void gl_copy_note_(struct gl_copy *copy, int64_t visit);
/* sites.c: commit what a step did, or take it back; RC or an error. */
int gl_account_end_step_(struct gl_account *account, int rc);

/* ---- codes.c ---- */

/* Where the code of (KIND, BYTES) is or belongs; NULL without memory for a
 * first table.  Valid until the next call. */
struct gl_code *gl_codes_slot_(struct gl_account *account, enum gl_word kind,
                               const void *bytes, size_t len);
void gl_codes_put_(struct gl_account *account, struct gl_code *slot,
                   uint32_t code);
void gl_codes_clear_(struct gl_codes *codes);

/* ---- words.c ---- */

#define GL_WORD_TEXTS_MAX 9
extern const struct gl_text gl_word_other_; /* "(other)" */
/* Code of a combination of texts; CAPPED 0 = as many as come.  1 = they were
 * turned into "(other)". */
int gl_account_code_(struct gl_account *account, enum gl_word kind,
                     int64_t site, int64_t day, struct gl_text *texts,
                     int capped, uint32_t *code);
/* The statement that gives the texts of CODE, stepped to its row (reset it),
 * and how many; NULL: no such code, or *RC. */
sqlite3_stmt *gl_account_texts_(struct gl_account *account, enum gl_word kind,
                                uint32_t code, int *n, int *rc);

/* ---- props.c ---- */

/* {"4294967295":4294967295,...} */
#define GL_PROPS_TEXT_MAX (GL_EVENT_PROPS_MAX * 24 + 2)
struct gl_text gl_props_write_(const struct gl_store_props *props,
                               char text[GL_PROPS_TEXT_MAX]);
void gl_props_read_(struct gl_store_props *props, const char *text);

/* ---- days.c ---- */

/* NULL with *RC when out of memory or unreadable. */
struct gl_day *gl_account_day_(struct gl_account *account, int64_t site,
                               int64_t day, int *rc);
/* An event got the rowid ID. */
int gl_account_day_row_(struct gl_account *account, int64_t site, int64_t day,
                        int64_t id);
/* SLOT differs from the file: it is written before the next commit. */
void gl_account_day_changed_(struct gl_account *account, struct gl_day *slot);
/* Write what changed. */
int gl_account_flush_days_(struct gl_account *account);

/* ---- day_table.c ---- */

void gl_days_clear_(struct gl_days *days);
/* Where the day is or belongs, in a table that is not full. */
struct gl_day *gl_days_slot_(const struct gl_days *days, int64_t site,
                             int64_t day);
int gl_days_full_(const struct gl_days *days);
/* Larger, or anew when it was the largest, with nothing changed in it: 0, or
 * -1 without memory. */
int gl_days_grow_(struct gl_days *days);

/* Of GL_SQL_LAST_SPAN and its like: first_id, last_id, gaps.  GAPS holds them
 * when the statement is reset. */
struct gl_span gl_account_take_span_(sqlite3_stmt *ask,
                                     uint8_t gaps[GL_SPAN_GAPS_MAX]);
int gl_account_put_span_(struct gl_account *account, int64_t site, int64_t day,
                         struct gl_span span);
/* Rowid ranges, sorted, apart, that hold all rows of SITE of the days FROM <=
 * day <= TO with last >= FIRST_ID.  *RANGES is the caller's to free. */
int gl_account_ranges_(struct gl_account *account, int64_t site, int64_t from,
                       int64_t to, int64_t first_id, struct gl_range **ranges,
                       size_t *n);

/* The UTC day of a time; below 1970 too. */
static inline int64_t
gl_day_of_(int64_t at_ms)
{
    return at_ms / GL_DAY_MS - (at_ms % GL_DAY_MS < 0);
}

#endif
