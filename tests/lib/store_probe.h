/*
 * A second opinion on what the store wrote: plain SQL on a connection of its
 * own, and a VFS whose calls can be made to fail.
 */

#ifndef GL_TEST_STORE_PROBE_H
#define GL_TEST_STORE_PROBE_H

#include <stdint.h>

#include "count/count.h"
#include "store/account/account.h"
#include "store/rows/rows.h"
#include "tap.h"

#define PROBE_SITE 7
#define PROBE_DAY INT64_C(20000)
#define PROBE_AT (PROBE_DAY * GL_DAY_MS + 3600000)

/* A pool in DATA with the account "aaaaaaaaaaaa" made; bails out
 * on failure. */
struct gl_accounts *probe_pool(const char *data, size_t open_max,
                               struct gl_account **account);
#define PROBE_ID "aaaaaaaaaaaa"
/* Roll back, close (R9) and open again: 0, or why it cannot be. */
int probe_let_go(struct gl_account *account);
/* "DATA/acct/aaaaaaaaaaaa.db", valid until the next call. */
const char *probe_file(const char *data);

/* The first column of the first row; INT64_MIN when there is none. */
int64_t probe_int(const char *file, const char *sql);
/* The same as text, valid until the next call; "" when there is none. */
const char *probe_text(const char *file, const char *sql);
/* Run SQL that changes the file. */
void probe_exec(const char *file, const char *sql);

/* An event with only what must be there. */
struct gl_store_event probe_event(int64_t at_ms, uint64_t visitor);
struct gl_text probe_word(const char *text);

/* Faults: from probe_faults() on every file is opened through them. */

/* Call first of all; SQLite must not have a file open. */
void probe_faults(void);
/* The call number NTH (1 = the next) of write and sync fails with the SQLite
 * code RC; so do the LASTING - 1 calls after it. */
void probe_fail(int nth, int rc, int lasting);
/* Which calls these are; writes and syncs at first.  RC SQLITE_IOERR means the
 * exact code of each. */
enum probe_kind {
    PROBE_READ = 1,
    PROBE_WRITE = 2,
    PROBE_SYNC = 4,
    PROBE_CUT = 8,
    PROBE_LOCK = 16,
    PROBE_MAP = 32,
    PROBE_OPEN = 64 /* delete and access too */
};
void probe_fail_kinds(unsigned kinds);
/* Such calls since probe_fail(). */
int probe_calls(void);
/* The same for SQLite's allocations; NTH 0 = none fails. */
void probe_fail_memory(int nth);
int probe_allocations(void);

#endif
