/*
 * What is defined for a site, and asked about later: glinto goal, segment,
 * funnel, annotation.  Each is added, listed and removed alike.
 */

#include "cli/verb.h"

static const struct gl_cli_column goal_columns[] = {
    {"ID", "id", 1},          {"NAME", "name", 0},
    {"EVENT", "event", 0},    {"PAGE", "page", 0},
    {"SCROLL", "scroll", 1},  {"CURRENCY", "currency", 0},
    {"CREATED", "created", 0}};
static const struct gl_cli_column named_columns[] = {
    {"ID", "id", 1}, {"NAME", "name", 0}, {"CREATED", "created", 0}};
static const struct gl_cli_column dated_columns[] = {
    {"ID", "id", 1}, {"DATE", "date", 0}, {"TEXT", "text", 0}};

#define NOUN(kind, columns, is_added, tells, shows)                           \
    static const struct gl_cli_verb kind##_verbs[] = {                        \
        {#kind ".add", .says = #kind " " is_added},                           \
        {#kind ".list", .list = GL_CLI_LIST(#kind "s", columns,               \
                                            "There is no " #kind " yet.")},   \
        {#kind ".remove", .says = #kind " {id} removed"},                     \
        {0}};                                                                 \
    const struct gl_cli_noun gl_cli_##kind = {                                \
        .name = #kind,                                                        \
        .verbs = kind##_verbs,                                                \
        .help = "glinto " #kind " - " tells "\n\n",                           \
        .examples = "\n" shows,                                               \
    };

NOUN(goal, goal_columns,
     "\"{goal.name}\" added, id {goal.id}; the past is counted, too",
     "what visitors of a site are to reach",
     "  glinto goal add example.com --event Signup\n"
     "  glinto goal add example.com --page \"/blog/**\" --scroll 75\n"
     "  glinto goal add example.com --event Purchase --currency EUR\n")
NOUN(segment, named_columns, "\"{segment.name}\" added, id {segment.id}",
     "filters with a name, for questions",
     "  glinto segment add example.com --name Germany \\\n"
     "      --filters '[[\"is\", \"visit:country\", [\"DE\"]]]'\n")
NOUN(funnel, named_columns, "\"{funnel.name}\" added, id {funnel.id}",
     "how many go how far, step by step",
     "  glinto funnel add example.com --name Sale \\\n"
     "      --steps '[{\"page\": \"/\"}, {\"page\": \"/buy\"}]'\n")
NOUN(annotation, dated_columns,
     "of {annotation.date} added, id {annotation.id}",
     "what happened on a day, beside its numbers",
     "  glinto annotation add example.com --date 2026-05-04 \\\n"
     "      --text \"new price list\"\n")
