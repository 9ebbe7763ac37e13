/* The pieces of an export. */

#include "cli/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What comes after KEY's TEXT (NULL = the first); NULL: said why, and the
 * status is the client's. */
static json_t *
ask(const struct gl_cli_exporting *export, const char *key, const char *text)
{
    json_auto_t *args =
        json_pack("{s:s, s:s*, s:s*, s:s*}", "site", export->site, "from",
                  export->from, "to", export->to, key, text);
    char *body = args == NULL ? NULL : json_dumps(args, JSON_COMPACT);
    int status;
    if (body == NULL) {
        export->cli->status = gl_cli_misuse("an argument is not UTF-8");
        return NULL;
    }
    json_t *answer = gl_cli_post_again(export->cli, export->path_asked, body,
                                       strlen(body), &status);
    free(body);
    if (status == 200)
        return answer;
    const char *why = json_string_value(json_object_get(answer, "error"));
    if (status != 0)
        gl_cli_fail("%s", why == NULL ? "glintod gave nothing" : why);
    export->cli->status = status == 400 ? GL_CLI_USAGE : GL_CLI_FAILED;
    json_decref(answer);
    return NULL;
}

int
gl_cli_export_all(const struct gl_cli_exporting *export, const char *key,
                  const char *next,
                  int (*take)(void *arg, const json_t *answer), void *arg)
{
    json_t *answer = NULL, *after;
    int status;
    do {
        after =
            ask(export, key, json_string_value(json_object_get(answer, next)));
        json_decref(answer);
        answer = after;
        status = answer == NULL ? export->cli->status : take(arg, answer);
    } while (status == GL_CLI_OK && json_object_get(answer, next) != NULL);
    json_decref(answer);
    if (export->terminal)
        fputc('\n', stderr);
    return status;
}
