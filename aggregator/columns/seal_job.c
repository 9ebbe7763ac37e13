/* Days to be sealed; see seal_job.h. */

#include "columns/seal_job.h"

#include <string.h>

#include "columns/build.h"
#include "gl_assert.h"
#include "log.h"

/* Nobody waits for it. */
#define NICE 10
/* Of days that take long each one is written alone: what is read is of one
 * commit, which no log can be shortened beyond. */
#define GATHER_US 200000

/* ---- is it lossless? ---- */

static int
same_column(const struct gl_column *a, const struct gl_column *b, size_t n)
{
    return a->bytes == b->bytes &&
           memcmp(a->codes, b->codes, n * a->bytes) == 0;
}

static int
same_props(const struct gl_columns *a, const struct gl_columns *b)
{
    int same = a->props_n == b->props_n;

    for (uint32_t i = 0; same && i < a->props_n; i++) {
        const struct gl_prop_column *one = &a->props[i], *two = &b->props[i];

        same =
            one->key == two->key && one->n == two->n &&
            memcmp(one->event, two->event, one->n * sizeof *one->event) == 0 &&
            same_column(&one->value, &two->value, one->n);
    }
    return same;
}

static int
same_columns(const struct gl_columns *a, const struct gl_columns *b)
{
    int same =
        same_column(&a->visit_seconds, &b->visit_seconds, a->visits_n) &&
        same_column(&a->visit_views, &b->visit_views, a->visits_n);

    for (int i = 0; i < GL_VISIT_COLUMNS; i++)
        same = same && same_column(&a->visit_codes[i], &b->visit_codes[i],
                                   a->visits_n);
    for (int i = 0; i < GL_EVENT_COLUMNS; i++)
        same = same && same_column(&a->event_codes[i], &b->event_codes[i],
                                   a->events_n);
    return same;
}

#define SAME(field, n)                                                        \
    (memcmp(a->field, b->field, (n) * sizeof *a->field) == 0)

static int
same_sets(const struct gl_columns *a, const struct gl_columns *b)
{
    return a->visitors_n == b->visitors_n && a->visits_n == b->visits_n &&
           a->events_n == b->events_n && a->events_end == b->events_end &&
           a->imported == b->imported && a->has == b->has &&
           a->visitor_columns == b->visitor_columns &&
           SAME(visitor_id, a->visitors_n) &&
           SAME(visit_visitor, a->visits_n) &&
           SAME(visit_first, a->visits_n + 1) && SAME(visit_at, a->visits_n) &&
           SAME(visit_bounced, a->visits_n) && SAME(event_at, a->events_n) &&
           SAME(event_viewed, a->events_n / 64 + 1) && same_columns(a, b) &&
           same_props(a, b);
}

static int
is_lossless(struct gl_sealed *sealed, const struct gl_columns *set)
{
    struct gl_columns *again;
    int same = gl_sealed_unpack_all(sealed, set->day, &again) == 0 &&
               same_sets(set, again);

    gl_columns_free(again);
    return same;
}

/* ---- the next one ---- */

static int
is_stopped(void *arg)
{
    struct gl_seal_job *job = arg;

    return atomic_load(&job->stop);
}

/* 0 or -enum gl_store_error. */
static int
add_sums(struct gl_seal_job *job, struct gl_account *reader,
         const struct gl_columns *set, struct gl_sealed *sealed)
{
    if (job->sums.add == NULL)
        return 0;
    return job->sums.add(job->sums.arg, reader, job->day.site, set,
                         &sealed->parts[GL_SEALED_PARTS]);
}

/* SEALED, or NULL, is of the day looked at. */
static void
add_found(struct gl_seal_job *job, struct gl_sealed *sealed)
{
    GL_ASSERT(job->n < GL_SEAL_DAYS);
    job->found[job->n++] = (struct gl_seal_found){job->day, sealed};
    for (int i = 0; sealed != NULL && i < GL_SEALED_ALL; i++)
        job->bytes += sealed->parts[i]->len;
}

/* SET is of the day looked at: 0 or -enum gl_store_error. */
static int
take_set(struct gl_seal_job *job, struct gl_account *reader,
         const struct gl_columns *set)
{
    struct gl_sealed *sealed;
    int rc;

    if (set->open) {
        job->later = 1;
        return 0;
    }
    sealed = gl_sealed_pack(set);
    rc = add_sums(job, reader, set, sealed);
    if (rc == 0) {
        gl_sealed_squeeze(sealed);
        if (is_lossless(sealed, set)) {
            add_found(job, sealed);
            return 0;
        }
        gl_log(GL_LOG_ERROR,
               "day %" G_GINT64_FORMAT " of site %" G_GINT64_FORMAT
               " is not sealed: what is read back is another set",
               job->day.day, job->day.site);
    }
    gl_sealed_free(sealed);
    return rc;
}

/* 0 or -enum gl_store_error. */
static int
look_at_day(struct gl_seal_job *job, struct gl_account *reader)
{
    struct gl_build build = {.reader = reader,
                             .site = job->day.site,
                             .day = job->day.day,
                             .stop = is_stopped,
                             .arg = job};
    struct gl_columns *set;
    int rc = gl_account_unsettled(reader, job->day.site, job->day.day);

    if (rc != 0) {
        job->later |= rc > 0;
        return rc < 0 ? rc : 0;
    }
    rc = gl_columns_build(&build, &set);
    if (rc == GL_BUILD_MANY) {
        add_found(job, NULL);
        return 0;
    }
    if (rc != 0)
        return rc < 0 ? rc : 0;
    rc = take_set(job, reader, set);
    gl_columns_free(set);
    return rc;
}

/* There are days, and it is time to write them. */
static int
is_enough(const struct gl_seal_job *job, int64_t until_us)
{
    return job->n == GL_SEAL_DAYS || job->bytes >= GL_SEAL_BYTES ||
           (job->n > 0 && g_get_monotonic_time() >= until_us);
}

/* None is left of those that are over: 0 or -enum gl_store_error. */
static int
find_next(struct gl_seal_job *job, struct gl_account *reader)
{
    struct gl_sealed_day day = {INT64_MIN, 0, 0};
    int rc;

    while ((rc = gl_account_next_unsealed(reader, INT64_MAX, &day)) == 1)
        if (day.day >= job->before)
            job->next = MIN(job->next, day.day);
    return rc;
}

static int
read_next(void *arg, struct gl_account *reader)
{
    struct gl_seal_job *job = arg;
    int64_t until_us = g_get_monotonic_time() + GATHER_US;
    int rc = 0;

    while (rc == 0 && !is_stopped(job) && !is_enough(job, until_us)) {
        rc = gl_account_next_unsealed(reader, job->before, &job->day);
        if (rc < 0)
            return rc;
        if (rc == 0)
            return find_next(job, reader);
        rc = look_at_day(job, reader);
    }
    return rc < 0 ? rc : 0;
}

static void
forget(struct gl_seal_job *job)
{
    while (job->n > 0)
        gl_sealed_free(job->found[--job->n].sealed);
    job->bytes = 0;
}

int
gl_seal_job_start(struct gl_seal_job *job, const struct gl_account *account)
{
    forget(job);
    job->next = INT64_MAX;
    job->reading.read = read_next;
    job->reading.arg = job;
    job->reading.nice = NICE;
    return gl_reading_start(&job->reading, account);
}

void
gl_seal_job_stop(struct gl_seal_job *job)
{
    atomic_store(&job->stop, 1);
    gl_reading_ready(&job->reading, 1);
    forget(job);
}
