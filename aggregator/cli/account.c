/* glinto account: who owns sites. */

#include "cli/verb.h"

#include <stdio.h>

static const struct gl_cli_column columns[] = {
    {"NAME", "name", 0},       {"ID", "id", 0},
    {"SITES", "sites", 1},     {"CREATED", "created", 0},
    {"PRIMARY", "primary", 0},
};

/* Of one primary nobody asks which it is. */
static void
listed(const json_t *args, const json_t *answer)
{
    static const struct gl_cli_list all =
        GL_CLI_LIST("accounts", columns, "There is no account yet.");
    struct gl_cli_list list = all;
    const json_t *one;
    size_t i;

    (void) args;
    list.columns_n--;
    json_array_foreach (json_object_get(answer, "accounts"), i, one)
        if (json_object_get(one, "primary") != NULL)
            list.columns_n = all.columns_n;
    gl_cli_print_list(&list, answer);
}

static void
limited(const json_t *args, const json_t *answer)
{
    char events[64] = "any number of", bytes[64] = "any size";
    int64_t n = gl_cli_number(answer, "events");
    int64_t size = gl_cli_number(answer, "bytes");
    if (n > 0)
        gl_cli_count(events, sizeof events, n, "event");
    if (size > 0)
        gl_cli_bytes(bytes, sizeof bytes, size);
    printf("account %s may have %s%s a month, and a file of %s\n",
           gl_cli_text(args, "name"), events, n > 0 ? "" : " events", bytes);
}

static const struct gl_cli_verb verbs[] = {
    {"account.add", .says = "account {name} added, id {account.id}"},
    {"account.list", .print = listed},
    {"account.quota", .print = limited},
    {"account.remove", .says = "account {name} removed",
     .erases = "account.erases"},
    {0}};

const struct gl_cli_noun gl_cli_account = {
    .name = "account",
    .verbs = verbs,
    .help =
        "glinto account - an account owns sites; its data is one SQLite file\n"
        "\n",
    .examples = "\n"
                "  glinto account add \"Bakery Petit Four\"\n"
                "  glinto account list --json\n",
};
