/* How an answer is to look: its order, what else is told, which rows of it. */

#include "question/compare.h"
#include "question/parse_internal.h"
#include "question/terms.h"

#include <string.h>

/* ---- order ---- */

static const char *
order_word(const struct gl_parsing *parse, const struct gl_order *order)
{
    return order->is_metric
               ? gl_term_metric_word(parse->asked->metrics[order->at])
               : parse->words[order->at];
}

static void
add_order(struct gl_parsing *parse, int is_metric, size_t at, int down)
{
    struct gl_asked *asked = parse->asked;
    struct gl_order order = {is_metric, at, down};

    asked->order[asked->order_n++] = order;
    json_array_append_new(
        json_object_get(asked->query, "order_by"),
        json_pack("[s, s]", order_word(parse, &order), down ? "desc" : "asc"));
}

/* As Plausible: time upwards, then the first metric downwards. */
static void
order_by_default(struct gl_parsing *parse)
{
    const struct gl_question *question = &parse->asked->question;

    for (size_t i = 0; i < question->by_n; i++)
        if (question->by[i].what == GL_DIMENSION_TIME)
            add_order(parse, 0, i, 0);
    add_order(parse, 1, 0, 1);
}

static int
is_ordered(const struct gl_parsing *parse, const char *word)
{
    for (size_t i = 0; i < parse->asked->order_n; i++)
        if (strcmp(order_word(parse, &parse->asked->order[i]), word) == 0)
            return 1;
    return 0;
}

static int
read_order_word(struct gl_parsing *parse, const char *word, int down)
{
    const struct gl_asked *asked = parse->asked;

    if (is_ordered(parse, word))
        return gl_parse_refuse_(parse, "\"order_by\": \"%s\" is there twice",
                                word);
    for (size_t i = 0; i < asked->metrics_n; i++) {
        if (strcmp(gl_term_metric_word(asked->metrics[i]), word) == 0) {
            add_order(parse, 1, i, down);
            return 0;
        }
    }
    for (size_t i = 0; i < asked->question.by_n; i++) {
        if (strcmp(parse->words[i], word) == 0) {
            add_order(parse, 0, i, down);
            return 0;
        }
    }
    return gl_parse_refuse_(
        parse,
        "\"order_by\": \"%s\" is neither among \"metrics\" nor "
        "\"dimensions\"",
        word);
}

int
gl_parse_order_(struct gl_parsing *parse, const json_t *json)
{
    gl_parse_say_(parse, "order_by", json_array());
    if (json != NULL && !json_is_array(json))
        return gl_parse_refuse_(parse, "\"order_by\" is a list");
    if (json_array_size(json) == 0)
        order_by_default(parse);
    for (size_t i = 0; i < json_array_size(json); i++) {
        const json_t *pair = json_array_get(json, i);
        const char *word = json_string_value(json_array_get(pair, 0));
        const char *way = json_string_value(json_array_get(pair, 1));
        int down = g_strcmp0(way, "desc") == 0;

        if (json_array_size(pair) != 2 || word == NULL ||
            (!down && g_strcmp0(way, "asc") != 0))
            return gl_parse_refuse_(parse,
                                    "\"order_by\" is a list of [metric or "
                                    "dimension, \"asc\" or \"desc\"]");
        if (read_order_word(parse, word, down) == -1)
            return -1;
    }
    return 0;
}

/* ---- what else is told, and how many rows ---- */

/* COMPARISONS, which is told with the range that it stands for. */
static int
read_comparisons(struct gl_parsing *parse, json_t *comparisons)
{
    struct gl_question *before = &parse->asked->before;
    struct gl_time_range range;

    if (gl_compare_read(comparisons, &parse->site->range, &parse->range,
                        &range, parse->why) == -1)
        return -1;
    json_object_set_new(comparisons, "date_range",
                        gl_parse_range_json_(parse, &range));
    *before = parse->asked->question;
    before->from_ms = range.from_ms;
    before->to_ms = range.to_ms;
    before->time = (struct gl_buckets){0};
    parse->asked->compared = 1;
    if (parse->asked->question.time.edges != NULL &&
        gl_range_buckets(parse->site->range.zone, &range, parse->step,
                         &before->time) == -1)
        return gl_parse_refuse_(
            parse,
            "\"comparisons\": the earlier time has more than %d "
            "rows",
            GL_QUESTION_BUCKETS_MAX);
    return 0;
}

/* What is true or false of "include": where it goes, or NULL. */
static int *
find_flag(struct gl_asked *asked, const char *key)
{
    const struct {
        const char *key;
        int *to;
    } known[] = {{"imports", &asked->imports},
                 {"time_labels", &asked->time_labels},
                 {"total_rows", &asked->total_rows},
                 {"cost", &asked->cost},
                 {"receipt", &asked->receipt}};

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (strcmp(known[i].key, key) == 0)
            return known[i].to;
    return NULL;
}

static int
read_part(struct gl_parsing *parse, const char *key, json_t *value)
{
    int *flag = find_flag(parse->asked, key);

    if (strcmp(key, "comparisons") == 0)
        return read_comparisons(parse, value);
    if (flag == NULL)
        return gl_parse_refuse_word_(parse, "include", "part", key);
    if (!json_is_boolean(value))
        return gl_parse_refuse_(parse, "\"include\": \"%s\" is true or false",
                                key);
    *flag = json_is_true(value);
    return 0;
}

int
gl_parse_include_(struct gl_parsing *parse, const json_t *json)
{
    struct gl_asked *asked = parse->asked;
    json_t *copy = json == NULL ? json_object() : json_deep_copy(json);
    const char *key;
    json_t *value;

    gl_parse_say_(parse, "include", copy);
    if (!json_is_object(copy))
        return gl_parse_refuse_(parse, "\"include\" is an object");
    json_object_foreach (copy, key, value)
        if (read_part(parse, key, value) == -1)
            return -1;
    if (asked->time_labels && asked->question.time.edges == NULL)
        return gl_parse_refuse_(
            parse, "\"include\": \"time_labels\" goes with time in "
                   "\"dimensions\" only");
    return 0;
}

/* A member of "pagination": 0, or -1. */
static int
read_number(struct gl_parsing *parse, const json_t *json, const char *key,
            json_int_t least, json_int_t most, size_t *n)
{
    const json_t *value = json_object_get(json, key);

    if (value == NULL)
        return 0;
    if (!json_is_integer(value) || json_integer_value(value) < least ||
        json_integer_value(value) > most)
        return gl_parse_refuse_(
            parse,
            "\"pagination\": \"%s\" is a whole number from %lld to "
            "%lld",
            key, (long long) least, (long long) most);
    *n = (size_t) json_integer_value(value);
    return 0;
}

int
gl_parse_pagination_(struct gl_parsing *parse, const json_t *json)
{
    struct gl_asked *asked = parse->asked;
    size_t known = (json_object_get(json, "limit") != NULL) +
                   (json_object_get(json, "offset") != NULL);

    asked->limit = GL_PARSE_LIMIT_MAX;
    if (json != NULL &&
        (!json_is_object(json) || json_object_size(json) != known))
        return gl_parse_refuse_(parse,
                                "\"pagination\" is an object of \"limit\" and "
                                "\"offset\"");
    if (read_number(parse, json, "limit", 1, GL_PARSE_LIMIT_MAX,
                    &asked->limit) == -1 ||
        read_number(parse, json, "offset", 0, INT32_MAX, &asked->offset) == -1)
        return -1;
    gl_parse_say_(parse, "pagination",
                  json_pack("{s:I, s:I}", "limit", (json_int_t) asked->limit,
                            "offset", (json_int_t) asked->offset));
    return 0;
}
