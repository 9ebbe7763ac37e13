/* JSON of the Stats API v2 → what is asked; see parse.h. */

#include "query/parse.h"

#include "query/filter.h"
#include "query/terms.h"

#include <string.h>

struct parse {
    const struct gl_parse_site *site;
    struct gl_asked *asked;
    char **why;
    struct gl_time_range range;
    const char *words[GL_QUESTION_DIMENSIONS_MAX]; /* of dimensions */
};

/* JSON of one key: NULL = absent.  0, or -1. */
typedef int read_key(struct parse *parse, const json_t *json);

static int refuse(struct parse *parse, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int
refuse(struct parse *parse, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    *parse->why = g_strdup_vprintf(format, args);
    va_end(args);
    return -1;
}

static int
refuse_word(struct parse *parse, const char *key, const char *what,
            const char *word)
{
    if (gl_term_comes_later(word))
        return refuse(parse, "\"%s\": \"%s\" is not answered yet", key, word);
    return refuse(parse, "\"%s\": there is no %s \"%s\"", key, what, word);
}

/* VALUE of the query as it was understood (taken). */
static void
say(struct parse *parse, const char *key, json_t *value)
{
    json_object_set_new(parse->asked->query, key, value);
}

static void
say_given(struct parse *parse, const char *key, const json_t *value)
{
    say(parse, key, json_deep_copy(value));
}

/* ---- the keys, each after those it looks at ---- */

static int
read_site(struct parse *parse, const json_t *json)
{
    if (!json_is_string(json))
        return refuse(parse, "\"site_id\" is the domain of a site");
    say_given(parse, "site_id", json);
    return 0;
}

static int
read_metric(struct parse *parse, const json_t *json)
{
    struct gl_asked *asked = parse->asked;
    const char *word = json_string_value(json);
    enum gl_metric metric;

    if (word == NULL)
        return refuse(parse, "\"metrics\" is a list of texts");
    if (!gl_term_metric(word, &metric))
        return refuse_word(parse, "metrics", "metric", word);
    if (asked->question.metrics & 1u << metric)
        return refuse(parse, "\"metrics\": \"%s\" is there twice", word);
    asked->question.metrics |= 1u << metric;
    asked->metrics[asked->metrics_n++] = metric;
    return 0;
}

static int
read_metrics(struct parse *parse, const json_t *json)
{
    if (json_array_size(json) == 0)
        return refuse(parse, "\"metrics\" is a list of at least one metric");
    for (size_t i = 0; i < json_array_size(json); i++)
        if (read_metric(parse, json_array_get(json, i)) == -1)
            return -1;
    say_given(parse, "metrics", json);
    return 0;
}

static int
read_range(struct parse *parse, const json_t *json)
{
    const struct gl_range_site *site = &parse->site->range;
    struct gl_time_range *range = &parse->range;
    const char *wrong = gl_range_read(json, site, range);
    int64_t last_ms;
    char *from, *to;

    if (wrong != NULL)
        return refuse(parse, "%s", wrong);
    parse->asked->question.from_ms = range->from_ms;
    parse->asked->question.to_ms = range->to_ms;
    last_ms = MAX(range->to_ms - 1000, range->from_ms);
    from = gl_range_text(site->zone, range->from_ms);
    to = gl_range_text(site->zone, last_ms);
    say(parse, "date_range", json_pack("[s, s]", from, to));
    g_free(from);
    g_free(to);
    return 0;
}

/* "time", or one with its step: 1; 0 = WORD is another dimension; -1. */
static int
read_time(struct parse *parse, const char *word)
{
    struct gl_question *question = &parse->asked->question;
    enum gl_step step;

    if (strcmp(word, "time") == 0)
        step = gl_range_step(&parse->range);
    else if (!gl_term_step(word, &step))
        return 0;
    if (question->time.edges != NULL)
        return refuse(parse, "\"dimensions\": time is there twice");
    if (gl_range_buckets(parse->site->range.zone, &parse->range, step,
                         &question->time) == -1)
        return refuse(parse,
                      "\"dimensions\": \"%s\" of this \"date_range\" is more "
                      "than %d rows",
                      word, GL_QUESTION_BUCKETS_MAX);
    question->by[question->by_n].what = GL_DIMENSION_TIME;
    return 1;
}

static int
read_dimension(struct parse *parse, const json_t *json)
{
    struct gl_question *question = &parse->asked->question;
    const char *word = json_string_value(json);
    int is_time;

    if (word == NULL)
        return refuse(parse, "\"dimensions\" is a list of texts");
    for (size_t i = 0; i < question->by_n; i++)
        if (strcmp(parse->words[i], word) == 0)
            return refuse(parse, "\"dimensions\": \"%s\" is there twice",
                          word);
    is_time = read_time(parse, word);
    if (is_time == -1)
        return -1;
    if (!is_time && !gl_term_dimension(word, &question->by[question->by_n]))
        return refuse_word(parse, "dimensions", "dimension", word);
    parse->words[question->by_n++] = word;
    return 0;
}

/* A visit has no one value of what each of its events has. */
static int
check_fit(struct parse *parse)
{
    const struct gl_asked *asked = parse->asked;
    const struct gl_question *question = &asked->question;

    for (size_t i = 0; i < asked->metrics_n; i++) {
        for (size_t k = 0; k < question->by_n; k++) {
            enum gl_dimension by = question->by[k].what;

            if (gl_term_needs(asked->metrics[i]) == GL_NEEDS_VISITS &&
                gl_term_of(by) == GL_OF_EVENT && by != GL_DIMENSION_PAGE)
                return refuse(parse,
                              "\"metrics\": \"%s\" is of visits and does not "
                              "go with \"%s\"",
                              gl_term_metric_word(asked->metrics[i]),
                              parse->words[k]);
        }
        if (asked->metrics[i] == GL_METRIC_PERCENTAGE && question->by_n == 0)
            return refuse(parse, "\"metrics\": \"percentage\" goes with "
                                 "\"dimensions\" only");
    }
    return 0;
}

static int
read_dimensions(struct parse *parse, const json_t *json)
{
    if (json != NULL && !json_is_array(json))
        return refuse(parse, "\"dimensions\" is a list");
    if (json_array_size(json) > GL_QUESTION_DIMENSIONS_MAX)
        return refuse(parse, "\"dimensions\": more than %d",
                      GL_QUESTION_DIMENSIONS_MAX);
    for (size_t i = 0; i < json_array_size(json); i++)
        if (read_dimension(parse, json_array_get(json, i)) == -1)
            return -1;
    if (json != NULL)
        say_given(parse, "dimensions", json);
    else
        say(parse, "dimensions", json_array());
    return check_fit(parse);
}

static int
read_filters(struct parse *parse, const json_t *json)
{
    if (json == NULL) {
        say(parse, "filters", json_array());
        return 0;
    }
    say_given(parse, "filters", json);
    return gl_filter_read(json, &parse->asked->question.filter, parse->why);
}

/* ---- order ---- */

static const char *
order_word(const struct parse *parse, const struct gl_order *order)
{
    return order->is_metric
               ? gl_term_metric_word(parse->asked->metrics[order->at])
               : parse->words[order->at];
}

static void
add_order(struct parse *parse, int is_metric, size_t at, int down)
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
order_by_default(struct parse *parse)
{
    const struct gl_question *question = &parse->asked->question;

    for (size_t i = 0; i < question->by_n; i++)
        if (question->by[i].what == GL_DIMENSION_TIME)
            add_order(parse, 0, i, 0);
    add_order(parse, 1, 0, 1);
}

static int
is_ordered(const struct parse *parse, const char *word)
{
    for (size_t i = 0; i < parse->asked->order_n; i++)
        if (strcmp(order_word(parse, &parse->asked->order[i]), word) == 0)
            return 1;
    return 0;
}

static int
read_order_word(struct parse *parse, const char *word, int down)
{
    const struct gl_asked *asked = parse->asked;

    if (is_ordered(parse, word))
        return refuse(parse, "\"order_by\": \"%s\" is there twice", word);
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
    return refuse(parse,
                  "\"order_by\": \"%s\" is neither among \"metrics\" nor "
                  "\"dimensions\"",
                  word);
}

static int
read_order(struct parse *parse, const json_t *json)
{
    say(parse, "order_by", json_array());
    if (json != NULL && !json_is_array(json))
        return refuse(parse, "\"order_by\" is a list");
    if (json_array_size(json) == 0)
        order_by_default(parse);
    for (size_t i = 0; i < json_array_size(json); i++) {
        const json_t *pair = json_array_get(json, i);
        const char *word = json_string_value(json_array_get(pair, 0));
        const char *way = json_string_value(json_array_get(pair, 1));
        int down = g_strcmp0(way, "desc") == 0;

        if (json_array_size(pair) != 2 || word == NULL ||
            (!down && g_strcmp0(way, "asc") != 0))
            return refuse(parse, "\"order_by\" is a list of [metric or "
                                 "dimension, \"asc\" or \"desc\"]");
        if (read_order_word(parse, word, down) == -1)
            return -1;
    }
    return 0;
}

/* ---- what else is told, and how many rows ---- */

static int
read_include(struct parse *parse, const json_t *json)
{
    struct gl_asked *asked = parse->asked;
    const struct {
        const char *key;
        int *to;
    } known[] = {{"imports", &asked->imports},
                 {"time_labels", &asked->time_labels},
                 {"total_rows", &asked->total_rows},
                 {"cost", &asked->cost}};
    json_t *copy = json == NULL ? json_object() : json_deep_copy(json);
    const char *key;
    json_t *value;

    say(parse, "include", copy);
    if (!json_is_object(copy))
        return refuse(parse, "\"include\" is an object");
    json_object_foreach(copy, key, value)
    {
        size_t i = 0;

        while (i < G_N_ELEMENTS(known) && strcmp(known[i].key, key) != 0)
            i++;
        if (i == G_N_ELEMENTS(known))
            return refuse_word(parse, "include", "part", key);
        if (!json_is_boolean(value))
            return refuse(parse, "\"include\": \"%s\" is true or false", key);
        *known[i].to = json_is_true(value);
    }
    if (asked->time_labels && asked->question.time.edges == NULL)
        return refuse(parse, "\"include\": \"time_labels\" goes with time in "
                             "\"dimensions\" only");
    return 0;
}

/* A member of "pagination": 0, or -1. */
static int
read_number(struct parse *parse, const json_t *json, const char *key,
            json_int_t least, json_int_t most, size_t *n)
{
    const json_t *value = json_object_get(json, key);

    if (value == NULL)
        return 0;
    if (!json_is_integer(value) || json_integer_value(value) < least ||
        json_integer_value(value) > most)
        return refuse(parse,
                      "\"pagination\": \"%s\" is a whole number from %lld to "
                      "%lld",
                      key, (long long) least, (long long) most);
    *n = (size_t) json_integer_value(value);
    return 0;
}

static int
read_pagination(struct parse *parse, const json_t *json)
{
    struct gl_asked *asked = parse->asked;
    size_t known = (json_object_get(json, "limit") != NULL) +
                   (json_object_get(json, "offset") != NULL);

    asked->limit = GL_PARSE_LIMIT_MAX;
    if (json != NULL &&
        (!json_is_object(json) || json_object_size(json) != known))
        return refuse(parse, "\"pagination\" is an object of \"limit\" and "
                             "\"offset\"");
    if (read_number(parse, json, "limit", 1, GL_PARSE_LIMIT_MAX,
                    &asked->limit) == -1 ||
        read_number(parse, json, "offset", 0, INT32_MAX, &asked->offset) == -1)
        return -1;
    say(parse, "pagination",
        json_pack("{s:I, s:I}", "limit", (json_int_t) asked->limit, "offset",
                  (json_int_t) asked->offset));
    return 0;
}

/* ---- all ---- */

static const struct {
    const char *key;
    int needed;
    read_key *read;
} keys[] = {
    {"site_id", 1, read_site},     {"metrics", 1, read_metrics},
    {"date_range", 1, read_range}, {"dimensions", 0, read_dimensions},
    {"filters", 0, read_filters},  {"order_by", 0, read_order},
    {"include", 0, read_include},  {"pagination", 0, read_pagination},
};

static int
check_keys(struct parse *parse, json_t *json)
{
    const char *key;
    json_t *value;

    if (!json_is_object(json))
        return refuse(parse, "the query is a JSON object");
    json_object_foreach(json, key, value)
    {
        size_t i = 0;

        while (i < G_N_ELEMENTS(keys) && strcmp(keys[i].key, key) != 0)
            i++;
        if (i == G_N_ELEMENTS(keys))
            return refuse(parse, "\"%s\" is no key of a query", key);
    }
    return 0;
}

int
gl_parse(json_t *json, const struct gl_parse_site *site,
         struct gl_asked *asked, char **why)
{
    struct parse parse = {.site = site, .asked = asked, .why = why};
    int error;

    *asked = (struct gl_asked){.query = json_object()};
    asked->question.site = site->id;
    error = check_keys(&parse, json);
    for (size_t i = 0; error == 0 && i < G_N_ELEMENTS(keys); i++) {
        const json_t *value = json_object_get(json, keys[i].key);

        error = value == NULL && keys[i].needed
                    ? refuse(&parse, "\"%s\" is missing", keys[i].key)
                    : keys[i].read(&parse, value);
    }
    if (error != 0)
        gl_asked_fini(asked);
    return error;
}

void
gl_asked_fini(struct gl_asked *asked)
{
    gl_question_fini(&asked->question);
    json_decref(asked->query);
    *asked = (struct gl_asked){0};
}
