/* Writes become one; see combine.h. */

#include "store/db/combine.h"

#include <stdlib.h>
#include <string.h>

static int
write_now(sqlite3_file *file, const void *from, int len, sqlite3_int64 at)
{
    return file->pMethods->xWrite(file, from, len, at);
}

int
gl_combine_flush(struct gl_combine *held, sqlite3_file *file)
{
    int len = held->len;

    held->len = 0;
    return len == 0 ? SQLITE_OK : write_now(file, held->bytes, len, held->at);
}

int
gl_combine_write(struct gl_combine *held, sqlite3_file *file, const void *from,
                 int len, sqlite3_int64 at)
{
    int rc = SQLITE_OK;

    if (held->bytes == NULL)
        held->bytes = malloc(GL_COMBINE_BYTES);
    if (at != held->at + held->len || len > GL_COMBINE_BYTES - held->len)
        rc = gl_combine_flush(held, file);
    if (rc != SQLITE_OK)
        return rc;
    if (held->bytes == NULL || len > GL_COMBINE_BYTES)
        return write_now(file, from, len, at);
    if (held->len == 0)
        held->at = at;
    memcpy(held->bytes + held->len, from, (size_t) len);
    held->len += len;
    return SQLITE_OK;
}

void
gl_combine_drop(struct gl_combine *held)
{
    held->len = 0;
}

void
gl_combine_free(struct gl_combine *held)
{
    free(held->bytes);
    *held = (struct gl_combine){0};
}
