/* glinto segment: filters with a name. */

#include "cli/cli.h"

#include <stdio.h>

static void
added(const json_t *args, const json_t *answer)
{
    char id[64];
    gl_cli_value(id, sizeof id, "",
                 json_object_get(json_object_get(answer, "segment"), "id"));
    printf("segment \"%s\" added, id %s\n", gl_cli_text(args, "name"), id);
}

static void
listed(const json_t *args, const json_t *answer)
{
    static const struct gl_cli_column columns[] = {
        {"ID", "id", 1}, {"NAME", "name", 0}, {"CREATED", "created", 0}};
    (void) args;
    gl_cli_table(json_object_get(answer, "segments"), columns, 3,
                 "There is no segment yet.");
}

static void
removed(const json_t *args, const json_t *answer)
{
    (void) answer;
    printf("segment %s removed\n", gl_cli_text(args, "id"));
}

static const struct gl_cli_verb verbs[] = {{"segment.add", added, NULL},
                                           {"segment.list", listed, NULL},
                                           {"segment.remove", removed, NULL},
                                           {0}};

const struct gl_cli_noun gl_cli_segment = {
    .name = "segment",
    .verbs = verbs,
    .help = "glinto segment - filters with a name, for questions\n"
            "\n",
    .examples = "\n"
                "  glinto segment add example.com --name Germany \\\n"
                "      --filters '[[\"is\", \"visit:country\", [\"DE\"]]]'\n",
};
