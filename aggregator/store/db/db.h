/*
 * One write connection to one SQLite file, and the rules that hold for every
 * file of ours (README.md, "Rules").  Inside this room only.
 *
 * Invariants
 *  1. A failure inside a transaction sticks: every later call fails with it
 *     until gl_db_rollback(), which closes and reopens (rule R9).
 *  2. Statements are compiled in, prepared once a connection, and reset before
 *     the function that stepped them returns.
 *  3. Only gl_db_checkpoint() writes the log back.
 *
 * Functions return 0 or a positive answer, or -enum gl_store_error.
 */

#ifndef GL_STORE_DB_DB_H
#define GL_STORE_DB_DB_H

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

#include "embed.h"
#include "event.h"
#include "store/db/error.h"
#include "store/db/statement.h"
#include "store/db/switches.h"

/* Where a file's tables come from: SQL makes a new file of the last version;
 * a file "NNN-NAME-what.sql" of LIST brings version NNN - 1 to NNN.  Each ends
 * with its PRAGMA user_version. */
struct gl_db_schema {
    const char *name; /* "account" */
    const char *sql;
    const struct gl_embed_file *list;
    const char *const *statements; /* by number */
    int statements_n;
};

/* Is what the log says on the disk? (wal.c) */
enum gl_db_log {
    GL_DB_SURE = 0,
    GL_DB_INHERITED, /* an earlier life wrote it: to be synced */
    GL_DB_FAILED     /* a sync failed: to be written again */
};

struct gl_db {
    const struct gl_db_schema *schema;
    char *path;      /* absolute, without links; owned */
    sqlite3 *handle; /* NULL = closed */
    uint32_t opened; /* how often so far */
    sqlite3_stmt **statements;
    int error;                   /* sticks; enum gl_store_error */
    int none;                    /* why the last one was no statement */
    int transaction;             /* 1 = begun and not yet ended by us */
    int saved;                   /* 1 = a savepoint is open */
    enum gl_db_sync synchronous; /* as last set; while open */
    enum gl_db_log unsure;       /* what is due before the log is believed */
    uint32_t log_pages;          /* pages in the log after the last commit */
    uint32_t log_written;        /* of these written back */
    int alone;                   /* 1 = the next connection is, for a moment */
    struct gl_lend *lender;      /* of whom it is then; not owned; or NULL */
    struct gl_lent *lent;        /* handle and statements are its */
    int spent;                   /* 1 = no other file may have them */
    int full;                    /* the last failure was for want of room */
    int64_t busy_ms; /* last commit or try to truncate; 0 = just now */
    char why[256];
};

#define GL_DB_LOG_PAGES 1000           /* PASSIVE from here on */
#define GL_DB_LOG_BYTES_MAX (64 << 20) /* TRUNCATE from here on */
#define GL_DB_PAGE_BYTES 4096

/* PATH is copied; nothing is opened. */
int gl_db_init(struct gl_db *db, const struct gl_db_schema *schema,
               const char *path);
void gl_db_fini(struct gl_db *db);

/* Open and bring to the last version; a new file must have been made empty
 * before.  Nothing to do when open. */
int gl_db_open(struct gl_db *db);
void gl_db_close(struct gl_db *db);
/* In migrate.c: what gl_db_open() does about versions. */
int gl_db_migrate_(struct gl_db *db);
/* The version that it brings files to. */
int gl_db_newest_(const struct gl_db_schema *schema);
/* In wal.c: what the log says is on the disk, or an error. */
int gl_db_make_sure_(struct gl_db *db);
/* 1 = not a byte is in the log's file. */
int gl_db_log_is_empty_(const struct gl_db *db);
/* 0, or an error: the open file no longer stands in its place. */
int gl_db_in_place(struct gl_db *db);
/* A number that is another one when the file or its log was changed. */
uint64_t gl_db_look(const struct gl_db *db);

int gl_db_begin(struct gl_db *db, int full);
int gl_db_commit(struct gl_db *db);
/* Roll back and close; the first of the two opens again. */
int gl_db_rollback(struct gl_db *db);
void gl_db_abandon(struct gl_db *db);
int gl_db_savepoint(struct gl_db *db);
int gl_db_release(struct gl_db *db);
int gl_db_undo(struct gl_db *db);

/* Keep what SQLite says about RC and return its class. */
int gl_db_fail(struct gl_db *db, int rc);
/* Keep a SENTENCE of ours, and return CLASS. */
int gl_db_refuse(struct gl_db *db, enum gl_store_error class,
                 const char *sentence);
/* 0 when calls inside a transaction may go on, else what stuck or
 * -GL_STORE_DATA when there is no transaction. */
int gl_db_writable(struct gl_db *db);

/* Run one of our own fixed texts. */
int gl_db_exec(struct gl_db *db, const char *sql);

/* Write the log back when it is long, or when idle (NOW is any clock that
 * does not go back): 1 done, 0 not needed, or an error that does not stick. */
int gl_db_shorten_log(struct gl_db *db, int64_t now_ms, int64_t idle_ms);
int gl_db_truncate(struct gl_db *db);
/* The end of DB, of which no other connection writes: what is open is rolled
 * back, its log is in the file. */
void gl_db_end(struct gl_db *db);

#endif
