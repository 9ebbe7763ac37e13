/* Findings → sentences; see tell.h. */

#include "summary/tell.h"

#include <math.h>
#include <string.h>

#include "language/numbers.h"
#include "question/range.h"
#include "summary/sentence.h"
#include "summary/suggest.h"

struct telling {
    const struct gl_summary_of *of;
    const struct gl_summary_facts *facts;
    const struct gl_findings *findings;
    struct gl_ledger ledger;
    struct gl_sentence sentence;
};

/* ---- what is usual ---- */

static int
visitors_of_week(struct gl_ledger *ledger, int week, const void *arg)
{
    (void) arg;
    return gl_ledger_visitors(ledger, week);
}

static int
bots_of_week(struct gl_ledger *ledger, int week, const void *arg)
{
    (void) arg;
    return gl_ledger_bots(ledger, week);
}

static int
day_of_week(struct gl_ledger *ledger, int week, const void *day)
{
    return gl_ledger_day(ledger, week, *(const int *) day);
}

static int
hole_of_week(struct gl_ledger *ledger, int week, const void *arg)
{
    const struct gl_hole *hole = arg;

    return gl_ledger_hours(ledger, week, hole->from, hole->to);
}

struct one {
    enum gl_summary_by by;
    const struct gl_summary_value *value;
};

static int
value_of_week(struct gl_ledger *ledger, int week, const void *arg)
{
    const struct one *one = arg;

    return gl_ledger_value(ledger, one->by, one->value, week);
}

/* The places {n} and {usual} of ONE; which facts they are in NOW and USUAL. */
static void
put_value(struct telling *telling, struct one one, int *now, int *usual)
{
    *now = gl_ledger_value(&telling->ledger, one.by, one.value, 0);
    *usual = gl_ledger_usual(&telling->ledger, value_of_week, &one);
    gl_sentence_number(&telling->sentence, "n", *now);
    gl_sentence_number(&telling->sentence, "usual", *usual);
}

/* ---- visitors ---- */

static void
tell_compared(struct telling *telling, int now)
{
    struct gl_sentence *sentence = &telling->sentence;
    double spreads = telling->findings->visitors.spreads;
    int usual = gl_ledger_usual(&telling->ledger, visitors_of_week, NULL);
    enum gl_say says = GL_SAY_SUMMARY_VISITORS_SAME;
    double was = (double) gl_ledger_number(&telling->ledger, usual);
    int is_told = fabs(spreads) >= GL_SUMMARY_TOLD && was > 0;

    gl_sentence_number(sentence, "usual", usual);
    if (is_told &&
        gl_is_times((double) gl_ledger_number(&telling->ledger, now), was)) {
        says = GL_SAY_SUMMARY_VISITORS_FAR;
    } else if (is_told) {
        gl_sentence_percent(
            sentence, "percent",
            gl_ledger_made(&telling->ledger, "percent", now, usual));
        says = spreads > 0 ? GL_SAY_SUMMARY_VISITORS_MORE
                           : GL_SAY_SUMMARY_VISITORS_FEWER;
    }
    gl_sentence_end(sentence, "visitors", says, 0);
}

static void
tell_visitors(struct telling *telling)
{
    struct gl_sentence *sentence = &telling->sentence;

    gl_sentence_begin(sentence);
    if (telling->facts->visitors[0] <= 0 && !telling->findings->is_compared) {
        gl_sentence_end(sentence, "visitors", GL_SAY_SUMMARY_VISITORS_NONE, 0);
        return;
    }
    int now = gl_ledger_visitors(&telling->ledger, 0);
    gl_sentence_number(sentence, "n", now);
    if (telling->findings->is_compared)
        tell_compared(telling, now);
    else
        gl_sentence_end(sentence, "visitors", GL_SAY_SUMMARY_VISITORS_ALONE,
                        0);
}

static void
tell_record(struct telling *telling)
{
    int64_t date;

    if (!telling->findings->is_record || telling->facts->most_week == NULL ||
        !gl_range_read_date(telling->facts->most_week, &date))
        return;
    gl_sentence_begin(&telling->sentence);
    gl_sentence_number(&telling->sentence, "n",
                       gl_ledger_most(&telling->ledger));
    gl_sentence_date(&telling->sentence, "date", date);
    gl_sentence_end(&telling->sentence, "record", GL_SAY_SUMMARY_RECORD, 0);
}

/* ---- causes ---- */

static const struct {
    enum gl_say first, is_new, with;
} cause_says[GL_SUMMARY_CAUSES] = {
    {GL_SAY_SUMMARY_CAMPAIGN, GL_SAY_SUMMARY_CAMPAIGN_NEW,
     GL_SAY_SUMMARY_WITH_CAMPAIGN},
    {GL_SAY_SUMMARY_SOURCE, GL_SAY_SUMMARY_SOURCE_NEW,
     GL_SAY_SUMMARY_WITH_SOURCE},
    {GL_SAY_SUMMARY_PAGE, GL_SAY_SUMMARY_PAGE_NEW, GL_SAY_SUMMARY_WITH_PAGE},
    {GL_SAY_SUMMARY_COUNTRY, GL_SAY_SUMMARY_COUNTRY_NEW,
     GL_SAY_SUMMARY_WITH_COUNTRY}};

/* What all else had, NOW and usually, facts: the rate. */
static void
tell_rest(struct telling *telling, int now, int usual)
{
    struct gl_sentence *sentence = &telling->sentence;

    if (gl_ledger_number(&telling->ledger, now) < 0 ||
        gl_ledger_number(&telling->ledger, usual) < 0)
        return; /* medians of parts are no parts of a median */
    gl_sentence_begin(sentence);
    gl_sentence_number(sentence, "n", now);
    gl_sentence_number(sentence, "usual", usual);
    gl_sentence_end(sentence, "rest", GL_SAY_SUMMARY_REST, 1);
}

/* How much of the whole change it explains, where it is a part of it; and what
 * all else did, which is the rate. */
static void
tell_part(struct telling *telling, int now, int usual)
{
    struct gl_ledger *ledger = &telling->ledger;
    struct gl_sentence *sentence = &telling->sentence;
    int all = gl_ledger_visitors(ledger, 0);
    int all_usual = gl_ledger_usual(ledger, visitors_of_week, NULL);
    int own = gl_ledger_made(ledger, "difference", now, usual);
    int change = gl_ledger_made(ledger, "difference", all, all_usual);
    double part = (double) gl_ledger_number(ledger, own) /
                  (double) gl_ledger_number(ledger, change);

    if (isfinite(part) && part >= 0.05 && part <= 1) {
        gl_sentence_begin(sentence);
        gl_sentence_percent(sentence, "percent",
                            gl_ledger_made(ledger, "share", own, change));
        gl_sentence_end(sentence, "cause", GL_SAY_SUMMARY_SHARE, 1);
    }
    if (telling->findings->causes.n > 1)
        return; /* no one of them leaves a rest without a cause */
    tell_rest(telling, gl_ledger_made(ledger, "difference", all, now),
              gl_ledger_made(ledger, "difference", all_usual, usual));
}

static void
tell_with(struct telling *telling, const struct gl_cause *cause)
{
    for (int by = 0; by < GL_SUMMARY_CAUSES; by++) {
        struct one one = {(enum gl_summary_by) by, cause->with[by]};
        int now, usual;

        if (one.value == NULL)
            continue;
        gl_sentence_begin(&telling->sentence);
        gl_sentence_name(&telling->sentence, "name", one.by, one.value->text);
        put_value(telling, one, &now, &usual);
        gl_sentence_end(&telling->sentence, "cause", cause_says[by].with, 1);
    }
}

static void
tell_cause(struct telling *telling, const struct gl_cause *cause)
{
    struct one one = {cause->by, cause->value};
    int now, usual;

    gl_sentence_begin(&telling->sentence);
    gl_sentence_name(&telling->sentence, "name", one.by, one.value->text);
    put_value(telling, one, &now, &usual);
    int is_new = gl_ledger_number(&telling->ledger, usual) == 0;
    gl_sentence_end(&telling->sentence, "cause",
                    is_new ? cause_says[cause->by].is_new
                           : cause_says[cause->by].first,
                    0);
    tell_with(telling, cause);
    /* a page has visitors that others have, too */
    if (cause->by != GL_SUMMARY_PAGE)
        tell_part(telling, now, usual);
}

static void
tell_causes(struct telling *telling)
{
    const struct gl_findings *findings = telling->findings;

    for (int i = 0; i < findings->causes.n; i++)
        tell_cause(telling, &findings->causes.one[i]);
    if (findings->causes.n > 0 || findings->hole.to > findings->hole.from ||
        fabs(findings->visitors.spreads) < GL_SUMMARY_TOLD)
        return;
    gl_sentence_begin(&telling->sentence);
    gl_sentence_end(&telling->sentence, "cause", GL_SAY_SUMMARY_ALIKE, 0);
}

/* ---- days, hours ---- */

static void
tell_hole(struct telling *telling)
{
    const struct gl_hole *hole = &telling->findings->hole;
    struct gl_sentence *sentence = &telling->sentence;

    if (hole->to <= hole->from)
        return;
    gl_sentence_begin(sentence);
    gl_sentence_hour(sentence, "from", hole->from);
    gl_sentence_hour(sentence, "to", hole->to);
    gl_sentence_number(sentence, "usual",
                       gl_ledger_usual(&telling->ledger, hole_of_week, hole));
    gl_sentence_end(sentence, "hole", GL_SAY_SUMMARY_HOLE, 0);
}

static void
tell_days(struct telling *telling)
{
    const struct gl_findings *findings = telling->findings;
    struct gl_sentence *sentence = &telling->sentence;
    int day = findings->odd >= 0 ? findings->odd : findings->busiest;

    if (day < 0)
        return;
    gl_sentence_begin(sentence);
    gl_sentence_date(sentence, "date", telling->of->monday + day);
    gl_sentence_number(sentence, "n", gl_ledger_day(&telling->ledger, 0, day));
    if (findings->odd >= 0)
        gl_sentence_number(
            sentence, "usual",
            gl_ledger_usual(&telling->ledger, day_of_week, &day));
    gl_sentence_end(sentence, "day",
                    findings->odd >= 0 ? GL_SAY_SUMMARY_ODD_DAY
                                       : GL_SAY_SUMMARY_BUSIEST,
                    0);
}

/* ---- values beside what is usual ---- */

/* VALUE of BY in WITH, which has {usual}, or in ALONE. */
static void
tell_value(struct telling *telling, struct one one, int has_name,
           const char *kind, enum gl_say with, enum gl_say alone)
{
    struct gl_sentence *sentence = &telling->sentence;
    int now, usual;

    gl_sentence_begin(sentence);
    if (has_name)
        gl_sentence_name(sentence, "name", one.by, one.value->text);
    if (telling->findings->is_compared)
        put_value(telling, one, &now, &usual);
    else
        gl_sentence_number(
            sentence, "n",
            gl_ledger_value(&telling->ledger, one.by, one.value, 0));
    gl_sentence_end(sentence, kind,
                    telling->findings->is_compared ? with : alone, 0);
}

static void
tell_machines(struct telling *telling)
{
    const struct gl_findings *findings = telling->findings;

    if (findings->ai != NULL)
        tell_value(telling, (struct one){GL_SUMMARY_CHANNEL, findings->ai}, 0,
                   "ai", GL_SAY_SUMMARY_AI, GL_SAY_SUMMARY_AI_ALONE);
    if (findings->ai_bots != NULL)
        tell_value(telling, (struct one){GL_SUMMARY_KIND, findings->ai_bots},
                   0, "ai", GL_SAY_SUMMARY_AI_BOTS,
                   GL_SAY_SUMMARY_AI_BOTS_ALONE);
}

static int
blocks_of_week(struct gl_ledger *ledger, int week, const void *arg)
{
    (void) arg;
    return gl_ledger_served(ledger, week, "blocks_script");
}

/* What the page of the site begins with, where that is not what all the others
 * tell. */
static void
tell_served(struct telling *telling)
{
    if (!telling->of->by_server)
        return;
    gl_sentence_begin(&telling->sentence);
    gl_sentence_number(&telling->sentence, "n",
                       gl_ledger_served(&telling->ledger, 0, "served"));
    gl_sentence_end(&telling->sentence, "served", GL_SAY_SUMMARY_SERVED, 0);
}

/* Where nginx tells of the pages that it serves. */
static void
tell_blocked(struct telling *telling)
{
    struct gl_ledger *ledger = &telling->ledger;
    struct gl_sentence *sentence = &telling->sentence;

    if (telling->facts->blocks[0] <= 0)
        return;
    int n = gl_ledger_served(ledger, 0, "blocks_script");
    int all = gl_ledger_served(ledger, 0, "served");
    gl_sentence_begin(sentence);
    gl_sentence_number(sentence, "n", n);
    gl_sentence_number(sentence, "all", all);
    gl_sentence_percent(sentence, "percent",
                        gl_ledger_made(ledger, "share", n, all));
    if (telling->findings->is_compared)
        gl_sentence_number(sentence, "usual",
                           gl_ledger_usual(ledger, blocks_of_week, NULL));
    gl_sentence_end(sentence, "blocked",
                    telling->findings->is_compared
                        ? GL_SAY_SUMMARY_BLOCKED
                        : GL_SAY_SUMMARY_BLOCKED_ALONE,
                    0);
}

static void
tell_bots(struct telling *telling)
{
    const struct gl_findings *findings = telling->findings;
    struct gl_sentence *sentence = &telling->sentence;
    struct one bot = {GL_SUMMARY_BOT, findings->bot};
    int now, usual;

    if (findings->bots.now <= 0)
        return;
    gl_sentence_begin(sentence);
    gl_sentence_number(sentence, "n", gl_ledger_bots(&telling->ledger, 0));
    if (findings->is_compared)
        gl_sentence_number(
            sentence, "usual",
            gl_ledger_usual(&telling->ledger, bots_of_week, NULL));
    gl_sentence_end(sentence, "bots",
                    findings->is_compared ? GL_SAY_SUMMARY_BOTS
                                          : GL_SAY_SUMMARY_BOTS_ALONE,
                    0);
    if (bot.value == NULL)
        return;
    gl_sentence_begin(sentence);
    gl_sentence_name(sentence, "name", bot.by, bot.value->text);
    put_value(telling, bot, &now, &usual);
    gl_sentence_end(sentence, "bots", GL_SAY_SUMMARY_BOT, 1);
}

json_t *
gl_summary_tell(const struct gl_summary_of *of,
                const struct gl_summary_facts *facts,
                const struct gl_findings *findings)
{
    struct telling telling = {of, facts, findings, {0}, {0}};
    json_t *sentences = json_array();

    gl_ledger_init(&telling.ledger, of, facts);
    telling.sentence =
        (struct gl_sentence){.ledger = &telling.ledger, .list = sentences};
    tell_served(&telling);
    tell_visitors(&telling);
    tell_record(&telling);
    tell_hole(&telling);
    tell_causes(&telling);
    tell_days(&telling);
    for (int i = 0; i < findings->goals_n; i++)
        tell_value(&telling, (struct one){GL_SUMMARY_GOAL, findings->goals[i]},
                   1, "goal", GL_SAY_SUMMARY_GOAL, GL_SAY_SUMMARY_GOAL_ALONE);
    tell_machines(&telling);
    tell_blocked(&telling);
    tell_bots(&telling);
    gl_summary_suggest(&telling.sentence, facts, findings);
    return json_pack("{s:o, s:o}", "sentences", sentences, "facts",
                     gl_ledger_fini(&telling.ledger));
}
