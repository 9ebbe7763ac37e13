/*
 * Live numbers of the sites somebody looks at: told when a commit or the
 * clock changed them, at most ten times a second and site (R14: objects hold
 * only what is committed whenever this file looks).
 *
 * Writer thread.
 */

#include "live/live.h"

#include "count/site.h"
#include "ingest/bring.h"
#include "ingest/building.h"
#include "ingest/sites.h"
#include "live/condition.h"
#include "live/conditions.h"
#include "live/silences.h"

#include <string.h>

#define TELL_MS 100  /* at most so often */
#define LOOK_MS 1000 /* the clock alone changes numbers: look so often */

/* The last numbers of today, while they are counted again. */
static void
recall(const struct gl_ingest *in, const struct gl_ingest_site *site,
       struct gl_live *live)
{
    int64_t start_ms, end_ms;

    gl_zone_day(site->zone, in->now_ms, &start_ms, &end_ms);
    live->known = site->told != NULL && site->told->known &&
                  site->told->at_ms >= start_ms;
    if (live->known)
        live->numbers = site->told->numbers;
}

void
gl_live_numbers_(struct gl_ingest *in, struct gl_ingest_site *site,
                 struct gl_live *live)
{
    gl_ingest_ask_(in, site->account);
    int result = gl_ingest_load_(in, site, in->now_ms);
    memset(live, 0, sizeof *live);
    live->id = site->id;
    g_strlcpy(live->site, site->domain, sizeof live->site);
    live->at_ms = in->now_ms;
    live->zone = site->zone;
    live->known = result == 0;
    if (result == 0) {
        gl_ingest_use_(in, site);
        gl_site_live(site->object, in->now_ms, &live->numbers);
    }
    if (result == 1)
        recall(in, site, live);
    gl_live_tell_conditions_(in, site, live);
    if (result == 1)
        gl_live_tell_building_(site, live);
    if (result < 0 && site->account->state != GL_ACCOUNT_HELD)
        gl_live_tell_fault_(in, site, result, live);
}

/* While the account fails its last numbers stand; what is known of it does
 * not. */
static void
look(struct gl_ingest *in, struct gl_ingest_site *site, struct gl_live *live)
{
    if (gl_ingest_works_(site->account) || site->told == NULL ||
        !site->told->known) {
        gl_live_numbers_(in, site, live);
        return;
    }
    *live = *site->told;
    live->at_ms = in->now_ms;
    gl_live_tell_conditions_(in, site, live);
}

static int
same(const struct gl_live *live, const struct gl_live *other)
{
    return live->known == other->known &&
           live->conditions_n == other->conditions_n &&
           memcmp(live->conditions, other->conditions,
                  sizeof live->conditions) == 0 &&
           memcmp(&live->numbers, &other->numbers, sizeof live->numbers) == 0;
}

/* To whoever begins to watch (FIRST) nothing is told while most objects would
 * be there in a moment: a second later it is told what is known. */
static void
tell(struct gl_ingest *in, struct gl_ingest_site *site, int first)
{
    struct gl_live live;

    site->told_ms = in->boot_ms;
    look(in, site, &live);
    site->changed = 0;
    if (first ? site->building != NULL && !live.known
              : site->told != NULL && same(&live, site->told))
        return;
    if (site->told == NULL)
        site->told = g_new(struct gl_live, 1);
    *site->told = live;
    in->told(in->told_arg, &live);
}

void
gl_live_watch_site_(struct gl_ingest *in, int64_t id, int change)
{
    struct gl_ingest_site *site = gl_ingest_site_by_id_(in, id);

    if (site == NULL)
        return;
    site->watchers = MAX(0, site->watchers + change);
    g_ptr_array_remove_fast(in->watched, site);
    if (site->watchers > 0)
        g_ptr_array_add(in->watched, site);
    if (change >= 0)
        tell(in, site, 1);
}

void
gl_live_tell_(struct gl_ingest *in)
{
    gl_live_silences_due_(in);
    for (guint i = 0; i < in->watched->len; i++) {
        struct gl_ingest_site *site = in->watched->pdata[i];
        int64_t since_ms = in->boot_ms - site->told_ms;

        if (since_ms >= (site->changed ? TELL_MS : LOOK_MS))
            tell(in, site, 0);
    }
}

/* N, or null while numbers are not known. */
static json_t *
number(const struct gl_live *live, uint32_t n)
{
    return live->known ? json_integer(n) : json_null();
}

static json_t *
conditions_json(const struct gl_live *live)
{
    json_t *list = json_array();

    for (int i = 0; i < live->conditions_n; i++) {
        const struct gl_condition *condition = &live->conditions[i];
        json_t *json = gl_condition_json(condition, live->zone, live->at_ms);

        json_object_set_new(
            json, "texts",
            gl_condition_texts(condition, live->zone, live->at_ms));
        json_array_append_new(list, json);
    }
    return list;
}

json_t *
gl_live_json(const struct gl_live *live)
{
    const struct gl_live_numbers *numbers = &live->numbers;
    json_t *minutes = json_array();

    for (int i = 0; i < GL_LIVE_MINUTES; i++)
        json_array_append_new(minutes,
                              number(live, numbers->pageviews_30m[i]));
    return json_pack("{s:s, s:I, s:o, s:o, s:{s:o, s:o, s:o}, s:o}", "site",
                     live->site, "at", (json_int_t) live->at_ms, "visitors",
                     number(live, numbers->visitors), "pageviews_30m", minutes,
                     "today", "visitors",
                     number(live, numbers->today_visitors), "visits",
                     number(live, numbers->today_visits), "pageviews",
                     number(live, numbers->today_pageviews), "conditions",
                     conditions_json(live));
}
