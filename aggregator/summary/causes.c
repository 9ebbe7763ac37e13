/* Contribution analysis; see causes.h. */

#include "summary/causes.h"

#include <math.h>
#include <string.h>

#include "gl_assert.h"
#include "summary/usual.h"

/* Twice what the tests need (tests/unit/summary_weeks.c): of 12,000 values of
 * 200 quiet weeks none is so far out. */
#define SPREADS 4.5
/* Bots come in waves, each by itself; a few events are nothing. */
#define BOT_SPREADS 5.5
#define BOT_LEAST 15
/* A cause is more than that of the spread of a week's visitors, so that it
 * matters. */
#define OF_WEEK 1.15
/* Of a change in another dimension, to be told as a part of it. */
#define PART 0.5
#define AS_MUCH 0.75
/* Values with fewer visitors say nothing about the factor. */
#define FACTOR_LEAST 15
/* The median distance of N numbers is off by 1.17 over the root of N, in parts
 * of it (its standard error): half is added, for where few tell. */
#define UNSURE (1.17 / 2)
#define OTHERS_LEAST 50 /* visitors of all other values together */
#define FACTORS_LEAST 3 /* values, to tell a factor at all */

/* A value that may be a cause. */
struct candidate {
    enum gl_summary_by by;
    const struct gl_summary_value *value;
    double usual, own;
};

static const struct gl_summary_value *
value_at(const struct gl_summary_facts *facts, int by, guint i)
{
    return &g_array_index(facts->by[by], struct gl_summary_value, i);
}

/* ---- what all do alike ---- */

static int
compare_ratios(gconstpointer left, gconstpointer right)
{
    const double *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

/* By how much WEEK differs from what is usual, of most visitors of a
 * dimension: the median of its values' factors, each with the weight of the
 * root of its count.  -1: too few to tell. */
static double
factor_of(const struct gl_summary_facts *facts, int by, int week)
{
    g_autoptr(GArray) ratios = g_array_new(FALSE, FALSE, 2 * sizeof(double));
    double sum = 0, factor = -1, upto = 0;

    for (guint i = 0; i < facts->by[by]->len; i++) {
        const struct gl_summary_value *value = value_at(facts, by, i);
        double usual = gl_median(value->n + 1, facts->weeks - 1);
        double pair[2] = {value->n[week] / usual, sqrt(usual)};

        if (usual < FACTOR_LEAST)
            continue;
        g_array_append_val(ratios, pair);
        sum += pair[1];
    }
    g_array_sort(ratios, compare_ratios);
    for (guint i = 0;
         i < ratios->len && ratios->len >= FACTORS_LEAST && upto < sum / 2;
         i++) {
        const double *pair =
            (const double *) (gconstpointer) ratios->data + 2 * (gsize) i;

        factor = pair[0];
        upto += pair[1];
    }
    return factor;
}

static double
factor_of_all(const struct gl_summary_facts *facts, int week)
{
    double best = -1;

    for (int by = 0; by < GL_SUMMARY_CAUSES; by++) {
        double factor = factor_of(facts, by, week);

        if (factor > 0 && (best < 0 || fabs(log(factor)) < fabs(log(best))))
            best = factor;
    }
    return best < 0 ? 1 : best;
}

/* ---- what one does by itself ---- */

/* What is asked of a dimension's values. */
struct measure {
    const struct gl_summary_facts *facts;
    const double *factors; /* of each week: by which all changed alike */
    double spread;         /* of a week's sum */
    double spreads;        /* how many of its own a cause is away */
    double least;          /* a smaller one is none */
    double whole;          /* by which part weeks differ, of all values */
    double loose; /* how far values lie from what is usual for them, in parts
                     of it: eight weeks of one value alone tell little */
};

/* How far VALUE is from USUAL in the weeks before, all that changed alike
 * taken out. */
static double
distance_of(const struct measure *measure,
            const struct gl_summary_value *value, double usual)
{
    double away[GL_SUMMARY_WEEKS];
    int n = measure->facts->weeks;

    for (int week = 1; week < n; week++)
        away[week] = value->n[week] - measure->factors[week] * usual;
    return gl_mad(away + 1, n - 1, 0);
}

/* Where no value has enough to tell, they lie as all of them together. */
static double
looseness(const struct measure *measure, int by)
{
    const struct gl_summary_facts *facts = measure->facts;
    double parts[GL_SUMMARY_USUAL_MAX];
    int n = 0;

    for (guint i = 0; i < facts->by[by]->len && n < GL_SUMMARY_USUAL_MAX;
         i++) {
        const struct gl_summary_value *value = value_at(facts, by, i);
        double usual = gl_median(value->n + 1, facts->weeks - 1);

        if (usual >= FACTOR_LEAST)
            parts[n++] = distance_of(measure, value, usual) / usual;
    }
    return n == 0 ? measure->whole
                  : gl_median(parts, n) *
                        (1 + UNSURE / sqrt(n * (facts->weeks - 1)));
}

/* By how much VALUE may differ by chance, up (WAY 1) or down: what is counted
 * (Poisson), and by which part it goes its own way, which is a factor: 4 times
 * as many are as seldom as a quarter. */
static double
reach_of(const struct measure *measure, const struct gl_summary_value *value,
         double usual, int way)
{
    double away = distance_of(measure, value, usual);
    double loose =
        fmax(measure->loose, sqrt(fmax(away * away - usual, 0)) / (usual + 1));

    return hypot(measure->spreads * sqrt(usual + 1),
                 usual * fabs(exp(way * measure->spreads * loose) - 1));
}

/* The factor of all others of its dimension, where it is nearer to 1: what
 * hits one of few values must not be taken for what hits all. */
static double
factor_for(const struct measure *measure, int by,
           const struct gl_summary_value *value)
{
    const struct gl_summary_facts *facts = measure->facts;
    double now = 0, usual = 0;

    for (guint i = 0; i < facts->by[by]->len; i++) {
        const struct gl_summary_value *other = value_at(facts, by, i);

        now += other == value ? 0 : other->n[0];
        usual +=
            other == value ? 0 : gl_median(other->n + 1, facts->weeks - 1);
    }
    double factor = now / usual;
    return usual >= OTHERS_LEAST && now > 0 &&
                   fabs(log(factor)) < fabs(log(measure->factors[0]))
               ? factor
               : measure->factors[0];
}

/* 1: CANDIDATE's own change is far more than chance. */
static int
is_candidate(const struct measure *measure, const struct candidate *candidate)
{
    double own = fabs(candidate->own);

    return candidate->value->text[0] != '\0' &&
           own > OF_WEEK * measure->spread && own > measure->least &&
           own > reach_of(measure, candidate->value, candidate->usual,
                          candidate->own > 0 ? 1 : -1);
}

static void
add_candidates(struct measure *measure, int by, GArray *candidates)
{
    const struct gl_summary_facts *facts = measure->facts;

    measure->loose = looseness(measure, by);
    for (guint i = 0; i < facts->by[by]->len; i++) {
        const struct gl_summary_value *value = value_at(facts, by, i);
        struct candidate one = {(enum gl_summary_by) by, value,
                                gl_median(value->n + 1, facts->weeks - 1), 0};

        one.own = value->n[0] - measure->factors[0] * one.usual;
        if (!is_candidate(measure, &one) && by < GL_SUMMARY_CAUSES)
            one.own = value->n[0] - factor_for(measure, by, value) * one.usual;
        if (is_candidate(measure, &one))
            g_array_append_val(candidates, one);
    }
}

/* The largest first; of equals the dimension that tells more. */
static int
compare_candidates(gconstpointer left, gconstpointer right)
{
    const struct candidate *a = left, *b = right;
    double x = fabs(a->own), y = fabs(b->own);

    if (x != y)
        return (x < y) - (x > y);
    return a->by != b->by ? (a->by > b->by) - (a->by < b->by)
                          : strcmp(a->value->text, b->value->text);
}

const struct gl_summary_value *
gl_causes_grown(const struct gl_summary_facts *facts, enum gl_summary_by by,
                const double *weeks)
{
    static const double alone[GL_SUMMARY_WEEKS] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    g_autoptr(GArray) candidates =
        g_array_new(FALSE, FALSE, sizeof(struct candidate));
    struct gl_usual all = gl_usual(weeks, facts->weeks);
    struct measure measure = {.facts = facts,
                              .factors = alone,
                              .spread = all.spread,
                              .spreads = BOT_SPREADS,
                              .least = BOT_LEAST,
                              .whole = all.spread / fmax(all.middle, 1)};
    const struct gl_summary_value *grown = NULL;

    add_candidates(&measure, by, candidates);
    g_array_sort(candidates, compare_candidates);
    for (guint i = 0; i < candidates->len && grown == NULL; i++)
        if (g_array_index(candidates, struct candidate, i).own > 0)
            grown = g_array_index(candidates, struct candidate, i).value;
    return grown;
}

/* ---- what belongs together ---- */

/* CANDIDATE changed with CAUSE: the same way, and it is of another
 * dimension. */
static int
goes_with(const struct candidate *candidate, const struct gl_cause *cause)
{
    return candidate->by != cause->by &&
           (candidate->own > 0) == (cause->own > 0);
}

/* 1: CANDIDATE is told with one that is there. */
static int
join(struct gl_causes *causes, const struct candidate *candidate)
{
    for (int i = 0; i < causes->n; i++) {
        struct gl_cause *cause = &causes->one[i];

        if (!goes_with(candidate, cause))
            continue;
        if (cause->with[candidate->by] != NULL)
            continue; /* another one of that dimension */
        if (fabs(candidate->own) >= PART * fabs(cause->own)) {
            cause->with[candidate->by] = candidate->value;
            cause->with_own[candidate->by] = candidate->own;
        }
        return 1;
    }
    return 0;
}

static void
put_cause(struct gl_causes *causes, const struct candidate *candidate)
{
    if (join(causes, candidate) || causes->n == GL_SUMMARY_CAUSES_MAX)
        return;
    causes->one[causes->n++] = (struct gl_cause){.by = candidate->by,
                                                 .value = candidate->value,
                                                 .usual = candidate->usual,
                                                 .own = candidate->own};
}

/* The first of those that changed together, and as much, tells most. */
static void
put_first(const struct gl_summary_facts *facts, struct gl_cause *cause)
{
    enum gl_summary_by was = cause->by;
    int by = 0;

    while (by < (int) was &&
           (cause->with[by] == NULL ||
            fabs(cause->with_own[by]) < AS_MUCH * fabs(cause->own)))
        by++;
    if (by == (int) was)
        return;
    cause->with[was] = cause->value;
    cause->with_own[was] = cause->own;
    cause->by = (enum gl_summary_by) by;
    cause->value = cause->with[by];
    cause->own = cause->with_own[by];
    cause->usual = gl_median(cause->value->n + 1, facts->weeks - 1);
    cause->with[by] = NULL;
}

void
gl_causes_find(const struct gl_summary_facts *facts, struct gl_causes *causes)
{
    g_autoptr(GArray) candidates =
        g_array_new(FALSE, FALSE, sizeof(struct candidate));
    struct gl_usual week = gl_usual(facts->visitors, facts->weeks);
    double factors[GL_SUMMARY_WEEKS];
    struct measure measure = {.facts = facts,
                              .factors = factors,
                              .spread = week.spread,
                              .spreads = SPREADS};

    GL_ASSERT(facts->weeks > GL_SUMMARY_LEAST);
    memset(causes, 0, sizeof *causes);
    causes->usual = week.middle;
    causes->spread = week.spread;
    for (int i = 0; i < facts->weeks; i++)
        factors[i] = factor_of_all(facts, i);
    causes->factor = factors[0];
    for (int by = 0; by < GL_SUMMARY_CAUSES; by++)
        add_candidates(&measure, by, candidates);
    g_array_sort(candidates, compare_candidates);
    for (guint i = 0; i < candidates->len; i++)
        put_cause(causes, &g_array_index(candidates, struct candidate, i));
    for (int i = 0; i < causes->n; i++)
        put_first(facts, &causes->one[i]);
}
