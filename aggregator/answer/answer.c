/* Questions about one site, of the API's version 2 or 1; see answer.h. */

#include "answer/answer.h"

#include <string.h>

#include "calls/answer.h"
#include "answer/asking.h"
#include "access/elsewhere.h"

/* What is put to a site that is open: a status, with *ANSWER. */
typedef int put_way(const struct gl_asking *asking, enum gl_v1 v1,
                    json_t *asked, json_t **answer);

static int
put_one(const struct gl_asking *asking, enum gl_v1 v1, json_t *query,
        json_t **answer)
{
    (void) v1;
    return gl_asking_ask(asking, query, answer);
}

static int
put_all(const struct gl_asking *asking, enum gl_v1 v1, json_t *queries,
        json_t **answer)
{
    json_t *all = json_array(), *query;
    size_t i;

    (void) v1;
    json_array_foreach (queries, i, query) {
        json_t *told = NULL;
        int status = gl_asking_ask(asking, query, &told);

        if (status != 200) {
            json_decref(all);
            *answer = told;
            return status;
        }
        json_array_append_new(all, told);
    }
    *answer = all;
    return 200;
}

static int
put_v1(const struct gl_asking *asking, enum gl_v1 v1, json_t *params,
       json_t **answer)
{
    char *why;
    json_t *query = gl_v1_query(v1, params, gl_asking_site(asking), &why);
    json_t *told = NULL;
    int status;

    if (query == NULL)
        return gl_verb_refuse_why_(answer, why);
    status = gl_asking_ask(asking, query, &told);
    *answer = status == 200 ? gl_v1_answer(v1, told) : json_incref(told);
    json_decref(told);
    json_decref(query);
    return status;
}

static int
open_and_put(const struct gl_query_view *view, const struct gl_meta_site *site,
             put_way *put, enum gl_v1 v1, json_t *asked, json_t **answer)
{
    struct gl_asking *asking;
    int status = gl_asking_open(view, site, &asking, answer);

    if (status != 200)
        return status;
    status = put(asking, v1, asked, answer);
    gl_asking_close(asking);
    return status;
}

int
gl_query_site(const struct gl_query_view *view,
              const struct gl_meta_site *site, json_t *query, json_t **answer)
{
    return open_and_put(view, site, put_one, GL_V1_N, query, answer);
}

int
gl_query_site_all(const struct gl_query_view *view,
                  const struct gl_meta_site *site, json_t *queries,
                  json_t **answers)
{
    return open_and_put(view, site, put_all, GL_V1_N, queries, answers);
}

int
gl_query_site_v1(const struct gl_query_view *view,
                 const struct gl_meta_site *site, enum gl_v1 kind,
                 json_t *params, json_t **answer)
{
    return open_and_put(view, site, put_v1, kind, params, answer);
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
    g_autofree char *why = gl_elsewhere_sentence(
        view->conf, gl_directory_enter(view->directory), site);
    gl_directory_leave(view->directory);
    return why == NULL
               ? 0
               : gl_verb_refuse_(answer, GL_ELSEWHERE_STATUS, "%s", why);
}
