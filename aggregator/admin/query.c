/* query, stats, page: questions about a site's rows.  Query thread. */

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "dashboard/overview.h"
#include "dashboard/site.h"
#include "dashboard/summary.h"
#include "language/language.h"
#include "answer/answer.h"

/* PARAMS are those of v1's GET. */
int
gl_verb_stats_(const struct gl_query_view *view, const struct gl_call *call,
               json_t **answer)
{
    json_t *params = json_object_get(call->args, "params");
    enum gl_v1 kind = gl_v1_kind(gl_verb_text_(call, "kind", ""));
    const char *name = json_string_value(json_object_get(params, "site_id"));
    struct gl_meta_site site;

    if (kind == GL_V1_N)
        return gl_verb_refuse_(answer, 400,
                               "\"kind\" is aggregate, "
                               "timeseries or breakdown");
    int status = gl_query_find(
        view, name, gl_verb_text_(call, "account", NULL), &site, answer);
    return status != 0 ? status
                       : gl_query_site_v1(view, &site, kind, params, answer);
}

int
gl_verb_query_(const struct gl_query_view *view, const struct gl_call *call,
               json_t **answer)
{
    json_t *query = json_object_get(call->args, "query");
    const char *name = json_string_value(json_object_get(query, "site_id"));
    struct gl_meta_site site;
    int status = gl_query_find(
        view, name, gl_verb_text_(call, "account", NULL), &site, answer);

    return status != 0 ? status : gl_query_site(view, &site, query, answer);
}

/* This thread writes pages for whom CALL names; and for nobody. */
static void
speak(const struct gl_call *call)
{
    gl_speak(gl_speech_read(gl_verb_text_(call, "lang", NULL)));
}

static int
silent(int status)
{
    gl_speak(gl_speech_read(NULL));
    return status;
}

/* The site that is asked for: 0, or a status and *ANSWER. */
static int
find(const struct gl_query_view *view, const struct gl_call *call,
     struct gl_meta_site *site, json_t **answer)
{
    return gl_query_find(view, gl_verb_text_(call, "site", NULL),
                         gl_verb_text_(call, "account", NULL), site, answer);
}

int
gl_verb_page_(const struct gl_query_view *view, const struct gl_call *call,
              json_t **answer)
{
    struct gl_meta_site site;
    int status = find(view, call, &site, answer);

    if (status != 0)
        return status;
    speak(call);
    return silent(
        gl_dashboard_site(view, &site, json_object_get(call->args, "by"),
                          gl_verb_text_(call, "query", ""),
                          json_object_get(call->args, "live"), answer));
}

int
gl_verb_page_summary_(const struct gl_query_view *view,
                      const struct gl_call *call, json_t **answer)
{
    struct gl_meta_site site;
    int status = find(view, call, &site, answer);

    if (status != 0)
        return status;
    speak(call);
    return silent(gl_dashboard_summary(
        view, &site, gl_verb_text_(call, "query", ""), answer));
}

int
gl_verb_page_list_(const struct gl_query_view *view,
                   const struct gl_call *call, json_t **answer)
{
    speak(call);
    return silent(gl_dashboard_overview(
        view, json_object_get(call->args, "list"), answer));
}

int
gl_verb_page_file_(const struct gl_query_view *view,
                   const struct gl_call *call, json_t **answer)
{
    struct gl_meta_site site;
    int status = find(view, call, &site, answer);

    if (status != 0)
        return status;
    speak(call);
    return silent(gl_dashboard_file(view, &site,
                                    json_object_get(call->args, "by"),
                                    gl_verb_text_(call, "query", ""), answer));
}
