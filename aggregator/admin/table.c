/* The table of verbs, and how one is found. */

#include "admin/table.h"

#include <string.h>

#define ARGS(...) ((const struct gl_verb_arg[]){__VA_ARGS__{0}})
#define NEED(key, type, usage, help) {#key, GL_ARG_##type, 1, usage, help},
#define MAY(key, type, usage, help) {#key, GL_ARG_##type, 0, usage, help},
#define VERB(function, name, kind, args, help)                                \
    {name, GL_VERB_##kind, args, help},

const struct gl_verb gl_verbs[] = {
#include "admin/verbs.def"
    {0}};

const struct gl_verb *
gl_verb_by_name(const char *name)
{
    for (const struct gl_verb *verb = gl_verbs; verb->name != NULL; verb++)
        if (strcmp(verb->name, name) == 0)
            return verb;
    return NULL;
}

static int
is_path(const char *path, const char *name)
{
    while (*name != '\0' && *path == (*name == '.' ? '/' : *name)) {
        path++;
        name++;
    }
    return *name == '\0' && *path == '\0';
}

const struct gl_verb *
gl_verb_by_path(const char *path)
{
    for (const struct gl_verb *verb = gl_verbs; verb->name != NULL; verb++)
        if (verb->kind != GL_VERB_SHOWS && verb->kind != GL_VERB_PROVES &&
            is_path(path, verb->name))
            return verb;
    return NULL;
}

const struct gl_verb_arg *
gl_verb_arg(const struct gl_verb *verb, const char *key)
{
    for (const struct gl_verb_arg *arg = verb->args; arg->key != NULL; arg++)
        if (strcmp(arg->key, key) == 0)
            return arg;
    return NULL;
}
