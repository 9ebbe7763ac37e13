/*
 * Keys of a site that say what is left out of its events, and how long they
 * stay.
 *
 * Writer thread.
 */

#include "admin/site_switches.h"

#include "calls/answer.h"
#include "count/count.h"
#include "enrich/verdict.h"
#include "left_out.h"

#include <stddef.h>
#include <string.h>

/* A longer window than a visit's gap can have no effect. */
#define REFRESH_WINDOW_MAX_S (GL_VISIT_GAP_MS / 1000)

/* A hundred years: more is for ever, which is 0. */
#define RETENTION_MAX_DAYS 36500

int
gl_site_truth_(const json_t *value, int *out)
{
    static const char *const yes[] = {"true", "yes", "on", "1", NULL};
    static const char *const no[] = {"false", "no", "off", "0", NULL};
    const char *text = json_string_value(value);

    if (json_is_boolean(value)) {
        *out = json_is_true(value);
        return 1;
    }
    if (text == NULL)
        return 0;
    *out = g_strv_contains(yes, text);
    return *out || g_strv_contains(no, text);
}

int64_t
gl_site_number_(const json_t *value)
{
    const char *text = json_string_value(value);
    char *end = NULL;
    int64_t number = json_is_integer(value) ? json_integer_value(value) : -1;

    if (text != NULL && g_ascii_isdigit(text[0])) {
        number = g_ascii_strtoll(text, &end, 10);
        if (*end != '\0')
            number = -1;
    }
    return number;
}

int
gl_site_set_optout_(struct gl_meta_site *site, const json_t *value,
                    json_t **answer)
{
    const char *text = json_string_value(value);
    int all;

    if (g_strcmp0(text, "gpc") == 0)
        site->optout = GL_OPTOUT_GPC;
    else if (g_strcmp0(text, "dnt") == 0)
        site->optout = GL_OPTOUT_DNT;
    else if (gl_site_truth_(value, &all))
        site->optout = all ? GL_OPTOUT_BOTH : GL_OPTOUT_NO;
    else
        return gl_verb_refuse_(answer, 400,
                               "optout is yes (Sec-GPC and DNT are heeded), "
                               "gpc, dnt, or no");
    return 0;
}

/* Keys that are a number from LEAST to MOST of UNIT, or 0: what that means. */
static const struct {
    const char *key, *unit;
    size_t at; /* in struct gl_meta_site: an int64_t */
    int64_t least, most;
    const char *zero;
} numbers[] = {
    {"refresh_window", "seconds",
     offsetof(struct gl_meta_site, refresh_window_s), 0, REFRESH_WINDOW_MAX_S,
     ""},
    {"keep_rows", "days", offsetof(struct gl_meta_site, keep_rows),
     GL_SITE_KEEP_ROWS_MIN_DAYS, RETENTION_MAX_DAYS,
     ", or 0: rows are kept as long as the days are"},
    {"retention_days", "days", offsetof(struct gl_meta_site, retention_days),
     1, RETENTION_MAX_DAYS, ", or 0: nothing is erased"},
};

int
gl_site_set_number_(struct gl_meta_site *site, const char *key,
                    const json_t *value, json_t **answer)
{
    int64_t n = gl_site_number_(value);
    size_t i = 0;

    while (i < G_N_ELEMENTS(numbers) && strcmp(numbers[i].key, key) != 0)
        i++;
    if (i == G_N_ELEMENTS(numbers))
        return -1;
    if (n != 0 && (n < numbers[i].least || n > numbers[i].most))
        return gl_verb_refuse_(answer, 400,
                               "%s is a number of %s from %d to %d%s", key,
                               numbers[i].unit, (int) numbers[i].least,
                               (int) numbers[i].most, numbers[i].zero);
    if (n == 0 && strcmp(key, "keep_rows") == 0 && site->keep_rows != 0)
        n = -1;
    G_STRUCT_MEMBER(int64_t, site, numbers[i].at) = n;
    return 0;
}

int
gl_site_set_bots_(struct gl_meta_site *site, const char *key,
                  const json_t *value, json_t **answer)
{
    int n = 0, is_bot;

    while (gl_verdict_word(n) != NULL && strcmp(gl_verdict_word(n), key) != 0)
        n++;
    if (gl_verdict_word(n) == NULL)
        return gl_verb_refuse_(answer, 400,
                               "a site has no key \"%s\"; there are "
                               "bot_agent, bot_words, bot_unknown, "
                               "bot_evidence, bot_network, bot_probe, "
                               "bot_rate",
                               key);
    if (!gl_site_truth_(value, &is_bot))
        return gl_verb_refuse_(answer, 400, "%s is yes or no (true or false)",
                               key);
    site->bots_counted = is_bot ? site->bots_counted & ~(1u << n)
                                : site->bots_counted | 1u << n;
    return 0;
}

/* The sentence names all there are. */
static int
refuse_keep(const char *key, json_t **answer)
{
    g_autoptr(GString) all = g_string_new("");

    for (int n = 0; n < GL_LEFT_OUT_N; n++)
        g_string_append_printf(all, "%skeep_%s", n > 0 ? ", " : "",
                               gl_left_out_word(n));
    gl_verb_refuse_(answer, 400, "a site has no key \"%s\"; there are %s", key,
                    all->str);
    return 400;
}

int
gl_site_set_keep_(struct gl_meta_site *site, const char *key,
                  const json_t *value, json_t **answer)
{
    const char *word = key + strlen("keep_");
    uint32_t bit =
        gl_left_out_bit((struct gl_text){word, (uint32_t) strlen(word)});
    int keeps;

    if (bit == 0)
        return refuse_keep(key, answer);
    if (!gl_site_truth_(value, &keeps))
        return gl_verb_refuse_(answer, 400, "%s is yes or no (true or false)",
                               key);
    site->left_out = keeps ? site->left_out & ~bit : site->left_out | bit;
    return 0;
}
