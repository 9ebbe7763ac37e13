/* glinto share: links that show a site to whoever has them. */

#include "cli/verb.h"

static const struct gl_cli_column columns[] = {
    {"ID", "id", 0},           {"NAME", "name", 0},
    {"SEGMENT", "segment", 1}, {"PASSWORD", "password", 0},
    {"UNTIL", "until", 0},     {"CREATED", "created", 0}};

static const struct gl_cli_verb verbs[] = {
    {"share.add", .says = "whoever has this link sees {domain}:\n"
                          "https://HOST{.link}\n"
                          "its id is {share.id}"},
    {"share.list",
     .list = GL_CLI_LIST("shares", columns, "There is no link yet.")},
    {"share.remove", .says = "link {id} taken back"},
    {0}};

const struct gl_cli_noun gl_cli_share = {
    .name = "share",
    .verbs = verbs,
    .help = "glinto share - links that show a site to whoever has them\n"
            "\n",
    .examples = "\n"
                "  glinto share add example.com --name \"for the board\"\n"
                "  glinto share add example.com --days 30\n",
};
