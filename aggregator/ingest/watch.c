/*
 * Live numbers of the sites somebody looks at: told when a commit or the
 * clock changed them, at most ten times a second and site (R14: objects hold
 * only what is committed whenever this file looks).
 *
 * Ingest thread.
 */

#include "ingest/ingest_internal.h"

#include "ingest/verbs.h"

#include <string.h>

#define TELL_MS 100  /* at most so often */
#define LOOK_MS 1000 /* the clock alone changes numbers: look so often */

int
gl_ingest_numbers_(struct gl_ingest *in, struct gl_ingest_site *site,
                   struct gl_live *live)
{
    int error = gl_ingest_load_(in, site, in->now_ms);

    if (error < 0)
        return error;
    site->used_ms = in->boot_ms;
    memset(live, 0, sizeof *live);
    g_strlcpy(live->site, site->domain, sizeof live->site);
    live->at_ms = in->now_ms;
    gl_site_live(site->object, in->now_ms, &live->numbers);
    return 0;
}

static void
tell(struct gl_ingest *in, struct gl_ingest_site *site, int always)
{
    struct gl_live live;

    site->told_ms = in->boot_ms;
    if (site->account->failed || gl_ingest_numbers_(in, site, &live) < 0)
        return; /* the last numbers stand until the account is well again */
    site->changed = 0;
    if (!always &&
        memcmp(&live.numbers, &site->told.numbers, sizeof live.numbers) == 0)
        return;
    site->told = live;
    in->events.live(in->events.arg, &live);
}

void
gl_ingest_watch_site_(struct gl_ingest *in, const char *domain, int change)
{
    struct gl_text text = {domain, (uint32_t) strlen(domain)};
    struct gl_ingest_site *site = gl_ingest_site_(in, text);

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
gl_ingest_tell_(struct gl_ingest *in)
{
    for (guint i = 0; i < in->watched->len; i++) {
        struct gl_ingest_site *site = in->watched->pdata[i];
        int64_t since_ms = in->boot_ms - site->told_ms;

        if (since_ms >= (site->changed ? TELL_MS : LOOK_MS))
            tell(in, site, 0);
    }
}

json_t *
gl_live_json(const struct gl_live *live)
{
    json_t *minutes = json_array();

    for (int i = 0; i < GL_LIVE_MINUTES; i++)
        json_array_append_new(minutes,
                              json_integer(live->numbers.pageviews_30m[i]));
    return json_pack("{s:s, s:I, s:I, s:o, s:{s:I, s:I, s:I}}", "site",
                     live->site, "at", (json_int_t) live->at_ms, "visitors",
                     (json_int_t) live->numbers.visitors, "pageviews_30m",
                     minutes, "today", "visitors",
                     (json_int_t) live->numbers.today_visitors, "visits",
                     (json_int_t) live->numbers.today_visits, "pageviews",
                     (json_int_t) live->numbers.today_pageviews);
}
