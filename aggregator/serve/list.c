/*
 * The list of sites: public ones that the host shows, a page at a time, and
 * those of who has signed in; a query thread counts their numbers (the verb
 * "page.list").  Loop thread.
 */

#include "serve/pages.h"

#include <event2/keyvalq_struct.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "access/form.h"
#include "dashboard/render.h"
#include "serve/path.h"
#include "serve/reply.h"

/* Sites on one page of the list, each with its numbers. */
#define GL_PAGES_LIST_MAX 24

/* What is behind '?', "" = nothing. */
static const char *
query_of(struct evhttp_request *req)
{
    const char *query =
        evhttp_uri_get_query(evhttp_request_get_evhttp_uri(req));
    return query == NULL ? "" : query;
}

/* The value of NAME among PAIRS in lower case, as domains are; "" when there
 * is none or none that could be a part of a domain. */
static void
take_value(const struct evkeyvalq *pairs, const char *name, char text[254])
{
    const char *value = evhttp_find_header(pairs, name);
    text[0] = '\0';
    if (value == NULL || !g_utf8_validate(value, -1, NULL))
        return;
    g_autofree char *lower = g_utf8_strdown(value, -1);
    if (strlen(lower) < 254)
        g_strlcpy(text, lower, 254);
}

/* What is behind '?' of the list, and nothing else: no secret. */
static int
is_plain_list(const char *query)
{
    struct evkeyvalq pairs = TAILQ_HEAD_INITIALIZER(pairs);
    const struct evkeyval *pair;
    int plain = evhttp_parse_query_str(query, &pairs) == 0;
    TAILQ_FOREACH (pair, &pairs, next) {
        plain = plain && (strcmp(pair->key, "q") == 0 ||
                          strcmp(pair->key, "lang") == 0 ||
                          strcmp(pair->key, "after") == 0);
    }
    evhttp_clear_headers(&pairs);
    return plain;
}

/* DOMAIN is one of OWN, as sites_json() makes them; NULL = none. */
static int
is_among(const json_t *own, const char *domain)
{
    const json_t *one;
    size_t i;

    json_array_foreach (own, i, one)
        if (strcmp(json_string_value(json_object_get(one, "domain")),
                   domain) == 0)
            return 1;
    return 0;
}

/* But those that stand elsewhere, OWN. */
static json_t *
sites_json(char (*domains)[254], size_t n, const json_t *own)
{
    json_t *sites = json_array();
    for (size_t i = 0; i < n && i < GL_PAGES_LIST_MAX; i++)
        if (!is_among(own, domains[i]))
            json_array_append_new(sites,
                                  json_pack("{s:s}", "domain", domains[i]));
    return sites;
}

/* Who has signed in; NULL: nobody. */
static json_t *
person_json(struct gl_paths *paths, const struct gl_asker *asker)
{
    char own[GL_PAGES_LIST_MAX][254], token[GL_SECRET_LEN + 1];
    struct gl_meta_person person;
    if (!gl_access_person(&paths->access, asker, &person))
        return NULL;
    gl_form_token(&paths->access, asker, &person, token);
    size_t n = gl_access_own(&paths->access, asker->host, &person, own,
                             GL_PAGES_LIST_MAX);
    return json_pack("{s:s, s:s, s:o}", "name", person.name, "token", token,
                     "own", sites_json(own, n, NULL));
}

/* What the list shows of sites without asking anybody. */
static json_t *
list_json(struct gl_paths *paths, const struct gl_path_request *request)
{
    const char *query =
        evhttp_uri_get_query(evhttp_request_get_evhttp_uri(request->req));
    const char *host = request->asker->host;
    char domains[GL_PAGES_LIST_MAX + 1][254], prefix[254], after[254];
    struct evkeyvalq pairs = TAILQ_HEAD_INITIALIZER(pairs);
    if (query != NULL)
        evhttp_parse_query_str(query, &pairs); /* or it stays empty */
    take_value(&pairs, "q", prefix);
    take_value(&pairs, "after", after);
    evhttp_clear_headers(&pairs);
    size_t n = gl_access_public(&paths->access, host, prefix, after, domains,
                                GL_PAGES_LIST_MAX + 1);
    int first = prefix[0] == '\0' && after[0] == '\0';
    int more = n > GL_PAGES_LIST_MAX;
    json_t *person = person_json(paths, request->asker);
    json_t *sites =
        sites_json(domains, n, first ? json_object_get(person, "own") : NULL);
    int others = more || n == 0 || json_array_size(sites) > 0;
    return json_pack("{s:o, s:o*, s:b, s:b, s:s*, s:b, s:s, s:s}", "sites",
                     sites, "person", person, "others", others, "more", more,
                     "last", more ? domains[GL_PAGES_LIST_MAX - 1] : NULL,
                     "all", gl_access_all(&paths->access, host), "prefix",
                     prefix, "after", after);
}

/* A list that is being counted. */
struct listing {
    struct evhttp_request *req;
    json_t *list;
};

/* Without numbers when there are none. */
static void
on_list(void *arg, int status, const char *answer)
{
    struct listing *listing = arg;
    struct evhttp_request *req = listing->req;
    int signed_in = json_object_get(listing->list, "person") != NULL;
    size_t len = 0;
    if (status != GL_ASK_GONE && signed_in) /* there is a form */
        gl_reply_origin(req);
    if (status == 200 && answer != NULL) {
        if (!signed_in && is_plain_list(query_of(req)))
            gl_pages_share(req);
        gl_pages_html(req, 200, answer, strlen(answer));
    } else if (status != GL_ASK_GONE) {
        gl_reply_speak(req);
        char *page = gl_render_list(listing->list, &len);
        gl_pages_send(req, 200, page, len);
    }
    json_decref(listing->list);
    free(listing);
}

void
gl_path_list_(struct gl_paths *paths, const struct gl_path_request *request)
{
    json_t *list = list_json(paths, request);
    struct listing *listing = malloc(sizeof *listing);
    if (list == NULL || listing == NULL) {
        json_decref(list);
        free(listing);
        gl_pages_error(request->req, 503, "out of memory");
        return;
    }
    *listing = (struct listing){request->req, list};
    gl_ask_shared(paths->asks, request->req, "page.list",
                  json_pack("{s:O, s:o}", "list", list, "lang",
                            gl_reply_speech(request->req)),
                  on_list, listing);
}
