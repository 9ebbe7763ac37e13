/*
 * Which sites are silent.
 *
 *   a site somebody looks at is quiet for ten minutes
 *     └─► a thread reads its rows of the days that are compared with, once
 *           └─► from when on it is silent; kept until its next event
 *
 * One is read at a time, on a connection of its own and below everything else:
 * the writer reads nothing.  While a thread is busy the others ask again a
 * second later.
 *
 * Writer thread, but read_rows().
 */

#include "live/silences.h"

#include "event.h"
#include "ingest/sites.h"
#include "jobs/reading.h"
#include "live/silence.h"
#include "log.h"
#include "store/rows/rows.h"

#define NICE 10

struct gl_live_silences {
    int64_t site, key_ms; /* whose rows are read, for which newest event */

    /* The thread's until it is ready. */
    const struct gl_zone *zone; /* the ingest's, as long as it lives */
    struct gl_silence silence;
    atomic_int stop;

    struct gl_reading reading;
};

/* ---- in the thread ---- */

static int
take_row(void *arg, const struct gl_row *row)
{
    struct gl_live_silences *s = arg;

    if (row->kind == GL_PAGEVIEW && row->mark != GL_MARK_REPEAT)
        gl_silence_pageview(&s->silence, row->at_ms);
    return atomic_load(&s->stop);
}

static int
take_newest(void *arg, const struct gl_row *row)
{
    int64_t *newest_ms = arg;

    if (row->kind != GL_ENGAGEMENT)
        *newest_ms = MAX(*newest_ms, row->at_ms);
    return 0;
}

/* The newest event, when the object of today knows of none. */
static int
find_newest(struct gl_live_silences *s, struct gl_account *reader,
            int64_t *last_ms)
{
    int64_t day;
    int found = gl_account_newest_day(reader, s->site, &day);

    *last_ms = s->key_ms;
    if (found <= 0 || *last_ms != 0)
        return MIN(found, 0);
    return gl_account_rows(reader, s->site, day * GL_DAY_MS,
                           (day + 1) * GL_DAY_MS, take_newest, last_ms);
}

/* Spans that touch are read at once: their days are the same. */
static int
read_spans(struct gl_live_silences *s, struct gl_account *reader)
{
    const struct gl_silence_span *spans = s->silence.spans;
    int error = 0;

    for (int i = 0, next; i < s->silence.spans_n && error == 0; i = next) {
        int64_t to_ms = spans[i].to_ms;

        for (next = i + 1; next < s->silence.spans_n &&
                           spans[next].from_ms <= to_ms + GL_DAY_MS;
             next++)
            to_ms = spans[next].to_ms;
        error = gl_account_rows(reader, s->site, spans[i].from_ms, to_ms,
                                take_row, s);
    }
    return MIN(error, 0);
}

static int
read_rows(void *arg, struct gl_account *reader)
{
    struct gl_live_silences *s = arg;
    int64_t first_day, last_ms;
    int found = gl_account_oldest_day(reader, s->site, &first_day);
    int error = found == 1 ? find_newest(s, reader, &last_ms) : 0;

    if (found != 1 || error < 0 || last_ms == 0)
        return MIN(found, error);
    /* of its first day nobody knows when it began */
    gl_silence_init(&s->silence, s->zone, (first_day + 1) * GL_DAY_MS,
                    last_ms);
    return read_spans(s, reader);
}

/* ---- the writer thread ---- */

static void
ask(struct gl_ingest *in, struct gl_ingest_site *site, int64_t key_ms)
{
    struct gl_live_silences *s = in->silences;

    if (s != NULL)
        return; /* in a second */
    s = g_new0(struct gl_live_silences, 1);
    s->site = site->id;
    s->key_ms = key_ms;
    s->zone = site->zone;
    s->reading.read = read_rows;
    s->reading.arg = s;
    s->reading.nice = NICE;
    if (gl_reading_start(&s->reading, site->account->store) == 0)
        in->silences = s;
    else
        g_free(s);
}

int64_t
gl_live_silent_since_(struct gl_ingest *in, struct gl_ingest_site *site,
                      int64_t last_ms)
{
    if (last_ms > in->now_ms - GL_SILENCE_LEAST_MS)
        return 0;
    if (!site->quiet.known || site->quiet.key_ms != last_ms) {
        ask(in, site, last_ms);
        return 0;
    }
    return in->now_ms >= site->quiet.begins_ms ? site->quiet.last_ms : 0;
}

static void
take(struct gl_ingest *in, const struct gl_live_silences *s)
{
    struct gl_ingest_site *site = g_hash_table_lookup(in->sites, &s->site);

    if (s->reading.error < 0)
        gl_log(GL_LOG_DEBUG, "site %lld: its rows of before are not read: %s",
               (long long) s->site, s->reading.why);
    if (site == NULL)
        return;
    site->quiet.known = 1;
    site->quiet.key_ms = s->key_ms;
    site->quiet.last_ms = s->silence.last_ms;
    site->quiet.begins_ms =
        s->silence.spans_n > 0 ? gl_silence_begins_ms(&s->silence) : INT64_MAX;
    site->changed = 1;
}

void
gl_live_silences_due_(struct gl_ingest *in)
{
    struct gl_live_silences *s = in->silences;

    if (s == NULL || !gl_reading_ready(&s->reading, 0))
        return;
    take(in, s);
    g_free(s);
    in->silences = NULL;
}

void
gl_live_silences_stop_(struct gl_ingest *in)
{
    struct gl_live_silences *s = in->silences;

    if (s == NULL)
        return;
    atomic_store(&s->stop, 1);
    gl_reading_ready(&s->reading, 1);
    g_free(s);
    in->silences = NULL;
}
