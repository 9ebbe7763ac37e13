/*
 * One question about one site: the account's file as of its last commit, the
 * question, the counts, the answer.  Query thread.
 */

#include "query/answer.h"

#include "calls/answer.h"
#include "query/execute.h"
#include "query/parse.h"
#include "query/respond.h"
#include "store/rows.h"

struct look {
    const struct gl_query_view *view;
    const struct gl_meta_site *site;
    const struct gl_zone *zone;
    struct gl_account *account; /* reads */
    int64_t begun_us;
    enum gl_v1 v1;    /* GL_V1_N: no, v2 */
    json_t *question; /* or parameters */
};

/* 200 and *COUNTED, to be freed, or a status and *ANSWER. */
static int
count(const struct look *look, const struct gl_question *question,
      struct gl_counted **counted, json_t **answer)
{
    struct gl_execution run = {
        .reader = look->account,
        .rules = {.refresh_window_ms = look->site->refresh_window_s * 1000},
        .shelf = look->view->shelf,
        .deadline_us = look->begun_us + GL_QUERY_DEADLINE_MS * 1000,
        .cancelled = look->view->stopping};

    switch (gl_execute(&run, &question, 1, counted)) {
    case GL_EXECUTED:
        return 200;
    case GL_EXECUTE_BAD:
    case GL_EXECUTE_MUCH:
        return gl_verb_refuse_(answer, 400, "%s", run.why);
    case GL_EXECUTE_LATE:
        return gl_verb_refuse_(answer, 503,
                               "not answered within %d s; ask for a shorter "
                               "\"date_range\"",
                               GL_QUERY_DEADLINE_MS / 1000);
    case GL_EXECUTE_CANCELLED:
        return gl_verb_refuse_(answer, 503, "glintod is stopping");
    case GL_EXECUTE_STORAGE:
        break;
    }
    return gl_verb_storage_(answer, run.why);
}

static double
ms_since(const struct look *look)
{
    return (double) (g_get_monotonic_time() - look->begun_us) / 1000;
}

static int
count_and_respond(const struct look *look, const struct gl_asked *asked,
                  json_t **answer)
{
    struct gl_counted *counted, *before = NULL;
    int status = count(look, &asked->question, &counted, answer);

    if (status != 200)
        return status;
    if (asked->compared)
        status = count(look, &asked->before, &before, answer);
    if (status == 200)
        *answer = gl_respond(asked, counted, before, ms_since(look));
    gl_counted_free(counted);
    gl_counted_free(before);
    return status;
}

static int
refuse(json_t **answer, char *why)
{
    gl_verb_refuse_(answer, 400, "%s", why);
    g_free(why);
    return 400;
}

static int
parse_and_ask(const struct look *look, const struct gl_parse_site *site,
              json_t *query, json_t **answer)
{
    struct gl_asked asked;
    char *why;
    int status;

    if (gl_parse(query, site, &asked, &why) == -1)
        return refuse(answer, why);
    status = count_and_respond(look, &asked, answer);
    gl_asked_fini(&asked);
    return status;
}

static int
ask_v1(const struct look *look, const struct gl_parse_site *site,
       json_t **answer)
{
    char *why;
    json_t *query = gl_v1_query(look->v1, look->question, &site->range, &why);
    json_t *told = NULL;
    int status;

    if (query == NULL)
        return refuse(answer, why);
    status = parse_and_ask(look, site, query, &told);
    *answer = status == 200 ? gl_v1_answer(look->v1, told) : json_incref(told);
    json_decref(told);
    json_decref(query);
    return status;
}

static int
ask(const struct look *look, json_t **answer)
{
    int64_t now_ms = gl_clock_now_ms(), day = 0;
    int found = gl_account_oldest_day(look->account, look->site->id, &day);
    struct gl_parse_site site = {
        look->site->id,
        {look->zone, now_ms, found == 1 ? day * GL_DAY_MS : now_ms}};

    if (found < 0)
        return gl_verb_storage_(answer, gl_account_why(look->account));
    return look->v1 == GL_V1_N
               ? parse_and_ask(look, &site, look->question, answer)
               : ask_v1(look, &site, answer);
}

static int
open_and_ask(struct look *look, json_t **answer)
{
    int status;

    look->account =
        gl_meta_account_reader(look->view->meta, look->site->account);
    if (look->account == NULL)
        return gl_verb_refuse_(answer, 500, "out of memory");
    status = gl_account_read(look->account) == 0
                 ? ask(look, answer)
                 : gl_verb_storage_(answer, gl_account_why(look->account));
    gl_account_reader_free(look->account);
    return status;
}

int
gl_query_site_v1(const struct gl_query_view *view,
                 const struct gl_meta_site *site, enum gl_v1 kind,
                 json_t *params, json_t **answer)
{
    struct gl_zone *zone = gl_zone_new(site->timezone);
    struct look look = {.view = view,
                        .site = site,
                        .zone = zone,
                        .begun_us = g_get_monotonic_time(),
                        .v1 = kind,
                        .question = params};
    int status;

    if (zone == NULL)
        return gl_verb_refuse_(answer, 500, "there is no time zone \"%s\"",
                               site->timezone);
    status = open_and_ask(&look, answer);
    gl_zone_free(zone);
    return status;
}

int
gl_query_site(const struct gl_query_view *view,
              const struct gl_meta_site *site, json_t *query, json_t **answer)
{
    return gl_query_site_v1(view, site, GL_V1_N, query, answer);
}
