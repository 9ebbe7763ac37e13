/* receipt, rows: what is counted again from the rows, and they.  Thread of low
 * priority.  recount.status: a reader. */

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "dashboard/behind.h"
#include "dashboard/receipt.h"
#include "recount/receipt.h"
#include "calls/recounts.h"

/* 0 and ASK, with its SITE; or a status. */
static int
find(const struct gl_query_view *view, const struct gl_call *call,
     struct gl_meta_site *site, struct gl_receipt_ask *ask, json_t **answer)
{
    json_t *query = json_object_get(call->args, "query");

    *ask = (struct gl_receipt_ask){
        .view = view, .site = site, .query = query, .gone = call->gone};
    return gl_query_find(view,
                         json_string_value(json_object_get(query, "site_id")),
                         gl_verb_text_(call, "account", NULL), site, answer);
}

int
gl_verb_receipt_(const struct gl_query_view *view, const struct gl_call *call,
                 json_t **answer)
{
    struct gl_meta_site site;
    struct gl_receipt_ask ask;
    int status = find(view, call, &site, &ask, answer);

    return status != 0 ? status : gl_receipt(&ask, answer);
}

int
gl_verb_rows_(const struct gl_query_view *view, const struct gl_call *call,
              json_t **answer)
{
    json_int_t limit =
        json_integer_value(json_object_get(call->args, "limit"));
    struct gl_meta_site site;
    struct gl_receipt_ask ask;
    int status = find(view, call, &site, &ask, answer);

    if (status != 0)
        return status;
    if (limit < 1 || limit > GL_RECEIPT_ROWS_MAX)
        return gl_verb_refuse_(answer, 400,
                               "\"limit\" is a whole number from 1 to %d",
                               GL_RECEIPT_ROWS_MAX);
    return gl_receipt_rows(&ask,
                           json_is_true(json_object_get(call->args, "visits")),
                           (int) limit, answer);
}

typedef int shows(const struct gl_query_view *view,
                  const struct gl_meta_site *site, const char *query,
                  const atomic_int *gone, json_t **answer);

static int
show_page(const struct gl_query_view *view, const struct gl_call *call,
          shows *show, json_t **answer)
{
    struct gl_meta_site site;
    int status =
        gl_query_find(view, gl_verb_text_(call, "site", NULL),
                      gl_verb_text_(call, "account", NULL), &site, answer);

    return status != 0 ? status
                       : show(view, &site, gl_verb_text_(call, "query", ""),
                              call->gone, answer);
}

int
gl_verb_page_receipt_(const struct gl_query_view *view,
                      const struct gl_call *call, json_t **answer)
{
    return show_page(view, call, gl_dashboard_behind, answer);
}

int
gl_verb_page_rows_(const struct gl_query_view *view,
                   const struct gl_call *call, json_t **answer)
{
    return show_page(view, call, gl_dashboard_receipt, answer);
}

int
gl_verb_recount_status_(const struct gl_query_view *view,
                        const struct gl_call *call, json_t **answer)
{
    const char *name = gl_verb_text_(call, "site", NULL);
    struct gl_meta_site site;

    if (!gl_directory_site(view->directory, name, &site))
        return gl_verb_refuse_(answer, 404, "there is no site \"%s\"", name);
    *answer = gl_recounts_json(view->recounts, site.account);
    return 200;
}
