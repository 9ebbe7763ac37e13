/* Segments in filters; see segments.h. */

#include "question/segments.h"

#include <string.h>

struct expanding {
    const struct gl_defined *defined;
    char **why;
};

static json_t *expand(struct expanding *x, const json_t *filter);

static int
is_segment(const json_t *filter)
{
    const char *word = json_string_value(json_array_get(filter, 1));

    return word != NULL && strcmp(word, "segment") == 0;
}

/* The filters of one, or NULL. */
static const json_t *
find(struct expanding *x, const json_t *id)
{
    const GPtrArray *segments = x->defined->segments;

    for (guint i = 0; json_is_integer(id) && i < segments->len; i++) {
        const struct gl_segment *segment = segments->pdata[i];

        if (segment->id == json_integer_value(id))
            return segment->filters;
    }
    *x->why = g_strdup("\"filters\": the site has no such segment");
    return NULL;
}

/* ["or", [["and", [...]], ...]], one group a segment. */
static json_t *
groups_of(struct expanding *x, const json_t *filter)
{
    const char *op = json_string_value(json_array_get(filter, 0));
    const json_t *ids = json_array_get(filter, 2);
    json_t *groups = json_array();

    if (g_strcmp0(op, "is") != 0 || json_array_size(filter) != 3 ||
        json_array_size(ids) == 0) {
        *x->why = g_strdup("\"filters\": a segment is filtered by \"is\" and "
                           "its number only");
        json_decref(groups);
        return NULL;
    }
    for (size_t i = 0; i < json_array_size(ids); i++) {
        const json_t *filters = find(x, json_array_get(ids, i));

        if (filters == NULL) {
            json_decref(groups);
            return NULL;
        }
        json_array_append_new(
            groups,
            json_pack("[s, O]", "and", (json_t *) (uintptr_t) filters));
    }
    return json_pack("[s, o]", "or", groups);
}

/* A copy of LIST, each expanded. */
static json_t *
expand_list(struct expanding *x, const json_t *list)
{
    json_t *all = json_array();

    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *one = expand(x, json_array_get(list, i));

        if (one == NULL) {
            json_decref(all);
            return NULL;
        }
        json_array_append_new(all, one);
    }
    return all;
}

static json_t *
expand(struct expanding *x, const json_t *filter)
{
    const json_t *rest = json_array_get(filter, 1);
    json_t *inner;

    if (is_segment(filter))
        return groups_of(x, filter);
    if (json_array_size(filter) != 2 || !json_is_array(rest))
        return json_deep_copy(filter);
    inner = json_is_array(json_array_get(rest, 0)) ? expand_list(x, rest)
                                                   : expand(x, rest);
    return inner == NULL
               ? NULL
               : json_pack("[O, o]", json_array_get(filter, 0), inner);
}

/* One segment at the top: its filters, not a group of them. */
static const json_t *
only_group(const json_t *filter, const json_t *expanded)
{
    const json_t *groups = json_array_get(expanded, 1);

    return is_segment(filter) && json_array_size(groups) == 1
               ? json_array_get(json_array_get(groups, 0), 1)
               : NULL;
}

json_t *
gl_segments_expand(const json_t *list, const struct gl_defined *defined,
                   char **why)
{
    struct expanding x = {defined, why};
    json_t *all = json_array();

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *filter = json_array_get(list, i);
        json_t *one = expand(&x, filter);
        const json_t *only = only_group(filter, one);

        if (one == NULL) {
            json_decref(all);
            return NULL;
        }
        if (only != NULL)
            json_array_extend(all, (json_t *) (uintptr_t) only);
        else
            json_array_append(all, one);
        json_decref(one);
    }
    return all;
}
