/*
 * What is defined for a site, and asked about later: glinto goal, segment,
 * funnel, annotation.  Each is added, listed and removed alike; an answer's
 * one member says which it is.
 */

#include "cli/cli.h"

#include <stdio.h>

static const struct gl_cli_column goal_columns[] = {
    {"ID", "id", 1},          {"NAME", "name", 0},
    {"EVENT", "event", 0},    {"PAGE", "page", 0},
    {"SCROLL", "scroll", 1},  {"CURRENCY", "currency", 0},
    {"CREATED", "created", 0}};
static const struct gl_cli_column named_columns[] = {
    {"ID", "id", 1}, {"NAME", "name", 0}, {"CREATED", "created", 0}};
static const struct gl_cli_column dated_columns[] = {
    {"ID", "id", 1}, {"DATE", "date", 0}, {"TEXT", "text", 0}};

static const struct kind {
    const char *word;
    const struct gl_cli_column *columns;
    int columns_n;
    /* of one: what it is called, with what around it; more behind "added" */
    const char *key, *before, *after, *more;
} kinds[] = {
    {"goal", goal_columns, 7, "name", "\"", "\"",
     "; the past is counted, too"},
    {"segment", named_columns, 3, "name", "\"", "\"", ""},
    {"funnel", named_columns, 3, "name", "\"", "\"", ""},
    {"annotation", dated_columns, 3, "date", "of ", "", ""},
};

/* The kind of ANSWER, {"goal": ...} or {"goals": ...}, and what it has. */
static const struct kind *
kind_of(const json_t *answer, const json_t **has)
{
    size_t i = 0;
    char list[32];
    for (;; i++) {
        snprintf(list, sizeof list, "%ss", kinds[i].word);
        if ((*has = json_object_get(answer, kinds[i].word)) != NULL ||
            (*has = json_object_get(answer, list)) != NULL ||
            i + 1 == sizeof kinds / sizeof kinds[0])
            return &kinds[i];
    }
}

static void
added(const json_t *args, const json_t *answer)
{
    const json_t *one;
    const struct kind *kind = kind_of(answer, &one);
    char name[512], id[64];
    (void) args;
    gl_cli_value(name, sizeof name, "", json_object_get(one, kind->key));
    gl_cli_value(id, sizeof id, "", json_object_get(one, "id"));
    printf("%s %s%s%s added, id %s%s\n", kind->word, kind->before, name,
           kind->after, id, kind->more);
}

static void
listed(const json_t *args, const json_t *answer)
{
    const json_t *all;
    const struct kind *kind = kind_of(answer, &all);
    char none[64];
    (void) args;
    snprintf(none, sizeof none, "There is no %s yet.", kind->word);
    gl_cli_table(all, kind->columns, kind->columns_n, none);
}

/* Its answer is empty. */
#define REMOVED(kind)                                                         \
    static void removed_##kind(const json_t *args, const json_t *answer)      \
    {                                                                         \
        (void) answer;                                                        \
        printf(#kind " %s removed\n", gl_cli_text(args, "id"));               \
    }
REMOVED(goal)
REMOVED(segment)
REMOVED(funnel)
REMOVED(annotation)

#define NOUN(kind, tells, shows)                                              \
    static const struct gl_cli_verb kind##_verbs[] = {                        \
        {#kind ".add", added, NULL},                                          \
        {#kind ".list", listed, NULL},                                        \
        {#kind ".remove", removed_##kind, NULL},                              \
        {0}};                                                                 \
    const struct gl_cli_noun gl_cli_##kind = {                                \
        .name = #kind,                                                        \
        .verbs = kind##_verbs,                                                \
        .help = "glinto " #kind " - " tells "\n\n",                           \
        .examples = "\n" shows,                                               \
    };

NOUN(goal, "what visitors of a site are to reach",
     "  glinto goal add example.com --event Signup\n"
     "  glinto goal add example.com --page \"/blog/**\" --scroll 75\n"
     "  glinto goal add example.com --event Purchase --currency EUR\n")
NOUN(segment, "filters with a name, for questions",
     "  glinto segment add example.com --name Germany \\\n"
     "      --filters '[[\"is\", \"visit:country\", [\"DE\"]]]'\n")
NOUN(funnel, "how many go how far, step by step",
     "  glinto funnel add example.com --name Sale \\\n"
     "      --steps '[{\"page\": \"/\"}, {\"page\": \"/buy\"}]'\n"
     "  glinto query <<END\n"
     "  {\"site_id\": \"example.com\", \"date_range\": \"7d\", "
     "\"funnel\": 1}\n"
     "  END\n")
NOUN(annotation, "what happened on a day, beside its numbers",
     "  glinto annotation add example.com --date 2026-05-04 \\\n"
     "      --text \"new price list\"\n")
