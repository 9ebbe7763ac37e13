/* Texts against the values of a filter; see match.h. */

#define PCRE2_CODE_UNIT_WIDTH 8

#include "question/match.h"

#include <pcre2.h>
#include <stdio.h>
#include <string.h>

/* Steps of one match: the longest text is some 2,000 bytes, and expressions
 * that people write take a few steps a byte.  2 ms. */
#define STEPS_MAX 100000

struct gl_match {
    enum gl_predicate_op op;
    int any_case;
    GHashTable *is;      /* char *, owned */
    GPtrArray *parts;    /* char *, owned: CONTAINS */
    GPtrArray *patterns; /* pcre2_code * */
    pcre2_match_context *context;
    pcre2_match_data *data;
};

static void
free_code(gpointer code)
{
    pcre2_code_free(code);
}

static int
add_pattern(struct gl_match *match, const char *value, char *why, size_t len)
{
    int error;
    size_t at;
    PCRE2_UCHAR sentence[128];
    uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C |
                       (match->any_case ? PCRE2_CASELESS : 0);
    pcre2_code *code = pcre2_compile((PCRE2_SPTR) value, PCRE2_ZERO_TERMINATED,
                                     options, &error, &at, NULL);

    if (code != NULL) {
        g_ptr_array_add(match->patterns, code);
        return 0;
    }
    pcre2_get_error_message(error, sentence, sizeof sentence);
    snprintf(why, len, "no regular expression: \"%.80s\": %s at %zu", value,
             (const char *) sentence, at);
    return -1;
}

/* Upper and lower case made the same where that is asked; the caller's. */
static char *
folded(const struct gl_match *match, const char *text)
{
    return match->any_case ? g_utf8_casefold(text, -1) : g_strdup(text);
}

static int
add_value(struct gl_match *match, const char *value, char *why, size_t len)
{
    if (match->op == GL_PREDICATE_MATCHES)
        return add_pattern(match, value, why, len);
    if (match->op == GL_PREDICATE_IS)
        g_hash_table_add(match->is, folded(match, value));
    else
        g_ptr_array_add(match->parts, folded(match, value));
    return 0;
}

struct gl_match *
gl_match_new(const struct gl_predicate *predicate, char *why, size_t why_len)
{
    struct gl_match *match = g_new0(struct gl_match, 1);

    match->op = predicate->op;
    match->any_case = predicate->any_case;
    match->is = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    match->parts = g_ptr_array_new_with_free_func(g_free);
    match->patterns = g_ptr_array_new_with_free_func(free_code);
    match->context = pcre2_match_context_create(NULL);
    match->data = pcre2_match_data_create(1, NULL);
    if (match->context == NULL || match->data == NULL) {
        snprintf(why, why_len, "out of memory");
        gl_match_free(match);
        return NULL;
    }
    pcre2_set_match_limit(match->context, STEPS_MAX);
    for (guint i = 0; i < predicate->values->len; i++)
        if (add_value(match, predicate->values->pdata[i], why, why_len) != 0) {
            gl_match_free(match);
            return NULL;
        }
    return match;
}

void
gl_match_free(struct gl_match *match)
{
    if (match == NULL)
        return;
    g_hash_table_destroy(match->is);
    g_ptr_array_free(match->parts, TRUE);
    g_ptr_array_free(match->patterns, TRUE);
    pcre2_match_context_free(match->context);
    pcre2_match_data_free(match->data);
    g_free(match);
}

static int
match_pattern(struct gl_match *match, const char *text)
{
    for (guint i = 0; i < match->patterns->len; i++) {
        int found = pcre2_match(match->patterns->pdata[i], (PCRE2_SPTR) text,
                                PCRE2_ZERO_TERMINATED, 0, 0, match->data,
                                match->context);

        if (found >= 0)
            return 1;
        if (found == PCRE2_ERROR_MATCHLIMIT ||
            found == PCRE2_ERROR_DEPTHLIMIT || found == PCRE2_ERROR_HEAPLIMIT)
            return -1;
    }
    return 0;
}

static int
match_plain(const struct gl_match *match, const char *text)
{
    if (match->op == GL_PREDICATE_IS)
        return g_hash_table_contains(match->is, text);
    for (guint i = 0; i < match->parts->len; i++)
        if (strstr(text, match->parts->pdata[i]) != NULL)
            return 1;
    return 0;
}

int
gl_match_text(struct gl_match *match, const char *text)
{
    char *same_case;
    int passes;

    if (match->op == GL_PREDICATE_MATCHES)
        return match_pattern(match, text);
    if (!match->any_case)
        return match_plain(match, text);
    same_case = g_utf8_casefold(text, -1);
    passes = match_plain(match, same_case);
    g_free(same_case);
    return passes;
}
