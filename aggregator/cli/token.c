/* glinto token: keys for dashboards that are not public. */

#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

const char gl_cli_token_help[] =
    "glinto token - a token opens the dashboards of one account\n"
    "\n"
    "  glinto token create [--account NAME] [--name TEXT]\n"
    "      --account NAME   whose sites (default \"default\")\n"
    "      --name TEXT      to remember what it is for\n"
    "      Prints the token.  It is shown this once: only its hash is kept.\n"
    "  glinto token list [--account NAME]\n"
    "  glinto token revoke ID     the id is in the list\n"
    "\n"
    "Send it as \"Authorization: Bearer TOKEN\".\n"
    "\n"
    "  glinto token create --name \"wall display\"\n"
    "  token=$(glinto token create --json | jq -r .token)\n";

static int
create(struct gl_cli *cli)
{
    const char *account = NULL, *name = NULL;
    const struct gl_cli_option options[] = {
        {"account", &account, NULL}, {"name", &name, NULL}, {0}};
    int done, status = gl_cli_read(cli, options, NULL, 0);
    if (status != GL_CLI_OK) {
        return status;
    }
    json_t *answer = gl_cli_ask_and_print(
        cli, "token/create",
        json_pack("{s:s*, s:s*}", "account", account, "name", name), &done,
        &status);
    if (!done) {
        char token[256], id[64];
        gl_cli_value(token, sizeof(token), "token",
                     json_object_get(answer, "token"));
        gl_cli_value(id, sizeof(id), "id", json_object_get(answer, "id"));
        printf("%s\n", token);
        fprintf(stderr, "id %s; the token is not shown again\n", id);
        json_decref(answer);
    }
    return status;
}

static int
list(struct gl_cli *cli)
{
    static const struct gl_cli_column columns[] = {
        {"ID", "id", 0},
        {"ACCOUNT", "account", 0},
        {"NAME", "name", 0},
        {"CREATED", "created", 0},
    };
    const char *account = NULL;
    const struct gl_cli_option options[] = {{"account", &account, NULL}, {0}};
    int status = gl_cli_read(cli, options, NULL, 0);
    if (status != GL_CLI_OK) {
        return status;
    }
    return gl_cli_list(cli, "token", json_pack("{s:s*}", "account", account),
                       columns, 4);
}

int
gl_cli_token(struct gl_cli *cli)
{
    const char *verb = cli->argc > 0 ? cli->argv[0] : "";
    if (strcmp(verb, "create") == 0) {
        return create(cli);
    }
    if (strcmp(verb, "list") == 0) {
        return list(cli);
    }
    if (strcmp(verb, "revoke") == 0) {
        return gl_cli_end(cli, "token", "revoke", "id");
    }
    return gl_cli_no_verb(cli, "token");
}
