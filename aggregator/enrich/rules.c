/*
 * uap-core's rules.  One thread; patterns are compiled when first tried.
 *
 * Invariant: whatever the client wrote, name and version are short printable
 * ASCII.
 */

#include "rules.h"

#include <stdlib.h>
#include <string.h>

/* Longest part of a version worth keeping: "605", "20100101". */
#define VERSION_PART_BYTES 8

struct rule {
    struct gl_pattern *pattern;
    const char *family, *major, *minor; /* with $1 to $9 for groups */
};

struct gl_rules {
    struct rule *rules;
    size_t n;
    json_t *names;
};

static int
load_rule(struct rule *rule, json_t *from)
{
    const char *regex = json_string_value(json_object_get(from, "regex"));

    rule->family = json_string_value(json_object_get(from, "family"));
    rule->major = json_string_value(json_object_get(from, "major"));
    rule->minor = json_string_value(json_object_get(from, "minor"));
    if (regex == NULL || rule->family == NULL || rule->major == NULL ||
        rule->minor == NULL)
        return -1;
    rule->pattern = gl_pattern_new_(regex);
    return rule->pattern != NULL ? 0 : -1;
}

struct gl_rules *
gl_rules_new_(json_t *list, json_t *names)
{
    size_t i;
    json_t *from;
    struct gl_rules *rules = calloc(1, sizeof(*rules));

    if (rules == NULL)
        return NULL;
    rules->names = names;
    rules->n = json_array_size(list);
    rules->rules = calloc(rules->n + 1, sizeof(*rules->rules));
    if (rules->rules == NULL || rules->n == 0 || !json_is_object(names))
        goto unusable;
    json_array_foreach(list, i, from)
    {
        if (load_rule(&rules->rules[i], from) == -1)
            goto unusable;
    }
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
    for (i = 0; rules->rules != NULL && i < rules->n; i++)
        gl_pattern_free_(rules->rules[i].pattern);
    free(rules->rules);
    free(rules);
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
name_shown(struct gl_rules *rules, char name[64])
{
    const char *shown = json_string_value(json_object_get(rules->names, name));

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

void
gl_rules_find_(struct gl_rules *rules, struct gl_matcher *matcher,
               struct gl_family *family)
{
    size_t i;

    memset(family, 0, sizeof(*family));
    for (i = 0; i < rules->n; i++) {
        if (!gl_matcher_find_(matcher, rules->rules[i].pattern))
            continue;
        expand(family->name, sizeof(family->name), rules->rules[i].family,
               matcher);
        version(&rules->rules[i], matcher, family->version);
        name_shown(rules, family->name);
        if (family->name[0] == '\0')
            family->version[0] = '\0';
        return;
    }
}
