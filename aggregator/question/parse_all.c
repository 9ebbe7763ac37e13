/* Several questions in one body: each is a query of its own with what they
 * have in common; see parse.h. */

#include "question/parse.h"

#include <string.h>

/* What a body with "queries" has beside them. */
static const char *const common[] = {"site_id", "date_range", "filters"};

static int
is_common(const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(common); i++)
        if (strcmp(common[i], key) == 0)
            return 1;
    return 0;
}

/* -1: SENTENCE, taken, is why. */
static int
refuse(char **why, char *sentence)
{
    *why = sentence;
    return -1;
}

static int
check_body(json_t *body, char **why)
{
    const json_t *queries = json_object_get(body, "queries");
    const char *key;
    json_t *value;

    if (json_array_size(queries) == 0 ||
        json_array_size(queries) > GL_PARSE_QUERIES_MAX)
        return refuse(why, g_strdup_printf("\"queries\" is a list of 1 to %d "
                                           "queries",
                                           GL_PARSE_QUERIES_MAX));
    json_object_foreach (body, key, value) {
        if (strcmp(key, "queries") != 0 && !is_common(key))
            return refuse(why, g_strdup_printf("\"%s\" goes into each of "
                                               "\"queries\"",
                                               key));
    }
    return 0;
}

/* QUERY with what BODY says for all of them; the caller's. */
static json_t *
complete(const json_t *body, json_t *query)
{
    json_t *whole = json_copy(query);

    for (size_t i = 0; i < G_N_ELEMENTS(common); i++) {
        json_t *value = json_object_get(body, common[i]);

        if (value != NULL)
            json_object_set(whole, common[i], value);
    }
    return whole;
}

static int
parse_one(const json_t *body, json_t *query, const struct gl_parse_site *site,
          struct gl_asked *asked, char **why)
{
    json_t *whole;
    int error;

    if (!json_is_object(query))
        return refuse(why, g_strdup("is a JSON object"));
    for (size_t i = 0; i < G_N_ELEMENTS(common); i++)
        if (json_object_get(query, common[i]) != NULL)
            return refuse(why, g_strdup_printf("\"%s\" is the same for all of "
                                               "them and stands beside "
                                               "\"queries\"",
                                               common[i]));
    whole = complete(body, query);
    error = gl_parse(whole, site, asked, why);
    json_decref(whole);
    return error;
}

static int
parse_list(json_t *body, const struct gl_parse_site *site,
           struct gl_asked_all *all, char **why)
{
    const json_t *queries = json_object_get(body, "queries");
    char *wrong;

    if (check_body(body, why) == -1)
        return -1;
    for (size_t i = 0; i < json_array_size(queries); i++) {
        if (parse_one(body, json_array_get(queries, i), site,
                      &all->one[all->n], &wrong) == -1) {
            *why =
                g_strdup_printf("\"queries\": number %zu: %s", i + 1, wrong);
            g_free(wrong);
            return -1;
        }
        all->n++;
    }
    return 0;
}

int
gl_parse_all(json_t *json, const struct gl_parse_site *site,
             struct gl_asked_all *all, char **why)
{
    int error;

    all->n = 0;
    all->is_list = json_object_get(json, "queries") != NULL;
    if (all->is_list)
        error = parse_list(json, site, all, why);
    else
        error = gl_parse(json, site, &all->one[0], why);
    if (error == 0 && !all->is_list)
        all->n = 1;
    if (error != 0)
        gl_asked_all_fini(all);
    return error;
}

void
gl_asked_all_fini(struct gl_asked_all *all)
{
    for (size_t i = 0; i < all->n; i++)
        gl_asked_fini(&all->one[i]);
    all->n = 0;
}
