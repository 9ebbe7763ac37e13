/* JSON of the Stats API v2 → what is asked; see parse.h. */

#include "question/parse_internal.h"

#include "question/filter.h"
#include "question/terms.h"

#include <string.h>

static void
say_given(struct gl_parsing *parse, const char *key, const json_t *value)
{
    gl_parse_say_(parse, key, json_deep_copy(value));
}

/* ---- the keys, each after those it looks at ---- */

static int
read_site(struct gl_parsing *parse, const json_t *json)
{
    if (!json_is_string(json))
        return gl_parse_refuse_(parse, "\"site_id\" is the domain of a site");
    say_given(parse, "site_id", json);
    return 0;
}

static int
read_metric(struct gl_parsing *parse, const json_t *json)
{
    struct gl_asked *asked = parse->asked;
    const char *word = json_string_value(json);
    enum gl_metric metric;

    if (word == NULL)
        return gl_parse_refuse_(parse, "\"metrics\" is a list of texts");
    if (!gl_term_metric(word, &metric))
        return gl_parse_refuse_word_(parse, "metrics", "metric", word);
    if (asked->question.metrics & 1u << metric)
        return gl_parse_refuse_(parse, "\"metrics\": \"%s\" is there twice",
                                word);
    asked->question.metrics |= 1u << metric;
    asked->metrics[asked->metrics_n++] = metric;
    return 0;
}

static int
read_metrics(struct gl_parsing *parse, const json_t *json)
{
    if (json_array_size(json) == 0)
        return gl_parse_refuse_(
            parse, "\"metrics\" is a list of at least one metric");
    for (size_t i = 0; i < json_array_size(json); i++)
        if (read_metric(parse, json_array_get(json, i)) == -1)
            return -1;
    say_given(parse, "metrics", json);
    return 0;
}

static int
read_range(struct gl_parsing *parse, const json_t *json)
{
    struct gl_time_range *range = &parse->range;
    const char *wrong = gl_range_read(json, &parse->site->range, range);

    if (wrong != NULL)
        return gl_parse_refuse_(parse, "%s", wrong);
    parse->asked->question.from_ms = range->from_ms;
    parse->asked->question.to_ms = range->to_ms;
    gl_parse_say_(parse, "date_range", gl_parse_range_json_(parse, range));
    return 0;
}

/* "time", or one with its step: 1; 0 = WORD is another dimension; -1. */
static int
read_time(struct gl_parsing *parse, const char *word)
{
    struct gl_question *question = &parse->asked->question;
    enum gl_step step;

    if (strcmp(word, "time") == 0)
        step = gl_range_step(&parse->range);
    else if (!gl_term_step(word, &step))
        return 0;
    if (question->time.edges != NULL)
        return gl_parse_refuse_(parse, "\"dimensions\": time is there twice");
    if (gl_range_buckets(parse->site->range.zone, &parse->range, step,
                         &question->time) == -1)
        return gl_parse_refuse_(
            parse,
            "\"dimensions\": \"%s\" of this \"date_range\" is more "
            "than %d rows",
            word, GL_QUESTION_BUCKETS_MAX);
    question->by[question->by_n].what = GL_DIMENSION_TIME;
    parse->step = step;
    return 1;
}

static int
read_dimension(struct gl_parsing *parse, const json_t *json)
{
    struct gl_question *question = &parse->asked->question;
    const char *word = json_string_value(json);
    int is_time;

    if (word == NULL)
        return gl_parse_refuse_(parse, "\"dimensions\" is a list of texts");
    for (size_t i = 0; i < question->by_n; i++)
        if (strcmp(parse->words[i], word) == 0)
            return gl_parse_refuse_(
                parse, "\"dimensions\": \"%s\" is there twice", word);
    is_time = read_time(parse, word);
    if (is_time == -1)
        return -1;
    if (!is_time && !gl_term_dimension(word, &question->by[question->by_n]))
        return gl_parse_refuse_word_(parse, "dimensions", "dimension", word);
    parse->words[question->by_n++] = word;
    return 0;
}

/* A visit has no one value of what each of its events has. */
static int
check_fit(struct gl_parsing *parse)
{
    const struct gl_asked *asked = parse->asked;
    const struct gl_question *question = &asked->question;

    for (size_t i = 0; i < asked->metrics_n; i++) {
        for (size_t k = 0; k < question->by_n; k++) {
            enum gl_dimension by = question->by[k].what;

            if (gl_term_needs(asked->metrics[i]) == GL_NEEDS_VISITS &&
                gl_term_of(by) == GL_OF_EVENT && !gl_term_has_entry(by))
                return gl_parse_refuse_(
                    parse,
                    "\"metrics\": \"%s\" is of visits and does not "
                    "go with \"%s\"",
                    gl_term_metric_word(asked->metrics[i]), parse->words[k]);
        }
        if ((asked->metrics[i] == GL_METRIC_PERCENTAGE ||
             asked->metrics[i] == GL_METRIC_GROUP_CONVERSION_RATE) &&
            question->by_n == 0)
            return gl_parse_refuse_(parse,
                                    "\"metrics\": \"%s\" goes with "
                                    "\"dimensions\" only",
                                    gl_term_metric_word(asked->metrics[i]));
    }
    return 0;
}

static int
read_dimensions(struct gl_parsing *parse, const json_t *json)
{
    if (json != NULL && !json_is_array(json))
        return gl_parse_refuse_(parse, "\"dimensions\" is a list");
    if (json_array_size(json) > GL_PARSE_DIMENSIONS_MAX)
        return gl_parse_refuse_(parse, "\"dimensions\": more than %d",
                                GL_PARSE_DIMENSIONS_MAX);
    for (size_t i = 0; i < json_array_size(json); i++)
        if (read_dimension(parse, json_array_get(json, i)) == -1)
            return -1;
    if (json != NULL)
        say_given(parse, "dimensions", json);
    else
        gl_parse_say_(parse, "dimensions", json_array());
    return check_fit(parse);
}

static int
read_filters(struct gl_parsing *parse, const json_t *json)
{
    if (json == NULL) {
        gl_parse_say_(parse, "filters", json_array());
        return 0;
    }
    say_given(parse, "filters", json);
    return gl_filters_read(json, parse->site->defined, parse->asked->goals,
                           &parse->asked->question.filter, parse->why);
}

/* "filters" may be absent; what metrics need of them and of "dimensions" is
 * looked at last. */
static int
read_filters_and_check(struct gl_parsing *parse, const json_t *json)
{
    return read_filters(parse, json) == 0 ? gl_parse_check_needs_(parse) : -1;
}

/* ---- all ---- */

static const struct {
    const char *key;
    int needed;
    gl_parse_key_ *read;
} keys[] = {
    {"site_id", 1, read_site},
    {"metrics", 1, read_metrics},
    {"date_range", 1, read_range},
    {"dimensions", 0, read_dimensions},
    {"filters", 0, read_filters_and_check},
    {"order_by", 0, gl_parse_order_},
    {"include", 0, gl_parse_include_},
    {"pagination", 0, gl_parse_pagination_},
};

static int
check_keys(struct gl_parsing *parse, json_t *json)
{
    const char *key;
    json_t *value;

    if (!json_is_object(json))
        return gl_parse_refuse_(parse, "the query is a JSON object");
    json_object_foreach (json, key, value) {
        size_t i = 0;

        while (i < G_N_ELEMENTS(keys) && strcmp(keys[i].key, key) != 0)
            i++;
        if (i == G_N_ELEMENTS(keys))
            return gl_parse_refuse_(parse, "\"%s\" is not a key of a query",
                                    key);
    }
    return 0;
}

int
gl_parse(json_t *json, const struct gl_parse_site *site,
         struct gl_asked *asked, char **why)
{
    struct gl_parsing parse = {.site = site, .asked = asked, .why = why};
    int error;

    *asked = (struct gl_asked){.query = json_object()};
    asked->question.site = site->id;
    asked->goals = g_ptr_array_new();
    if (site->defined != NULL)
        g_ptr_array_extend(asked->goals, site->defined->goals, NULL, NULL);
    error = check_keys(&parse, json);
    for (size_t i = 0; error == 0 && i < G_N_ELEMENTS(keys); i++) {
        const json_t *value = json_object_get(json, keys[i].key);

        error =
            value == NULL && keys[i].needed
                ? gl_parse_refuse_(&parse, "\"%s\" is missing", keys[i].key)
                : keys[i].read(&parse, value);
    }
    if (error != 0)
        gl_asked_fini(asked);
    return error;
}

void
gl_asked_fini(struct gl_asked *asked)
{
    gl_buckets_fini(&asked->before.time);
    gl_question_fini(&asked->question);
    if (asked->goals != NULL)
        g_ptr_array_free(asked->goals, TRUE);
    json_decref(asked->query);
    *asked = (struct gl_asked){0};
}
