/* A piece of an export. */

#include "cli/export.h"

#include <stdlib.h>
#include <string.h>

json_t *
gl_cli_export_ask(const struct gl_cli_exporting *export, const char *key,
                  const char *text)
{
    json_t *args =
        json_pack("{s:s, s:s*, s:s*, s:s*}", "site", export->site, "from",
                  export->from, "to", export->to, key, text);
    char *body = args == NULL ? NULL : json_dumps(args, JSON_COMPACT);
    int status;
    json_decref(args);
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
