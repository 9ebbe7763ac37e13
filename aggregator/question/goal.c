/* A goal: of JSON, and as what reaches it; see defined.h. */

#include "question/defined.h"

#include <string.h>

#include "columns/money.h"
#include "typed.h"

/* Longer than a path that is kept. */
#define PAGE_MAX 2000 /* bytes */

/* ---- a goal of JSON ---- */

int
gl_defined_refuse_(char **why, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    *why = g_strdup_vprintf(format, args);
    va_end(args);
    return 0;
}

static int
read_what(struct gl_goal *goal, const json_t *body, char **why)
{
    const char *event = json_string_value(json_object_get(body, "event"));
    const char *page = json_string_value(json_object_get(body, "page"));

    if ((event == NULL) == (page == NULL))
        return gl_defined_refuse_(why,
                                  "a goal has either \"event\" or \"page\"");
    if (event != NULL &&
        (event[0] == '\0' || g_utf8_strlen(event, -1) > GL_DEFINED_NAME_MAX))
        return gl_defined_refuse_(why,
                                  "\"event\" is a name of 1 to %d characters",
                                  GL_DEFINED_NAME_MAX);
    if (page != NULL && (strlen(page) > PAGE_MAX ||
                         strchr("/*", page[0]) == NULL || page[0] == '\0'))
        return gl_defined_refuse_(
            why,
            "\"page\" is a path of at most %d bytes that "
            "begins with / or *",
            PAGE_MAX);
    goal->event = g_strdup(event);
    goal->page = page != NULL ? gl_typed_path(page) : NULL;
    return 1;
}

static int
read_scroll(struct gl_goal *goal, const json_t *body, char **why)
{
    const json_t *scroll = json_object_get(body, "scroll");
    json_int_t percent = json_integer_value(scroll);

    if (scroll == NULL)
        return 1;
    if (goal->page == NULL)
        return gl_defined_refuse_(why, "\"scroll\" goes with \"page\" only");
    if (percent < 1 || percent > 100)
        return gl_defined_refuse_(
            why, "\"scroll\" is a whole number from 1 to 100");
    goal->scroll = (uint32_t) percent;
    return 1;
}

static int
read_props(struct gl_goal *goal, json_t *body, char **why)
{
    json_t *props = json_object_get(body, "props"), *value;
    const char *key;

    if (props != NULL && !json_is_object(props))
        return gl_defined_refuse_(why, "\"props\" is an object of texts");
    if (json_object_size(props) > GL_GOAL_PROPS_MAX)
        return gl_defined_refuse_(why, "\"props\": more than %d",
                                  GL_GOAL_PROPS_MAX);
    json_object_foreach (props, key, value) {
        if (key[0] == '\0' || json_string_length(value) == 0)
            return gl_defined_refuse_(why, "\"props\" is an object of texts");
        g_ptr_array_add(goal->props, g_strdup(key));
        g_ptr_array_add(goal->props, g_strdup(json_string_value(value)));
    }
    return 1;
}

static int
read_currency(struct gl_goal *goal, const json_t *body, char **why)
{
    const json_t *currency = json_object_get(body, "currency");
    const char *code = json_string_value(currency);

    if (currency == NULL)
        return 1;
    goal->currency = code == NULL ? 0 : gl_currency(code);
    if (goal->currency == 0)
        return gl_defined_refuse_(why,
                                  "\"currency\" is a code of ISO 4217: EUR");
    if (goal->page != NULL)
        return gl_defined_refuse_(why,
                                  "\"currency\" goes with \"event\" only");
    return 1;
}

static int
read_name(struct gl_goal *goal, const char *name, char **why)
{
    if (name != NULL &&
        (name[0] == '\0' || g_utf8_strlen(name, -1) > GL_DEFINED_NAME_MAX))
        return gl_defined_refuse_(why, "\"name\" has 1 to %d characters",
                                  GL_DEFINED_NAME_MAX);
    if (name != NULL || goal->event != NULL)
        goal->name = g_strdup(name != NULL ? name : goal->event);
    else if (goal->scroll > 0)
        goal->name =
            g_strdup_printf("Scroll %u%% on %s", goal->scroll, goal->page);
    else
        goal->name = g_strdup_printf("Visit %s", goal->page);
    return 1;
}

struct gl_goal *
gl_goal_new(const char *name, const json_t *body, char **why)
{
    struct gl_goal *goal = g_new0(struct gl_goal, 1);
    json_t *copy = json_deep_copy(body);
    int good;

    goal->props = g_ptr_array_new_with_free_func(g_free);
    good = read_what(goal, copy, why) && read_scroll(goal, copy, why) &&
           read_props(goal, copy, why) && read_currency(goal, copy, why) &&
           read_name(goal, name, why);
    json_decref(copy);
    if (good)
        return goal;
    gl_goal_free(goal);
    return NULL;
}

struct gl_goal *
gl_goal_copy(const struct gl_goal *goal)
{
    struct gl_goal *copy = g_memdup2(goal, sizeof *goal);

    copy->name = g_strdup(goal->name);
    copy->event = g_strdup(goal->event);
    copy->page = g_strdup(goal->page);
    copy->props = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < goal->props->len; i++)
        g_ptr_array_add(copy->props, g_strdup(goal->props->pdata[i]));
    return copy;
}

void
gl_goal_free(struct gl_goal *goal)
{
    if (goal == NULL)
        return;
    g_ptr_array_free(goal->props, TRUE);
    g_free(goal->name);
    g_free(goal->event);
    g_free(goal->page);
    g_free(goal);
}

/* ---- what reaches it ---- */

/* VALUE is the caller's no more. */
static void
add_leaf(struct gl_predicate *all, enum gl_predicate_op op,
         enum gl_dimension what, const char *prop, char *value)
{
    struct gl_predicate *leaf = g_new0(struct gl_predicate, 1);

    leaf->op = op;
    leaf->by = (struct gl_by){what, g_strdup(prop)};
    leaf->values = g_ptr_array_new_with_free_func(g_free);
    if (value != NULL)
        g_ptr_array_add(leaf->values, value);
    g_ptr_array_add(all->children, leaf);
}

/* Of a page's pattern a regular expression. */
static char *
page_regex(const char *page)
{
    char **parts = g_strsplit(page, "*", -1);
    GString *regex = g_string_new("^");

    for (size_t i = 0; parts[i] != NULL; i++) {
        char *plain = g_regex_escape_string(parts[i], -1);

        if (i > 0 && parts[i][0] == '\0' && parts[i + 1] != NULL) {
            g_string_append(regex, ".*"); /* between two stars */
            i++;
            g_free(plain);
            plain = g_regex_escape_string(parts[i], -1);
        } else if (i > 0) {
            g_string_append(regex, "[^/]*");
        }
        g_string_append(regex, plain);
        g_free(plain);
    }
    g_string_append(regex, "\\z");
    g_strfreev(parts);
    return g_string_free(regex, FALSE);
}

struct gl_predicate *
gl_goal_predicate(const struct gl_goal *goal)
{
    struct gl_predicate *all = g_new0(struct gl_predicate, 1);

    all->op = GL_PREDICATE_AND;
    all->of_goal = 1;
    all->children = g_ptr_array_new();
    add_leaf(all, GL_PREDICATE_IS, GL_DIMENSION_NAME, NULL,
             g_strdup(goal->page != NULL ? "pageview" : goal->event));
    if (goal->page != NULL && strchr(goal->page, '*') != NULL)
        add_leaf(all, GL_PREDICATE_MATCHES, GL_DIMENSION_PAGE, NULL,
                 page_regex(goal->page));
    else if (goal->page != NULL)
        add_leaf(all, GL_PREDICATE_IS, GL_DIMENSION_PAGE, NULL,
                 g_strdup(goal->page));
    for (guint i = 0; i < goal->props->len; i += 2)
        add_leaf(all, GL_PREDICATE_IS, GL_DIMENSION_PROP,
                 goal->props->pdata[i], g_strdup(goal->props->pdata[i + 1]));
    if (goal->scroll > 0) {
        struct gl_predicate *leaf;

        add_leaf(all, GL_PREDICATE_SCROLLED, GL_DIMENSION_NAME, NULL, NULL);
        leaf = all->children->pdata[all->children->len - 1];
        leaf->scroll = goal->scroll;
    }
    return all;
}

struct gl_predicate *
gl_goals_predicate(const GPtrArray *goals)
{
    struct gl_predicate *any = g_new0(struct gl_predicate, 1);

    any->op = GL_PREDICATE_OR;
    any->of_goal = 1;
    any->children = g_ptr_array_new();
    for (guint i = 0; i < goals->len; i++)
        g_ptr_array_add(any->children, gl_goal_predicate(goals->pdata[i]));
    return any;
}
