/* A template and an object become HTML; see template.h.  Any thread. */

#define _GNU_SOURCE

#include "dashboard/template.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard/said.h"
#include "wiped.h"
#include "templates.h" /* made by conf/templates */

#define ROOM 8192 /* bytes of a page at first, and on the way to it */

/* What is made, as it grows: a page may tell a secret, so that nothing of it
 * is left where it was (open_memstream(3) leaves that). */
struct making {
    char *bytes; /* with a 0 behind, NULL = none yet */
    size_t len, room;
};

static ssize_t
grow(void *arg, const char *bytes, size_t len)
{
    struct making *making = arg;

    if (making->len + len + 1 > making->room) {
        size_t room = 2 * (making->len + len + ROOM);
        char *more = malloc(room);

        if (more == NULL)
            return 0;
        if (making->len > 0)
            memcpy(more, making->bytes, making->len);
        gl_wiped_free(making->bytes);
        making->bytes = more;
        making->room = room;
    }
    memcpy(making->bytes + making->len, bytes, len);
    making->len += len;
    making->bytes[making->len] = '\0';
    return (ssize_t) len;
}

char *
gl_template(const char *name, const json_t *view, size_t *len)
{
    const struct gl_made_scope scope = {view, NULL};
    struct making making = {NULL, 0, 0};
    char passing[ROOM];
    FILE *out =
        fopencookie(&making, "w", (cookie_io_functions_t){.write = grow});
    int failed = out == NULL;

    if (failed)
        return NULL;
    setvbuf(out, passing, _IOFBF, sizeof passing);
    for (size_t i = 0; i < sizeof made_all / sizeof made_all[0]; i++)
        if (strcmp(made_all[i].name, name) == 0)
            made_all[i].write(out, &scope);
    failed = ferror(out);
    failed |= fclose(out) != 0;
    sodium_memzero(passing, sizeof passing);
    *len = making.len;
    if (!failed && making.len > 0)
        return making.bytes;
    gl_wiped_free(making.bytes);
    return NULL;
}
