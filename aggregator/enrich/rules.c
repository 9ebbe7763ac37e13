/*
 * uap-core's rules.  One pass says which the text may hold; of each list these
 * are tried in its order until one is found.
 *
 * One thread.  Invariant: whatever the client wrote, name and version are
 * short printable ASCII.
 */

#include "rules.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "candidates.h"
#include "pattern.h"

/* Longest part of a version worth keeping: "605", "20100101". */
#define VERSION_PART_BYTES 8
/*
 * What one text may cost in all, in units of some 17 ns: words that the pass
 * meets, matches that are tried, and what these may read far ahead.  Of 33,000
 * labelled agents one needs 57, all others 53 or less.
 */
#define WORK_MAX 64
#define WORK_WORD 2
#define WORK_TRY 3
#define WORK_AHEAD_BYTES 32 /* for one unit */

static const char *const keys[GL_RULES_LISTS] = {"browsers", "systems",
                                                 "devices"};

#define AFTER_MAX 3
#define ANYWHERE SIZE_MAX

struct rule {
    const char *regex;
    struct gl_pattern *pattern;
    size_t after[AFTER_MAX]; /* lists of words that come before */
    size_t after_n;
    size_t leads;                       /* list of words that it begins with;
                                           ANYWHERE: none */
    int once;                           /* need not be tried at each word */
    const char *family, *major, *minor; /* with $1 to $9 for groups */
    int is_shown;                       /* family: by its name in names */
    int plain;                          /* is found when it is a candidate,
                                           and needs no group */
};

/* Rules are numbered through all lists. */
struct gl_rules {
    json_t *data; /* owns the texts */
    struct rule *rules;
    size_t begin[GL_RULES_LISTS + 1]; /* number of each list's first rule */
    const json_t *names[GL_RULES_LISTS];
    struct gl_candidates *candidates;
    struct gl_matcher *matcher;
    int work; /* done for this text */
};

/* 1 when the groups of the match are part of TEMPLATE. */
static int
has_groups(const char *template)
{
    return strchr(template, '$') != NULL;
}

/* What the family NAME is shown as, or NULL: as it is. */
static const char *
shown(const json_t *names, const char *name)
{
    return json_string_value(json_object_get(names, name));
}

/* 0, or -1: more lists than a rule has. */
static int
load_places(struct rule *rule, const json_t *from)
{
    size_t i;
    const json_t *list;
    const json_t *after = json_object_get(from, "after");
    json_int_t leads = json_integer_value(json_object_get(from, "leads"));

    rule->leads = leads >= 0 ? (size_t) leads : ANYWHERE;
    rule->after_n = json_array_size(after);
    if (rule->after_n > AFTER_MAX)
        return -1;
    json_array_foreach (after, i, list)
        rule->after[i] = (size_t) json_integer_value(list);
    return 0;
}

static int
load_rule(struct rule *rule, const json_t *from, const json_t *names)
{
    rule->regex = json_string_value(json_object_get(from, "regex"));
    rule->family = json_string_value(json_object_get(from, "family"));
    rule->major = json_string_value(json_object_get(from, "major"));
    rule->minor = json_string_value(json_object_get(from, "minor"));
    if (rule->regex == NULL || rule->family == NULL || rule->major == NULL ||
        rule->minor == NULL || load_places(rule, from) == -1)
        return -1;
    rule->is_shown = !has_groups(rule->family);
    if (rule->is_shown && shown(names, rule->family) != NULL)
        rule->family = shown(names, rule->family);
    rule->plain = json_is_true(json_object_get(from, "plain")) &&
                  rule->is_shown && !has_groups(rule->major) &&
                  !has_groups(rule->minor);
    rule->once = strstr(rule->regex, "(*COMMIT)") != NULL;
    rule->pattern =
        gl_pattern_new_(rule->regex, rule->leads != ANYWHERE && !rule->once);
    return rule->pattern != NULL ? 0 : -1;
}

/* 0, or -1: not such lists, or no memory. */
static int
load_lists(struct gl_rules *rules)
{
    size_t list, i, n = 0;
    const json_t *from[GL_RULES_LISTS];
    const json_t *names = json_object_get(rules->data, "names");

    for (list = 0; list < GL_RULES_LISTS; list++) {
        from[list] = json_object_get(rules->data, keys[list]);
        rules->names[list] = json_object_get(names, keys[list]);
        rules->begin[list] = n;
        n += json_array_size(from[list]);
        if (n == rules->begin[list])
            return -1;
    }
    rules->begin[list] = n;
    rules->rules = calloc(n, sizeof *rules->rules);
    if (rules->rules == NULL)
        return -1;
    for (list = 0; list < GL_RULES_LISTS; list++) {
        for (i = rules->begin[list]; i < rules->begin[list + 1]; i++)
            if (load_rule(&rules->rules[i],
                          json_array_get(from[list], i - rules->begin[list]),
                          rules->names[list]) == -1)
                return -1;
    }
    return 0;
}

static void
scan_file(char file[PATH_MAX], const char *data_dir)
{
    snprintf(file, PATH_MAX, "%s/agents.scan", data_dir);
}

static int
load_candidates(struct gl_rules *rules, const char *data_dir, const char **why)
{
    char file[PATH_MAX];

    scan_file(file, data_dir);
    rules->candidates =
        gl_candidates_new_(json_object_get(rules->data, "candidates"),
                           rules->begin[GL_RULES_LISTS], file, why);
    return rules->candidates != NULL ? 0 : -1;
}

/* 1 when each rule's lists of words are there. */
static int
lists_known(const struct gl_rules *rules)
{
    size_t i, k, n = gl_candidates_lists_(rules->candidates);

    for (i = 0; i < rules->begin[GL_RULES_LISTS]; i++) {
        const struct rule *rule = &rules->rules[i];
        if (rule->leads != ANYWHERE && rule->leads >= n)
            return 0;
        for (k = 0; k < rule->after_n; k++)
            if (rule->after[k] >= n)
                return 0;
    }
    return 1;
}

struct gl_rules *
gl_rules_new_(const char *data_dir, const char **why)
{
    char file[PATH_MAX];
    struct gl_rules *rules = calloc(1, sizeof *rules);

    *why = "out of memory";
    if (rules == NULL || (rules->matcher = gl_matcher_new_()) == NULL)
        goto unusable;
    snprintf(file, sizeof file, "%s/agents.json", data_dir);
    rules->data = json_load_file(file, 0, NULL);
    if (rules->data == NULL)
        *why = "agents.json is missing or is not JSON: build it again";
    else if (load_lists(rules) == -1)
        *why = "agents.json does not hold rules: build it again";
    else if (load_candidates(rules, data_dir, why) == 0 && lists_known(rules))
        return rules;

unusable:
    gl_rules_free_(rules);
    return NULL;
}

void
gl_rules_free_(struct gl_rules *rules)
{
    size_t i;

    if (rules == NULL)
        return;
    for (i = 0; rules->rules != NULL && i < rules->begin[GL_RULES_LISTS]; i++)
        gl_pattern_free_(rules->rules[i].pattern);
    free(rules->rules);
    gl_candidates_free_(rules->candidates);
    gl_matcher_free_(rules->matcher);
    json_decref(rules->data);
    free(rules);
}

int
gl_rules_save_(const struct gl_rules *rules, const char *data_dir)
{
    char file[PATH_MAX];

    scan_file(file, data_dir);
    return gl_candidates_save_(rules->candidates, file);
}

/*
 * Appends N bytes to the LEN of TO (CAP bytes), printable ones only.  Returns
 * the new length.
 */
static size_t
append(char *to, size_t cap, size_t len, const char *bytes, size_t n)
{
    size_t i;

    for (i = 0; i < n && len + 1 < cap; i++)
        if (bytes[i] >= 0x20 && bytes[i] < 0x7f)
            to[len++] = bytes[i];
    return len;
}

/*
 * TEMPLATE with its groups filled in, without spaces at the ends.  Returns its
 * length.
 */
static size_t
expand(char *to, size_t cap, const char *template,
       const struct gl_matcher *matcher)
{
    size_t n, len = 0;

    for (; *template != '\0'; template ++) {
        if (template[0] == '$' && template[1] >= '1' && template[1] <= '9') {
            const char *group =
                gl_matcher_group_(matcher, *++template - '0', &n);
            len = append(to, cap, len, group, n);
        } else if (*template != ' ' || len > 0) {
            len = append(to, cap, len, template, 1);
        }
    }
    while (len > 0 && to[len - 1] == ' ')
        len--;
    to[len] = '\0';
    return len;
}

static void
version(const struct rule *rule, const struct gl_matcher *matcher, char to[16])
{
    char minor[VERSION_PART_BYTES];
    size_t len = expand(to, VERSION_PART_BYTES, rule->major, matcher);
    size_t more = expand(minor, sizeof minor, rule->minor, matcher);

    if (len > 0 && more > 0) {
        len = append(to, 16, len, ".", 1);
        len = append(to, 16, len, minor, more);
        to[len] = '\0';
    }
}

/* What RULE, which was found, says. */
static void
answer(const struct rule *rule, const json_t *names,
       const struct gl_matcher *matcher, struct gl_family *family)
{
    size_t len =
        expand(family->name, sizeof family->name, rule->family, matcher);
    const char *other = rule->is_shown ? NULL : shown(names, family->name);

    if (other != NULL)
        snprintf(family->name, sizeof family->name, "%s", other);
    if (len > 0)
        version(rule, matcher, family->version);
}

static int
try(struct gl_rules *rules, const struct rule *rule, struct gl_text text,
    size_t start)
{
    if (rule->plain)
        return 1;
    rules->work += WORK_TRY;
    if (rule->once || rule->leads == ANYWHERE)
        rules->work += (int) (text.len - start) / WORK_AHEAD_BYTES;
    if (rules->work > WORK_MAX)
        return -1;
    return gl_matcher_find_(rules->matcher, rule->pattern, text, start);
}

/* 1 when RULE is found in TEXT, 0 when not, -1 when that takes too long. */
static int
find(struct gl_rules *rules, const struct rule *rule, struct gl_text text)
{
    const struct gl_candidates *words = rules->candidates;
    size_t i, end = 0;
    int found = 0;

    for (i = 0; i < rule->after_n; i++)
        if (gl_candidates_word_(words, rule->after[i], end, &end) == SIZE_MAX)
            return 0;
    if (rule->leads == ANYWHERE)
        return try(rules, rule, text, end);
    size_t start = gl_candidates_word_(words, rule->leads, end, &end);
    while (start != SIZE_MAX && found == 0) {
        found = try(rules, rule, text, start);
        if (rule->once)
            break;
        start = gl_candidates_word_(words, rule->leads, start + 1, &end);
    }
    return found;
}

static void
find_first(struct gl_rules *rules, size_t list, struct gl_text text,
           struct gl_family *family)
{
    size_t end = rules->begin[list + 1];
    size_t n = gl_candidates_next_(rules->candidates, rules->begin[list], end);
    int found = 0;

    for (; n < end && found == 0;
         n = gl_candidates_next_(rules->candidates, n + 1, end)) {
        found = find(rules, &rules->rules[n], text);
        if (found == 1)
            answer(&rules->rules[n], rules->names[list], rules->matcher,
                   family);
    }
}

int
gl_rules_find_(struct gl_rules *rules, struct gl_text text,
               struct gl_family families[GL_RULES_LISTS])
{
    size_t list;

    memset(families, 0, GL_RULES_LISTS * sizeof *families);
    int words =
        gl_candidates_find_(rules->candidates, text, WORK_MAX / WORK_WORD);
    if (words == -1)
        return -1;
    rules->work = words * WORK_WORD;
    for (list = 0; list < GL_RULES_LISTS; list++)
        find_first(rules, list, text, &families[list]);
    return rules->work > WORK_MAX ? -1 : 0;
}
