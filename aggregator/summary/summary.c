/* The summary of a week: asked, found, told; see summary.h. */

#include "summary/summary.h"

#include "answer/asking.h"
#include "answer/definitions.h"
#include "calls/answer.h"
#include "language/say.h"
#include "mondays.h"
#include "store/bots.h"
#include "store/rows/served.h"
#include "summary/findings.h"
#include "summary/questions.h"
#include "summary/tell.h"

/* Rows of bots of nine weeks: a day has some dozens. */
#define BOTS_MAX 50000

/* ---- which week ---- */

/* 0 and *OF, or a status. */
static int
find_week(const struct gl_asking *asking, const struct gl_meta_site *site,
          const char *week, struct gl_summary_of *of, json_t **answer)
{
    const struct gl_range_site *range = gl_asking_site(asking);
    int64_t this_week = gl_monday_of(gl_zone_date(range->zone, range->now_ms));
    int64_t first = gl_zone_date(range->zone, range->first_ms);

    *of = (struct gl_summary_of){.domain = site->domain,
                                 .monday = this_week - 7,
                                 .imports = gl_asking_has_totals(asking),
                                 .by_server = site->count_served};
    if (week != NULL && week[0] != '\0' &&
        !gl_summary_week_read(week, &of->monday))
        return gl_verb_refuse_(answer, 400,
                               "\"%s\" is no week, as 2026-W47 is", week);
    if (of->monday >= this_week)
        return gl_verb_refuse_(answer, 400, "this week is not over");
    first = gl_monday_of(first + 6); /* of the first whole week */
    of->past = (int) CLAMP((of->monday - first) / 7, 0, GL_SUMMARY_PAST);
    of->weeks = MIN(of->past + 1, GL_SUMMARY_WEEKS);
    return 0;
}

/* How many goals are defined: 0, or a status. */
static int
count_goals(const struct gl_query_view *view, const struct gl_meta_site *site,
            struct gl_summary_of *of, json_t **answer)
{
    struct gl_defined *defined = NULL;
    json_auto_t *query = json_pack("{s:[s]}", "dimensions", "event:goal");
    int status = gl_definitions_read(view, site->id, query, &defined, answer);

    of->goals = defined == NULL ? 0 : (int) defined->goals->len;
    gl_defined_free(defined);
    return status;
}

/* ---- facts ---- */

static int
ask_weeks(const struct gl_asking *asking, const struct gl_summary_of *of,
          struct gl_summary_facts *facts, json_t **answer)
{
    int status = 200;

    for (int week = 0; status == 200 && week < of->weeks; week++) {
        json_auto_t *told = NULL;

        status = gl_asking_take(asking, gl_summary_week_question(of, week),
                                &told, answer);
        if (status == 200)
            gl_summary_read_week(told, week, of, facts);
    }
    return status;
}

static int
ask_times(const struct gl_asking *asking, const struct gl_summary_of *of,
          struct gl_summary_facts *facts, json_t **answer)
{
    json_t *told = NULL, *past = gl_summary_past_question(of);
    int status =
        gl_asking_take(asking, gl_summary_time_question(of), &told, answer);

    if (status == 200)
        gl_summary_read_time(told, of, facts);
    json_decref(told);
    if (status != 200 || past == NULL) {
        json_decref(past);
        return status;
    }
    told = NULL;
    status = gl_asking_take(asking, past, &told, answer);
    if (status == 200)
        gl_summary_read_past(told, facts);
    json_decref(told);
    return status;
}

struct bots {
    const struct gl_summary_of *of;
    struct gl_summary_facts *facts;
};

static void
take_bot(void *arg, int64_t day, const struct gl_store_bot *bot, int64_t n)
{
    const struct bots *bots = arg;
    int64_t week = (bots->of->monday + 6 - day) / 7;

    if (day > bots->of->monday + 6 || week >= bots->of->weeks)
        return;
    bots->facts->bots[week] += (double) n;
    gl_summary_add(bots->facts, GL_SUMMARY_BOT, bot->family, (int) week,
                   (double) n);
    gl_summary_add(bots->facts, GL_SUMMARY_KIND, bot->kind, (int) week,
                   (double) n);
}

static int
read_bots(const struct gl_query_view *view, const struct gl_meta_site *site,
          const struct gl_summary_of *of, struct gl_summary_facts *facts,
          json_t **answer)
{
    struct bots bots = {of, facts};

    if (gl_bots_read(view->meta, site->account, site->id,
                     of->monday - 7 * (of->weeks - 1), BOTS_MAX, take_bot,
                     &bots) == -1)
        return gl_verb_storage_(answer, "the account's file");
    return 200;
}

struct served {
    const struct gl_summary_of *of;
    struct gl_summary_facts *facts;
};

/* As answer/served.h has "served" and "blocks_script". */
static void
take_served(void *arg, int64_t day, const struct gl_served_visitors *some)
{
    const struct served *served = arg;
    const int browser = GL_SERVED_BROWSER | GL_SERVED_ASSET;
    int64_t week = (served->of->monday + 6 - day) / 7;

    if (some->views == 0 || day > served->of->monday + 6 ||
        week >= served->of->weeks)
        return;
    served->facts->served[week] += (double) some->n;
    if ((some->has & (browser | GL_SERVED_SCRIPT)) == browser)
        served->facts->blocks[week] += (double) some->n;
}

static int
read_served(const struct gl_asking *asking, const struct gl_meta_site *site,
            const struct gl_summary_of *of, struct gl_summary_facts *facts,
            json_t **answer)
{
    struct served served = {of, facts};

    if (gl_account_served_visitors(gl_asking_reader(asking), site->id,
                                   of->monday - 7 * (of->weeks - 1),
                                   of->monday + 6, take_served, &served) < 0)
        return gl_verb_storage_(answer, "the account's file");
    return 200;
}

/* ---- the summary ---- */

static json_t *
told_json(const struct gl_meta_site *site, const struct gl_summary_of *of,
          const struct gl_summary_facts *facts)
{
    struct gl_findings findings;
    g_autofree char *week = gl_summary_week_text(of->monday);
    g_autofree char *first = gl_range_date_text(of->monday);
    g_autofree char *last = gl_range_date_text(of->monday + 6);

    gl_findings(facts, &findings);
    json_t *told = gl_summary_tell(of, facts, &findings);
    json_object_update_new(
        told,
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:s}", "site", site->domain,
                  "week", week, "first", first, "last", last, "timezone",
                  site->timezone, "weeks_before", of->weeks - 1, "method",
                  gl_say(GL_SAY_SUMMARY_METHOD)));
    return told;
}

static int
make(const struct gl_query_view *view, const struct gl_asking *asking,
     const struct gl_meta_site *site, const struct gl_summary_of *of,
     json_t **answer)
{
    struct gl_summary_facts facts;

    gl_summary_facts_init(&facts, of->weeks);
    facts.goals = of->goals;
    facts.weeks_before = of->past;
    int status = ask_weeks(asking, of, &facts, answer);
    if (status == 200)
        status = ask_times(asking, of, &facts, answer);
    if (status == 200)
        status = read_bots(view, site, of, &facts, answer);
    if (status == 200)
        status = read_served(asking, site, of, &facts, answer);
    if (status == 200)
        *answer = told_json(site, of, &facts);
    gl_summary_facts_fini(&facts);
    return status;
}

int
gl_summary(const struct gl_query_view *view, const struct gl_meta_site *site,
           const char *week, json_t **answer)
{
    struct gl_asking *asking;
    struct gl_summary_of of;
    int status = gl_asking_open(view, site, &asking, answer);

    if (status != 200)
        return status;
    status = gl_asking_with_totals(asking, answer);
    if (status == 200)
        status = find_week(asking, site, week, &of, answer);
    if (status == 0)
        status = count_goals(view, site, &of, answer);
    if (status == 0)
        status = make(view, asking, site, &of, answer);
    gl_asking_close(asking);
    return status;
}
