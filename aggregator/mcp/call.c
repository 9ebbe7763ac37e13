/* A tool is called; see call.h. */

#include "mcp/call.h"

#include <glib.h>
#include <string.h>

#include "calls/answer.h"
#include "domain.h"
#include "mcp/explain.h"
#include "mcp/questions.h"
#include "mcp/tools.h"
#include "answer/answer.h"

#define SITES 100 /* of a list */

static int
find_site(const struct gl_mcp_call *call, struct gl_meta_site *site,
          json_t **answer)
{
    return gl_query_find(
        call->view,
        json_string_value(json_object_get(call->arguments, "site_id")),
        call->account, site, answer);
}

/* QUERY is taken. */
static int
ask(const struct gl_mcp_call *call, json_t *query, json_t **answer)
{
    struct gl_meta_site site;
    int status = find_site(call, &site, answer);

    if (status == 0)
        status = gl_query_site(call->view, &site, query, answer);
    json_decref(query);
    return status;
}

/* QUESTIONS, taken, all as of one commit. */
static int
ask_all(const struct gl_mcp_call *call, json_t *questions, json_t **answers)
{
    struct gl_meta_site site;
    int status = find_site(call, &site, answers);

    if (status == 0)
        status = gl_query_site_all(call->view, &site, questions, answers);
    json_decref(questions);
    return status;
}

/* ---- one question ---- */

static int
run_query(const struct gl_mcp_call *call, json_t **answer)
{
    return ask(call, json_incref(call->arguments), answer);
}

static int
run_breakdown(const struct gl_mcp_call *call, json_t **answer)
{
    char *why;
    json_t *query = gl_mcp_breakdown(call->arguments, &why);

    return query == NULL ? gl_verb_refuse_why_(answer, why)
                         : ask(call, query, answer);
}

static int
run_compare(const struct gl_mcp_call *call, json_t **answer)
{
    char *why;
    json_t *query = gl_mcp_compare(call->arguments, &why);

    return query == NULL ? gl_verb_refuse_why_(answer, why)
                         : ask(call, query, answer);
}

/* ---- several ---- */

static int
run_realtime(const struct gl_mcp_call *call, json_t **answer)
{
    json_auto_t *answers = NULL;
    int status = ask_all(call, gl_mcp_realtime(call->arguments), &answers);

    *answer = status == 200 ? gl_mcp_realtime_told(call->arguments, answers)
                            : json_incref(answers);
    return status;
}

static int
explain(const struct gl_mcp_call *call, const json_t *ranges, json_t **answer)
{
    json_auto_t *answers = NULL;
    int status =
        ask_all(call, gl_explain_questions(call->arguments, ranges), &answers);

    *answer = status == 200 ? gl_explain_told(call->arguments, ranges, answers)
                            : json_incref(answers);
    return status;
}

static int
run_explain(const struct gl_mcp_call *call, json_t **answer)
{
    char *why;
    json_t *query = gl_explain_ranges(call->arguments, &why);
    json_auto_t *ranges = NULL;

    if (query == NULL)
        return gl_verb_refuse_why_(answer, why);
    int status = ask(call, query, &ranges);
    if (status == 200)
        status = explain(call, ranges, answer);
    else
        *answer = json_incref(ranges);
    return status;
}

/* ---- sites ---- */

struct listing {
    const char *search;
    json_t *sites;
    json_int_t total;
};

static int
append(void *arg, const struct gl_meta_site *site)
{
    struct listing *listing = arg;
    char domain[GL_DOMAIN_BYTES];

    gl_domain_show(site->domain, domain);
    if (strstr(domain, listing->search) == NULL)
        return 0;
    if (listing->total++ < SITES)
        json_array_append_new(listing->sites,
                              json_pack("{s:s, s:s, s:b}", "site_id", domain,
                                        "timezone", site->timezone, "public",
                                        site->is_public));
    return 0;
}

static int
run_list(const struct gl_mcp_call *call, json_t **answer)
{
    const json_t *search = json_object_get(call->arguments, "search");
    struct listing listing = {.search = "", .sites = json_array()};

    if (search != NULL)
        listing.search = json_string_value(search);
    if (listing.search == NULL) {
        json_decref(listing.sites);
        return gl_verb_refuse_(answer, 400, "\"search\" is a text");
    }
    gl_version_sites(gl_directory_enter(call->view->directory), call->account,
                     append, &listing);
    gl_directory_leave(call->view->directory);
    *answer = json_pack("{s:o, s:I}", "sites", listing.sites, "total",
                        listing.total);
    return 200;
}

/* ---- all ---- */

static const struct {
    const char *name;
    int (*run)(const struct gl_mcp_call *call, json_t **answer);
} tools[] = {
    {"list_sites", run_list},
    {"query", run_query},
    {"breakdown", run_breakdown},
    {"compare", run_compare},
    /* what they take is part of a query, and answered as one */
    {"funnel", run_query},
    {"journey", run_query},
    {"retention", run_query},
    {"realtime", run_realtime},
    {"explain_change", run_explain},
};

int
gl_mcp_call(const struct gl_mcp_call *call, json_t **answer)
{
    size_t i = 0;

    while (i < G_N_ELEMENTS(tools) && strcmp(tools[i].name, call->tool) != 0)
        i++;
    if (i == G_N_ELEMENTS(tools))
        return gl_verb_refuse_(answer, 404, "there is no such tool");
    char *why = gl_mcp_tool_fault(call->tool, call->arguments);
    return why != NULL ? gl_verb_refuse_why_(answer, why)
                       : tools[i].run(call, answer);
}
