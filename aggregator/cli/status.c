/* glinto status: how glintod is doing, room by room. */

#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#define GL_CLI_INDENT 2

const char gl_cli_status_help[] =
    "glinto status - how glintod is doing, room by room\n"
    "\n"
    "  glinto status          what an operator should know and do, then\n"
    "                         counters since its start; times in UTC\n"
    "  glinto status --json   the same for programs\n";

static int
key_width(json_t *room)
{
    const char *key;
    json_t *value;
    int longest = 0;
    json_object_foreach(room, key, value)
    {
        int len = (int) strlen(key);
        longest = len > longest && !json_is_object(value) ? len : longest;
    }
    return longest;
}

/* Plain values first, then the objects below each under its name. */
static void
print_room(json_t *room, int indent)
{
    const char *key;
    json_t *value;
    int longest = key_width(room);
    char text[256];
    json_object_foreach(room, key, value)
    {
        if (!json_is_object(value)) {
            gl_cli_value(text, sizeof(text), key, value);
            printf("%*s%-*s  %s\n", indent, "", longest, key, text);
        }
    }
    json_object_foreach(room, key, value)
    {
        if (json_is_object(value)) {
            printf("%*s%s\n", indent, "", key);
            print_room(value, indent + GL_CLI_INDENT);
        }
    }
}

static void
print_text(const json_t *object, const char *key, const char *before,
           const char *after)
{
    const json_t *value = json_object_get(object, key);
    char text[1024];
    if (value != NULL) {
        gl_cli_value(text, sizeof(text), "", value);
        printf("%s%s%s", before, text, after);
    }
}

/* What an operator should know, a paragraph each. */
static void
print_conditions(const json_t *list)
{
    size_t i;
    json_t *condition;
    if (json_array_size(list) == 0) {
        puts("All is well.\n");
        return;
    }
    json_array_foreach(list, i, condition)
    {
        print_text(condition, "account", "Account ", ": ");
        print_text(condition, "text", "", "\n");
        print_text(condition, "advice", "  ", "\n");
        putchar('\n');
    }
}

int
gl_cli_status(struct gl_cli *cli)
{
    int done, status;
    if (cli->argc > 0) {
        gl_cli_fail("\"%s\" is too much; see --help", cli->argv[0]);
        return GL_CLI_USAGE;
    }
    json_t *answer =
        gl_cli_ask_and_print(cli, "status", json_object(), &done, &status);
    if (!done) {
        print_conditions(json_object_get(answer, "conditions"));
        json_object_del(answer, "conditions");
        print_room(answer, 0);
        json_decref(answer);
    }
    return status;
}
