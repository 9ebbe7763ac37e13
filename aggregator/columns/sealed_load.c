/* A sealed day, read from an account's file; see sealed.h. */

#include "columns/sealed.h"

#include "log.h"

struct loading {
    struct gl_account *reader;
    const struct gl_sealed_day *day;
};

static void
append(void *arg, const void *bytes, size_t len)
{
    g_byte_array_append(arg, bytes, (guint) len);
}

static int
read_part(void *arg, int part, GByteArray *bytes)
{
    const struct loading *loading = arg;

    return gl_account_sealed_part(loading->reader, loading->day, part, append,
                                  bytes);
}

int
gl_sealed_load(struct gl_account *reader, const struct gl_sealed_day *day,
               uint32_t wants, struct gl_columns **set)
{
    struct loading loading = {reader, day};
    uint8_t head[GL_SEALED_HEAD_MAX];
    struct gl_sealed_from from = {
        .day = day->day, .head = head, .part = read_part, .arg = &loading};
    int rc = gl_account_sealed_head(reader, day, head, &from.head_len);

    *set = NULL;
    if (rc <= 0 || from.head_len == 0)
        return rc < 0 ? rc : 0;
    rc = gl_sealed_unpack(&from, wants, set);
    if (rc != GL_SEALED_DAMAGED)
        return rc;
    gl_log(GL_LOG_ERROR,
           "%s: what is sealed of day %" G_GINT64_FORMAT
           " of site %" G_GINT64_FORMAT
           " is damaged: it is read from its rows",
           gl_account_path(reader), day->day, day->site);
    return 0;
}
