/* The policy of residency: "key value" lines, as glinto.conf has. */

#include "deploy/policy.h"

#include <stdio.h>
#include <string.h>

static const char eu[] = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT "
                         "LU MT NL PL PT RO SK SI ES SE";
static const char eea[] = "IS LI NO";

struct reader {
    struct gl_policy *policy;
    const char *path;
    char *why;
    size_t why_len;
    int bad;
};

void
gl_policy_lines(const char *text,
                void (*each)(void *arg, int line, const char *key,
                             const char *value),
                void *arg)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (int i = 0; lines[i] != NULL; i++) {
        char *key = g_strstrip(lines[i]);

        if (key[0] == '\0' || key[0] == '#')
            continue;
        char *value = key + strcspn(key, " \t");
        if (value[0] != '\0')
            *value++ = '\0';
        each(arg, i + 1, key, g_strstrip(value));
    }
}

int
gl_policy_has(const GPtrArray *list, const char *text)
{
    for (guint i = 0; i < list->len; i++)
        if (g_ascii_strcasecmp(list->pdata[i], text) == 0)
            return 1;
    return 0;
}

static void
refuse(struct reader *r, int line, const char *what, const char *value)
{
    if (!r->bad)
        snprintf(r->why, r->why_len, "%s:%d: %s \"%.100s\"", r->path, line,
                 what, value);
    r->bad = 1;
}

static int
is_code(const char *text)
{
    return strlen(text) == 2 && g_ascii_isupper(text[0]) &&
           g_ascii_isupper(text[1]);
}

static void
add_words(struct reader *r, int line, GPtrArray *list, const char *value,
          int codes)
{
    g_auto(GStrv) words = g_strsplit_set(value, " \t,", -1);

    for (int i = 0; words[i] != NULL; i++) {
        const char *word = words[i];

        if (word[0] == '\0') {
            /* two blanks */
        } else if (codes && strcmp(word, "EU") == 0) {
            add_words(r, line, list, eu, 0);
        } else if (codes && strcmp(word, "EEA") == 0) {
            add_words(r, line, list, eu, 0);
            add_words(r, line, list, eea, 0);
        } else if (codes && !is_code(word)) {
            refuse(r, line, "countries has what is no code:", word);
        } else if (!g_ptr_array_find_with_equal_func(list, word, g_str_equal,
                                                     NULL)) {
            g_ptr_array_add(list, g_strdup(word));
        }
    }
}

/* ---- what each key says ---- */

static void
read_countries(struct reader *r, int line, const char *value)
{
    add_words(r, line, r->policy->countries, value, 1);
}

static void
read_here(struct reader *r, int line, const char *value)
{
    if (!is_code(value))
        refuse(r, line, "here is no code of a country:", value);
    g_free(r->policy->here);
    r->policy->here = g_strdup(value);
    r->policy->here_line = line;
}

static void
read_allow(struct reader *r, int line, const char *value)
{
    add_words(r, line, r->policy->allowed, value, 0);
}

static void
read_program(struct reader *r, int line, const char *value)
{
    add_words(r, line, r->policy->programs, value, 0);
}

/* Names of authorities have blanks. */
static void
read_authority(struct reader *r, int line, const char *value)
{
    (void) line;
    g_ptr_array_add(r->policy->authorities, g_strdup(value));
}

static void
read_mmdb(struct reader *r, int line, const char *value)
{
    (void) line;
    g_free(r->policy->mmdb);
    r->policy->mmdb = g_strdup(value);
}

static void
read_residency(struct reader *r, int line, const char *value)
{
    r->policy->enforce = strcmp(value, "enforce") == 0;
    if (!r->policy->enforce && strcmp(value, "report") != 0)
        refuse(r, line, "residency is report or enforce, not", value);
}

/* Each is told of in conf/RESIDENCY.md, and from there in the page of man. */
static const struct key {
    const char *name;
    void (*read)(struct reader *r, int line, const char *value);
} keys[] = {
    {"countries", read_countries}, {"here", read_here},
    {"allow", read_allow},         {"program", read_program},
    {"mmdb", read_mmdb},           {"residency", read_residency},
    {"authority", read_authority},
};

static void
read_line(void *arg, int line, const char *key, const char *value)
{
    struct reader *r = arg;

    if (value[0] == '\0') {
        refuse(r, line, "no value for", key);
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (strcmp(key, keys[i].name) == 0) {
            keys[i].read(r, line, value);
            return;
        }
    }
    refuse(r, line, "unknown key", key);
}

struct gl_policy *
gl_policy_read(const char *path, char *why, size_t why_len)
{
    struct gl_policy *policy;
    struct reader r = {NULL, path, why, why_len, 0};
    g_autofree char *text = NULL;
    GError *error = NULL;

    if (!g_file_get_contents(path, &text, NULL, &error)) {
        snprintf(why, why_len, "%s", error->message);
        g_error_free(error);
        return NULL;
    }
    r.policy = policy = g_new0(struct gl_policy, 1);
    policy->path = g_strdup(path);
    policy->countries = g_ptr_array_new_with_free_func(g_free);
    policy->allowed = g_ptr_array_new_with_free_func(g_free);
    policy->programs = g_ptr_array_new_with_free_func(g_free);
    policy->authorities = g_ptr_array_new_with_free_func(g_free);
    gl_policy_lines(text, read_line, &r);
    if (policy->countries->len == 0)
        add_words(&r, 0, policy->countries, "EEA", 1);
    if (!r.bad)
        return policy;
    gl_policy_free(policy);
    return NULL;
}

void
gl_policy_free(struct gl_policy *policy)
{
    if (policy == NULL)
        return;
    g_ptr_array_unref(policy->countries);
    g_ptr_array_unref(policy->allowed);
    g_ptr_array_unref(policy->programs);
    g_ptr_array_unref(policy->authorities);
    g_free(policy->path);
    g_free(policy->here);
    g_free(policy->mmdb);
    g_free(policy);
}
