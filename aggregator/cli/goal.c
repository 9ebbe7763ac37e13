/* glinto goal: what visitors of a site are to reach. */

#include "cli/cli.h"

#include <stdio.h>

static void
added(const json_t *args, const json_t *answer)
{
    const json_t *goal = json_object_get(answer, "goal");
    char name[512], id[64];
    (void) args;
    gl_cli_value(name, sizeof name, "", json_object_get(goal, "name"));
    gl_cli_value(id, sizeof id, "", json_object_get(goal, "id"));
    printf("goal \"%s\" added, id %s; the past is counted, too\n", name, id);
}

static void
listed(const json_t *args, const json_t *answer)
{
    static const struct gl_cli_column columns[] = {
        {"ID", "id", 1},           {"NAME", "name", 0},
        {"EVENT", "event", 0},     {"PAGE", "page", 0},
        {"SCROLL", "scroll", 1},   {"CURRENCY", "currency", 0},
        {"CREATED", "created", 0},
    };
    (void) args;
    gl_cli_table(json_object_get(answer, "goals"), columns, 7,
                 "There is no goal yet.");
}

static void
removed(const json_t *args, const json_t *answer)
{
    (void) answer;
    printf("goal %s removed\n", gl_cli_text(args, "id"));
}

static const struct gl_cli_verb verbs[] = {{"goal.add", added, NULL},
                                           {"goal.list", listed, NULL},
                                           {"goal.remove", removed, NULL},
                                           {0}};

const struct gl_cli_noun gl_cli_goal = {
    .name = "goal",
    .verbs = verbs,
    .help = "glinto goal - what visitors of a site are to reach\n"
            "\n",
    .examples =
        "\n"
        "  glinto goal add example.com --event Signup\n"
        "  glinto goal add example.com --page \"/blog/**\" --scroll 75\n"
        "  glinto goal add example.com --event Purchase --currency EUR\n",
};
