/* The words of the Stats API; see terms.h. */

#include "question/terms.h"

#include <string.h>

static const struct {
    const char *word;
    enum gl_needs needs;
} metrics[GL_METRIC_N] = {
#define METRIC(name, word, needs) {word, GL_NEEDS_##needs},
#include "question/metrics.def"
#undef METRIC
};

static const struct {
    const char *word;
    enum gl_of of;
} dimensions[GL_DIMENSION_N] = {
#define DIMENSION(name, word, of, dictionary, column) {word, GL_OF_##of},
#include "question/dimensions.def"
#undef DIMENSION
};

/* As enum gl_step. */
static const char *const steps[] = {"time:minute", "time:hour", "time:day",
                                    "time:week", "time:month"};

int
gl_term_metric(const char *word, enum gl_metric *metric)
{
    for (int i = 0; i < GL_METRIC_N; i++) {
        if (strcmp(metrics[i].word, word) == 0) {
            *metric = (enum gl_metric) i;
            return 1;
        }
    }
    return 0;
}

const char *
gl_term_metric_word(enum gl_metric metric)
{
    return metrics[metric].word;
}

enum gl_needs
gl_term_needs(enum gl_metric metric)
{
    return metrics[metric].needs;
}

int
gl_term_dimension(const char *word, struct gl_by *by)
{
    for (int i = 0; i < GL_DIMENSION_N; i++) {
        size_t len = strlen(dimensions[i].word);
        int has_key = i == GL_DIMENSION_PROP;

        if (strncmp(dimensions[i].word, word, len) != 0 ||
            has_key != (word[len] != '\0'))
            continue;
        by->what = (enum gl_dimension) i;
        by->prop = has_key ? g_strdup(word + len) : NULL;
        return 1;
    }
    return 0;
}

const char *
gl_term_dimension_word(enum gl_dimension dimension)
{
    return dimensions[dimension].word;
}

enum gl_of
gl_term_of(enum gl_dimension dimension)
{
    return dimensions[dimension].of;
}

int
gl_term_has_entry(enum gl_dimension dimension)
{
    return dimension == GL_DIMENSION_PAGE ||
           dimension == GL_DIMENSION_HOSTNAME;
}

int
gl_term_step(const char *word, enum gl_step *step)
{
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        if (strcmp(steps[i], word) == 0) {
            *step = (enum gl_step) i;
            return 1;
        }
    }
    return 0;
}

const char *
gl_term_none(enum gl_dimension dimension)
{
    switch (dimension) {
    case GL_DIMENSION_SOURCE:
    case GL_DIMENSION_REFERRER:
        return "Direct / None";
    case GL_DIMENSION_PROP:
        return "(none)";
    default:
        return "(not set)";
    }
}
