/*
 * What is defined for a site's questions, by a program: goals in the words of
 * Plausible's sites API; funnels, segments and annotations in those of the
 * command.  Paths of paths.def below /api/v1/sites/; each is a verb of
 * admin/verbs.def.  Loop thread.
 */

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "serve/path.h"
#include "serve/reply.h"

#define ROOT "/api/v1/sites/"

/* As Plausible's. */
#define LIMIT 100
#define LIMIT_MAX 1000

/* A member of a body, and the verb's argument that it is. */
struct member {
    const char *key, *arg;
};

static const struct noun {
    const char *plural, *one;        /* in paths and answers */
    const char *list, *add, *remove; /* verbs */
    struct member members[8];        /* but "site_id", up to NULL */
} nouns[] = {
    {"goals",
     "goal",
     "goal.list",
     "goal.add",
     "goal.remove",
     {{"display_name", "name"},
      {"event_name", "event"},
      {"page_path", "page"},
      {"scroll_threshold", "scroll"},
      {"custom_props", "props"},
      {"currency", "currency"},
      {"goal_type", NULL}}},
    {"funnels",
     "funnel",
     "funnel.list",
     "funnel.add",
     "funnel.remove",
     {{"name", "name"}, {"steps", "steps"}, {"strict", "strict"}}},
    {"segments",
     "segment",
     "segment.list",
     "segment.add",
     "segment.remove",
     {{"name", "name"}, {"filters", "filters"}}},
    {"annotations",
     "annotation",
     "annotation.list",
     "annotation.add",
     "annotation.remove",
     {{"date", "date"}, {"text", "text"}}},
};

/* What the path of the table says. */
static const struct noun *
noun_of(const struct gl_path_request *request)
{
    const char *word = request->path + strlen(ROOT);
    size_t i = 0;

    while (i + 1 < G_N_ELEMENTS(nouns) &&
           !g_str_has_prefix(word, nouns[i].plural))
        i++;
    return &nouns[i];
}

/* A question that is put: REQ is its own until it is answered. */
struct asking {
    struct gl_paths *paths;
    struct evhttp_request *req;
    const struct noun *noun;
    char *domain, *account;
    json_t *args;         /* of an added one */
    char *after, *before; /* of a list: ids, or NULL */
    size_t limit;
};

static struct asking *
asking_new(struct gl_paths *paths, const struct gl_path_request *request)
{
    struct asking *asking = g_new0(struct asking, 1);

    asking->paths = paths;
    asking->req = request->req;
    asking->noun = noun_of(request);
    asking->domain = g_strdup(request->site->domain);
    asking->account = g_strdup(request->site->account);
    return asking;
}

static void
asking_free(struct asking *asking)
{
    json_decref(asking->args);
    g_free(asking->domain);
    g_free(asking->account);
    g_free(asking->after);
    g_free(asking->before);
    g_free(asking);
}

/* ARGS are taken. */
static void
ask(struct asking *asking, const char *verb, json_t *args, gl_ask_done *done)
{
    json_object_set_new(args, "domain", json_string(asking->domain));
    json_object_set_new(args, "of", json_string(asking->account));
    gl_ask(asking->paths->asks, asking->req, verb, args, NULL, 0, "token",
           done, asking);
}

static void
refuse(struct asking *asking, int status, const char *sentence)
{
    gl_reply_error(asking->req, status, sentence);
    asking_free(asking);
}

/* A refusal as it came, or nothing where nobody waits: 1, else 0. */
static int
end(struct asking *asking, int status, const char *answer)
{
    if (status == 200)
        return 0;
    if (status != GL_ASK_GONE)
        gl_reply_json_text(asking->req, status, answer);
    asking_free(asking);
    return 1;
}

/* ---- in which words ---- */

static json_t *
or_null(const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);

    return value == NULL ? json_null() : json_incref(value);
}

static json_t *
goal_json(const json_t *goal)
{
    const json_t *props = json_object_get(goal, "props");
    int is_event = json_object_get(goal, "event") != NULL;

    return json_pack(
        "{s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "id", or_null(goal, "id"),
        "display_name", or_null(goal, "name"), "goal_type",
        is_event ? "event" : "page", "event_name", or_null(goal, "event"),
        "page_path", or_null(goal, "page"), "scroll_threshold",
        or_null(goal, "scroll"), "custom_props",
        props == NULL ? json_object() : json_deep_copy(props), "currency",
        or_null(goal, "currency"));
}

/* The caller's. */
static json_t *
told(const struct noun *noun, json_t *defined)
{
    return noun == &nouns[0] ? goal_json(defined) : json_incref(defined);
}

/* ---- lists, the newest first ---- */

static int64_t
id_of(const json_t *defined)
{
    return json_integer_value(json_object_get(defined, "id"));
}

/* Ids of the page that ASKING wants, in a list that is the oldest first:
 * FIRST is at the most that is on it, and N are. */
static void
find_page(const struct asking *asking, const json_t *list, size_t *first,
          size_t *n)
{
    size_t all = json_array_size(list), top = all, bottom = 0;

    if (asking->after != NULL)
        while (top > 0 && id_of(json_array_get(list, top - 1)) >=
                              g_ascii_strtoll(asking->after, NULL, 10))
            top--;
    if (asking->before != NULL) {
        while (bottom < all && id_of(json_array_get(list, bottom)) <=
                                   g_ascii_strtoll(asking->before, NULL, 10))
            bottom++;
        top = MIN(all, bottom + asking->limit);
    }
    *first = top;
    *n = MIN(top - MIN(top, bottom), asking->limit);
}

/* A cursor: the id, as a text. */
static json_t *
cursor(const json_t *defined)
{
    return json_sprintf("%" JSON_INTEGER_FORMAT, (json_int_t) id_of(defined));
}

static json_t *
page_json(const struct asking *asking, const json_t *list)
{
    json_t *page = json_array();
    size_t first, n, all = json_array_size(list);

    find_page(asking, list, &first, &n);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            page, told(asking->noun, json_array_get(list, first - 1 - i)));
    return json_pack(
        "{s:o, s:{s:o, s:o, s:I}}", asking->noun->plural, page, "meta",
        "after",
        n > 0 && first - n > 0 ? cursor(json_array_get(list, first - n))
                               : json_null(),
        "before",
        n > 0 && first < all ? cursor(json_array_get(list, first - 1))
                             : json_null(),
        "limit", (json_int_t) asking->limit);
}

static void
on_list(void *arg, int status, const char *answer)
{
    struct asking *asking = arg;

    if (end(asking, status, answer))
        return;
    json_auto_t *json = json_loads(answer, 0, NULL);
    json_auto_t *page =
        page_json(asking, json_object_get(json, asking->noun->plural));
    gl_reply_json(asking->req, 200, page);
    asking_free(asking);
}

static const char *
param(const struct gl_path_request *request, const char *key)
{
    return json_string_value(json_object_get(request->asked, key));
}

void
gl_path_definitions_(struct gl_paths *paths,
                     const struct gl_path_request *request)
{
    static const char *const known[] = {"site_id", "limit", "after", "before",
                                        NULL};
    struct asking *asking = asking_new(paths, request);
    const char *limit = param(request, "limit"), *key;
    guint64 n = LIMIT;
    json_t *value;

    json_object_foreach (request->asked, key, value) {
        if (!g_strv_contains(known, key)) {
            refuse(asking, 400,
                   "the parameters are \"site_id\", \"limit\", "
                   "\"after\" and \"before\"");
            return;
        }
    }
    if (limit != NULL &&
        !g_ascii_string_to_unsigned(limit, 10, 1, LIMIT_MAX, &n, NULL)) {
        refuse(asking, 400, "\"limit\" is a whole number from 1 to 1000");
        return;
    }
    asking->limit = (size_t) n;
    asking->after = g_strdup(param(request, "after"));
    asking->before = g_strdup(param(request, "before"));
    ask(asking, asking->noun->list, json_object(), on_list);
}

/* ---- found or made ---- */

static void
reply_one(struct asking *asking, json_t *defined)
{
    json_auto_t *one = json_copy(defined);
    json_auto_t *json = told(asking->noun, one);

    json_object_set_new(json, "domain", json_string(asking->domain));
    gl_reply_json(asking->req, 200, json);
    asking_free(asking);
}

/* DEFINED has what ARGS ask for, and nothing that they do not. */
static int
is_same(const json_t *defined, json_t *args)
{
    json_t *copy = (json_t *) (uintptr_t) defined, *value;
    const char *key;
    int same = 1;

    json_object_foreach (copy, key, value) {
        if (strcmp(key, "id") == 0 || strcmp(key, "created") == 0 ||
            strcmp(key, "name") == 0)
            continue;
        same &= json_equal(value, json_object_get(args, key));
    }
    json_object_foreach (args, key, value) {
        if (json_is_false(value)) /* as what is not there */
            continue;
        same &= json_equal(value, json_object_get(defined, key));
    }
    return same;
}

static void
on_found(void *arg, int status, const char *answer)
{
    struct asking *asking = arg;
    json_t *defined;
    size_t i;

    if (end(asking, status, answer))
        return;
    json_auto_t *json = json_loads(answer, 0, NULL);
    json_array_foreach (json_object_get(json, asking->noun->plural), i,
                        defined) {
        if (!is_same(defined, asking->args))
            continue;
        reply_one(asking, defined);
        return;
    }
    refuse(asking, 409,
           "there is another one of that name, or as many as "
           "there may be");
}

/* 409: it may be there already, as it is asked for. */
static void
on_added(void *arg, int status, const char *answer)
{
    struct asking *asking = arg;

    if (status == 409) {
        ask(asking, asking->noun->list, json_object(), on_found);
        return;
    }
    if (end(asking, status, answer))
        return;
    json_auto_t *json = json_loads(answer, 0, NULL);
    reply_one(asking, json_object_get(json, asking->noun->one));
}

/* 1 = KEY of a body is the verb's *ARG, NULL = of no argument. */
static int
find_arg(const struct noun *noun, const char *key, const char **arg)
{
    for (const struct member *m = noun->members; m->key != NULL; m++) {
        if (strcmp(m->key, key) != 0)
            continue;
        *arg = m->arg;
        return 1;
    }
    return 0;
}

/* What BODY says as arguments of the verb: 1, or 0 and WHY. */
static int
read_args(const struct noun *noun, json_t *body, json_t *args, char why[128])
{
    const char *key, *arg;
    json_t *value;

    json_object_foreach (body, key, value) {
        if (strcmp(key, "site_id") == 0 || json_is_null(value))
            continue;
        if (!find_arg(noun, key, &arg)) {
            snprintf(why, 128, "\"%.80s\" is no key of a %s", key, noun->one);
            return 0;
        }
        if (arg != NULL)
            json_object_set(args, arg, value);
    }
    return 1;
}

/* A goal's type says which of two members it has: 1, or 0 and WHY. */
static int
check_goal(const json_t *body, json_t *args, char why[128])
{
    static const struct {
        const char *type, *key, *arg;
    } types[] = {{"event", "event_name", "event"},
                 {"page", "page_path", "page"}};
    const char *type = json_string_value(json_object_get(body, "goal_type"));
    int at = g_strcmp0(type, types[0].type) == 0   ? 0
             : g_strcmp0(type, types[1].type) == 0 ? 1
                                                   : -1;

    if (at == -1)
        snprintf(why, 128, "\"goal_type\" is event or page");
    else if (!json_is_string(json_object_get(args, types[at].arg)))
        snprintf(why, 128, "\"%s\" is missing", types[at].key);
    else if (json_object_get(args, types[!at].arg) != NULL)
        snprintf(why, 128, "\"%s\" does not go with the type %s",
                 types[!at].key, type);
    else
        return 1;
    return 0;
}

void
gl_path_definition_put_(struct gl_paths *paths,
                        const struct gl_path_request *request)
{
    struct asking *asking = asking_new(paths, request);
    char why[128];

    asking->args = json_object();
    if (!read_args(asking->noun, request->asked, asking->args, why) ||
        (asking->noun == &nouns[0] &&
         !check_goal(request->asked, asking->args, why))) {
        refuse(asking, 400, why);
        return;
    }
    ask(asking, asking->noun->add, json_copy(asking->args), on_added);
}

/* ---- removed ---- */

static void
on_removed(void *arg, int status, const char *answer)
{
    struct asking *asking = arg;

    if (end(asking, status, answer))
        return;
    gl_reply_json_text(asking->req, 200, "{\"deleted\":true}");
    asking_free(asking);
}

void
gl_path_definition_delete_(struct gl_paths *paths,
                           const struct gl_path_request *request)
{
    struct asking *asking = asking_new(paths, request);

    ask(asking, asking->noun->remove, json_pack("{s:s}", "id", request->rest),
        on_removed);
}
