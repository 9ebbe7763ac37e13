/*
 * Questions about one site: the account's file as of its last commit, what is
 * asked, the counts, the answer.  Query thread.
 */

#include "query/answer.h"

#include "calls/answer.h"
#include "query/execute.h"
#include "query/parse.h"
#include "query/respond.h"
#include "store/rows.h"

#include <string.h>

struct look;
/* What is asked, once the site is known as a query sees it: a status, with
 * *ANSWER. */
typedef int put(const struct look *look, const struct gl_parse_site *site,
                json_t **answer);

struct look {
    const struct gl_query_view *view;
    const struct gl_meta_site *site;
    const struct gl_zone *zone;
    struct gl_account *account; /* reads */
    int64_t begun_us;
    put *put;
    enum gl_v1 v1;    /* of put_v1() */
    json_t *question; /* or several, or parameters */
};

static int
refuse_executed(const struct gl_execution *run, enum gl_executed how,
                json_t **answer)
{
    switch (how) {
    case GL_EXECUTED:
        return 200;
    case GL_EXECUTE_BAD:
    case GL_EXECUTE_MUCH:
        return gl_verb_refuse_(answer, 400, "%s", run->why);
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
    return gl_verb_storage_(answer, run->why);
}

/* 200, or a status and *ANSWER; COUNTED[N], NULL before, is to be freed
 * whatever comes of it.  What is too much at once is asked in two parts. */
static int
count(const struct look *look, const struct gl_question *const *questions,
      size_t n, struct gl_counted **counted, json_t **answer)
{
    struct gl_execution run = {
        .reader = look->account,
        .rules = {.refresh_window_ms = look->site->refresh_window_s * 1000},
        .shelf = look->view->shelf,
        .deadline_us = look->begun_us + GL_QUERY_DEADLINE_MS * 1000,
        .cancelled = look->view->stopping};
    enum gl_executed how = gl_execute(&run, questions, n, counted);
    int status;

    if (how != GL_EXECUTE_MUCH || n == 1)
        return refuse_executed(&run, how, answer);
    status = count(look, questions, n / 2, counted, answer);
    return status != 200 ? status
                         : count(look, questions + n / 2, n - n / 2,
                                 counted + n / 2, answer);
}

static double
ms_since(const struct look *look)
{
    return (double) (g_get_monotonic_time() - look->begun_us) / 1000;
}

/* ---- what is asked together ---- */

struct together {
    struct gl_asked_all all;
    /* of each of ALL; BEFORE: of those that are compared */
    struct gl_counted *now[GL_PARSE_QUERIES_MAX];
    struct gl_counted *before[GL_PARSE_QUERIES_MAX];
};

static int
count_now(const struct look *look, struct together *together, json_t **answer)
{
    const struct gl_question *questions[GL_PARSE_QUERIES_MAX];

    for (size_t i = 0; i < together->all.n; i++)
        questions[i] = &together->all.one[i].question;
    return count(look, questions, together->all.n, together->now, answer);
}

/* The earlier time of question FIRST, for all that are compared with it. */
static int
count_same(const struct look *look, struct together *together, size_t first,
           json_t **answer)
{
    const struct gl_question *same = &together->all.one[first].before;
    const struct gl_question *questions[GL_PARSE_QUERIES_MAX] = {same};
    struct gl_counted *counted[GL_PARSE_QUERIES_MAX] = {NULL};
    size_t at[GL_PARSE_QUERIES_MAX], n = 0;
    int status;

    for (size_t i = first; i < together->all.n; i++) {
        const struct gl_asked *asked = &together->all.one[i];

        if (!asked->compared || asked->before.from_ms != same->from_ms ||
            asked->before.to_ms != same->to_ms)
            continue;
        questions[n] = &asked->before;
        at[n++] = i;
    }
    status = count(look, questions, n, counted, answer);
    for (size_t i = 0; i < n; i++)
        together->before[at[i]] = counted[i];
    return status;
}

static int
count_before(const struct look *look, struct together *together,
             json_t **answer)
{
    int status = 200;

    for (size_t i = 0; status == 200 && i < together->all.n; i++)
        if (together->all.one[i].compared && together->before[i] == NULL)
            status = count_same(look, together, i, answer);
    return status;
}

static json_t *
respond(const struct look *look, const struct together *together)
{
    const struct gl_asked_all *all = &together->all;
    double ms = ms_since(look);
    json_t *answers;

    if (!all->is_list)
        return gl_respond(&all->one[0], together->now[0], together->before[0],
                          ms);
    answers = json_array();
    for (size_t i = 0; i < all->n; i++)
        json_array_append_new(answers,
                              gl_respond(&all->one[i], together->now[i],
                                         together->before[i], ms));
    return json_pack("{s:o}", "answers", answers);
}

static int
count_and_respond(const struct look *look, struct together *together,
                  json_t **answer)
{
    int status = count_now(look, together, answer);

    if (status == 200)
        status = count_before(look, together, answer);
    if (status == 200)
        *answer = respond(look, together);
    for (size_t i = 0; i < together->all.n; i++) {
        gl_counted_free(together->now[i]);
        gl_counted_free(together->before[i]);
    }
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
    struct together *together = g_new0(struct together, 1);
    char *why;
    int status;

    if (gl_parse_all(query, site, &together->all, &why) == -1) {
        status = refuse(answer, why);
    } else {
        status = count_and_respond(look, together, answer);
        gl_asked_all_fini(&together->all);
    }
    g_free(together);
    return status;
}

static int
put_one(const struct look *look, const struct gl_parse_site *site,
        json_t **answer)
{
    return parse_and_ask(look, site, look->question, answer);
}

static int
put_all(const struct look *look, const struct gl_parse_site *site,
        json_t **answer)
{
    json_t *all = json_array(), *query;
    int status = 200;
    size_t i;

    json_array_foreach(look->question, i, query)
    {
        json_t *told = NULL;

        status = parse_and_ask(look, site, query, &told);
        if (status != 200) {
            json_decref(all);
            *answer = told;
            return status;
        }
        json_array_append_new(all, told);
    }
    *answer = all;
    return status;
}

static int
put_v1(const struct look *look, const struct gl_parse_site *site,
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
    return look->put(look, &site, answer);
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

/* LOOK says how and what. */
static int
look_at(const struct gl_query_view *view, const struct gl_meta_site *site,
        struct look look, json_t **answer)
{
    struct gl_zone *zone = gl_zone_new(site->timezone);
    int status;

    if (zone == NULL)
        return gl_verb_refuse_(answer, 500, "there is no time zone \"%s\"",
                               site->timezone);
    look.view = view;
    look.site = site;
    look.zone = zone;
    look.begun_us = g_get_monotonic_time();
    status = open_and_ask(&look, answer);
    gl_zone_free(zone);
    return status;
}

int
gl_query_site(const struct gl_query_view *view,
              const struct gl_meta_site *site, json_t *query, json_t **answer)
{
    struct look look = {.put = put_one, .question = query};

    return look_at(view, site, look, answer);
}

int
gl_query_site_all(const struct gl_query_view *view,
                  const struct gl_meta_site *site, json_t *queries,
                  json_t **answers)
{
    struct look look = {.put = put_all, .question = queries};

    return look_at(view, site, look, answers);
}

int
gl_query_site_v1(const struct gl_query_view *view,
                 const struct gl_meta_site *site, enum gl_v1 kind,
                 json_t *params, json_t **answer)
{
    struct look look = {.put = put_v1, .v1 = kind, .question = params};

    return look_at(view, site, look, answer);
}

int
gl_query_find(const struct gl_query_view *view, const char *name,
              const char *account, struct gl_meta_site *site, json_t **answer)
{
    if (name == NULL)
        return gl_verb_refuse_(answer, 400,
                               "the query is a JSON object whose \"site_id\" "
                               "is the domain of a site");
    /* as access/access.c says it: the site may have moved since */
    if (!gl_directory_site(view->directory, name, site) ||
        (account != NULL && strcmp(account, site->account) != 0))
        return gl_verb_refuse_(answer, 404, "there is no such site");
    return 0;
}
