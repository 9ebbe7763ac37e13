/* glinto annotation: what happened on a day. */

#include "cli/cli.h"

#include <stdio.h>

static void
added(const json_t *args, const json_t *answer)
{
    char id[64];
    gl_cli_value(id, sizeof id, "",
                 json_object_get(json_object_get(answer, "annotation"), "id"));
    printf("annotation of %s added, id %s\n", gl_cli_text(args, "date"), id);
}

static void
listed(const json_t *args, const json_t *answer)
{
    static const struct gl_cli_column columns[] = {
        {"ID", "id", 1}, {"DATE", "date", 0}, {"TEXT", "text", 0}};
    (void) args;
    gl_cli_table(json_object_get(answer, "annotations"), columns, 3,
                 "There is no annotation yet.");
}

static void
removed(const json_t *args, const json_t *answer)
{
    (void) answer;
    printf("annotation %s removed\n", gl_cli_text(args, "id"));
}

static const struct gl_cli_verb verbs[] = {
    {"annotation.add", added, NULL},
    {"annotation.list", listed, NULL},
    {"annotation.remove", removed, NULL},
    {0}};

const struct gl_cli_noun gl_cli_annotation = {
    .name = "annotation",
    .verbs = verbs,
    .help = "glinto annotation - what happened on a day, beside its numbers\n"
            "\n",
    .examples = "\n"
                "  glinto annotation add example.com --date 2026-05-04 \\\n"
                "      --text \"new price list\"\n",
};
