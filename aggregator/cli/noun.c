/* Verbs that several nouns have alike: list, and the end of one thing. */

#include "cli/cli.h"

#include <stdio.h>

int
gl_cli_list(struct gl_cli *cli, const char *noun, json_t *args,
            const struct gl_cli_column *columns, int columns_n)
{
    char verb[32], rows[32], none[64];
    int done, status;

    snprintf(verb, sizeof(verb), "%s/list", noun);
    json_t *answer = gl_cli_ask_and_print(cli, verb, args, &done, &status);
    if (!done) {
        snprintf(rows, sizeof(rows), "%ss", noun);
        snprintf(none, sizeof(none), "There is no %s yet.", noun);
        gl_cli_table(json_object_get(answer, rows), columns, columns_n, none);
        json_decref(answer);
    }
    return status;
}

int
gl_cli_end(struct gl_cli *cli, const char *noun, const char *verb,
           const char *key)
{
    static const struct gl_cli_option none[] = {{0}};
    const char *which;
    char path[32];
    int done, status = gl_cli_read(cli, none, &which, 1);
    if (status != GL_CLI_OK) {
        return status;
    }
    snprintf(path, sizeof(path), "%s/%s", noun, verb);
    json_t *answer = gl_cli_ask_and_print(
        cli, path, json_pack("{s:s}", key, which), &done, &status);
    if (!done) {
        printf("%s %s %sd\n", noun, which, verb);
        json_decref(answer);
    }
    return status;
}
