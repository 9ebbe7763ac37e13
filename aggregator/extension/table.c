/*
 * A virtual table: day after day, visit after visit, event after event.  A
 * query that says which site, which dates or which visit reads those days
 * alone.
 *
 *   visit   site << 40 | day << 24 | number of the visit in its day's set
 */

#include "extension/extension.h"

#include <glib.h>
#include <stdio.h>

#include "count/count.h"

#define DAY_SHIFT 24
#define SITE_SHIFT 40
#define EPOCH 719163 /* 1970-01-01, as GDate counts days */

struct table {
    sqlite3_vtab base;
    sqlite3 *db;
    const struct gl_extension_table *kind;
};

struct cursor {
    sqlite3_vtab_cursor base;
    struct gl_extension_days *days;
    struct gl_extension_dictionary words;
    struct gl_extension_row row;
    int64_t visit; /* that alone; -1 = all */
    int at_end;
};

/* ---- rows ---- */

static int64_t
visit_id(const struct gl_extension_row *row)
{
    return row->day.site << SITE_SHIFT | row->day.day << DAY_SHIFT |
           row->visit;
}

static int64_t
row_day(const struct cursor *c, const struct table *t)
{
    const struct gl_columns *set = c->row.day.set;

    return t->kind->of_events && set->event_at[c->row.event] >= GL_DAY_MS
               ? set->day + 1
               : set->day;
}

static int
fail(struct table *t, const char *why)
{
    sqlite3_free(t->base.zErrMsg);
    t->base.zErrMsg = sqlite3_mprintf("%s", why);
    return SQLITE_ERROR;
}

/* To a row that is there, from the one the cursor stands on. */
static int
settle(struct cursor *c, const struct table *t)
{
    struct gl_extension_row *row = &c->row;
    const struct gl_columns *set = row->day.set;
    uint32_t n = t->kind->of_events ? set->events_n : set->visits_n;

    if (t->kind->of_events)
        while (row->visit + 1 < set->visits_n &&
               set->visit_first[row->visit + 1] <= row->event)
            row->visit++;
    return (t->kind->of_events ? row->event : row->visit) < n;
}

/* The one visit, or its first event. */
static void
find_visit(struct cursor *c)
{
    struct gl_extension_row *row = &c->row;
    uint32_t number = (uint32_t) c->visit & ((1u << DAY_SHIFT) - 1);

    row->visit = MIN(number, row->day.set->visits_n);
    row->event = row->day.set->visit_first[row->visit];
}

static int
next_day(struct cursor *c)
{
    struct table *t = (struct table *) c->base.pVtab;
    int rc = 1, found = 0;

    while (rc == 1 && !found) {
        gl_columns_free(c->row.day.set);
        c->row = (struct gl_extension_row){0};
        rc = gl_extension_days_next(c->days, &c->row.day);
        if (rc == 1 && c->visit >= 0)
            find_visit(c);
        found = rc == 1 && settle(c, t);
    }
    c->at_end = !found;
    return rc < 0 ? fail(t, "what is sealed of a day is damaged") : SQLITE_OK;
}

static int
next(sqlite3_vtab_cursor *base)
{
    struct cursor *c = (struct cursor *) base;
    const struct table *t = (const struct table *) base->pVtab;

    if (t->kind->of_events)
        c->row.event++;
    else
        c->row.visit++;
    if (settle(c, t) && (c->visit < 0 || visit_id(&c->row) == c->visit))
        return SQLITE_OK;
    return next_day(c);
}

static int
eof(sqlite3_vtab_cursor *base)
{
    return ((struct cursor *) base)->at_end;
}

static int
row_id(sqlite3_vtab_cursor *base, sqlite3_int64 *id)
{
    const struct cursor *c = (const struct cursor *) base;
    const struct table *t = (const struct table *) base->pVtab;

    *id = t->kind->of_events
              ? (visit_id(&c->row) & ~((1 << DAY_SHIFT) - 1)) | c->row.event
              : visit_id(&c->row);
    return SQLITE_OK;
}

/* ---- columns ---- */

void
gl_extension_text(sqlite3_context *to, const char *text)
{
    if (text != NULL && *text != '\0')
        sqlite3_result_text(to, text, -1, SQLITE_TRANSIENT);
}

static void
put_date(sqlite3_context *to, int64_t day)
{
    char text[16];
    GDate date;

    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32) (day + EPOCH));
    g_date_strftime(text, sizeof text, "%Y-%m-%d", &date);
    sqlite3_result_text(to, text, -1, SQLITE_TRANSIENT);
}

static int
column(sqlite3_vtab_cursor *base, sqlite3_context *to, int at)
{
    struct cursor *c = (struct cursor *) base;
    const struct table *t = (const struct table *) base->pVtab;
    const struct gl_columns *set = c->row.day.set;

    switch (at) {
    case GL_KEY_SITE:
        sqlite3_result_int64(to, c->row.day.site);
        break;
    case GL_KEY_DATE:
        put_date(to, row_day(c, t));
        break;
    case GL_KEY_VISIT:
        sqlite3_result_int64(to, visit_id(&c->row));
        break;
    case GL_KEY_VISITOR:
        sqlite3_result_int64(
            to, (int64_t) set->visitor_id[set->visit_visitor[c->row.visit]]);
        break;
    default:
        t->kind->column(&c->words, &c->row, at, to);
    }
    return SQLITE_OK;
}

/* ---- which days ---- */

enum which { BY_SITE = 1, BY_VISIT = 2, SINCE = 4, UNTIL = 8 };

static int
which_of(const struct sqlite3_index_constraint *constraint)
{
    int equal = constraint->op == SQLITE_INDEX_CONSTRAINT_EQ;

    if (!constraint->usable)
        return 0;
    switch (constraint->iColumn) {
    case GL_KEY_SITE:
        return equal ? BY_SITE : 0;
    case GL_KEY_VISIT:
        return equal ? BY_VISIT : 0;
    case GL_KEY_DATE:
        return equal ? SINCE | UNTIL
               : constraint->op == SQLITE_INDEX_CONSTRAINT_GE ||
                       constraint->op == SQLITE_INDEX_CONSTRAINT_GT
                   ? SINCE
               : constraint->op == SQLITE_INDEX_CONSTRAINT_LE ||
                       constraint->op == SQLITE_INDEX_CONSTRAINT_LT
                   ? UNTIL
                   : 0;
    default:
        return 0;
    }
}

/* idxNum is four bits an argument: what it says.  SQLite asks each row itself,
 * too. */
static int
best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
    int argument = 0, all = 0;

    (void) base;
    for (int i = 0; i < info->nConstraint && argument < 7; i++) {
        int which = which_of(&info->aConstraint[i]);

        if (which == 0 || (which & all))
            continue;
        all |= which;
        info->idxNum |= which << 4 * argument;
        info->aConstraintUsage[i].argvIndex = ++argument;
    }
    info->estimatedCost = all & BY_VISIT                     ? 1e3
                          : all == (SINCE | UNTIL | BY_SITE) ? 1e6
                          : all                              ? 1e7
                                                             : 1e8;
    info->estimatedRows = all & BY_VISIT ? 1 : 1000000;
    return SQLITE_OK;
}

/* A date, else *DAY stays: the rows are asked. */
static void
read_day(sqlite3_value *value, int64_t *day)
{
    const char *text = (const char *) sqlite3_value_text(value);
    unsigned year, month, of_month;
    GDate date;

    if (text == NULL ||
        sscanf(text, "%4u-%2u-%2u", &year, &month, &of_month) != 3 ||
        !g_date_valid_dmy((GDateDay) of_month, (GDateMonth) month,
                          (GDateYear) year))
        return;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay) of_month, (GDateMonth) month,
                   (GDateYear) year);
    *day = (int64_t) g_date_get_julian(&date) - EPOCH;
}

static void
take(struct cursor *c, struct gl_extension_range *range, int which,
     sqlite3_value *value)
{
    if (which & BY_SITE)
        range->site = sqlite3_value_int64(value);
    if (which & SINCE)
        read_day(value, &range->from);
    if (which & UNTIL)
        read_day(value, &range->to);
    if (which & BY_VISIT)
        c->visit = MAX(0, sqlite3_value_int64(value));
}

static void
close_days(struct cursor *c)
{
    gl_extension_days_free(c->days);
    gl_columns_free(c->row.day.set);
    c->days = NULL;
    c->row = (struct gl_extension_row){0};
}

static int
filter(sqlite3_vtab_cursor *base, int which, const char *text, int n,
       sqlite3_value **values)
{
    struct cursor *c = (struct cursor *) base;
    struct table *t = (struct table *) base->pVtab;
    struct gl_extension_range range = {-1, INT64_MIN + 1, INT64_MAX};

    (void) text;
    close_days(c);
    c->visit = -1;
    for (int i = 0; i < n; i++)
        take(c, &range, which >> 4 * i & 15, values[i]);
    if (c->visit >= 0) {
        range.site = c->visit >> SITE_SHIFT;
        range.from = range.to =
            c->visit >> DAY_SHIFT & ((1 << (SITE_SHIFT - DAY_SHIFT)) - 1);
    } else {
        range.from--; /* a day has events of the day after */
    }
    c->days = gl_extension_days_new(t->db, &range);
    if (c->days == NULL)
        return fail(t, "this is no file of an account, or one of another "
                       "version");
    return next_day(c);
}

/* ---- life ---- */

static int
connect(sqlite3 *db, void *kind, int argc, const char *const *argv,
        sqlite3_vtab **vtab, char **why)
{
    struct table *t;
    int rc;

    (void) argc;
    (void) argv;
    (void) why;
    rc = sqlite3_declare_vtab(db,
                              ((const struct gl_extension_table *) kind)->sql);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY); /* in no view of a file */
    t = g_new0(struct table, 1);
    t->db = db;
    t->kind = kind;
    *vtab = &t->base;
    return SQLITE_OK;
}

static int
disconnect(sqlite3_vtab *base)
{
    g_free(base);
    return SQLITE_OK;
}

static int
open_cursor(sqlite3_vtab *base, sqlite3_vtab_cursor **cursor)
{
    struct cursor *c = g_new0(struct cursor, 1);

    c->words.db = ((struct table *) base)->db;
    *cursor = &c->base;
    return SQLITE_OK;
}

static int
close_cursor(sqlite3_vtab_cursor *base)
{
    struct cursor *c = (struct cursor *) base;

    close_days(c);
    gl_extension_words_fini(&c->words);
    g_free(c);
    return SQLITE_OK;
}

static const sqlite3_module module = {
    .xCreate = connect,
    .xConnect = connect,
    .xBestIndex = best_index,
    .xDisconnect = disconnect,
    .xDestroy = disconnect,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = filter,
    .xNext = next,
    .xEof = eof,
    .xColumn = column,
    .xRowid = row_id,
};

int
gl_extension_table(sqlite3 *db, const char *name,
                   const struct gl_extension_table *table)
{
    return sqlite3_create_module(db, name, &module,
                                 (void *) (uintptr_t) table);
}
