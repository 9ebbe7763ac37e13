/* Operators; see operators.h. */

#include "operators.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "request/longest.h"

struct gl_operators {
    json_t *data, *names, *ai; /* of code: name; of name: true */
    char code[GL_LONGEST_network + 1];
};

struct gl_operators *
gl_operators_new_(const char *data_dir, const char **why)
{
    char file[PATH_MAX];
    struct gl_operators *operators = calloc(1, sizeof *operators);

    *why = "out of memory";
    if (operators == NULL)
        return NULL;
    snprintf(file, sizeof file, "%s/operators.json", data_dir);
    operators->data = json_load_file(file, 0, NULL);
    operators->names = json_object_get(operators->data, "names");
    operators->ai = json_object_get(operators->data, "ai");
    if (json_is_object(operators->names) && json_is_object(operators->ai))
        return operators;
    *why = "operators.json is missing or is not JSON: build it again";
    gl_operators_free_(operators);
    return NULL;
}

void
gl_operators_free_(struct gl_operators *operators)
{
    if (operators == NULL)
        return;
    json_decref(operators->data);
    free(operators);
}

struct gl_operator
gl_operators_find_(struct gl_operators *operators, struct gl_text code)
{
    uint32_t len =
        code.len < GL_LONGEST_network ? code.len : GL_LONGEST_network;
    const char *name;

    memcpy(operators->code, code.data, len);
    operators->code[len] = '\0';
    name =
        json_string_value(json_object_get(operators->names, operators->code));
    if (name == NULL)
        return (struct gl_operator){operators->code, ""};
    return (struct gl_operator){
        name,
        json_object_get(operators->ai, name) != NULL ? "ai-crawler" : ""};
}
