/*
 * Questions about one site: the account's file as of its last commit, the
 * questions, the counts, the answers; see asking.h.
 */

#include "answer/asking.h"

#include "calls/answer.h"
#include "answer/definitions.h"
#include "query/execute/execute.h"
#include "query/imports/imports.h"
#include "answer/keys.h"
#include "question/parse.h"
#include "answer/respond.h"
#include "answer/several.h"
#include "answer/steps.h"
#include "store/rows/rows.h"
#include "store/rows/totals.h"

struct gl_asking {
    const struct gl_query_view *view;
    const struct gl_meta_site *site;
    struct gl_zone *zone;
    struct gl_account *account; /* reads */
    struct gl_range_site range;
    int has_rows, has_totals;
    int64_t begun_us, most_ms;
};

/* ---- open ---- */

void
gl_asking_close(struct gl_asking *asking)
{
    if (asking == NULL)
        return;
    if (asking->account != NULL)
        gl_account_reader_free(asking->account);
    if (asking->zone != NULL)
        gl_zone_free(asking->zone);
    g_free(asking);
}

/* 200, or a status. */
static int
look(struct gl_asking *asking, json_t **answer)
{
    int64_t now_ms = gl_clock_now_ms(), day = 0;
    int found;

    if (gl_account_read(asking->account) != 0)
        return gl_verb_storage_(answer, gl_account_why(asking->account));
    found = gl_account_oldest_day(asking->account, asking->site->id, &day);
    if (found < 0)
        return gl_verb_storage_(answer, gl_account_why(asking->account));
    asking->has_rows = found == 1;
    asking->range = (struct gl_range_site){
        asking->zone, now_ms, found == 1 ? day * GL_DAY_MS : now_ms};
    return 200;
}

static int
open_and_look(struct gl_asking *asking, json_t **answer)
{
    asking->zone = gl_zone_new(asking->site->timezone);
    if (asking->zone == NULL)
        return gl_verb_refuse_(answer, 500, "there is no time zone \"%s\"",
                               asking->site->timezone);
    asking->account =
        gl_meta_account_reader(asking->view->meta, asking->site->account);
    if (asking->account == NULL)
        return gl_verb_refuse_(answer, 500, "out of memory");
    return look(asking, answer);
}

int
gl_asking_open(const struct gl_query_view *view,
               const struct gl_meta_site *site, struct gl_asking **asking,
               json_t **answer)
{
    struct gl_asking *made = g_new0(struct gl_asking, 1);
    int status;

    made->view = view;
    made->site = site;
    made->begun_us = g_get_monotonic_time();
    made->most_ms = GL_QUERY_DEADLINE_MS;
    status = open_and_look(made, answer);
    if (status == 200) {
        *asking = made;
        return 200;
    }
    gl_asking_close(made);
    return status;
}

void
gl_asking_hurry(struct gl_asking *asking, int ms)
{
    asking->most_ms = ms;
}

const struct gl_range_site *
gl_asking_site(const struct gl_asking *asking)
{
    return &asking->range;
}

struct gl_account *
gl_asking_reader(const struct gl_asking *asking)
{
    return asking->account;
}

int
gl_asking_has_rows(const struct gl_asking *asking)
{
    return asking->has_rows;
}

int
gl_asking_with_totals(struct gl_asking *asking, json_t **answer)
{
    int64_t first, last;
    int found = gl_account_total_dates(asking->account, asking->site->id, 0,
                                       INT32_MAX, &first, &last);

    if (found < 0)
        return gl_verb_storage_(answer, gl_account_why(asking->account));
    if (found == 0)
        return 200;
    asking->has_rows = asking->has_totals = 1;
    asking->range.first_ms =
        MIN(asking->range.first_ms, gl_zone_date_begins(asking->zone, first));
    return 200;
}

int
gl_asking_has_totals(const struct gl_asking *asking)
{
    return asking->has_totals;
}

/* ---- ask ---- */

static struct gl_execution
begin(const struct gl_asking *asking)
{
    return (struct gl_execution){
        .reader = asking->account,
        .rules = {.refresh_window_ms = asking->site->refresh_window_s * 1000},
        .shelf = asking->view->shelf,
        .deadline_us = asking->begun_us + asking->most_ms * 1000,
        .cancelled = asking->view->stopping};
}

/* What became of RUN: 200, or a status and *ANSWER. */
static int
end(const struct gl_execution *run, enum gl_executed how, json_t **answer)
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

static enum gl_executed
execute(void *run, const struct gl_question *const *questions, size_t n,
        struct gl_counted **counted)
{
    return gl_execute(run, questions, n, counted);
}

/* 200, or a status and *ANSWER; COUNTED[N], NULL before, is to be freed
 * whatever comes of it.  What is too much at once is asked in two parts. */
static int
count(const struct gl_asking *asking, const struct gl_several_ask *asks,
      size_t n, struct gl_counted **counted, json_t **answer)
{
    struct gl_execution run = begin(asking);
    const struct gl_several_counter counter = {execute, &run};
    enum gl_executed how = gl_several_count(&counter, asks, n, counted);
    int status;

    if (how != GL_EXECUTE_MUCH || n == 1)
        return end(&run, how, answer);
    status = count(asking, asks, n / 2, counted, answer);
    return status != 200 ? status
                         : count(asking, asks + n / 2, n - n / 2,
                                 counted + n / 2, answer);
}

static double
ms_since(const struct gl_asking *asking)
{
    return (double) (g_get_monotonic_time() - asking->begun_us) / 1000;
}

int
gl_asking_count(const struct gl_asking *asking, const struct gl_asked *asked,
                struct gl_counted **counted, struct gl_counted **before,
                json_t **answer)
{
    struct gl_several_ask now = {asked, &asked->question},
                          then = {asked, &asked->before};
    int status = count(asking, &now, 1, counted, answer);

    return status == 200 && asked->compared
               ? count(asking, &then, 1, before, answer)
               : status;
}

/* Totals of another product come to COUNTED, if they are asked for: 200, or a
 * status. */
static int
add_imports(const struct gl_asking *asking, const struct gl_asked *asked,
            const struct gl_question *question, struct gl_counted *counted,
            json_t **answer)
{
    struct gl_execution run = begin(asking);

    if (!asked->imports || counted == NULL)
        return 200;
    return end(&run, gl_imports_add(&run, asking->zone, question, counted),
               answer);
}

/* ---- what is asked together ---- */

struct together {
    struct gl_asked_all all;
    /* of each of ALL; BEFORE: of those that are compared */
    struct gl_counted *now[GL_PARSE_QUERIES_MAX];
    struct gl_counted *before[GL_PARSE_QUERIES_MAX];
};

static int
count_now(const struct gl_asking *asking, struct together *together,
          json_t **answer)
{
    struct gl_several_ask asks[GL_PARSE_QUERIES_MAX];

    for (size_t i = 0; i < together->all.n; i++)
        asks[i] = (struct gl_several_ask){&together->all.one[i],
                                          &together->all.one[i].question};
    return count(asking, asks, together->all.n, together->now, answer);
}

/* The earlier time of question FIRST, for all that are compared with it. */
static int
count_same(const struct gl_asking *asking, struct together *together,
           size_t first, json_t **answer)
{
    const struct gl_question *same = &together->all.one[first].before;
    struct gl_several_ask asks[GL_PARSE_QUERIES_MAX] = {{0}};
    struct gl_counted *counted[GL_PARSE_QUERIES_MAX] = {NULL};
    size_t at[GL_PARSE_QUERIES_MAX], n = 0;
    int status;

    for (size_t i = first; i < together->all.n; i++) {
        const struct gl_asked *asked = &together->all.one[i];

        if (!asked->compared || asked->before.from_ms != same->from_ms ||
            asked->before.to_ms != same->to_ms)
            continue;
        asks[n] = (struct gl_several_ask){asked, &asked->before};
        at[n++] = i;
    }
    status = count(asking, asks, n, counted, answer);
    for (size_t i = 0; i < n; i++)
        together->before[at[i]] = counted[i];
    return status;
}

static int
count_before(const struct gl_asking *asking, struct together *together,
             json_t **answer)
{
    int status = 200;

    for (size_t i = 0; status == 200 && i < together->all.n; i++)
        if (together->all.one[i].compared && together->before[i] == NULL)
            status = count_same(asking, together, i, answer);
    return status;
}

static int
add_all_imports(const struct gl_asking *asking, struct together *together,
                json_t **answer)
{
    int status = 200;

    for (size_t i = 0; status == 200 && i < together->all.n; i++) {
        const struct gl_asked *asked = &together->all.one[i];

        status = add_imports(asking, asked, &asked->question, together->now[i],
                             answer);
        if (status == 200)
            status = add_imports(asking, asked, &asked->before,
                                 together->before[i], answer);
    }
    return status;
}

static json_t *
respond(const struct gl_asking *asking, const struct together *together)
{
    const struct gl_asked_all *all = &together->all;
    double ms = ms_since(asking);
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

/* Who asks for one asks for it alone, and elsewhere (receipt.h). */
static int
refuse_receipt(const struct gl_asked_all *all, json_t **answer)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->one[i].receipt)
            return gl_verb_refuse_(answer, 400,
                                   "\"include\": \"receipt\" is for one "
                                   "question of POST /api/v2/query, and for "
                                   "glinto query --receipt");
    return 200;
}

static int
count_and_respond(const struct gl_asking *asking, struct together *together,
                  json_t **answer)
{
    int status = refuse_receipt(&together->all, answer);

    if (status == 200)
        status = count_now(asking, together, answer);
    if (status == 200)
        status = count_before(asking, together, answer);
    if (status == 200)
        status = add_all_imports(asking, together, answer);
    if (status == 200)
        *answer = respond(asking, together);
    for (size_t i = 0; i < together->all.n; i++) {
        gl_counted_free(together->now[i]);
        gl_counted_free(together->before[i]);
    }
    return status;
}

static int
asks_imports(const json_t *question)
{
    const json_t *include = json_object_get(question, "include");
    const json_t *queries = json_object_get(question, "queries");
    int asked = json_is_true(json_object_get(include, "imports"));

    for (size_t i = 0; i < json_array_size(queries); i++) {
        include = json_object_get(json_array_get(queries, i), "include");
        asked |= json_is_true(json_object_get(include, "imports"));
    }
    return asked;
}

/* "all" begins with totals of another product where they are asked for. */
static int
look_for_imports(const struct gl_asking *asking, const json_t *query,
                 struct gl_range_site *range, json_t **answer)
{
    int64_t date, last;
    int found = asks_imports(query)
                    ? gl_account_total_dates(asking->account, asking->site->id,
                                             0, INT32_MAX, &date, &last)
                    : 0;

    if (found < 0)
        return gl_verb_storage_(answer, gl_account_why(asking->account));
    if (found == 1)
        range->first_ms =
            MIN(range->first_ms, gl_zone_date_begins(asking->zone, date));
    return 200;
}

static int
ask_counts(const struct gl_asking *asking, struct gl_parse_site *site,
           json_t *query, json_t **answer)
{
    struct together *together = g_new0(struct together, 1);
    char *why;
    int status = look_for_imports(asking, query, &site->range, answer);

    if (status != 200) {
        /* said why */
    } else if (gl_parse_all(query, site, &together->all, &why) == -1) {
        status = gl_verb_refuse_why_(answer, why);
    } else {
        status = count_and_respond(asking, together, answer);
        gl_asked_all_fini(&together->all);
    }
    g_free(together);
    return status;
}

static int
ask_steps(const struct gl_asking *asking, const struct gl_parse_site *site,
          const json_t *query, json_t **answer)
{
    struct gl_execution run = begin(asking);

    return end(&run, gl_steps_answer(&run, site, query, answer), answer);
}

int
gl_asking_ask(const struct gl_asking *asking, json_t *query, json_t **answer)
{
    struct gl_defined *defined;
    int status = gl_definitions_read(asking->view, asking->site->id, query,
                                     &defined, answer);
    struct gl_parse_site site = {asking->site->id, asking->range, defined};

    atomic_fetch_add(asking->view->questions, 1);
    if (status == 0)
        status = gl_steps_asked(query)
                     ? ask_steps(asking, &site, query, answer)
                     : ask_counts(asking, &site, query, answer);
    gl_defined_free(defined);
    return status;
}

int
gl_asking_take(const struct gl_asking *asking, json_t *query, json_t **told,
               json_t **answer)
{
    int status = gl_asking_ask(asking, query, told);

    json_decref(query);
    if (status == 200)
        return 200;
    *answer = *told;
    *told = NULL;
    return status;
}

int
gl_asking_keys(const struct gl_asking *asking, const json_t *query,
               json_t **answer)
{
    struct gl_execution run = begin(asking);
    struct gl_defined *defined;
    int status = gl_definitions_read(asking->view, asking->site->id, query,
                                     &defined, answer);
    struct gl_parse_site site = {asking->site->id, asking->range, defined};

    if (status == 0)
        status = end(&run, gl_keys_answer(&run, &site, query, answer), answer);
    gl_defined_free(defined);
    return status;
}
