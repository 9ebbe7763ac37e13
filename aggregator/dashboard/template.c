/* A template and an object become HTML; see template.h.  Any thread. */

#define _GNU_SOURCE

#include "dashboard/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard/said.h"
#include "templates.h" /* made by conf/templates */

char *
gl_template(const char *name, const json_t *view, size_t *len)
{
    const struct gl_made_scope scope = {view, NULL};
    char *made = NULL;
    FILE *out = open_memstream(&made, len);
    int failed = out == NULL;

    if (failed)
        return NULL;
    for (size_t i = 0; i < sizeof made_all / sizeof made_all[0]; i++)
        if (strcmp(made_all[i].name, name) == 0)
            made_all[i].write(out, &scope);
    failed = ferror(out);
    if (fclose(out) == 0 && !failed && *len > 0)
        return made;
    free(made);
    return NULL;
}
