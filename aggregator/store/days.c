/*
 * A site's UTC day in one account: the last span of rowids in which its rows
 * lie, and how many new words of each kind it brought.  Kept in memory while
 * rows come, as long as the connection lives; what changed is written once a
 * transaction, or before it is read.
 *
 *   rowid   1 2 3 4 5 6 7 8 9 ............ 400 401
 *   day     A A B A A B A A A              A   A
 *   A:      [1 ............ 9]             [400 401]      two stretches, and
 *           [1 ...................................]       one span
 *
 * A stretch may hold rows of others, at most STRETCH_GAP in a row: reading
 * over 128 rows costs about as much as finding another stretch.
 */

#include "store/account_internal.h"

#include <stdlib.h>
#include <string.h>

#define STRETCH_GAP 128
#define DAYS_FIRST 4
/* A day is some 200 bytes: 25 MiB for an account of 98,304 busy sites, or an
 * import of as many days.  Beyond, it is begun anew. */
#define DAYS_MAX 131072

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

struct gl_span
gl_account_take_span_(sqlite3_stmt *ask, uint8_t gaps[GL_SPAN_GAPS_MAX])
{
    struct gl_span span = {sqlite3_column_int64(ask, 0),
                           sqlite3_column_int64(ask, 1), gaps, 0};
    const void *blob = sqlite3_column_blob(ask, 2);
    size_t len = (size_t) sqlite3_column_bytes(ask, 2);
    if (blob != NULL && len <= GL_SPAN_GAPS_MAX) {
        memcpy(gaps, blob, len);
        span.len = len;
    }
    return span;
}

static int
load_span(struct gl_account *account, struct gl_day *slot)
{
    int rc;
    sqlite3_stmt *ask = gl_account_ask_(account, GL_SQL_LAST_SPAN, &rc);
    if (ask == NULL)
        return rc;
    gl_db_bind_int(ask, 1, slot->site);
    gl_db_bind_int(ask, 2, slot->day);
    rc = gl_db_step(&account->db, ask);
    if (rc != 1)
        return rc;
    struct gl_range stretch;
    struct gl_span span = gl_account_take_span_(ask, slot->gaps);
    sqlite3_reset(ask);
    slot->first_id = slot->stretch_id = span.first;
    slot->last_id = span.last;
    slot->gaps_len = (uint8_t) span.len;
    while (gl_span_next_(&span, &stretch))
        slot->stretch_id = stretch.first;
    return 0;
}

static int
load_words(struct gl_account *account, struct gl_day *slot)
{
    int rc;
    sqlite3_stmt *ask = gl_account_ask_(account, GL_SQL_NEW_WORDS, &rc);
    if (ask == NULL)
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

void
gl_account_day_changed_(struct gl_account *account, struct gl_day *slot)
{
    if (slot->listed)
        return;
    slot->listed = 1;
    slot->changed = account->days.changed;
    account->days.changed = slot;
}

int
gl_account_put_span_(struct gl_account *account, int64_t site, int64_t day,
                     struct gl_span span)
{
    int rc;
    sqlite3_stmt *put = gl_account_change_(account, GL_SQL_PUT_SPAN, &rc);
    if (put == NULL)
        return rc;
    gl_db_bind_int(put, 1, site);
    gl_db_bind_int(put, 2, day);
    gl_db_bind_int(put, 3, span.first);
    gl_db_bind_int(put, 4, span.last);
    if (span.len)
        gl_db_bind_blob(put, 5, span.gaps, (int) span.len);
    else
        sqlite3_bind_null(put, 5);
    return gl_account_done_(account, put);
}

static int
put_span(struct gl_account *account, struct gl_day *slot)
{
    struct gl_span span = {slot->first_id, slot->last_id, slot->gaps,
                           slot->gaps_len};
    slot->span_changed = 0;
    return gl_account_put_span_(account, slot->site, slot->day, span);
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
        if (put == NULL)
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
    struct gl_day *slot;
    while (rc == 0 && (slot = account->days.changed) != NULL) {
        if (slot->span_changed)
            rc = put_span(account, slot);
        if (rc == 0 && slot->words_changed)
            rc = put_words(account, slot);
        slot->listed = 0;
        account->days.changed = slot->changed;
    }
    return rc;
}

/* ---- the table ---- */

static int
grow(struct gl_account *account)
{
    struct gl_days *days = &account->days;
    int rc = gl_account_flush_days_(account);
    if (rc != 0)
        return rc;
    if (days->size >= DAYS_MAX)
        gl_days_clear_(days);
    struct gl_days more = {.size = days->size ? days->size * 2 : DAYS_FIRST};
    more.slots = calloc(more.size, sizeof *more.slots);
    if (more.slots == NULL)
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
    if (days->last != NULL && days->last->site == site &&
        days->last->day == day)
        return days->last;
    if (days->used + 1 > days->size / 4 * 3)
        *rc = grow(account);
    if (*rc != 0)
        return NULL;
    struct gl_day *slot = find(days, site, day);
    if (!slot->used) {
        *slot = (struct gl_day){.site = site, .day = day};
        *rc = load_span(account, slot);
        if (*rc == 0)
            *rc = load_words(account, slot);
        if (*rc != 0)
            return NULL;
        slot->used = 1;
        days->used++;
    }
    days->last = slot;
    return slot;
}

/* ID comes after a gap: 0, or the span is full and another one begins. */
static int
skip(struct gl_account *account, struct gl_day *slot, int64_t id)
{
    int rc = 0;
    if (slot->first_id &&
        slot->gaps_len + GL_SPAN_GAP_MAX <= GL_SPAN_GAPS_MAX) {
        slot->gaps_len += (uint8_t) gl_span_gap_(
            slot->gaps + slot->gaps_len,
            (uint64_t) (slot->last_id - slot->stretch_id),
            (uint64_t) (id - slot->last_id - 1));
    } else {
        if (slot->span_changed)
            rc = put_span(account, slot);
        slot->first_id = id;
        slot->gaps_len = 0;
    }
    slot->stretch_id = id;
    return rc;
}

int
gl_account_day_row_(struct gl_account *account, int64_t site, int64_t day,
                    int64_t id)
{
    int rc;
    struct gl_day *slot = gl_account_day_(account, site, day, &rc);
    if (slot == NULL)
        return rc;
    if (slot->first_id == 0 || id - slot->last_id > STRETCH_GAP)
        rc = skip(account, slot, id);
    slot->last_id = id;
    slot->span_changed = 1;
    gl_account_day_changed_(account, slot);
    return rc;
}

/* ---- reading ---- */

struct list {
    struct gl_range *ranges;
    size_t n, size;
};

/* -1 without memory. */
static int
append(struct list *list, struct gl_range range)
{
    if (list->n == list->size) {
        size_t more = list->size ? list->size * 2 : 16;
        void *bigger = realloc(list->ranges, more * sizeof *list->ranges);
        if (bigger == NULL)
            return -1;
        list->ranges = bigger;
        list->size = more;
    }
    list->ranges[list->n++] = range;
    return 0;
}

/* What of SPAN lies from FIRST_ID on. */
static int
append_span(struct list *list, struct gl_span span, int64_t first_id)
{
    struct gl_range stretch;
    while (gl_span_next_(&span, &stretch)) {
        if (stretch.last < first_id)
            continue;
        if (stretch.first < first_id)
            stretch.first = first_id;
        if (append(list, stretch) != 0)
            return -1;
    }
    return 0;
}

static int
compare(const void *left, const void *right)
{
    const struct gl_range *a = left, *b = right;
    return (a->first > b->first) - (a->first < b->first);
}

/* Stretches of several days may lie among each other. */
static void
unite(struct list *list)
{
    size_t n = 0;
    struct gl_range *ranges = list->ranges;
    if (list->n > 0)
        qsort(ranges, list->n, sizeof *ranges, compare);
    for (size_t i = 0; i < list->n; i++)
        if (n == 0 || ranges[i].first > ranges[n - 1].last + 1)
            ranges[n++] = ranges[i];
        else if (ranges[i].last > ranges[n - 1].last)
            ranges[n - 1].last = ranges[i].last;
    list->n = n;
}

int
gl_account_any_row(struct gl_account *account, int64_t site)
{
    int any = 0;
    int rc = account->db.transaction ? gl_account_flush_days_(account) : 0;
    sqlite3_stmt *ask =
        rc ? NULL : gl_account_ask_(account, GL_SQL_ANY_SPAN, &rc);
    if (ask == NULL)
        return rc;
    gl_db_bind_int(ask, 1, site);
    rc = gl_db_step(&account->db, ask);
    if (rc == 1)
        any = sqlite3_column_int(ask, 0);
    sqlite3_reset(ask);
    return rc < 0 ? rc : any;
}

int
gl_account_ranges_(struct gl_account *account, int64_t site, int64_t from,
                   int64_t to, int64_t first_id, struct gl_range **ranges,
                   size_t *n)
{
    struct list list = {0};
    uint8_t gaps[GL_SPAN_GAPS_MAX];
    *ranges = NULL;
    *n = 0;
    int rc = account->db.transaction ? gl_account_flush_days_(account) : 0;
    sqlite3_stmt *ask =
        rc ? NULL : gl_account_ask_(account, GL_SQL_SPANS, &rc);
    if (ask == NULL)
        return rc;
    gl_db_bind_int(ask, 1, site);
    gl_db_bind_int(ask, 2, from);
    gl_db_bind_int(ask, 3, to);
    gl_db_bind_int(ask, 4, first_id);
    while ((rc = gl_db_step(&account->db, ask)) == 1) {
        struct gl_span span = gl_account_take_span_(ask, gaps);
        if (append_span(&list, span, first_id) != 0) {
            sqlite3_reset(ask);
            rc = gl_db_refuse(&account->db, GL_STORE_ENVIRONMENT,
                              "out of memory");
            break;
        }
    }
    if (rc < 0) {
        free(list.ranges);
        return rc;
    }
    unite(&list);
    *ranges = list.ranges;
    *n = list.n;
    return 0;
}
