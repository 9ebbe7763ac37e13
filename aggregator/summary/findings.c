/* Facts → findings; see findings.h. */

#include "summary/findings.h"

#include <math.h>
#include <string.h>

#include "summary/usual.h"

/* An hour without any pageview is a hole where hours like it bring so many:
 * by chance e^-20 of them are empty. */
#define HOLE_PAGEVIEWS 20
/* Days differ more than weeks do, and there are seven of them. */
#define ODD_SPREADS 5.0
#define RECORD_WEEKS 8 /* before a week can be a record */
#define AI_CHANNEL "AI Assistants"
#define AI_KIND "ai-crawler"

static struct gl_differs
differs(const double *weeks, int n)
{
    struct gl_usual usual = gl_usual(weeks, n);

    return (struct gl_differs){weeks[0], usual.middle,
                               (weeks[0] - usual.middle) / usual.spread};
}

/* ---- days ---- */

static void
find_busiest(const struct gl_summary_facts *facts,
             struct gl_findings *findings)
{
    const double *days = facts->days[0];

    for (int day = 0; day < GL_SUMMARY_DAYS; day++)
        if (days[day] > 0 &&
            (findings->busiest < 0 || days[day] > days[findings->busiest]))
            findings->busiest = day;
}

/* Visitors of DAY, week by week. */
static void
weeks_of_day(const struct gl_summary_facts *facts, int day,
             double weeks[GL_SUMMARY_WEEKS])
{
    for (int week = 0; week < facts->weeks; week++)
        weeks[week] = facts->days[week][day];
}

/* By which part days differ from their weekday's median: of all days of the
 * weeks before together, since seven numbers of one weekday tell little. */
static double
looseness(const struct gl_summary_facts *facts)
{
    double parts[GL_SUMMARY_DAYS * GL_SUMMARY_WEEKS];
    int n = 0;

    for (int day = 0; day < GL_SUMMARY_DAYS; day++) {
        double weeks[GL_SUMMARY_WEEKS];

        weeks_of_day(facts, day, weeks);
        double middle = gl_median(weeks + 1, facts->weeks - 1);
        for (int week = 1; week < facts->weeks && middle > 0; week++)
            parts[n++] = (weeks[week] - middle) / middle;
    }
    return n == 0 ? 0 : gl_mad(parts, n, 0);
}

static void
find_odd_day(const struct gl_summary_facts *facts,
             struct gl_findings *findings)
{
    double loose = looseness(facts), most = ODD_SPREADS;

    for (int day = 0; day < GL_SUMMARY_DAYS; day++) {
        double weeks[GL_SUMMARY_WEEKS];
        struct gl_differs odd;

        weeks_of_day(facts, day, weeks);
        struct gl_usual usual = gl_usual(weeks, facts->weeks);
        odd =
            (struct gl_differs){weeks[0], usual.middle,
                                (weeks[0] - usual.middle) /
                                    hypot(usual.spread, loose * usual.middle)};
        if (fabs(odd.spreads) < most)
            continue;
        most = fabs(odd.spreads);
        findings->odd = day;
        findings->odd_day = odd;
    }
}

/* ---- holes ---- */

/* Pageviews of WEEK from FROM on and before TO; hours that the clock left out
 * have none. */
static double
sum_of(const struct gl_summary_facts *facts, int week, int from, int to)
{
    double sum = 0;

    for (int hour = from; hour < to; hour++)
        sum += fmax(facts->hours[week][hour], 0);
    return sum;
}

/* 1: no week before was empty then, and its usual number of pageviews is
 * enough. */
static int
is_hole(const struct gl_summary_facts *facts, struct gl_hole *hole)
{
    double sums[GL_SUMMARY_WEEKS], least = INFINITY;

    for (int week = 1; week < facts->weeks; week++) {
        sums[week] = sum_of(facts, week, hole->from, hole->to);
        least = fmin(least, sums[week]);
    }
    hole->usual = gl_median(sums + 1, facts->weeks - 1);
    return hole->usual >= HOLE_PAGEVIEWS && least > 0;
}

static void
find_hole(const struct gl_summary_facts *facts, struct gl_findings *findings)
{
    const double *hours = facts->hours[0];
    struct gl_hole hole;

    for (int hour = 0; hour < GL_SUMMARY_HOURS; hour = hole.to + 1) {
        hole = (struct gl_hole){hour, hour, 0};
        while (hole.to < GL_SUMMARY_HOURS && hours[hole.to] <= 0)
            hole.to++;
        if (hole.to > hole.from && is_hole(facts, &hole) &&
            hole.usual > findings->hole.usual)
            findings->hole = hole;
    }
}

/* ---- goals, bots, machines ---- */

static double
weight_of(const struct gl_differs *differs)
{
    return fabs(differs->spreads) >= GL_SUMMARY_TOLD
               ? 1e9 + fabs(differs->spreads)
               : differs->now;
}

static void
put_goal(struct gl_findings *findings, const struct gl_summary_value *goal,
         struct gl_differs how)
{
    int at = findings->goals_n;

    while (at > 0 && weight_of(&findings->goal[at - 1]) < weight_of(&how))
        at--;
    for (int i = GL_SUMMARY_GOALS - 1; i > at; i--) {
        findings->goals[i] = findings->goals[i - 1];
        findings->goal[i] = findings->goal[i - 1];
    }
    if (at == GL_SUMMARY_GOALS)
        return;
    findings->goals[at] = goal;
    findings->goal[at] = how;
    findings->goals_n += findings->goals_n < GL_SUMMARY_GOALS;
}

static void
find_goals(const struct gl_summary_facts *facts, struct gl_findings *findings)
{
    const GArray *goals = facts->by[GL_SUMMARY_GOAL];

    for (guint i = 0; i < goals->len; i++) {
        const struct gl_summary_value *goal =
            &g_array_index(goals, struct gl_summary_value, i);

        put_goal(findings, goal,
                 findings->is_compared
                     ? differs(goal->n, facts->weeks)
                     : (struct gl_differs){goal->n[0], 0, 0});
    }
}

static void
find_bots(const struct gl_summary_facts *facts, struct gl_findings *findings)
{
    findings->bots = differs(facts->bots, facts->weeks);
    findings->bot = gl_causes_grown(facts, GL_SUMMARY_BOT, facts->bots);
}

static const struct gl_summary_value *
present(const struct gl_summary_value *value)
{
    return value != NULL && value->n[0] > 0 ? value : NULL;
}

void
gl_findings(const struct gl_summary_facts *facts, struct gl_findings *findings)
{
    memset(findings, 0, sizeof *findings);
    findings->busiest = findings->odd = -1;
    findings->is_compared = facts->weeks > GL_SUMMARY_LEAST;
    findings->visitors.now = facts->visitors[0];
    findings->bots.now = facts->bots[0];
    findings->dropped.now = facts->dropped[0];
    find_busiest(facts, findings);
    find_goals(facts, findings);
    findings->ai =
        present(gl_summary_find(facts, GL_SUMMARY_CHANNEL, AI_CHANNEL));
    findings->ai_bots =
        present(gl_summary_find(facts, GL_SUMMARY_KIND, AI_KIND));
    findings->is_record = facts->weeks_before >= RECORD_WEEKS &&
                          facts->visitors[0] > facts->most;
    if (!findings->is_compared)
        return;
    findings->visitors = differs(facts->visitors, facts->weeks);
    if (facts->visitors[0] > 0) { /* else one thing is the cause of all */
        gl_causes_find(facts, &findings->causes);
        find_odd_day(facts, findings);
    }
    find_hole(facts, findings);
    find_bots(facts, findings);
    findings->dropped = differs(facts->dropped, facts->weeks);
}
