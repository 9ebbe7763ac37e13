/* Rows as event lines; see lines.h. */

#include "store/rows/lines.h"

#include "store/account/account_internal.h"
#include "store/rows/rows_internal.h"

/* Rowids looked at before the caller has a say: 20 ms, if none is a row of the
 * site. */
#define PIECE_ROWIDS 16384

static int
ranges_of(const struct gl_lines *lines, GArray **ranges)
{
    return gl_account_ranges_(
        lines->reader, lines->site, gl_day_of(lines->from_ms),
        gl_day_of(lines->to_ms - 1), lines->after + 1, ranges);
}

static int
take(sqlite3_stmt *ask, int (*line)(void *arg, const struct gl_line *line),
     void *arg)
{
    struct gl_line row = {.id = sqlite3_column_int64(ask, 0),
                          .visitor = (uint64_t) sqlite3_column_int64(ask, 1),
                          .json = {(const char *) sqlite3_column_text(ask, 2),
                                   (uint32_t) sqlite3_column_bytes(ask, 2)}};

    return line(arg, &row);
}

static int
read_range(struct gl_lines *lines, struct gl_range range,
           int (*line)(void *arg, const struct gl_line *line), void *arg)
{
    struct gl_db *db = &lines->reader->db;
    int rc, stop = 0;
    sqlite3_stmt *ask = gl_account_ask_(
        lines->reader, GL_SQL_LINES,
        GL_VALUES(gl_as_int(range.first), gl_as_int(range.last),
                  gl_as_int(lines->site), gl_as_int(lines->from_ms),
                  gl_as_int(lines->to_ms)));
    while (stop == 0 && (rc = gl_db_step(db, ask)) == 1) {
        lines->after = sqlite3_column_int64(ask, 0);
        stop = take(ask, line, arg);
    }
    sqlite3_reset(ask);
    if (stop == 0 && rc == 0)
        lines->after = range.last;
    return stop != 0 ? stop : rc;
}

int
gl_lines_read(struct gl_lines *lines,
              int (*line)(void *arg, const struct gl_line *line), void *arg)
{
    GArray *ranges;
    struct gl_range first = {INT64_MAX, INT64_MAX};
    int rc = ranges_of(lines, &ranges);

    if (ranges->len > 0)
        first = gl_range_at(ranges, 0);
    g_array_free(ranges, TRUE);
    if (rc < 0)
        return rc;
    if (first.first > lines->until) {
        lines->after = lines->until;
        return 0;
    }
    if (first.last - first.first >= PIECE_ROWIDS)
        first.last = first.first + PIECE_ROWIDS - 1;
    if (first.last > lines->until)
        first.last = lines->until;
    return read_range(lines, first, line, arg);
}

int64_t
gl_lines_left(const struct gl_lines *lines, int64_t *last)
{
    GArray *ranges;
    int64_t left = 0;
    int rc = ranges_of(lines, &ranges);

    *last = lines->after;
    for (guint i = 0; rc == 0 && i < ranges->len; i++) {
        struct gl_range range = gl_range_at(ranges, i);

        if (range.last > lines->until)
            range.last = lines->until;
        if (range.first > range.last)
            break;
        left += range.last - range.first + 1;
        *last = range.last;
    }
    g_array_free(ranges, TRUE);
    return rc < 0 ? rc : left;
}
