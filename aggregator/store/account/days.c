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

#include "store/account/account_internal.h"

#include <sodium.h>
#include <string.h>

#define STRETCH_GAP 128

/* Never 0. */
static int64_t
new_base(void)
{
    uint64_t base;
    randombytes_buf(&base, sizeof base);
    return (int64_t) (base | 1);
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
    sqlite3_stmt *ask = gl_account_ask_(
        account, GL_SQL_LAST_SPAN,
        GL_VALUES(gl_as_int(slot->site), gl_as_int(slot->day)));
    int rc = gl_db_step(&account->db, ask);
    if (rc != 1)
        return rc;
    struct gl_range stretch;
    struct gl_span span = gl_account_take_span_(ask, slot->gaps);
    slot->base = sqlite3_column_int64(ask, 3);
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
    sqlite3_stmt *ask = gl_account_ask_(
        account, GL_SQL_NEW_WORDS,
        GL_VALUES(gl_as_int(slot->site), gl_as_int(slot->day)));
    while ((rc = gl_db_step(&account->db, ask)) == 1) {
        int64_t kind = sqlite3_column_int64(ask, 0);
        if (kind >= 0 && kind < GL_WORD_COUNTED)
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
                     struct gl_span span, int64_t base)
{
    if (day < account->changed_day)
        account->changed_day = day;
    return gl_db_change(
        &account->db, GL_SQL_PUT_SPAN,
        GL_VALUES(gl_as_int(site), gl_as_int(day), gl_as_int(span.first),
                  gl_as_int(span.last),
                  gl_as_blob(span.len ? span.gaps : NULL, (int) span.len),
                  gl_as_int(base != 0 ? base : new_base())));
}

static int
put_span(struct gl_account *account, struct gl_day *slot)
{
    struct gl_span span = {slot->first_id, slot->last_id, slot->gaps,
                           slot->gaps_len};
    slot->span_changed = 0;
    if (slot->base == 0)
        slot->base = new_base();
    return gl_account_put_span_(account, slot->site, slot->day, span,
                                slot->base);
}

static int
put_words(struct gl_account *account, struct gl_day *slot)
{
    int rc = 0;
    for (int kind = 0; rc == 0 && kind < GL_WORD_COUNTED; kind++) {
        if (!(slot->words_changed & 1u << kind))
            continue;
        rc = gl_db_change(&account->db, GL_SQL_PUT_NEW_WORDS,
                          GL_VALUES(gl_as_int(slot->site),
                                    gl_as_int(slot->day), gl_as_int(kind),
                                    gl_as_int(slot->new_words[kind])));
    }
    slot->words_changed = 0;
    return rc;
}

int
gl_account_flush_days_(struct gl_account *account)
{
    int rc = gl_rows_flush_(account);
    if (rc == 0)
        rc = gl_bots_flush_(account);
    if (rc == 0)
        rc = gl_served_flush_(account);
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

sqlite3_stmt *
gl_account_ask_days_(struct gl_account *account, int number,
                     const struct gl_value *values)
{
    int rc = account->db.transaction ? gl_account_flush_days_(account) : 0;
    if (rc == 0)
        return gl_account_ask_(account, number, values);
    account->db.none = rc;
    return NULL;
}

struct gl_day *
gl_account_day_(struct gl_account *account, int64_t site, int64_t day, int *rc)
{
    struct gl_days *days = &account->days;
    *rc = 0;
    if (days->last != NULL && days->last->site == site &&
        days->last->day == day)
        return days->last;
    if (gl_days_full_(days)) {
        *rc = gl_account_flush_days_(account);
        if (*rc == 0 && gl_days_grow_(days) == -1)
            *rc = gl_db_refuse(&account->db, GL_STORE_ENVIRONMENT,
                               "out of memory");
    }
    if (*rc != 0)
        return NULL;
    struct gl_day *slot = gl_days_slot_(days, site, day);
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

int
gl_account_day_renew_(struct gl_account *account, int64_t site, int64_t at_ms)
{
    int rc;
    struct gl_day *slot =
        gl_account_day_(account, site, gl_day_of(at_ms), &rc);
    if (slot == NULL || slot->first_id == 0)
        return rc;
    slot->base = 0;
    slot->span_changed = 1; /* a span is written with a token */
    gl_account_day_changed_(account, slot);
    return 0;
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
