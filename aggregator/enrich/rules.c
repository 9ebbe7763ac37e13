/*
 * uap-core's rules.  One pass says which the text holds; the expression itself
 * is matched for what its groups hold, once a list, if its answer needs them.
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

#include "pattern.h"
#include "scan.h"

/* Longest part of a version worth keeping: "605", "20100101". */
#define VERSION_PART_BYTES 8

static const char *const keys[GL_RULES_LISTS] = {"browsers", "systems",
                                                 "devices"};

struct rule {
    const char *regex;
    struct gl_pattern *pattern;
    const char *family, *major, *minor; /* with $1 to $9 for groups */
    int has_groups;                     /* one of the three has */
};

/* Rules are numbered through all lists. */
struct gl_rules {
    json_t *data; /* owns the texts */
    struct rule *rules;
    size_t begin[GL_RULES_LISTS + 1]; /* number of each list's first rule */
    const json_t *names[GL_RULES_LISTS];
    struct gl_scan *scan;
    struct gl_matcher *matcher;
};

/* 1 when the groups of the match are part of TEMPLATE. */
static int
has_groups(const char *template)
{
    return strchr(template, '$') != NULL;
}

static int
load_rule(struct rule *rule, const json_t *from)
{
    rule->regex = json_string_value(json_object_get(from, "regex"));
    rule->family = json_string_value(json_object_get(from, "family"));
    rule->major = json_string_value(json_object_get(from, "major"));
    rule->minor = json_string_value(json_object_get(from, "minor"));
    if (rule->regex == NULL || rule->family == NULL || rule->major == NULL ||
        rule->minor == NULL)
        return -1;
    rule->has_groups = has_groups(rule->family) || has_groups(rule->major) ||
                       has_groups(rule->minor);
    rule->pattern = gl_pattern_new_(rule->regex);
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
    rules->rules = calloc(n, sizeof(*rules->rules));
    if (rules->rules == NULL)
        return -1;
    for (list = 0; list < GL_RULES_LISTS; list++) {
        for (i = rules->begin[list]; i < rules->begin[list + 1]; i++) {
            if (load_rule(
                    &rules->rules[i],
                    json_array_get(from[list], i - rules->begin[list])) == -1)
                return -1;
        }
    }
    return 0;
}

static void
scan_file(char file[PATH_MAX], const char *data_dir)
{
    snprintf(file, PATH_MAX, "%s/agents.scan", data_dir);
}

static int
load_scan(struct gl_rules *rules, const char *data_dir, const char **why)
{
    char file[PATH_MAX];
    size_t i, n = rules->begin[GL_RULES_LISTS];
    const char **regexes = calloc(n, sizeof(*regexes));

    *why = "out of memory";
    if (regexes == NULL)
        return -1;
    for (i = 0; i < n; i++)
        regexes[i] = rules->rules[i].regex;
    scan_file(file, data_dir);
    rules->scan = gl_scan_new_(regexes, n, file, why);
    free(regexes);
    return rules->scan != NULL ? 0 : -1;
}

struct gl_rules *
gl_rules_new_(const char *data_dir, const char **why)
{
    char file[PATH_MAX];
    struct gl_rules *rules = calloc(1, sizeof(*rules));

    *why = "out of memory";
    if (rules == NULL || (rules->matcher = gl_matcher_new_()) == NULL)
        goto unusable;
    snprintf(file, sizeof(file), "%s/agents.json", data_dir);
    rules->data = json_load_file(file, 0, NULL);
    if (rules->data == NULL)
        *why = "agents.json is missing or is not JSON: build it again";
    else if (load_lists(rules) == -1)
        *why = "agents.json does not hold rules: build it again";
    else if (load_scan(rules, data_dir, why) == 0)
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
    gl_scan_free_(rules->scan);
    gl_matcher_free_(rules->matcher);
    json_decref(rules->data);
    free(rules);
}

int
gl_rules_save_(const struct gl_rules *rules, const char *data_dir)
{
    char file[PATH_MAX];

    scan_file(file, data_dir);
    return gl_scan_save_(rules->scan, file);
}

/* Append LEN bytes to TO (CAP bytes, terminated), printable ones only. */
static void
append(char *to, size_t cap, const char *bytes, size_t len)
{
    size_t i, end = strlen(to);

    for (i = 0; i < len && end + 1 < cap; i++) {
        if (bytes[i] >= 0x20 && bytes[i] < 0x7f)
            to[end++] = bytes[i];
    }
    to[end] = '\0';
}

/* TEMPLATE with its groups filled in, without spaces at the ends. */
static void
expand(char *to, size_t cap, const char *template,
       const struct gl_matcher *matcher)
{
    size_t len;
    const char *group;

    to[0] = '\0';
    for (; *template != '\0'; template ++) {
        if (template[0] == '$' && template[1] >= '1' && template[1] <= '9') {
            group = gl_matcher_group_(matcher, *++template - '0', &len);
            append(to, cap, group, len);
        } else if (*template != ' ' || to[0] != '\0') {
            append(to, cap, template, 1);
        }
    }
    for (len = strlen(to); len > 0 && to[len - 1] == ' '; len--)
        to[len - 1] = '\0';
}

static void
name_shown(const json_t *names, char name[64])
{
    const char *shown = json_string_value(json_object_get(names, name));

    if (shown != NULL) {
        name[0] = '\0';
        append(name, 64, shown, strlen(shown));
    }
}

static void
version(const struct rule *rule, const struct gl_matcher *matcher, char to[16])
{
    char minor[VERSION_PART_BYTES];

    expand(to, VERSION_PART_BYTES, rule->major, matcher);
    expand(minor, sizeof(minor), rule->minor, matcher);
    if (to[0] != '\0' && minor[0] != '\0') {
        append(to, 16, ".", 1);
        append(to, 16, minor, strlen(minor));
    }
}

/*
 * What RULE, which TEXT holds, says of it.  A match that takes too many steps
 * leaves the family without its version, and none when it stands in a group.
 */
static void
answer(const struct rule *rule, const json_t *names,
       struct gl_matcher *matcher, struct gl_text text,
       struct gl_family *family)
{
    int matched =
        !rule->has_groups || gl_matcher_find_(matcher, rule->pattern, text);

    if (matched || !has_groups(rule->family)) {
        expand(family->name, sizeof(family->name), rule->family, matcher);
        name_shown(names, family->name);
    }
    if (matched && family->name[0] != '\0')
        version(rule, matcher, family->version);
}

struct first {
    const size_t *begin;
    size_t rule[GL_RULES_LISTS]; /* of each list; SIZE_MAX: none */
};

static void
keep_first(void *arg, size_t number, size_t end)
{
    struct first *first = arg;
    size_t list = 0;

    (void) end;
    while (number >= first->begin[list + 1])
        list++;
    if (number < first->rule[list])
        first->rule[list] = number;
}

void
gl_rules_find_(struct gl_rules *rules, struct gl_text text,
               struct gl_family families[GL_RULES_LISTS])
{
    size_t list;
    struct gl_family *family;
    struct first first = {rules->begin, {SIZE_MAX, SIZE_MAX, SIZE_MAX}};

    gl_scan_find_(rules->scan, text, keep_first, &first);
    for (list = 0; list < GL_RULES_LISTS; list++) {
        family = &families[list];
        memset(family, 0, sizeof(*family));
        if (first.rule[list] == SIZE_MAX)
            continue;
        answer(&rules->rules[first.rule[list]], rules->names[list],
               rules->matcher, text, family);
    }
}
