/* glinto account: who owns sites. */

#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

const char gl_cli_account_help[] =
    "glinto account - an account owns sites; its data is one SQLite file\n"
    "\n"
    "  glinto account add NAME      a new account (text, at most 128 bytes)\n"
    "  glinto account list          all accounts with their number of sites\n"
    "  glinto account remove NAME   remove it; refused while it has sites\n"
    "\n"
    "  glinto account add \"Bakery Petit Four\"\n"
    "  glinto account list --json\n";

static int
add(struct gl_cli *cli)
{
    static const struct gl_cli_option none[] = {{0}};
    const char *name;
    int done, status = gl_cli_read(cli, none, &name, 1);
    if (status != GL_CLI_OK) {
        return status;
    }
    json_t *answer = gl_cli_ask_and_print(
        cli, "account/add", json_pack("{s:s}", "name", name), &done, &status);
    if (!done) {
        char id[64];
        gl_cli_value(
            id, sizeof(id), "id",
            json_object_get(json_object_get(answer, "account"), "id"));
        printf("account %s added, id %s\n", name, id);
        json_decref(answer);
    }
    return status;
}

static int
list(struct gl_cli *cli)
{
    static const struct gl_cli_option none[] = {{0}};
    static const struct gl_cli_column columns[] = {
        {"NAME", "name", 0},
        {"ID", "id", 0},
        {"SITES", "sites", 1},
        {"CREATED", "created", 0},
    };
    int status = gl_cli_read(cli, none, NULL, 0);
    if (status != GL_CLI_OK) {
        return status;
    }
    return gl_cli_list(cli, "account", json_object(), columns, 4);
}

int
gl_cli_account(struct gl_cli *cli)
{
    const char *verb = cli->argc > 0 ? cli->argv[0] : "";
    if (strcmp(verb, "add") == 0) {
        return add(cli);
    }
    if (strcmp(verb, "list") == 0) {
        return list(cli);
    }
    if (strcmp(verb, "remove") == 0) {
        return gl_cli_end(cli, "account", "remove", "name");
    }
    return gl_cli_no_verb(cli, "account");
}
