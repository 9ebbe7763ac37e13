/*
 * A site's UTC day in one account: the last stretch of rowids in which its
 * rows lie, and how many new words of each kind it brought.  Kept in memory
 * while rows come and written once a transaction.
 *
 *   rowid   1 2 3 4 5 6 7 8 9 ............ 400 401
 *   day     A A B A A B A A A              A   A
 *   A:      [1 ............ 9]             [400 401]      two stretches
 *
 * A stretch may hold rows of others, at most STRETCH_GAP in a row: reading
 * over 128 rows costs about as much as finding another stretch.
 */

#include "store/account_internal.h"

#include <stdlib.h>
#include <string.h>

#define STRETCH_GAP 128
#define DAYS_FIRST 16
/* A day is 96 bytes; an import of many years over many sites stays below
 * 2 MiB. */
#define DAYS_MAX 16384

void
gl_days_clear_(struct gl_days *days)
{
    free(days->slots);
    *days = (struct gl_days){0};
}

static struct gl_day *
find(const struct gl_days *days, int64_t site, int64_t day)
{
    uint64_t mixed = ((uint64_t) site * 0x9e3779b97f4a7c15 + (uint64_t) day) *
                     0xbf58476d1ce4e5b9;
    size_t at = (mixed >> 32) & (days->size - 1);
    while (days->slots[at].used &&
           (days->slots[at].site != site || days->slots[at].day != day))
        at = (at + 1) & (days->size - 1);
    return &days->slots[at];
}

/* ---- file -> memory ---- */

static int
load(struct gl_account *account, struct gl_day *slot)
{
    int rc;
    sqlite3_stmt *ask = gl_account_ask_(account, GL_SQL_LAST_STRETCH, &rc);
    if (!ask)
        return rc;
    gl_db_bind_int(ask, 1, slot->site);
    gl_db_bind_int(ask, 2, slot->day);
    rc = gl_db_step(&account->db, ask);
    if (rc == 1) {
        slot->first_id = sqlite3_column_int64(ask, 0);
        slot->last_id = sqlite3_column_int64(ask, 1);
        sqlite3_reset(ask);
    }
    if (rc < 0)
        return rc;
    ask = gl_account_ask_(account, GL_SQL_NEW_WORDS, &rc);
    if (!ask)
        return rc;
    gl_db_bind_int(ask, 1, slot->site);
    gl_db_bind_int(ask, 2, slot->day);
    while ((rc = gl_db_step(&account->db, ask)) == 1) {
        int64_t kind = sqlite3_column_int64(ask, 0);
        if (kind >= 0 && kind < GL_WORD_KINDS)
            slot->new_words[kind] = (uint32_t) sqlite3_column_int64(ask, 1);
    }
    return rc;
}

/* ---- memory -> file ---- */

static int
put_stretch(struct gl_account *account, struct gl_day *slot)
{
    int rc;
    sqlite3_stmt *put = gl_account_change_(account, GL_SQL_PUT_STRETCH, &rc);
    if (!put)
        return rc;
    gl_db_bind_int(put, 1, slot->site);
    gl_db_bind_int(put, 2, slot->day);
    gl_db_bind_int(put, 3, slot->first_id);
    gl_db_bind_int(put, 4, slot->last_id);
    slot->stretch_changed = 0;
    return gl_account_done_(account, put);
}

static int
put_words(struct gl_account *account, struct gl_day *slot)
{
    int rc = 0;
    for (int kind = 0; rc == 0 && kind < GL_WORD_KINDS; kind++) {
        if (!(slot->words_changed & 1u << kind))
            continue;
        sqlite3_stmt *put =
            gl_account_change_(account, GL_SQL_PUT_NEW_WORDS, &rc);
        if (!put)
            return rc;
        gl_db_bind_int(put, 1, slot->site);
        gl_db_bind_int(put, 2, slot->day);
        gl_db_bind_int(put, 3, kind);
        gl_db_bind_int(put, 4, slot->new_words[kind]);
        rc = gl_account_done_(account, put);
    }
    slot->words_changed = 0;
    return rc;
}

int
gl_account_flush_days_(struct gl_account *account)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < account->days.size; i++) {
        struct gl_day *slot = &account->days.slots[i];
        if (slot->stretch_changed)
            rc = put_stretch(account, slot);
        if (rc == 0 && slot->words_changed)
            rc = put_words(account, slot);
    }
    return rc;
}

/* ---- the table ---- */

static int
grow(struct gl_account *account)
{
    struct gl_days *days = &account->days;
    if (days->size >= DAYS_MAX) {
        int rc = gl_account_flush_days_(account);
        if (rc != 0)
            return rc;
        gl_days_clear_(days);
    }
    struct gl_days more = {.size = days->size ? days->size * 2 : DAYS_FIRST};
    more.slots = calloc(more.size, sizeof(*more.slots));
    if (!more.slots)
        return gl_db_refuse(&account->db, GL_STORE_ENVIRONMENT,
                            "out of memory");
    for (size_t i = 0; i < days->size; i++)
        if (days->slots[i].used)
            *find(&more, days->slots[i].site, days->slots[i].day) =
                days->slots[i];
    more.used = days->used;
    gl_days_clear_(days);
    *days = more;
    return 0;
}

struct gl_day *
gl_account_day_(struct gl_account *account, int64_t site, int64_t day, int *rc)
{
    struct gl_days *days = &account->days;
    *rc = 0;
    if (days->last && days->last->site == site && days->last->day == day)
        return days->last;
    if (days->used + 1 > days->size / 4 * 3)
        *rc = grow(account);
    if (*rc != 0)
        return NULL;
    struct gl_day *slot = find(days, site, day);
    if (!slot->used) {
        *slot = (struct gl_day){.site = site, .day = day};
        *rc = load(account, slot);
        if (*rc != 0)
            return NULL;
        slot->used = 1;
        days->used++;
    }
    days->last = slot;
    return slot;
}

int
gl_account_day_row_(struct gl_account *account, int64_t site, int64_t day,
                    int64_t id)
{
    int rc;
    struct gl_day *slot = gl_account_day_(account, site, day, &rc);
    if (!slot)
        return rc;
    if (slot->first_id == 0 || id - slot->last_id > STRETCH_GAP) {
        if (slot->stretch_changed)
            rc = put_stretch(account, slot);
        slot->first_id = id;
    }
    slot->last_id = id;
    slot->stretch_changed = 1;
    return rc;
}

/* ---- reading ---- */

/* RANGE comes after all others by its first rowid. */
static int
join(struct gl_range **ranges, size_t *n, size_t *size, struct gl_range range)
{
    struct gl_range *last = *n ? &(*ranges)[*n - 1] : NULL;
    if (last && range.first <= last->last + 1) {
        if (range.last > last->last)
            last->last = range.last;
        return 0;
    }
    if (*n == *size) {
        size_t more = *size ? *size * 2 : 16;
        void *bigger = realloc(*ranges, more * sizeof(**ranges));
        if (!bigger)
            return -GL_STORE_ENVIRONMENT;
        *ranges = bigger;
        *size = more;
    }
    (*ranges)[(*n)++] = range;
    return 0;
}

int
gl_account_ranges_(struct gl_account *account, int64_t site, int64_t from,
                   int64_t to, int64_t first_id, struct gl_range **ranges,
                   size_t *n)
{
    size_t size = 0;
    *ranges = NULL;
    *n = 0;
    int rc = account->db.transaction ? gl_account_flush_days_(account) : 0;
    sqlite3_stmt *ask =
        rc ? NULL : gl_account_ask_(account, GL_SQL_STRETCHES, &rc);
    if (!ask)
        return rc;
    gl_db_bind_int(ask, 1, site);
    gl_db_bind_int(ask, 2, from);
    gl_db_bind_int(ask, 3, to);
    gl_db_bind_int(ask, 4, first_id);
    while ((rc = gl_db_step(&account->db, ask)) == 1) {
        struct gl_range range = {sqlite3_column_int64(ask, 0),
                                 sqlite3_column_int64(ask, 1)};
        if (range.first < first_id)
            range.first = first_id;
        if (join(ranges, n, &size, range) != 0) {
            sqlite3_reset(ask);
            rc = gl_db_refuse(&account->db, GL_STORE_ENVIRONMENT,
                              "out of memory");
            break;
        }
    }
    if (rc < 0) {
        free(*ranges);
        *ranges = NULL;
    }
    return rc;
}
