/* What the metrics that are asked for need of filters and dimensions. */

#include "question/parse_internal.h"

#include "question/terms.h"

#include <string.h>

/* 1 = a goal is among the filters at the top. */
static int
filters_goals(const struct gl_question *question)
{
    const struct gl_predicate *filter = question->filter;
    int found = 0;

    for (guint i = 0; filter != NULL && i < filter->children->len; i++)
        found |= ((const struct gl_predicate *) filter->children->pdata[i])
                     ->of_goal;
    return found;
}

static int
has_dimension(const struct gl_question *question, enum gl_dimension what)
{
    int found = 0;

    for (size_t i = 0; i < question->by_n; i++)
        found |= question->by[i].what == what;
    return found;
}

/* All revenue that is asked for is in one currency, but by goal. */
static void
find_currency(struct gl_asked *asked)
{
    for (guint i = 0; i < asked->goals->len; i++) {
        const struct gl_goal *goal = asked->goals->pdata[i];

        if (goal->currency == 0 || asked->question.currency == goal->currency)
            continue;
        asked->many_currencies |= asked->question.currency != 0;
        asked->question.currency = goal->currency;
    }
    if (has_dimension(&asked->question, GL_DIMENSION_GOAL))
        asked->many_currencies = 0;
    if (asked->many_currencies || !asked->of_goals)
        asked->question.currency = 0;
}

/* 1 = one of the filters at the top is on pages. */
static int
filters_pages(const struct gl_question *question)
{
    const struct gl_predicate *filter = question->filter;

    for (guint i = 0; filter != NULL && i < filter->children->len; i++) {
        const struct gl_predicate *top = filter->children->pdata[i];

        while (top->op == GL_PREDICATE_NOT)
            top = top->children->pdata[0];
        if (top->op >= GL_PREDICATE_IS && top->by.what == GL_DIMENSION_PAGE)
            return 1;
    }
    return 0;
}

/* 1 = it may differ within a visit. */
static int
is_of_event(const struct gl_predicate *filter)
{
    int found = 0;

    if (filter == NULL || filter->op == GL_PREDICATE_HAS_DONE)
        return 0;
    if (filter->op >= GL_PREDICATE_IS)
        return gl_term_of(filter->by.what) == GL_OF_EVENT;
    for (guint i = 0; i < filter->children->len; i++)
        found |= is_of_event(filter->children->pdata[i]);
    return found;
}

/* What METRIC needs of filters and dimensions, NULL = it is there. */
static const char *
find_missing(const struct gl_asked *asked, enum gl_metric metric)
{
    const struct gl_question *question = &asked->question;

    switch (metric) {
    case GL_METRIC_CONVERSIONS:
    case GL_METRIC_CONVERSION_RATE:
    case GL_METRIC_GROUP_CONVERSION_RATE:
        return asked->of_goals ? NULL
                               : "\"event:goal\" in \"filters\" or "
                                 "\"dimensions\" only";
    case GL_METRIC_TIME_ON_PAGE:
    case GL_METRIC_SCROLL_DEPTH:
        return has_dimension(question, GL_DIMENSION_PAGE) ||
                       filters_pages(question)
                   ? NULL
                   : "\"event:page\" in \"filters\" or \"dimensions\" only";
    case GL_METRIC_EXIT_RATE:
        return question->by_n == 1 &&
                       question->by[0].what == GL_DIMENSION_EXIT_PAGE &&
                       !is_of_event(question->filter)
                   ? NULL
                   : "the one dimension \"visit:exit_page\" and without "
                     "filters on events only";
    default:
        return NULL;
    }
}

int
gl_parse_check_needs_(struct gl_parsing *parse)
{
    struct gl_asked *asked = parse->asked;

    asked->of_goals = has_dimension(&asked->question, GL_DIMENSION_GOAL) ||
                      filters_goals(&asked->question);
    find_currency(asked);
    for (size_t i = 0; i < asked->metrics_n; i++) {
        const char *missing = find_missing(asked, asked->metrics[i]);

        if (missing != NULL)
            return gl_parse_refuse_(parse, "\"metrics\": \"%s\" goes with %s",
                                    gl_term_metric_word(asked->metrics[i]),
                                    missing);
    }
    return 0;
}
