/*
 * Copy one site to another account's file while it goes on counting.
 *
 *   FROM  [1 ..... 9][10 .... 19][20 .. 2       events keep coming
 *           step 1      step 2      finish      in the turn that flips the
 *   TO    [ .......][ ........][ ....]          route
 *
 * Steps are transactions of their own in TO, with rounds in between.  A row
 * that was copied changes no more, but for visits that were open then: when
 * one of them is closed it is noted (visits.c tells) and copied once more.  So
 * nothing may fold days of the site meanwhile (marks and closed visits would
 * change); days that become dirty go with the small tables at the end.
 *
 * What a copy that was cut short leaves in TO is deleted before the next one.
 */

#include "store/account/account_internal.h"
#include "store/rows/rows_internal.h"
#include "store/site/copy_internal.h"
#include "store/site/step.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* 0 = to its end, or COPY's rows are used up. */
static int
copy_range(struct gl_copy *copy, struct gl_range range)
{
    int rc = 0;
    int64_t next = copy->after + 1;
    sqlite3_stmt *ask = gl_account_ask_(
        copy->from, GL_SQL_COPY_EVENTS,
        GL_VALUES(gl_as_int(next > range.first ? next : range.first),
                  gl_as_int(range.last), gl_as_int(copy->site)));
    while (copy->rows > 0 && (rc = gl_db_step(&copy->from->db, ask)) == 1) {
        rc = gl_copy_event_(copy, ask);
        if (rc != 0)
            break;
    }
    sqlite3_reset(ask);
    return rc < 0 ? rc : 0;
}

/* Where rows that are not copied yet lie; those that come meanwhile are found
 * when these are done. */
static int
look_for_rows(struct gl_copy *copy)
{
    g_array_free(copy->ranges, TRUE);
    copy->at = 0;
    return gl_account_ranges_(copy->from, copy->site, INT64_MIN, INT64_MAX,
                              copy->after + 1, &copy->ranges);
}

/* 1 = the step's rows are used up, 0 = there are no more. */
static int
copy_rows(struct gl_copy *copy)
{
    int rc = 0;
    while (rc == 0 && copy->rows > 0) {
        if (copy->at == copy->ranges->len)
            rc = look_for_rows(copy);
        if (rc != 0 || copy->ranges->len == 0)
            return rc;
        rc = copy_range(copy, gl_range_at(copy->ranges, copy->at));
        if (rc == 0 && copy->rows > 0)
            copy->at++;
    }
    return rc ? rc : 1;
}

/* Every row of one small table. */
static int
copy_table(struct gl_copy *copy, int from, int to)
{
    int rc;
    sqlite3_stmt *ask =
        gl_account_ask_(copy->from, from, GL_VALUES(gl_as_int(copy->site)));
    while ((rc = gl_db_step(&copy->from->db, ask)) == 1) {
        sqlite3_stmt *put = gl_db_to_change(&copy->to->db, to, NULL);
        for (int i = 0; i < sqlite3_column_count(ask); i++)
            sqlite3_bind_value(put, i + 1, sqlite3_column_value(ask, i));
        rc = gl_db_done(&copy->to->db, put);
        if (rc != 0)
            break;
    }
    sqlite3_reset(ask);
    return rc;
}

static int
copy_tables(struct gl_copy *copy)
{
    static const int tables[][2] = {
        {GL_SQL_COPY_BOTS, GL_SQL_ADD_BOT},
        {GL_SQL_COPY_DROPS, GL_SQL_ADD_DROP},
        {GL_SQL_COPY_SERVED_PAGES, GL_SQL_ADD_SERVED_PAGE},
        {GL_SQL_COPY_SERVED_VISITORS, GL_SQL_ADD_SERVED_VISITOR},
        {GL_SQL_COPY_SERVED_BOTS, GL_SQL_ADD_SERVED_BOT},
        {GL_SQL_COPY_SERVED_WORDS, GL_SQL_ADD_SERVED_WORDS},
        {GL_SQL_COPY_DIRTY, GL_SQL_ADD_DIRTY},
        {GL_SQL_COPY_LINKS, GL_SQL_ADD_LINK},
        {GL_SQL_COPY_LATE, GL_SQL_ADD_LATE},
        {GL_SQL_COPY_IMPORTS, GL_SQL_PUT_IMPORT},
        {GL_SQL_COPY_NEW_WORDS, GL_SQL_PUT_NEW_WORDS},
        {GL_SQL_COPY_TOTAL_IMPORTS, GL_SQL_PUT_TOTAL_IMPORT},
        {GL_SQL_COPY_TOTALS, GL_SQL_PUT_TOTAL},
    };
    /* What memory says of the days is of before the copy. */
    int rc = gl_account_flush_days_(copy->to);
    gl_days_clear_(&copy->to->days);
    for (size_t i = 0; rc == 0 && i < sizeof tables / sizeof tables[0]; i++)
        rc = copy_table(copy, tables[i][0], tables[i][1]);
    return rc;
}

struct gl_copy *
gl_copy_new(struct gl_account *to, struct gl_account *from, int64_t site)
{
    struct gl_copy *copy = g_new0(struct gl_copy, 1);
    copy->codes = g_malloc0(GL_WORD_KINDS * sizeof *copy->codes);
    copy->ranges = g_array_new(FALSE, FALSE, sizeof(struct gl_range));
    copy->open = g_array_new(FALSE, FALSE, sizeof(struct gl_copy_open));
    copy->changed = g_array_new(FALSE, FALSE, sizeof(struct gl_copy_open));
    copy->to = to;
    copy->from = from;
    copy->site = site;
    from->copy = copy;
    from->note = gl_copy_note_;
    return copy;
}

void
gl_copy_free(struct gl_copy *copy)
{
    if (copy == NULL)
        return;
    copy->from->copy = NULL;
    g_array_free(copy->ranges, TRUE);
    g_array_free(copy->open, TRUE);
    g_array_free(copy->changed, TRUE);
    g_free(copy->codes);
    g_free(copy);
}

/* A transaction in TO, of at most ROWS events and visits. */
static int
begin_step(struct gl_copy *copy, int rows)
{
    int rc = gl_file_begin(&copy->to->file, GL_COMMIT_FULL);
    memset(copy->codes, 0, GL_WORD_KINDS * sizeof *copy->codes);
    copy->rows = rows;
    copy->from->reading += rc == 0;
    return rc;
}

static int
end_step(struct gl_copy *copy, int rc)
{
    copy->from->reading--;
    return gl_account_end_step_(copy->to, rc);
}

int
gl_copy_step(struct gl_copy *copy, int rows)
{
    int rc = begin_step(copy, rows);
    if (rc != 0)
        return rc;
    rc = copy_rows(copy);
    if (rc == 0)
        rc = gl_copy_changed_(copy);
    return end_step(copy, rc == 0 && copy->rows == 0 ? 1 : rc);
}

int
gl_copy_finish(struct gl_copy *copy)
{
    int rc = begin_step(copy, INT_MAX);
    if (rc != 0)
        return rc;
    rc = copy_rows(copy);
    if (rc == 0)
        rc = gl_copy_changed_(copy);
    if (rc == 0)
        rc = copy_tables(copy);
    return end_step(copy, rc);
}
