/* One part of a sealed day after the other is opened; see sealed.h. */

#include "columns/sealed.h"

#include "columns/pack.h"
#include "columns/sealed_internal.h"

void *
gl_unpacking_array_(struct gl_columns *set, size_t n, size_t size)
{
    set->bytes += n * size;
    return g_malloc_n(n + 1, size);
}

int
gl_unpacking_open_(struct gl_unpacking_ *u, int part)
{
    static const guint8 slack[GL_PACK_SLACK];
    guint len;

    if (u->rc != 0)
        return -1;
    g_byte_array_set_size(u->bytes, 0);
    u->rc = gl_sealed_read(u->source, part, u->bytes);
    len = u->bytes->len;
    g_byte_array_append(u->bytes, slack, sizeof slack);
    u->from = (struct gl_packed){u->bytes->data, u->bytes->data + len, 0};
    return u->rc == 0 ? 0 : -1;
}

void
gl_unpacking_close_(struct gl_unpacking_ *u)
{
    if (u->from.damaged || u->from.at != u->from.end)
        u->rc = GL_SEALED_DAMAGED;
}

void
gl_unpacking_damaged_(struct gl_unpacking_ *u)
{
    u->from.damaged = 1;
}
