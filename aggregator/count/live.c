/* A site's live numbers; see live.h. */

#include "count/live.h"

#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "gl_assert.h"

#define PLACES_MIN 8

static size_t
place_of(const struct gl_visitor_set *set, uint64_t id)
{
    size_t mask = set->places - 1;
    size_t at = (id * UINT64_C(0x9e3779b97f4a7c15)) >> 32 & mask;

    while (set->ids[at] != 0 && set->ids[at] != id)
        at = (at + 1) & mask;
    return at;
}

static int
set_reserve(struct gl_visitor_set *set)
{
    if ((set->n + 1) * 2 <= set->places)
        return 0;

    struct gl_visitor_set bigger = {
        .places = set->places == 0 ? PLACES_MIN : set->places * 2};

    bigger.ids = calloc(bigger.places, sizeof *bigger.ids);
    if (bigger.ids == NULL)
        return -1;
    for (size_t i = 0; i < set->places; i++)
        if (set->ids[i] != 0)
            bigger.ids[place_of(&bigger, set->ids[i])] = set->ids[i];
    bigger.n = set->n;
    free(set->ids);
    *set = bigger;
    GL_ASSERT((set->places & (set->places - 1)) == 0);
    return 0;
}

static void
set_add(struct gl_visitor_set *set, uint64_t id)
{
    if (id == 0)
        id = 1;                      /* 0 marks a free place; one id in 2^63 */
    GL_ASSERT(set->n < set->places); /* one was reserved */

    size_t at = place_of(set, id);

    if (set->ids[at] == 0) {
        set->ids[at] = id;
        set->n++;
    }
}

static void
set_clear(struct gl_visitor_set *set)
{
    free(set->ids);
    memset(set, 0, sizeof *set);
}

/* One more in the slot; what is older than the ring's newer lap is past. */
static void
slot_add(struct gl_live_slot *ring, size_t n, uint32_t stands_for)
{
    struct gl_live_slot *s = &ring[stands_for % n];

    if (s->stands_for > stands_for)
        return;
    if (s->stands_for < stands_for) {
        s->stands_for = stands_for;
        s->n = 0;
    }
    s->n++;
}

void
gl_live_init(struct gl_live_counts *live, int64_t day_start_ms,
             int64_t day_end_ms)
{
    GL_ASSERT(day_start_ms <= day_end_ms);
    memset(live, 0, sizeof *live);
    live->day_start_ms = day_start_ms;
    live->day_end_ms = day_end_ms;
}

void
gl_live_fini(struct gl_live_counts *live)
{
    set_clear(&live->today.visitors);
    set_clear(&live->tomorrow.visitors);
}

int
gl_live_reserve(struct gl_live_counts *live)
{
    return set_reserve(&live->today.visitors) == 0 &&
                   set_reserve(&live->tomorrow.visitors) == 0
               ? 0
               : -1;
}

void
gl_live_forget(struct gl_live_counts *live, int64_t last_ms)
{
    int64_t second = last_ms / 1000;
    struct gl_live_slot *s =
        &live->seconds[(uint64_t) second % GL_LIVE_SECONDS];

    if (s->stands_for == second && s->n > 0)
        s->n--;
}

void
gl_live_remember(struct gl_live_counts *live, int64_t last_ms)
{
    slot_add(live->seconds, GL_LIVE_SECONDS, (uint32_t) (last_ms / 1000));
}

static struct gl_day_numbers *
day_of(struct gl_live_counts *live, int64_t at_ms)
{
    if (at_ms >= live->day_end_ms)
        return &live->tomorrow;
    return at_ms >= live->day_start_ms ? &live->today : NULL;
}

void
gl_live_past(struct gl_live_counts *live, const struct gl_row *row)
{
    struct gl_day_numbers *day = day_of(live, row->at_ms);
    int counted = row->kind == GL_PAGEVIEW && row->mark != GL_MARK_REPEAT;

    if (row->at_ms > live->last_ms)
        live->last_ms = row->at_ms;
    if (counted)
        slot_add(live->minutes, GL_LIVE_RING, (uint32_t) (row->at_ms / 60000));
    if (day != NULL) {
        set_add(&day->visitors, row->visitor);
        day->pageviews += counted;
    }
}

void
gl_live_recount(struct gl_live_counts *live, int64_t at_ms, int visits,
                int pageviews)
{
    struct gl_day_numbers *day = day_of(live, at_ms);
    int64_t minute = at_ms / 60000;
    struct gl_live_slot *s = &live->minutes[(uint64_t) minute % GL_LIVE_RING];

    if (s->stands_for == minute)
        s->n += (uint32_t) pageviews;
    if (day != NULL) {
        day->visits += (uint32_t) visits;
        day->pageviews += (uint32_t) pageviews;
    }
}

void
gl_live_event(struct gl_live_counts *live, const struct gl_row *row,
              int64_t before_ms, int new_visit)
{
    struct gl_day_numbers *day = day_of(live, row->at_ms);

    GL_ASSERT(row->kind != GL_ENGAGEMENT);
    GL_ASSERT(!new_visit || before_ms == INT64_MIN);
    gl_live_past(live, row);
    if (before_ms != INT64_MIN)
        gl_live_forget(live, before_ms);
    gl_live_remember(live, row->at_ms);
    if (day != NULL)
        day->visits += new_visit != 0;
}

void
gl_live_turn_day(struct gl_live_counts *live, int64_t start_ms, int64_t end_ms)
{
    GL_ASSERT(start_ms <= end_ms);
    set_clear(&live->today.visitors);
    memset(&live->today, 0, sizeof live->today);
    if (start_ms == live->day_end_ms) {
        live->today = live->tomorrow;
        memset(&live->tomorrow, 0, sizeof live->tomorrow);
    } else {
        set_clear(&live->tomorrow.visitors);
        memset(&live->tomorrow, 0, sizeof live->tomorrow);
    }
    live->day_start_ms = start_ms;
    live->day_end_ms = end_ms;
}

/* Pageviews of the N minutes that end with LAST. */
static uint32_t
count_minutes(const struct gl_live_counts *live, int64_t last, int n)
{
    uint32_t sum = 0;

    for (int64_t minute = last - n + 1; minute <= last; minute++) {
        const struct gl_live_slot *s =
            &live->minutes[(uint64_t) minute % GL_LIVE_RING];

        if (s->stands_for == minute)
            sum += s->n;
    }
    return sum;
}

void
gl_live_numbers(const struct gl_live_counts *live, int64_t now_ms,
                struct gl_live_numbers *numbers)
{
    int64_t second = now_ms / 1000, minute = now_ms / 60000;

    memset(numbers, 0, sizeof *numbers);
    for (int i = 0; i < GL_LIVE_SECONDS; i++) {
        const struct gl_live_slot *s = &live->seconds[i];

        if (s->stands_for > second - GL_LIVE_WINDOW_S &&
            s->stands_for <= second)
            numbers->visitors += s->n;
    }
    for (int i = 0; i < GL_LIVE_MINUTES; i++) {
        int64_t stands_for = minute - GL_LIVE_MINUTES + 1 + i;

        numbers->pageviews_30m[i] = count_minutes(live, stands_for, 1);
    }
    numbers->today_visitors = (uint32_t) live->today.visitors.n;
    numbers->today_visits = live->today.visits;
    numbers->today_pageviews = live->today.pageviews;
    numbers->last_ms = live->last_ms;
}

size_t
gl_live_bytes(const struct gl_live_counts *live)
{
    return (live->today.visitors.places + live->tomorrow.visitors.places) *
           sizeof(uint64_t);
}
