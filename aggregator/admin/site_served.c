/*
 * site.served: pages served beside what scripts tell; site.ai: which of them
 * assistants and crawlers of AI fetched, and who came from there.  Query
 * threads.
 */

#include "admin/site_switches.h"
#include "answer/ai.h"
#include "answer/asking.h"
#include "answer/served.h"
#include "calls/answer.h"
#include "clock.h"
#include "store/directory/directory.h"

#define DAY_MS INT64_C(86400000)
#define DAYS 30
#define DAYS_MAX 400
#define ROWS 20

/* Of a site, of days FIRST to LAST, an answer: a status. */
typedef int answer_of(const struct gl_asking *asking,
                      const struct gl_meta_site *site, int64_t first,
                      int64_t last, int limit, json_t **answer);

static int
served(const struct gl_asking *asking, const struct gl_meta_site *site,
       int64_t first, int64_t last, int limit, json_t **answer)
{
    *answer = gl_served_answer(gl_asking_reader(asking), site->id, first, last,
                               limit);
    return *answer == NULL ? gl_verb_storage_(answer, "the account's file")
                           : 200;
}

static int
ai(const struct gl_asking *asking, const struct gl_meta_site *site,
   int64_t first, int64_t last, int limit, json_t **answer)
{
    return gl_ai_answer(asking, site->id, site->domain, first, last, limit,
                        answer);
}

/* A whole number of ARGS from 1 to MOST: 1, or 0. */
static int
number(const struct gl_call *call, const char *key, int64_t most,
       int64_t *number)
{
    const json_t *given = json_object_get(call->args, key);

    if (given != NULL)
        *number = gl_site_number_(given);
    return *number >= 1 && *number <= most;
}

static int
ask(const struct gl_query_view *view, const struct gl_call *call,
    answer_of *of, json_t **answer)
{
    const char *domain = gl_verb_text_(call, "domain", NULL);
    int64_t days = DAYS, limit = ROWS, today = gl_clock_now_ms() / DAY_MS;
    struct gl_meta_site site;
    struct gl_asking *asking;
    int status;

    if (!number(call, "days", DAYS_MAX, &days))
        return gl_verb_refuse_(
            answer, 400, "\"days\" is a whole number from 1 to %d", DAYS_MAX);
    if (!number(call, "limit", GL_SERVED_LIMIT_MAX, &limit))
        return gl_verb_refuse_(answer, 400,
                               "\"limit\" is a whole number from 1 to %d",
                               GL_SERVED_LIMIT_MAX);
    if (!gl_directory_site(view->directory, domain, &site))
        return gl_verb_refuse_(answer, 404, "there is no site \"%s\"", domain);
    if ((status = gl_asking_open(view, &site, &asking, answer)) != 200)
        return status;
    status = of(asking, &site, today - days + 1, today, (int) limit, answer);
    gl_asking_close(asking);
    return status;
}

int
gl_verb_site_served_(const struct gl_query_view *view,
                     const struct gl_call *call, json_t **answer)
{
    return ask(view, call, served, answer);
}

int
gl_verb_site_ai_(const struct gl_query_view *view, const struct gl_call *call,
                 json_t **answer)
{
    return ask(view, call, ai, answer);
}
