/*
 * A chunk of event lines; see chunk.h.  The cursor is
 *
 *     ACCOUNT.SITE.AFTER.UNTIL.DAY.EVENT      12 letters, five numbers
 *
 * so that it means nothing any more once the site's rows lie elsewhere.  Days
 * whose rows were let go come first (sealed.h), from DAY and EVENT on.
 */

#include "export/chunk.h"

#include "gl_assert.h"

#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "calls/answer.h"
#include "columns/late.h"
#include "count/count.h"
#include "export/sealed.h"
#include "store/rows/lines.h"
#include "store/site/let_go.h"

/* A thread that answers questions is taken for no longer, late rows left
 * aside. */
#define CHUNK_US 200000

struct chunk {
    const struct gl_query_view *view;
    const struct gl_meta_site *site;
    struct gl_export_sealed sealed;
    struct gl_lines lines;
    struct gl_late *late;
    int64_t until_us;
    GString *text;
    json_int_t lines_n;
};

/* ---- the cursor ---- */

static int
read_cursor(struct chunk *chunk, const char *cursor)
{
    char account[GL_ACCOUNT_ID_LEN + 1];
    long long site, after, until, day;
    uint32_t event;
    int len = 0;

    chunk->lines.until = INT64_MAX;
    if (cursor == NULL)
        return 0;
    if (sscanf(cursor, "%12[a-z0-9].%lld.%lld.%lld.%lld.%" SCNu32 "%n",
               account, &site, &after, &until, &day, &event, &len) != 6 ||
        cursor[len] != '\0' || after < 0 || until < after ||
        site != chunk->site->id || strcmp(account, chunk->site->account) != 0)
        return -1;
    chunk->lines.after = after;
    chunk->lines.until = until;
    chunk->sealed.day = day;
    chunk->sealed.event = event;
    return 0;
}

static json_t *
write_cursor(const struct chunk *chunk)
{
    return json_sprintf("%s.%lld.%lld.%lld.%lld.%" PRIu32,
                        chunk->site->account, (long long) chunk->site->id,
                        (long long) chunk->lines.after,
                        (long long) chunk->lines.until,
                        (long long) chunk->sealed.day, chunk->sealed.event);
}

/* ---- lines ---- */

static int
put_line(void *arg, const struct gl_line *line)
{
    struct chunk *chunk = arg;
    struct gl_row row = {.id = line->id, .visitor = line->visitor};

    GL_ASSERT(line->json.len > 1 && line->json.data[0] == '{');

    gl_late_row(chunk->late, &row);
    g_string_append_printf(chunk->text, "{\"visitor\":\"%016" PRIx64 "\",",
                           row.visitor);
    g_string_append_len(chunk->text, line->json.data + 1, line->json.len - 1);
    g_string_append_c(chunk->text, '\n');
    chunk->lines_n++;
    return chunk->text->len >= GL_EXPORT_TEXT_MAX;
}

static int
is_over(void *arg)
{
    const struct chunk *chunk = arg;

    return g_get_monotonic_time() >= chunk->until_us ||
           atomic_load(chunk->view->stopping);
}

static int
is_full(void *arg)
{
    const struct chunk *chunk = arg;

    return chunk->text->len >= GL_EXPORT_TEXT_MAX || is_over(arg);
}

/* Of days whose rows were let go; the others are read from rows. */
static int
read_sealed(struct chunk *chunk)
{
    struct gl_export_sealed *sealed = &chunk->sealed;
    int64_t day;
    int rc = gl_account_let_go_day(chunk->lines.reader, chunk->site->id, &day);

    sealed->done = rc == 0;
    if (rc != 1)
        return rc;
    sealed->reader = chunk->lines.reader;
    sealed->site = chunk->site->id;
    sealed->from_ms = chunk->lines.from_ms;
    sealed->to_ms = chunk->lines.to_ms;
    rc = gl_export_sealed(sealed, chunk->text, is_full, chunk);
    chunk->lines.from_ms = MAX(chunk->lines.from_ms, (day + 1) * GL_DAY_MS);
    for (size_t i = 0; i < chunk->text->len; i++)
        chunk->lines_n += chunk->text->str[i] == '\n';
    return rc;
}

static int
read_lines(struct chunk *chunk)
{
    int rc;

    chunk->until_us = g_get_monotonic_time() + CHUNK_US;
    rc = read_sealed(chunk);
    if (!chunk->sealed.done)
        return rc < 0 ? rc : 0;
    while (rc == 0 && chunk->lines.from_ms < chunk->lines.to_ms &&
           chunk->lines.after < chunk->lines.until && !is_over(chunk))
        rc = gl_lines_read(&chunk->lines, put_line, chunk);
    return rc < 0 ? rc : 0;
}

/* ---- the answer ---- */

static int
storage(const struct chunk *chunk, json_t **answer)
{
    return gl_verb_storage_(answer, gl_account_why(chunk->lines.reader));
}

/* 0, or a status. */
static int
read_late(struct chunk *chunk, json_t **answer)
{
    struct gl_late_ask ask = {
        .reader = chunk->lines.reader,
        .site = chunk->site->id,
        .rules = {.refresh_window_ms = chunk->site->refresh_window_s * 1000},
        .to_day = gl_day_of(chunk->lines.to_ms) + 1,
        .stop = is_over,
        .arg = chunk,
    };
    int rc;

    chunk->until_us = g_get_monotonic_time() + GL_QUERY_DEADLINE_MS * 1000;
    rc = gl_late_read(&ask, &chunk->late);
    if (rc == GL_LATE_STOPPED || rc == GL_LATE_MANY)
        return gl_verb_refuse_(answer, 503,
                               "days of this site are being counted anew; ask "
                               "again in a minute");
    return rc == 0 ? 0 : storage(chunk, answer);
}

static int
respond(struct chunk *chunk, json_t **answer)
{
    int64_t last, left = gl_lines_left(&chunk->lines, &last);

    if (left < 0)
        return storage(chunk, answer);
    left += !chunk->sealed.done;
    *answer = json_pack("{s:s%, s:I, s:I}", "events", chunk->text->str,
                        chunk->text->len, "lines", chunk->lines_n, "left",
                        (json_int_t) left);
    if (left > 0)
        json_object_set_new(*answer, "cursor", write_cursor(chunk));
    return 200;
}

/* What comes later is left out, from the first chunk on. */
static int
set_until(struct chunk *chunk)
{
    int64_t last, left = gl_lines_left(&chunk->lines, &last);

    if (left >= 0 && chunk->lines.until == INT64_MAX)
        chunk->lines.until = last;
    return left < 0 ? -1 : 0;
}

static int
read_chunk(struct chunk *chunk, json_t **answer)
{
    int status;

    if (gl_account_read(chunk->lines.reader) != 0 || set_until(chunk) != 0)
        return storage(chunk, answer);
    status = read_late(chunk, answer);
    if (status != 0)
        return status;
    return read_lines(chunk) == 0 ? respond(chunk, answer)
                                  : storage(chunk, answer);
}

/* When the dates begin and end: 0, or a status. */
static int
read_dates(struct chunk *chunk, const struct gl_export_range *range,
           json_t **answer)
{
    struct gl_export_dates dates;
    int status = gl_export_dates_read(range, chunk->site, &dates, answer);

    if (status != 0)
        return status;
    chunk->lines.from_ms = gl_zone_date_begins(dates.zone, dates.from);
    chunk->lines.to_ms = gl_zone_date_begins(dates.zone, dates.to + 1);
    gl_zone_free(dates.zone);
    return 0;
}

int
gl_export_chunk(const struct gl_query_view *view,
                const struct gl_meta_site *site,
                const struct gl_export_range *range, const char *cursor,
                json_t **answer)
{
    struct chunk chunk = {
        .view = view, .site = site, .lines = {.site = site->id}};
    int status = read_dates(&chunk, range, answer);

    if (status != 0)
        return status;
    if (read_cursor(&chunk, cursor) != 0)
        return gl_verb_refuse_(answer, 409,
                               "this export cannot go on: the rows of the "
                               "site lie elsewhere now; begin again");
    chunk.lines.reader = gl_meta_account_reader(view->meta, site->account);
    if (chunk.lines.reader == NULL)
        return gl_verb_refuse_(answer, 500, "out of memory");
    chunk.text = g_string_sized_new(GL_EXPORT_TEXT_MAX / 4);
    status = read_chunk(&chunk, answer);
    g_string_free(chunk.text, TRUE);
    gl_late_free(chunk.late);
    gl_account_reader_free(chunk.lines.reader);
    return status;
}
