/*
 * Promise: the summary of a week names what caused a change.  In 500 made
 * weeks, size of effect and noise random, at least 95 % of the causes whose
 * effect is over twice the noise are named; of 200 quiet weeks none gets a
 * cause.
 */

#include "summary/findings.h"
#include "../lib/summary_world.h"

#define WEEKS 500
#define QUIET 200

static int
is_it(const struct gl_summary_value *value, const char *name)
{
    return value != NULL && strcmp(value->text, name) == 0;
}

/* The cause of MADE is one that FOUND names. */
static int
is_named(const struct made *made, const struct gl_findings *found)
{
    if (made->story == STORY_BOTS)
        return is_it(found->bot, made->name);
    if (made->story == STORY_HOLE)
        return found->hole.to > found->hole.from &&
               found->hole.from <= made->from && found->hole.to >= made->to;
    for (int i = 0; i < found->causes.n; i++) {
        const struct gl_cause *cause = &found->causes.one[i];

        if ((cause->by == made->by && is_it(cause->value, made->name)) ||
            is_it(cause->with[made->by], made->name))
            return 1;
    }
    return 0;
}

static void
tell(const struct made *made, const struct gl_findings *found, const char *is)
{
    tap_diag("%s: story %d %s, size %.0f, noise %.0f, usual %.0f, spread "
             "%.0f, factor %.2f, bots %.1f",
             is, (int) made->story, made->name, made->size, made->noise,
             found->causes.usual, found->causes.spread, found->causes.factor,
             found->bots.spreads);
    for (int i = 0; i < found->causes.n; i++)
        tap_diag("  %d %s %.0f, usually %.0f, now %.0f",
                 (int) found->causes.one[i].by,
                 found->causes.one[i].value->text, found->causes.one[i].own,
                 found->causes.one[i].usual, found->causes.one[i].value->n[0]);
}

static void
check_effects(void)
{
    int large[STORY_N] = {0}, named[STORY_N] = {0}, all = 0, right = 0;

    for (int i = 0; i < WEEKS; i++) {
        struct made made;
        struct gl_findings found;

        make_weeks(&made, (enum story)(1 + i % (STORY_N - 1)),
                   uniform(0.5, 8));
        gl_findings(&made.facts, &found);
        if (made.size > 2 * made.noise) {
            large[made.story]++;
            named[made.story] += is_named(&made, &found);
            if (!is_named(&made, &found))
                tell(&made, &found, "not named");
        }
        gl_summary_facts_fini(&made.facts);
    }
    for (int story = 1; story < STORY_N; story++) {
        all += large[story];
        right += named[story];
        tap_diag("story %d: %d of %d", story, named[story], large[story]);
    }
    tap_ok(all > WEEKS / 3, "enough are over twice the noise: %d", all);
    tap_ok(right >= 0.95 * all, "named: %d of %d", right, all);
}

static int
is_quiet(const struct gl_findings *found)
{
    return found->causes.n == 0 && found->bot == NULL &&
           found->hole.to == found->hole.from;
}

static void
check_quiet(void)
{
    int false_causes = 0, odd = 0;

    for (int i = 0; i < QUIET; i++) {
        struct made made;
        struct gl_findings found;

        make_weeks(&made, STORY_QUIET, 0);
        gl_findings(&made.facts, &found);
        odd += found.odd >= 0;
        if (!is_quiet(&found)) {
            false_causes++;
            tell(&made, &found, "false cause");
        }
        gl_summary_facts_fini(&made.facts);
    }
    tap_int(false_causes, 0, "quiet weeks with a cause, of %d", QUIET);
    tap_ok(odd <= QUIET / 50, "an odd day is seldom: %d of %d", odd, QUIET);
}

int
main(void)
{
    check_effects();
    check_quiet();
    return tap_done();
}
