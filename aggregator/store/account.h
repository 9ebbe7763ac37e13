/*
 * One account, one SQLite file: event rows, visits, words, tallies and how far
 * each spool segment has been applied.
 *
 * A struct gl_account is a handle that lives as long as its pool; its
 * connection is opened when needed and closed least recently used first, never
 * inside a transaction.  Changes happen between gl_account_begin() and
 * gl_account_commit(); reads may happen at any time.  After any failure inside
 * a transaction every further call fails with the same error, commit too, and
 * gl_account_rollback() is due: it drops every cache and reopens the file
 * (rule R9).
 *
 * Not here: what is a visit, what is a bot, time.  All calls in the ingest
 * thread.  Texts are UTF-8 and copied.  DAY is the UTC day, ms / 86400000.
 */

#ifndef GL_STORE_ACCOUNT_H
#define GL_STORE_ACCOUNT_H

#include <stddef.h>
#include <stdint.h>

#include "count/count.h"
#include "event.h"
#include "store/error.h"

#define GL_ACCOUNT_OPEN_MAX 500
#define GL_ACCOUNT_ID_LEN 12 /* [a-z0-9], made by gl_meta_account_add() */

/* Dictionaries; the number stands in new_words.kind: append only. */
enum gl_word {
    GL_WORD_HOST = 1,
    GL_WORD_PATH = 2,
    GL_WORD_NAME = 3,
    GL_WORD_TITLE = 4,
    GL_WORD_LANGUAGE = 5,
    GL_WORD_SCREEN = 6,
    GL_WORD_REFERRER = 7, /* and the next two: gl_account_referrer() ... */
    GL_WORD_AGENT = 8,
    GL_WORD_PLACE = 9,
    GL_WORD_PROP_KEY = 10, /* gl_account_props() */
    GL_WORD_PROP_VALUE = 11,
    GL_WORD_KINDS
};

/* New text of all kinds that a site may bring on a day: 10,000 paths, titles
 * and referrers of a common length are a quarter of it. */
#define GL_ACCOUNT_TEXT_MAX (4 * 1024 * 1024)

struct gl_accounts_options {
    const char *data;             /* folder; acct/ is made in it */
    size_t open_max;              /* connections; 0 = GL_ACCOUNT_OPEN_MAX */
    uint32_t caps[GL_WORD_KINDS]; /* new words a site and day; 0 = default */
    uint64_t text_max;            /* bytes of them; 0 = GL_ACCOUNT_TEXT_MAX */
    void (*note)(void *arg, const char *sentence); /* for the log; may be
                                                      NULL */
    void *arg;
};

struct gl_accounts;
struct gl_account;

/* ---- the pool ---- */

/* NULL with a sentence in WHY. */
struct gl_accounts *gl_accounts_new(const struct gl_accounts_options *options,
                                    char *why, size_t why_len);
/* Roll back what is open, checkpoint (TRUNCATE) and close everything. */
void gl_accounts_free(struct gl_accounts *pool);

/* The handle of ID; no file is touched.  NULL: not an id, or no memory. */
struct gl_account *gl_accounts_get(struct gl_accounts *pool, const char *id);

/* Make the file of ID if it is not there. */
int gl_accounts_create(struct gl_accounts *pool, const char *id);
/* Close and unlink the file of ID; the handle is gone.  0 also when there was
 * none. */
int gl_accounts_remove(struct gl_accounts *pool, const char *id);

/*
 * After each round, or at least every second: checkpoint files whose log is
 * long (PASSIVE at 1,000 pages, TRUNCATE over 64 MiB) or that had no commit
 * for GL_ACCOUNT_IDLE_MS.  NOW is any clock that does not go back.
 */
#define GL_ACCOUNT_IDLE_MS 10000
/* Checkpoints in one call, two syncs each: events wait meanwhile. */
#define GL_ACCOUNT_TEND_MAX 32
void gl_accounts_tend(struct gl_accounts *pool, int64_t now_ms);

/* 1 = ACCOUNT has no connection, and to give it one another must be closed
 * that was used within GL_ACCOUNT_IDLE_MS, by the clock of gl_accounts_tend().
 */
int gl_account_is_cold(const struct gl_account *account);
/* Nothing of ACCOUNT will come soon: its page cache is given back. */
void gl_account_rest(struct gl_account *account);

/*
 * One syncfs of DATA: commits begun with GL_COMMIT_LATER are durable now.  An
 * error: none of them is known to be, and gl_account_doubt() is due for each.
 * The kernel tells each failure once; calling again proves nothing.
 */
int gl_accounts_sync(struct gl_accounts *pool);

/* ---- transactions ---- */

enum gl_durability {
    GL_COMMIT_FULL = 0, /* durable when commit returns */
    GL_COMMIT_LATER = 1 /* durable after the next gl_accounts_sync() */
};

const char *gl_account_path(const struct gl_account *account);
int gl_account_begin(struct gl_account *account,
                     enum gl_durability durability);
/* 0, or an error: then nothing is known, roll back and read upto again. */
int gl_account_commit(struct gl_account *account);
/* Also when no transaction is open.  0, or why the file cannot be opened. */
int gl_account_rollback(struct gl_account *account);
/* The same, and the file is left alone until it is asked for again. */
void gl_account_let_go(struct gl_account *account);

/*
 * Around one frame of a batch that failed with GL_STORE_DATA: undo takes back
 * what came since the savepoint, drops the caches and clears the error.
 */
int gl_account_savepoint(struct gl_account *account);
int gl_account_release(struct gl_account *account);
int gl_account_undo(struct gl_account *account);

/*
 * A sync failed (gl_accounts_sync() says so for all commits begun with
 * GL_COMMIT_LATER): the log is written again before a position is read.
 */
void gl_account_doubt(struct gl_account *account);
/* 1 = a sync failed and nothing has shown yet that the next one will not. */
int gl_account_doubtful(const struct gl_account *account);
/* A number that is another one when the file was changed by somebody. */
uint64_t gl_account_look(const struct gl_account *account);

/* A sentence on the last failure, for the log and the status page. */
const char *gl_account_why(const struct gl_account *account);
/* The last failure was for want of room. */
int gl_account_full(const struct gl_account *account);

/* ---- exactly once ---- */

/* *UPTO = index of the last frame of segment SEG applied here, 0 = none. */
int gl_account_upto(struct gl_account *account, const uint8_t seg[16],
                    uint32_t *upto);
int gl_account_set_upto(struct gl_account *account, const uint8_t seg[16],
                        uint32_t upto);
/*
 * Another number each time the file is opened, 0 = it is closed.  Opening may
 * bring back a commit that had failed: an upto read under another number may
 * be too low.
 */
uint32_t gl_account_connection(const struct gl_account *account);
/* Every segment known here. */
int gl_account_segments(struct gl_account *account,
                        void (*segment)(void *arg, const uint8_t seg[16],
                                        uint32_t upto),
                        void *arg);
/* R11: only for segments unlinked before a directory sync. */
int gl_account_forget(struct gl_account *account, const uint8_t seg[16]);

/* ---- words ---- */

/*
 * The code of TEXT, made when new; 0 for an empty text.  A site that brought
 * its cap of new words or of their bytes that day gets the code of "(other)",
 * and this returns 1.  A known word is always itself.  Codes are valid until
 * rollback or undo.
 */
int gl_account_word(struct gl_account *account, enum gl_word kind,
                    int64_t site, int64_t day, struct gl_text text,
                    uint32_t *code);

struct gl_store_referrer {
    struct gl_text referrer, source;
    struct gl_text channel; /* of a short list: kept beyond the cap */
    struct gl_text utm_source, utm_medium, utm_campaign, utm_content, utm_term;
    struct gl_text click_id;
};
struct gl_store_agent {
    struct gl_text browser, browser_version, os, os_version;
    struct gl_text device; /* of a short list: kept beyond the cap */
};
struct gl_store_place {
    struct gl_text country; /* two letters: kept beyond the cap */
    struct gl_text region, city;
};

/* The same for combinations; 0 when all texts are empty (a referrer: all but
 * the channel "Direct").  Beyond the cap each text that is not empty is
 * "(other)". */
int gl_account_referrer(struct gl_account *account, int64_t site, int64_t day,
                        const struct gl_store_referrer *referrer,
                        uint32_t *code);
int gl_account_agent(struct gl_account *account, int64_t site, int64_t day,
                     const struct gl_store_agent *agent, uint32_t *code);
int gl_account_place(struct gl_account *account, int64_t site, int64_t day,
                     const struct gl_store_place *place, uint32_t *code);

/* Codes of custom properties: 0 = the empty text. */
struct gl_store_props {
    uint32_t n;
    struct {
        uint32_t key, value;
    } codes[GL_EVENT_PROPS_MAX];
};
int gl_account_props(struct gl_account *account, int64_t site, int64_t day,
                     const struct gl_prop *texts, uint32_t n,
                     struct gl_store_props *props);

/* What a site object needs to compare words by text; a failure inside stays
 * with the account: the commit fails. */
void gl_account_words(struct gl_account *account, struct gl_words *words);

/* ---- events ---- */

struct gl_store_event {
    int64_t site;
    int64_t at_ms;
    uint64_t visitor;
    uint32_t host, path, referrer, agent, place; /* codes, 0 = none */
    uint32_t name, title, language, screen;
    uint32_t scroll_depth; /* percent + 1, 0 = missing, as on the wire */
    uint32_t engagement_ms;
    uint32_t evidence;
    uint8_t kind;   /* enum gl_kind */
    uint8_t mark;   /* enum gl_mark */
    uint8_t server; /* class of status, 2..5, 0 = sent by a script */
    uint8_t passive;
    struct gl_text amount, currency;
    struct gl_store_props props;
};

/* The rowid that the next event will get; inside a transaction. */
int gl_account_next_id(struct gl_account *account, int64_t *id);
/* Insert with that rowid; keeps day_rows. */
int gl_account_insert(struct gl_account *account,
                      const struct gl_store_event *event);

/* 1 = SITE has rows, 0 = none. */
int gl_account_any_row(struct gl_account *account, int64_t site);
/*
 * Rows of SITE with FROM <= at < TO in rowid order (through day_rows: cheap).
 * row->visitor_before is 0, row->server 0 or 1.  ROW returns 0 to go on;
 * another value ends the scan and is returned.  ROW may neither begin another
 * scan of this account nor change it, dirty days excepted.
 */
int gl_account_rows(struct gl_account *account, int64_t site, int64_t from_ms,
                    int64_t to_ms,
                    int (*row)(void *arg, const struct gl_row *row),
                    void *arg);
/* How many rowids lie where rows of SITE do since the day of FROM, or since
 * the day its oldest open visit began; -enum gl_store_error. */
int64_t gl_account_recent_rowids(struct gl_account *account, int64_t site,
                                 int64_t from_ms);
int gl_account_set_mark(struct gl_account *account, int64_t event_id,
                        enum gl_mark mark);
int gl_account_set_visitor(struct gl_account *account, int64_t event_id,
                           uint64_t visitor);

/* ---- visits ---- */

/* A new visit whose first event is EVENT (visit->id its rowid). */
int gl_account_open_visit(struct gl_account *account,
                          const struct gl_visit *visit,
                          const struct gl_store_event *event);
/* It is over: 1, or 0 when there is no such row. */
int gl_account_close_visit(struct gl_account *account,
                           const struct gl_visit *visit);
/* Its visitor's id after midnight (visit->alias) became known: 1 or 0. */
int gl_account_alias_visit(struct gl_account *account,
                           const struct gl_visit *visit);

/* Open visits of SITE: id, visitor, alias, start_ms, server; the rest 0.
 * The same rules for VISIT as for ROW above. */
int gl_account_open_visits(struct gl_account *account, int64_t site,
                           int (*visit)(void *arg,
                                        const struct gl_visit *visit),
                           void *arg);
/* How many visits of SITE began in FROM <= start < TO. */
int gl_account_count_visits(struct gl_account *account, int64_t site,
                            int64_t from_ms, int64_t to_ms, uint32_t *n);
/* Those visits, as stored, by rowid; OPEN 1 = only what open_visits says. */
int gl_account_visits(struct gl_account *account, int64_t site,
                      int64_t from_ms, int64_t to_ms,
                      int (*visit)(void *arg, const struct gl_visit *visit,
                                   int open),
                      void *arg);

/* A refold found that it is none. */
int gl_account_delete_visit(struct gl_account *account, int64_t id);
/* Insert VISIT, complete or still open; place, agent and so on come from the
 * row of its first event (visit->id). */
int gl_account_put_visit(struct gl_account *account, int64_t site,
                         const struct gl_visit *visit, int open);

/* ---- tallies ---- */

int gl_account_add_bot(struct gl_account *account, int64_t site, int64_t day,
                       const char *reason, const char *family, uint64_t n);
int gl_account_add_drop(struct gl_account *account, int64_t site, int64_t day,
                        struct gl_text reason, uint64_t n);

int gl_account_add_dirty(struct gl_account *account, int64_t site,
                         int64_t day);
int gl_account_clear_dirty(struct gl_account *account, int64_t site,
                           int64_t day);
/* Dirty days of SITE, or of all sites (0), by site and day. */
int gl_account_dirty(struct gl_account *account, int64_t site,
                     int (*dirty)(void *arg, int64_t site, int64_t day),
                     void *arg);

/* VISITOR has a late row: its visits of DAY are to be made again. */
int gl_account_add_late(struct gl_account *account, int64_t site, int64_t day,
                        uint64_t visitor);
int gl_account_clear_late(struct gl_account *account, int64_t site,
                          int64_t day, uint64_t visitor);
/* Late visitors of SITE, or of all sites (0), by site and day. */
int gl_account_late(struct gl_account *account, int64_t site,
                    int (*late)(void *arg, int64_t site, int64_t day,
                                uint64_t visitor),
                    void *arg);

/* ---- midnight ---- */

/* One visitor, two ids: BEFORE until the UTC day DAY began, VISITOR since. */
struct gl_link {
    uint64_t visitor, before;
    int64_t day;
};
/* Told once or often; the first word holds. */
int gl_account_add_link(struct gl_account *account, int64_t site,
                        const struct gl_link *link);
/* Those of SITE, by visitor. */
int gl_account_links(struct gl_account *account, int64_t site,
                     int (*link)(void *arg, const struct gl_link *link),
                     void *arg);
/* 1 = some site has one, 0 = none. */
int gl_account_any_link(struct gl_account *account);
/* Delete all, in a transaction: pages of a table that is emptied are zeroed
 * whole. */
int gl_account_clear_links(struct gl_account *account);
/* After that, outside of one: no old page is left in the log.  0, or an error:
 * a reader is in the way, try again. */
int gl_account_cut_log(struct gl_account *account);

struct gl_store_import {
    char hash[65]; /* SHA-256 of the file, hex */
    int64_t site;
    int64_t offset; /* bytes applied */
    int64_t lines;  /* lines applied */
    int done;
    int64_t at_ms;
    uint8_t key[16];
};
/* 1 found, 0 not. */
int gl_account_import(struct gl_account *account, const char *hash,
                      int64_t site, struct gl_store_import *import);
int gl_account_put_import(struct gl_account *account,
                          const struct gl_store_import *import);

/* ---- whole sites ---- */

/* Sites that have rows, open visits or tallies here (moved and removed ones
 * too, until deleted). */
int gl_account_sites(struct gl_account *account,
                     int (*site)(void *arg, int64_t site), void *arg);
/* Sites with an open visit. */
int gl_account_open_sites(struct gl_account *account,
                          int (*site)(void *arg, int64_t site), void *arg);

/*
 * Copying SITE from one file to another while it goes on counting: steps of
 * ROWS events (1 = more to do, 0 = all there are now), then finish in the turn
 * that sends its events to TO: what came since, open visits, small tables.
 * Each is a transaction in TO; none may be open in either.  Nobody may fold
 * days of the site meanwhile.  After an error or a crash TO's part is deleted
 * with gl_account_delete_site() before another copy.
 */
struct gl_copy;
struct gl_copy *gl_copy_new(struct gl_account *to, struct gl_account *from,
                            int64_t site); /* NULL: no memory */
void gl_copy_free(struct gl_copy *copy);
int gl_copy_step(struct gl_copy *copy, int rows);
int gl_copy_finish(struct gl_copy *copy);
/*
 * 1 = ACCOUNT has all that OTHER has of SITE (events, bots, drops), so that
 * nothing is lost when OTHER deletes it; 0 = it has not.
 */
int gl_account_covers(struct gl_account *account, struct gl_account *other,
                      int64_t site);
/* 1 = ACCOUNT has events, bots or drops of SITE. */
int gl_account_has_site(struct gl_account *account, int64_t site);
/* Delete what SITE has here, ROWS rowids in a transaction: 1 = more to do, 0 =
 * done. */
int gl_account_delete_site(struct gl_account *account, int64_t site, int rows);
/* The log of a file that is being changed is kept short: at once what
 * gl_accounts_tend() does once a second. */
void gl_account_tend(struct gl_account *account, int64_t now_ms);

/*
 * After that: delete words no row uses and write the file PATH anew, so that
 * no byte of the site is left in it.  In any thread, on a connection of its
 * own, while the account was let go.  STOP (1 = now) ends it with an error.
 * 0, or one with a sentence in WHY.
 */
int gl_account_erase(const char *path, int (*stop)(void *arg), void *arg,
                     char *why, size_t why_len);

/* ---- reading beside the writer ---- */

/*
 * A second handle to the file of ACCOUNT, for one other thread: it sees one
 * commit, the last before gl_account_read(), until it is freed; everything
 * that only reads works with it.  While it sees one, the log cannot be cut.
 * gl_account_reader() opens nothing; NULL: out of memory.
 */
struct gl_account *gl_account_reader(const struct gl_account *account);
int gl_account_read(struct gl_account *reader);
void gl_account_reader_free(struct gl_account *reader);

/* ---- numbers for the status page ---- */

struct gl_accounts_stats {
    uint64_t known, open; /* handles, connections */
    uint64_t open_max;
    uint64_t wal_bytes_max; /* longest log of one file; alarm at 128 MiB */
    uint64_t checkpoints, checkpoints_failed;
    uint64_t reopened; /* after a rollback */
};
void gl_accounts_stats(const struct gl_accounts *pool,
                       struct gl_accounts_stats *stats);

#endif
