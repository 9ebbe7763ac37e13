/* site.bots: what was found to be no person's, and why.  Query threads. */

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "clock.h"
#include "store/bots.h"
#include "store/directory.h"

#include <time.h>

#define DAY_MS INT64_C(86400000)
#define DAYS 30
#define DAYS_MAX 400
/* A day has some dozens. */
#define ROWS_MAX 20000

static void
date(char text[16], int64_t day)
{
    time_t at = (time_t) (day * (DAY_MS / 1000));
    struct tm utc;

    gmtime_r(&at, &utc);
    strftime(text, 16, "%Y-%m-%d", &utc);
}

static void
append(void *arg, int64_t day, const struct gl_store_bot *bot, int64_t n)
{
    char text[16];

    date(text, day);
    json_array_append_new(
        arg,
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I}", "day", text, "reason",
                  bot->reason, "bot", bot->family, "operator", bot->operator,
                  "kind", bot->kind, "page", bot->page, "n", (json_int_t) n));
}

/* A number, or a text that is one; 0 = neither. */
static json_int_t
days_of(const json_t *given)
{
    const char *text = json_string_value(given);
    char *end = NULL;
    gint64 days;

    if (given == NULL)
        return DAYS;
    if (text == NULL)
        return json_integer_value(given);
    days = g_ascii_strtoll(text, &end, 10);
    return *end == '\0' ? days : 0;
}

/* 0 and *SITE; or a status. */
static int
find(const struct gl_query_view *view, const char *domain,
     struct gl_meta_site *site, json_t **answer)
{
    const struct gl_version *version = gl_directory_enter(view->directory);
    const struct gl_meta_site *found = gl_version_site(version, domain);

    if (found != NULL)
        *site = *found;
    gl_directory_leave(view->directory);
    return found != NULL ? 0
                         : gl_verb_refuse_(answer, 404,
                                           "there is no site \"%s\"", domain);
}

int
gl_verb_site_bots_(const struct gl_query_view *view,
                   const struct gl_call *call, json_t **answer)
{
    json_int_t days = days_of(json_object_get(call->args, "days"));
    json_t *bots;
    int64_t today = gl_clock_now_ms() / DAY_MS;
    struct gl_meta_site site;
    char from[16];
    int status;

    if (days < 1 || days > DAYS_MAX)
        return gl_verb_refuse_(
            answer, 400, "\"days\" is a whole number from 1 to %d", DAYS_MAX);
    status = find(view, gl_verb_text_(call, "domain", NULL), &site, answer);
    if (status != 0)
        return status;
    bots = json_array();
    if (gl_bots_read(view->meta, site.account, site.id, today - days + 1,
                     ROWS_MAX, append, bots) == -1) {
        json_decref(bots);
        return gl_verb_storage_(answer, "the account's file");
    }
    date(from, today - days + 1);
    *answer = json_pack("{s:s, s:o}", "from", from, "bots", bots);
    return 200;
}
