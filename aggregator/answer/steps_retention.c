/* Retention asked about: "retention": "week"; see steps.h. */

#include "answer/steps_internal.h"

#include "query/walk/retention.h"

/* Weeks that have not begun have nobody: the range ends now. */
static int
read_weeks(struct gl_steps_ *steps, struct gl_buckets *weeks)
{
    const struct gl_range_site *site = &steps->site->range;

    if (g_strcmp0(json_string_value(steps->body), "week") != 0)
        return gl_defined_refuse_(steps->why, "\"retention\" is \"week\"");
    gl_range_cut(&steps->asked.range, site->now_ms);
    if (gl_range_buckets(site->zone, &steps->asked.range, GL_STEP_WEEK,
                         weeks) == -1 ||
        weeks->labels->len > GL_RETENTION_WEEKS_MAX)
        return gl_defined_refuse_(
            steps->why, "\"retention\": \"date_range\" has more than %d weeks",
            GL_RETENTION_WEEKS_MAX);
    return 1;
}

/* Whether somebody was seen before is known from all that there is. */
static enum gl_executed
count(struct gl_steps_ *steps, const struct gl_buckets *weeks,
      struct gl_retention *retention)
{
    struct gl_question question = {
        .site = steps->site->id,
        .from_ms =
            MIN(steps->site->range.first_ms, steps->asked.range.from_ms),
        .to_ms = steps->asked.range.to_ms,
        .by = {{.what = GL_DIMENSION_TIME}},
        .by_n = 1,
        .filter = steps->asked.filter,
        .time = *weeks,
    };
    const struct gl_question *list[] = {&question};
    enum gl_executed result =
        gl_execute_walk(steps->run, list, 1, gl_retention_step, retention);

    gl_retention_end(retention);
    return gl_steps_end_(steps, result, retention->many,
                         "too many visitors were imported; ask for less");
}

/* ---- the answer ---- */

/* The weeks from FIRST on of those who were first seen then. */
static void
tell_cohort(struct gl_steps_ *steps, const struct gl_retention *retention,
            const char *label, size_t first)
{
    const uint64_t *seen = &retention->seen[first * retention->weeks_n];

    for (size_t week = first; seen[first] > 0 && week < retention->weeks_n;
         week++) {
        char later[16];

        g_snprintf(later, sizeof later, "%zu", week - first);
        gl_steps_add_row_(steps,
                          json_pack("[I, o]", (json_int_t) seen[week],
                                    gl_steps_share_(seen[week], seen[first])),
                          json_pack("[s, s]", label, later));
    }
}

static void
set_number(json_t *meta, const char *key, uint64_t n)
{
    json_object_set_new(meta, key, json_integer((json_int_t) n));
}

static void
tell(struct gl_steps_ *steps, const struct gl_buckets *weeks,
     const struct gl_retention *retention)
{
    json_t *meta = steps->meta;

    steps->metrics = json_pack("[s, s]", "visitors", "retention_rate");
    steps->dimensions = json_pack("[s, s]", "cohort", "weeks_later");
    for (guint i = 0; i < weeks->labels->len; i++)
        tell_cohort(steps, retention, weeks->labels->pdata[i], i);
    set_number(meta, "visitors", retention->known_since);
    set_number(meta, "visitors_before", retention->known_before);
    set_number(meta, "visitors_of_one_day", retention->of_one_day);
    if (retention->of_one_day > 0)
        json_object_set_new(
            meta, "metric_warnings",
            json_pack("{s:{s:s, s:s}}", "retention_rate", "code",
                      "visitors_of_one_day", "warning",
                      "Whoever was not imported is known for one day, and is "
                      "not among the rows: nobody can tell whether they came "
                      "again."));
}

enum gl_executed
gl_steps_retention_(struct gl_steps_ *steps)
{
    struct gl_buckets weeks = {0};
    struct gl_retention retention;
    enum gl_executed result = GL_EXECUTE_BAD;

    if (read_weeks(steps, &weeks)) {
        gl_retention_init(&retention, weeks.edges);
        result = count(steps, &weeks, &retention);
        if (result == GL_EXECUTED)
            tell(steps, &weeks, &retention);
        gl_retention_fini(&retention);
    }
    gl_buckets_fini(&weeks);
    return result;
}
