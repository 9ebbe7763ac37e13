/* glinto funnel: steps with a name. */

#include "cli/cli.h"

#include <stdio.h>

static void
added(const json_t *args, const json_t *answer)
{
    char id[64];
    gl_cli_value(id, sizeof id, "",
                 json_object_get(json_object_get(answer, "funnel"), "id"));
    printf("funnel \"%s\" added, id %s\n", gl_cli_text(args, "name"), id);
}

static void
listed(const json_t *args, const json_t *answer)
{
    static const struct gl_cli_column columns[] = {
        {"ID", "id", 1}, {"NAME", "name", 0}, {"CREATED", "created", 0}};
    (void) args;
    gl_cli_table(json_object_get(answer, "funnels"), columns, 3,
                 "There is no funnel yet.");
}

static void
removed(const json_t *args, const json_t *answer)
{
    (void) answer;
    printf("funnel %s removed\n", gl_cli_text(args, "id"));
}

static const struct gl_cli_verb verbs[] = {{"funnel.add", added, NULL},
                                           {"funnel.list", listed, NULL},
                                           {"funnel.remove", removed, NULL},
                                           {0}};

const struct gl_cli_noun gl_cli_funnel = {
    .name = "funnel",
    .verbs = verbs,
    .help = "glinto funnel - how many go how far, step by step\n"
            "\n",
    .examples = "\n"
                "  glinto funnel add example.com --name Sale \\\n"
                "      --steps '[{\"page\": \"/\"}, {\"page\": \"/buy\"}]'\n"
                "  glinto query <<END\n"
                "  {\"site_id\": \"example.com\", \"date_range\": \"7d\", "
                "\"funnel\": 1}\n"
                "  END\n",
};
