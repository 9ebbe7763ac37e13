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

static void
tell_damage(struct gl_account *reader, const struct gl_sealed_day *day)
{
    gl_log(GL_LOG_ERROR,
           "%s: what is sealed of day %" G_GINT64_FORMAT
           " of site %" G_GINT64_FORMAT
           " is damaged: it is read from its rows",
           gl_account_path(reader), day->day, day->site);
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
    tell_damage(reader, day);
    return 0;
}

int
gl_sealed_look(struct gl_account *reader, const struct gl_sealed_day *day,
               uint32_t *events_end)
{
    uint8_t head[GL_SEALED_HEAD_MAX];
    size_t len;
    int rc = gl_account_sealed_head(reader, day, head, &len);

    if (rc != 1)
        return rc;
    return gl_sealed_events_end(head, len, events_end) == 0;
}

int
gl_sealed_load_sums(struct gl_account *reader, const struct gl_sealed_day *day,
                    unsigned which, GByteArray *bytes)
{
    struct loading loading = {reader, day};
    const struct gl_sealed_from from = {.part = read_part, .arg = &loading};
    int rc = gl_sealed_read(&from, (int) (GL_SEALED_PARTS + which), bytes);

    if (rc <= 0)
        return rc;
    tell_damage(reader, day);
    g_byte_array_set_size(bytes, 0);
    return 0;
}
