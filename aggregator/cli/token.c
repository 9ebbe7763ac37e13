/* glinto token: keys for dashboards that are not public. */

#include "cli/verb.h"

#include <stdio.h>

static void
created(const json_t *args, const json_t *answer)
{
    char token[256], id[64];
    (void) args;
    gl_cli_value(token, sizeof token, "token",
                 json_object_get(answer, "token"));
    gl_cli_value(id, sizeof id, "id", json_object_get(answer, "id"));
    printf("%s\n", token);
    fprintf(stderr, "id %s; the token is not shown again\n", id);
}

static const struct gl_cli_column columns[] = {
    {"ID", "id", 0},         {"ACCOUNT", "account", 0}, {"NAME", "name", 0},
    {"SCOPES", "scopes", 0}, {"CREATED", "created", 0},
};

static const struct gl_cli_verb verbs[] = {
    {"token.create", .print = created},
    {"token.list",
     .list = GL_CLI_LIST("tokens", columns, "There is no token yet.")},
    {"token.revoke", .says = "token {id} revoked"},
    {0}};

const struct gl_cli_noun gl_cli_token = {
    .name = "token",
    .verbs = verbs,
    .help =
        "glinto token - a token opens the sites of one account to programs\n"
        "\n",
    .examples = "\n"
                "Send it as \"Authorization: Bearer TOKEN\".\n"
                "\n"
                "  glinto token create --name \"wall display\"\n"
                "  glinto token create --scope stats:read,sites:write\n"
                "  token=$(glinto token create --json | jq -r .token)\n",
};
