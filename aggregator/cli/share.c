/* glinto share: links that show a site to whoever has them. */

#include "cli/cli.h"

#include <stdio.h>

static void
added(const json_t *args, const json_t *answer)
{
    const json_t *share = json_object_get(answer, "share");
    printf("whoever has this link sees %s:\nhttps://HOST%s\n",
           gl_cli_text(args, "domain"), gl_cli_text(answer, "link"));
    printf("its id is %s\n", gl_cli_text(share, "id"));
}

static void
listed(const json_t *args, const json_t *answer)
{
    static const struct gl_cli_column columns[] = {
        {"ID", "id", 0},           {"NAME", "name", 0},
        {"SEGMENT", "segment", 1}, {"PASSWORD", "password", 0},
        {"UNTIL", "until", 0},     {"CREATED", "created", 0}};
    (void) args;
    gl_cli_table(json_object_get(answer, "shares"), columns, 6,
                 "There is no link yet.");
}

static void
removed(const json_t *args, const json_t *answer)
{
    (void) answer;
    printf("link %s taken back\n", gl_cli_text(args, "id"));
}

static const struct gl_cli_verb verbs[] = {{"share.add", added, NULL},
                                           {"share.list", listed, NULL},
                                           {"share.remove", removed, NULL},
                                           {0}};

const struct gl_cli_noun gl_cli_share = {
    .name = "share",
    .verbs = verbs,
    .help = "glinto share - links that show a site to whoever has them\n"
            "\n",
    .examples = "\n"
                "  glinto share add example.com --name \"for the board\"\n"
                "  glinto share add example.com --days 30 --segment 2\n",
};
