/*
 * The only file that knows PCRE2.  One thread a matcher; a pattern belongs to
 * the thread that first tries it.
 *
 * Invariant: a pattern is compiled at most once; one that does not compile is
 * remembered as bad and found nowhere.
 */

#include "pattern.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/*
 * Steps of one match.  Of 33,000 labelled agents none needs a hundred; of
 * 2,300 crafted ones of 512 bytes two need more than three hundred.
 */
#define STEPS_MAX 1000
/* The machine stack serves nearly all; nested groups may grow to
 * the second. */
#define STACK_BYTES_MIN (32 * 1024)
#define STACK_BYTES_MAX (256 * 1024)
/* No rule uses more than nine groups ($1 to $9), and group 0. */
#define GROUPS_MAX 10

enum pattern_state { PATTERN_NEW = 0, PATTERN_READY, PATTERN_BAD };

struct gl_pattern {
    const char *regex;
    int anchored;
    pcre2_code *code;
    enum pattern_state state;
};

struct gl_matcher {
    pcre2_match_context *context;
    pcre2_match_data *data;
    pcre2_jit_stack *stack;
    const char *text;
    int groups; /* of the last find */
};

struct gl_matcher *
gl_matcher_new_(void)
{
    struct gl_matcher *matcher = calloc(1, sizeof *matcher);

    if (matcher == NULL)
        return NULL;
    matcher->context = pcre2_match_context_create(NULL);
    matcher->data = pcre2_match_data_create(GROUPS_MAX, NULL);
    matcher->stack =
        pcre2_jit_stack_create(STACK_BYTES_MIN, STACK_BYTES_MAX, NULL);
    if (matcher->context == NULL || matcher->data == NULL ||
        matcher->stack == NULL) {
        gl_matcher_free_(matcher);
        return NULL;
    }
    pcre2_set_match_limit(matcher->context, STEPS_MAX);
    pcre2_jit_stack_assign(matcher->context, NULL, matcher->stack);
    return matcher;
}

void
gl_matcher_free_(struct gl_matcher *matcher)
{
    if (matcher == NULL)
        return;
    pcre2_jit_stack_free(matcher->stack);
    pcre2_match_data_free(matcher->data);
    pcre2_match_context_free(matcher->context);
    free(matcher);
}

struct gl_pattern *
gl_pattern_new_(const char *regex, int anchored)
{
    struct gl_pattern *pattern = calloc(1, sizeof *pattern);

    if (pattern == NULL)
        return NULL;
    pattern->regex = regex;
    pattern->anchored = anchored;
    return pattern;
}

void
gl_pattern_free_(struct gl_pattern *pattern)
{
    if (pattern == NULL)
        return;
    pcre2_code_free(pattern->code);
    free(pattern);
}

int
gl_pattern_check_(struct gl_pattern *pattern)
{
    int error;
    PCRE2_SIZE at;

    if (pattern->state == PATTERN_NEW) {
        pattern->code = pcre2_compile(
            (PCRE2_SPTR) pattern->regex, PCRE2_ZERO_TERMINATED,
            pattern->anchored ? PCRE2_ANCHORED : 0, &error, &at, NULL);
        /* Without JIT (a kernel may forbid it) matching is only slower. */
        if (pattern->code != NULL)
            pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
        pattern->state = pattern->code != NULL ? PATTERN_READY : PATTERN_BAD;
    }
    return pattern->state == PATTERN_READY ? 0 : -1;
}

int
gl_matcher_find_(struct gl_matcher *matcher, struct gl_pattern *pattern,
                 struct gl_text text, size_t start)
{
    matcher->groups = 0;
    if (gl_pattern_check_(pattern) == -1)
        return 0;
    int rc = pcre2_match(pattern->code, (PCRE2_SPTR) text.data, text.len,
                         start, 0, matcher->data, matcher->context);
    if (rc < 0)
        return rc == PCRE2_ERROR_NOMATCH ? 0 : -1;
    matcher->text = text.data;
    /* 0 = more groups than we keep: the first GROUPS_MAX are there. */
    matcher->groups = rc == 0 ? GROUPS_MAX : rc;
    return 1;
}

const char *
gl_matcher_group_(const struct gl_matcher *matcher, int n, size_t *len)
{
    const PCRE2_SIZE *at = pcre2_get_ovector_pointer(matcher->data);

    if (n >= matcher->groups || at[2 * n] == PCRE2_UNSET) {
        *len = 0;
        return NULL;
    }
    *len = at[2 * n + 1] - at[2 * n];
    return matcher->text + at[2 * n];
}
