/*
 * Promise: a set that is packed is unpacked as it was, whatever is in it, all
 * of it or the parts that are asked for; bytes that were changed are never
 * read beyond; a damaged day in a file is told in a sentence and not believed,
 * nor one whose rows have changed.
 *
 * Method: random sets with numbers of any width, compared number by number by
 * plain loops; each part with bytes flipped or cut off.
 */

#include <string.h>

#include "columns/pack.h"
#include "columns/sealed.h"
#include "columns/times.h"
#include "count/count.h"
#include "log.h"
#include "store/account/accounts.h"
#include "store/account/day_token.h"
#include "store/rows/rows.h"
#include "store/rows/visits.h"
#include "store_probe.h"

#include "../lib/seal_now.h"

#define SETS 300
#define FLIPS 30

/* ---- random sets ---- */

/* As wide as it happens. */
static uint32_t
some_number(unsigned bits)
{
    return bits == 0 ? 0 : (uint32_t) tap_random() >> (32 - bits);
}

static struct gl_column
some_column(size_t n)
{
    unsigned bits = (unsigned) tap_below(33);
    uint32_t *codes = g_new(uint32_t, n + 1), base = some_number(bits);
    int same = tap_below(4) == 0;
    size_t bytes = 0;

    for (size_t i = 0; i < n; i++)
        codes[i] = same ? base : some_number(bits);
    return gl_column_new(codes, n, &bytes);
}

static void
add_visitors(struct gl_columns *set, uint32_t visitors)
{
    uint64_t id = 0;

    set->visitor_id = g_new(uint64_t, visitors + 1);
    for (uint32_t i = 0; i < visitors; i++) {
        uint64_t step = 1 + (tap_random() >> (1 + tap_below(60)));

        id = id + step < id ? UINT64_MAX : id + step;
        set->visitor_id[i] = id;
        set->imported += !(id & GL_VISITOR_IMPORTED);
    }
    set->visitors_n = visitors;
}

/* Visits of a visitor, events of a visit, some none. */
static void
add_shape(struct gl_columns *set)
{
    uint32_t visits = set->visitors_n * 3;
    int empty = tap_below(4) == 0;

    set->visit_visitor = g_new(uint32_t, visits + 1);
    set->visit_first = g_new(uint32_t, visits + 1);
    for (uint32_t i = 0; i < set->visitors_n; i++)
        for (uint64_t n = 1 + tap_below(3); n > 0; n--) {
            set->visit_visitor[set->visits_n] = i;
            set->visit_first[set->visits_n++] = set->events_n;
            set->events_n += !empty + (uint32_t) tap_below(5);
        }
    set->visit_first[set->visits_n] = set->events_n;
}

static void
add_events(struct gl_columns *set)
{
    uint32_t *names = g_new(uint32_t, set->events_n + 1);
    unsigned bits = 1 + (unsigned) tap_below(27);
    size_t bytes = 0;

    set->event_viewed = g_new0(uint64_t, set->events_n / 64 + 1);
    set->event_at = g_new(uint32_t, set->events_n + 1);
    for (uint32_t v = 0; v < set->visits_n; v++) {
        uint32_t at = set->visit_at[v] + (uint32_t) tap_below(2);

        for (uint32_t e = set->visit_first[v]; e < set->visit_first[v + 1];
             e++) {
            uint64_t viewed = tap_below(5) > 0;

            set->event_at[e] = at;
            at += some_number(bits) >> 8;
            set->event_viewed[e / 64] |= viewed << e % 64;
            names[e] = viewed ? 0 : some_number(9);
        }
    }
    set->event_codes[GL_EVENT_HOST] = some_column(set->events_n);
    set->event_codes[GL_EVENT_PATH] = some_column(set->events_n);
    set->event_codes[GL_EVENT_NAME] =
        gl_column_new(names, set->events_n, &bytes);
}

static void
add_visit_columns(struct gl_columns *set)
{
    uint32_t n = set->visits_n;

    set->visit_bounced = g_new(uint8_t, n + 1);
    for (uint32_t v = 0; v < n; v++)
        set->visit_bounced[v] = (uint8_t) tap_below(2);
    set->visit_seconds = some_column(n);
    set->visit_views = some_column(n);
    for (int i = 0; i < GL_VISIT_COLUMNS; i++) {
        set->visit_codes[i] = some_column(n);
        if (tap_below(2)) { /* one code a visitor */
            uint32_t *codes = g_new(uint32_t, n + 1);
            size_t bytes = 0;

            for (uint32_t v = 0; v < n; v++)
                codes[v] = 7 * set->visit_visitor[v];
            gl_column_fini(&set->visit_codes[i]);
            set->visit_codes[i] = gl_column_new(codes, n, &bytes);
            set->visitor_columns |= 1u << i;
        }
    }
}

static void
add_props(struct gl_columns *set)
{
    uint32_t keys = set->events_n == 0 ? 0 : (uint32_t) tap_below(4);

    set->props = g_new0(struct gl_prop_column, keys + 1);
    for (uint32_t i = 0; i < keys; i++) {
        struct gl_prop_column *prop = &set->props[set->props_n++];

        prop->key = 5 * i + 1;
        prop->event = g_new(uint32_t, set->events_n);
        for (uint32_t e = 0; e < set->events_n; e++)
            if (tap_below(3) == 0)
                prop->event[prop->n++] = e;
        prop->value = some_column(prop->n);
    }
}

static struct gl_columns *
some_set(void)
{
    struct gl_columns *set = g_new0(struct gl_columns, 1);

    set->day = 20000;
    set->has = GL_PARTS_ALL;
    set->events_end = (uint32_t) tap_below(2 * GL_DAY_MS);
    add_visitors(set, (uint32_t) tap_below(tap_below(5) ? 40 : 900));
    add_shape(set);
    set->visit_at = g_new(uint32_t, set->visits_n + 1);
    for (uint32_t v = 0; v < set->visits_n; v++)
        set->visit_at[v] = (uint32_t) tap_below(GL_DAY_MS);
    add_events(set);
    add_visit_columns(set);
    add_props(set);
    return set;
}

/* ---- the same, number by number ---- */

static int
differ(const struct gl_column *a, const struct gl_column *b, size_t n)
{
    int differ = a->bytes != b->bytes;

    for (size_t i = 0; i < n && !differ; i++)
        differ = gl_column_at(a, i) != gl_column_at(b, i);
    return differ;
}

static int
times_differ(const struct gl_columns *a, const struct gl_columns *b)
{
    int differ = 0;

    for (uint32_t v = 0; v < a->visits_n; v++)
        differ |= a->visit_at[v] != b->visit_at[v];
    for (uint32_t e = 0; e < a->events_n; e++)
        differ |= a->event_at[e] != b->event_at[e];
    return differ;
}

/* What is known of them without the others: those of the day after. */
static int
midnights_differ(const struct gl_columns *a, const struct gl_columns *b)
{
    int differ = b->event_at != NULL;

    for (uint32_t e = 0; e < a->events_n; e++)
        differ |= gl_columns_event_at(b, e) !=
                  (a->event_at[e] < GL_DAY_MS ? 0 : a->event_at[e]);
    return differ;
}

static int
shapes_differ(const struct gl_columns *a, const struct gl_columns *b)
{
    int differ = a->day != b->day || a->visitors_n != b->visitors_n ||
                 a->visits_n != b->visits_n || a->events_n != b->events_n ||
                 a->events_end != b->events_end ||
                 a->imported != b->imported ||
                 a->visitor_columns != b->visitor_columns;

    for (uint32_t v = 0; v < a->visits_n && !differ; v++)
        differ = a->visit_visitor[v] != b->visit_visitor[v] ||
                 a->visit_first[v + 1] != b->visit_first[v + 1];
    for (uint32_t e = 0; e < a->events_n && !differ; e++)
        differ = gl_columns_viewed(a, e) != gl_columns_viewed(b, e);
    return differ;
}

static int
sums_differ(const struct gl_columns *a, const struct gl_columns *b)
{
    int bounces = 0;

    for (uint32_t v = 0; v < a->visits_n; v++)
        bounces |= a->visit_bounced[v] != b->visit_bounced[v];
    return bounces ||
           differ(&a->visit_seconds, &b->visit_seconds, a->visits_n) ||
           differ(&a->visit_views, &b->visit_views, a->visits_n);
}

static int
props_differ(const struct gl_columns *a, const struct gl_columns *b)
{
    int other = a->props_n != b->props_n;

    for (uint32_t i = 0; i < a->props_n && !other; i++) {
        const struct gl_prop_column *one = &a->props[i], *two = &b->props[i];

        other = one->key != two->key || one->n != two->n;
        for (uint32_t e = 0; e < one->n && !other; e++)
            other = one->event[e] != two->event[e];
        other = other || differ(&one->value, &two->value, one->n);
    }
    return other;
}

static int
ids_differ(const struct gl_columns *a, const struct gl_columns *b)
{
    int other = 0;

    for (uint32_t i = 0; i < a->visitors_n; i++)
        other |= a->visitor_id[i] != b->visitor_id[i];
    return other;
}

/* In what B has; a part that it has not is NULL. */
static int
sets_differ(const struct gl_columns *a, const struct gl_columns *b)
{
    int other = shapes_differ(a, b);

#define HAS(part) (b->has & GL_PART_BIT(part))
    other |= HAS(GL_PART_IDS) ? ids_differ(a, b) : b->visitor_id != NULL;
    other |= HAS(GL_PART_TIMES) ? times_differ(a, b)
             : HAS(GL_PART_MIDNIGHT)
                 ? midnights_differ(a, b)
                 : b->event_at != NULL || b->midnight.n > 0;
    other |= HAS(GL_PART_SUMS) ? sums_differ(a, b) : b->visit_bounced != NULL;
    other |= HAS(GL_PART_PROPS) ? props_differ(a, b) : b->props != NULL;
    for (int i = 0; i < GL_EVENT_COLUMNS; i++)
        other |=
            HAS(GL_PART_EVENT + i)
                ? differ(&a->event_codes[i], &b->event_codes[i], a->events_n)
                : b->event_codes[i].codes != NULL;
    for (int i = 0; i < GL_VISIT_COLUMNS; i++)
        other |=
            HAS(GL_PART_VISIT + i)
                ? differ(&a->visit_codes[i], &b->visit_codes[i], a->visits_n)
                : b->visit_codes[i].codes != NULL;
#undef HAS
    return other;
}

/* ---- packed and unpacked ---- */

static int
part_of(void *arg, int part, GByteArray *bytes)
{
    return gl_sealed_part(arg, part, bytes);
}

static int
unpack(struct gl_sealed *sealed, uint32_t wants, struct gl_columns **set)
{
    struct gl_sealed_from from = {20000, sealed->head, sealed->head_len,
                                  part_of, sealed};

    return gl_sealed_unpack(&from, wants, set);
}

/* Some bytes of a part are others, or missing: it is damaged, or (no CRC is
 * asked here) another set. */
static int
flip_some(struct gl_sealed *sealed)
{
    GByteArray *bytes = sealed->parts[tap_below(GL_SEALED_PARTS)];
    struct gl_columns *set;
    guint len = bytes->len, at;
    guint8 was;
    int rc;

    if (len == 0)
        return 0;
    at = (guint) tap_below(len);
    was = bytes->data[at];
    bytes->data[at] ^= (guint8) (1 + tap_below(255));
    bytes->len -= tap_below(3) == 0 ? (guint) tap_below(len) : 0;
    rc = unpack(sealed, GL_PARTS_ALL, &set);
    gl_columns_free(set);
    bytes->len = len;
    bytes->data[at] = was;
    return rc == GL_SEALED_DAMAGED;
}

/* Half of them squeezed; FRAMES: how many parts are then frames. */
static struct gl_sealed *
packed(const struct gl_columns *set, int *frames)
{
    struct gl_sealed *sealed = gl_sealed_pack(set);

    if (tap_below(2) == 0)
        gl_sealed_squeeze(sealed);
    for (int part = 0; part < GL_SEALED_ALL; part++)
        *frames += sealed->is_zstd[part];
    return sealed;
}

static void
test_round_trip(void)
{
    int wrong = 0, wrong_parts = 0, wrong_head = 0, found = 0, frames = 0;

    for (int i = 0; i < SETS; i++) {
        struct gl_columns *set = some_set(), *again, *some;
        struct gl_sealed *sealed = packed(set, &frames);
        uint32_t wants = (uint32_t) tap_random() & GL_PARTS_ALL;
        size_t at = tap_below(sealed->head_len);

        wrong += unpack(sealed, GL_PARTS_ALL, &again) != 0 ||
                 sets_differ(set, again);
        wrong_parts += unpack(sealed, wants, &some) != 0 ||
                       (some->has & wants) != wants || sets_differ(set, some);
        for (int n = 0; n < FLIPS; n++)
            found += flip_some(sealed);
        sealed->head[at] ^= (uint8_t) (1 + tap_below(255));
        gl_columns_free(some);
        wrong_head += unpack(sealed, GL_PARTS_ALL, &some) != GL_SEALED_DAMAGED;
        gl_columns_free(again);
        gl_columns_free(set);
        gl_sealed_free(sealed);
    }
    tap_int(wrong, 0, "%d sets are unpacked as they were", SETS);
    tap_int(wrong_parts, 0, "so are some of their parts, and nothing else");
    tap_int(wrong_head, 0, "a damaged head is found");
    tap_ok(frames > 0, "%d parts were frames of zstd", frames);
    tap_ok(found > 0, "%d damaged parts do not fit together", found);
}

/* ---- in a file ---- */

static struct gl_account *account;

static void
begin(void)
{
    if (gl_file_begin(gl_account_file(account), GL_COMMIT_FULL) != 0)
        tap_bail("begin: %s", gl_account_why(account));
}

static void
commit(void)
{
    if (gl_file_commit(gl_account_file(account)) != 0)
        tap_bail("commit: %s", gl_account_why(account));
}

static void
add_visit(int64_t at_ms, uint64_t visitor, int open)
{
    struct gl_store_event event = probe_event(at_ms, visitor);
    struct gl_visit visit = {.visitor = visitor,
                             .start_ms = at_ms,
                             .last_ms = at_ms,
                             .seen_ms = at_ms,
                             .pageviews = 1};

    begin();
    gl_account_next_id(account, &visit.id);
    gl_account_open_visit(account, &visit, &event);
    if (!open)
        gl_account_close_visit(account, &visit);
    gl_account_insert(account, &event);
    commit();
}

/* How many visits the sealed set of the day has; -1 = it is not sealed. */
static int
sealed_visits(int64_t day)
{
    struct gl_account *reader = gl_account_reader(account);
    struct gl_sealed_day asked = {PROBE_SITE, day, 0};
    struct gl_columns *set;
    int visits;

    if (gl_account_read(reader) != 0 ||
        gl_account_day_tokens(reader, PROBE_SITE, day, day, &asked.token) !=
            0 ||
        gl_sealed_load(reader, &asked, GL_PARTS_ALL, &set) != 0)
        tap_bail("%s", gl_account_why(reader));
    visits = set == NULL ? -1 : (int) set->visits_n;
    gl_columns_free(set);
    gl_account_reader_free(reader);
    return visits;
}

static void
test_file(void)
{
    const char *data = tap_dir();
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    int64_t day_ms = PROBE_DAY * GL_DAY_MS;
    struct gl_sealed_piece piece = {GL_SEALED_SHAPE, 0, "wrong", 5};

    add_visit(day_ms, 1, 0);
    add_visit(day_ms + 2 * GL_DAY_MS, 2, 1);
    tap_int(sealed_visits(PROBE_DAY), -1, "a day is not sealed by itself");
    tap_int(seal_now(account, PROBE_DAY, 3), 0, "nor when it is not over");
    tap_int(seal_next, PROBE_DAY, "which is not forgotten");
    tap_int(seal_now(account, PROBE_DAY + 9, 3), 1,
            "one is, of a visit that is open none");
    tap_int(seal_now(account, PROBE_DAY + 9, 3), 0, "and not again");
    tap_int(seal_next, INT64_MAX, "none is left");
    tap_int(sealed_visits(PROBE_DAY), 1, "its set is read");
    add_visit(day_ms + 1000, 3, 0);
    tap_int(sealed_visits(PROBE_DAY), -1,
            "it is not believed when the day has changed");
    tap_int(seal_now(account, PROBE_DAY + 9, 3), 1, "but sealed again");
    tap_int(sealed_visits(PROBE_DAY), 2, "as it is now");
    begin();
    gl_account_seal_piece(
        account, &(struct gl_sealed_day){PROBE_SITE, PROBE_DAY, 0}, &piece);
    commit();
    tap_int(sealed_visits(PROBE_DAY), -1, "a damaged one is not believed");
    gl_accounts_free(pool);
}

/* What another version sealed is not taken for ours. */
static void
test_formats(void)
{
    int same = 0;

    for (int i = 0; i < 100; i++) {
        uint64_t token = gl_day_token(0, tap_random());

        for (uint64_t one = 1; one < 20; one++)
            for (uint64_t other = 0; other < one; other++)
                same += gl_sealed_token(token, one) ==
                        gl_sealed_token(token, other);
    }
    tap_int(same, 0, "a day sealed in another format has another token");
}

int
main(void)
{
    gl_log_open(GL_LOG_ERROR);
    test_round_trip();
    test_file();
    test_formats();
    return tap_done();
}
