/* site.bots: what was found to be no person's, and why.  Query threads. */

#include "admin/site_switches.h"
#include "calls/answer.h"
#include "clock.h"
#include "question/range.h"
#include "store/bots.h"
#include "store/directory/directory.h"

#define DAY_MS INT64_C(86400000)
#define DAYS 30
#define DAYS_MAX 400
/* A day has some dozens. */
#define ROWS_MAX 20000

static void
append(void *arg, int64_t day, const struct gl_store_bot *bot, int64_t n)
{
    g_autofree char *text = gl_range_date_text(day);

    json_array_append_new(
        arg,
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I}", "day", text, "reason",
                  bot->reason, "bot", bot->family, "operator", bot->operator,
                  "kind", bot->kind, "page", bot->page, "n", (json_int_t) n));
}

int
gl_verb_site_bots_(const struct gl_query_view *view,
                   const struct gl_call *call, json_t **answer)
{
    const char *domain = gl_verb_text_(call, "domain", NULL);
    const json_t *given = json_object_get(call->args, "days");
    int64_t days = given == NULL ? DAYS : gl_site_number_(given);
    int64_t today = gl_clock_now_ms() / DAY_MS;
    struct gl_meta_site site;

    if (days < 1 || days > DAYS_MAX)
        return gl_verb_refuse_(
            answer, 400, "\"days\" is a whole number from 1 to %d", DAYS_MAX);
    if (!gl_directory_site(view->directory, domain, &site))
        return gl_verb_refuse_(answer, 404, "there is no site \"%s\"", domain);
    json_t *bots = json_array();
    if (gl_bots_read(view->meta, site.account, site.id, today - days + 1,
                     ROWS_MAX, append, bots) == -1) {
        json_decref(bots);
        return gl_verb_storage_(answer, "the account's file");
    }
    g_autofree char *from = gl_range_date_text(today - days + 1);
    *answer = json_pack("{s:s, s:o}", "from", from, "bots", bots);
    return 200;
}
