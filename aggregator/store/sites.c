/*
 * One site's rows as a whole: which sites are here, copy to another account,
 * delete.  In steps, each its own transaction, so that the ingest thread goes
 * on in between; each may be repeated.
 */

#include "store/account_internal.h"

#include <stdlib.h>
#include <string.h>

static int
list_sites(struct gl_account *account, int number,
           int (*site)(void *arg, int64_t site), void *arg)
{
    int rc, stop = 0;
    sqlite3_stmt *ask = gl_account_ask_(account, number, &rc);
    if (!ask)
        return rc;
    account->reading++;
    while (stop == 0 && (rc = gl_db_step(&account->db, ask)) == 1)
        stop = site(arg, sqlite3_column_int64(ask, 0));
    account->reading--;
    sqlite3_reset(ask);
    return stop ? stop : rc;
}

int
gl_account_sites(struct gl_account *account,
                 int (*site)(void *arg, int64_t site), void *arg)
{
    int rc = account->db.transaction ? gl_account_flush_days_(account) : 0;
    return rc ? rc : list_sites(account, GL_SQL_SITES, site, arg);
}

int
gl_account_open_sites(struct gl_account *account,
                      int (*site)(void *arg, int64_t site), void *arg)
{
    return list_sites(account, GL_SQL_OPEN_SITES, site, arg);
}

/* ---- copy ---- */

/* One step of a copy.  codes[KIND].to[CODE of FROM] = code of TO, 0 = not
 * asked yet. */
struct copy {
    struct gl_account *to, *from;
    int64_t site, after;
    int rows;
    struct {
        uint32_t *to;
        size_t n;
    } codes[GL_WORD_KINDS];
};

/* Room for CODE in the map of KIND. */
static int
widen(struct copy *copy, enum gl_word kind, uint32_t code)
{
    size_t had = copy->codes[kind].n, n = (size_t) code + 1024;
    if (code < had)
        return 0;
    uint32_t *to = realloc(copy->codes[kind].to, n * sizeof(*to));
    if (!to)
        return gl_db_refuse(&copy->to->db, GL_STORE_ENVIRONMENT,
                            "out of memory");
    memset(to + had, 0, (n - had) * sizeof(*to));
    copy->codes[kind].to = to;
    copy->codes[kind].n = n;
    return 0;
}

static int
ask_code(struct copy *copy, enum gl_word kind, uint32_t code, uint32_t *to)
{
    struct gl_text texts[GL_WORD_TEXTS_MAX];
    int n, rc;
    *to = 0;
    sqlite3_stmt *ask = gl_account_texts_(copy->from, kind, code, &n, &rc);
    if (!ask)
        return rc; /* a code without a word stands for none */
    for (int i = 0; i < n; i++) {
        texts[i].data = (const char *) sqlite3_column_text(ask, i);
        texts[i].len = (uint32_t) sqlite3_column_bytes(ask, i);
    }
    rc = gl_account_code_(copy->to, kind, copy->site, 0, texts, 0, to);
    sqlite3_reset(ask);
    return rc;
}

/* Turn a code of FROM into the code of the same word in TO. */
static int
translate(struct copy *copy, enum gl_word kind, uint32_t *code)
{
    if (*code == 0)
        return 0;
    int rc = widen(copy, kind, *code);
    if (rc != 0)
        return rc;
    uint32_t *to = &copy->codes[kind].to[*code];
    if (*to == 0)
        rc = ask_code(copy, kind, *code, to);
    *code = *to;
    return rc;
}

static uint32_t
number(sqlite3_stmt *ask, int at)
{
    return (uint32_t) sqlite3_column_int64(ask, at);
}

static struct gl_text
text(sqlite3_stmt *ask, int at)
{
    const char *data = (const char *) sqlite3_column_text(ask, at);
    return (struct gl_text){data, (uint32_t) sqlite3_column_bytes(ask, at)};
}

/* The columns of GL_SQL_COPY_EVENTS. */
static void
take_event(sqlite3_stmt *ask, struct gl_store_event *event)
{
    *event = (struct gl_store_event){
        .site = sqlite3_column_int64(ask, 1),
        .at_ms = sqlite3_column_int64(ask, 2),
        .kind = (uint8_t) number(ask, 3),
        .visitor = (uint64_t) sqlite3_column_int64(ask, 4),
        .mark = (uint8_t) number(ask, 5),
        .host = number(ask, 6),
        .path = number(ask, 7),
        .referrer = number(ask, 8),
        .agent = number(ask, 9),
        .place = number(ask, 10),
        .name = number(ask, 11),
        .title = number(ask, 12),
        .language = number(ask, 13),
        .screen = number(ask, 14),
        .engagement_ms = number(ask, 16),
        .server = (uint8_t) number(ask, 17),
        .passive = (uint8_t) number(ask, 18),
        .evidence = number(ask, 19),
        .amount = text(ask, 20),
        .currency = text(ask, 21),
    };
    gl_props_read_(&event->props, (const char *) sqlite3_column_text(ask, 22));
    if (sqlite3_column_type(ask, 15) != SQLITE_NULL)
        event->scroll_depth = number(ask, 15) + 1;
}

static int
translate_event(struct copy *copy, struct gl_store_event *event)
{
    const struct {
        enum gl_word kind;
        uint32_t *code;
    } codes[] = {
        {GL_WORD_HOST, &event->host},         {GL_WORD_PATH, &event->path},
        {GL_WORD_REFERRER, &event->referrer}, {GL_WORD_AGENT, &event->agent},
        {GL_WORD_PLACE, &event->place},       {GL_WORD_NAME, &event->name},
        {GL_WORD_TITLE, &event->title},       {GL_WORD_SCREEN, &event->screen},
        {GL_WORD_LANGUAGE, &event->language},
    };
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < sizeof(codes) / sizeof(codes[0]); i++)
        rc = translate(copy, codes[i].kind, codes[i].code);
    for (uint32_t i = 0; rc == 0 && i < event->props.n; i++) {
        rc = translate(copy, GL_WORD_PROP_KEY, &event->props.codes[i].key);
        if (rc == 0)
            rc = translate(copy, GL_WORD_PROP_VALUE,
                           &event->props.codes[i].value);
    }
    return rc;
}

/* Column of a visit -> the dictionary its code is of; 0 = a plain value. */
static const uint8_t visit_words[23] = {
    [6] = GL_WORD_REFERRER, [7] = GL_WORD_AGENT,   [8] = GL_WORD_PLACE,
    [9] = GL_WORD_LANGUAGE, [10] = GL_WORD_SCREEN, [19] = GL_WORD_HOST,
    [20] = GL_WORD_PATH,    [21] = GL_WORD_HOST,   [22] = GL_WORD_PATH,
};

/* The visit that begins with event OLD, if one does: now with NEW. */
static int
copy_visit(struct copy *copy, int64_t old, int64_t new)
{
    int rc;
    sqlite3_stmt *ask = gl_account_ask_(copy->from, GL_SQL_COPY_VISIT, &rc);
    if (!ask)
        return rc;
    gl_db_bind_int(ask, 1, old);
    gl_db_bind_int(ask, 2, copy->site);
    rc = gl_db_step(&copy->from->db, ask);
    if (rc != 1)
        return rc;
    sqlite3_stmt *put =
        gl_account_change_(copy->to, GL_SQL_PUT_COPIED_VISIT, &rc);
    for (int i = 1; rc == 0 && i < 23; i++) {
        uint32_t code = number(ask, i);
        if (!visit_words[i]) {
            sqlite3_bind_value(put, i + 1, sqlite3_column_value(ask, i));
            continue;
        }
        rc = translate(copy, visit_words[i], &code);
        gl_db_bind_code(put, i + 1, code);
    }
    sqlite3_reset(ask);
    if (rc != 0)
        return rc;
    gl_db_bind_int(put, 1, new);
    return gl_account_done_(copy->to, put);
}

static int
copy_event(struct copy *copy, sqlite3_stmt *ask)
{
    struct gl_store_event event;
    int64_t new;
    take_event(ask, &event);
    int rc = translate_event(copy, &event);
    if (rc == 0)
        rc = gl_account_next_id(copy->to, &new);
    if (rc == 0)
        rc = gl_account_insert(copy->to, &event);
    if (rc == 0)
        rc = copy_visit(copy, sqlite3_column_int64(ask, 0), new);
    if (rc == 0) {
        copy->after = sqlite3_column_int64(ask, 0);
        copy->rows++;
    }
    return rc;
}

static int
copy_range(struct copy *copy, struct gl_range range)
{
    int rc;
    sqlite3_stmt *ask = gl_account_ask_(copy->from, GL_SQL_COPY_EVENTS, &rc);
    if (!ask)
        return rc;
    gl_db_bind_int(ask, 1, range.first);
    gl_db_bind_int(ask, 2, range.last);
    gl_db_bind_int(ask, 3, copy->site);
    while (copy->rows < GL_ACCOUNT_STEP_ROWS &&
           (rc = gl_db_step(&copy->from->db, ask)) == 1) {
        rc = copy_event(copy, ask);
        if (rc != 0)
            break;
    }
    sqlite3_reset(ask);
    return rc < 0 ? rc : 0;
}

/* Every row of one small table. */
static int
copy_table(struct copy *copy, int from, int to)
{
    int rc;
    sqlite3_stmt *ask = gl_account_ask_(copy->from, from, &rc);
    if (!ask)
        return rc;
    gl_db_bind_int(ask, 1, copy->site);
    while ((rc = gl_db_step(&copy->from->db, ask)) == 1) {
        sqlite3_stmt *put = gl_account_change_(copy->to, to, &rc);
        for (int i = 0; put && i < sqlite3_column_count(ask); i++)
            sqlite3_bind_value(put, i + 1, sqlite3_column_value(ask, i));
        if (put)
            rc = gl_account_done_(copy->to, put);
        if (rc != 0)
            break;
    }
    sqlite3_reset(ask);
    return rc;
}

static int
copy_tables(struct copy *copy)
{
    static const int tables[][2] = {
        {GL_SQL_COPY_BOTS, GL_SQL_ADD_BOT},
        {GL_SQL_COPY_DROPS, GL_SQL_ADD_DROP},
        {GL_SQL_COPY_DIRTY, GL_SQL_ADD_DIRTY},
        {GL_SQL_COPY_LINKS, GL_SQL_ADD_LINK},
        {GL_SQL_COPY_IMPORTS, GL_SQL_PUT_IMPORT},
        {GL_SQL_COPY_NEW_WORDS, GL_SQL_PUT_NEW_WORDS},
    };
    /* What memory says of the days is of before the copy. */
    int rc = gl_account_flush_days_(copy->to);
    gl_days_clear_(&copy->to->days);
    for (size_t i = 0; rc == 0 && i < sizeof(tables) / sizeof(tables[0]); i++)
        rc = copy_table(copy, tables[i][0], tables[i][1]);
    return rc;
}

/* 1 = a full step was copied, 0 = that was the last. */
static int
copy_step(struct copy *copy)
{
    struct gl_range *ranges;
    size_t n;
    int rc = gl_account_ranges_(copy->from, copy->site, INT64_MIN, INT64_MAX,
                                copy->after + 1, &ranges, &n);
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = copy_range(copy, ranges[i]);
    free(ranges);
    if (rc == 0 && copy->rows == GL_ACCOUNT_STEP_ROWS)
        return 1;
    return rc == 0 ? copy_tables(copy) : rc;
}

/* Commit what a step did, or take it back. */
static int
end_step(struct gl_account *account, int rc)
{
    int committed = rc < 0 ? rc : gl_account_commit(account);
    if (committed == 0)
        return rc;
    gl_account_rollback(account);
    return committed;
}

int
gl_account_copy_site(struct gl_account *to, struct gl_account *from,
                     int64_t site, int64_t *after)
{
    struct copy copy = {.to = to, .from = from, .site = site, .after = *after};
    int rc = gl_account_begin(to, GL_COMMIT_FULL);
    if (rc != 0)
        return rc;
    from->reading++;
    rc = copy_step(&copy);
    from->reading--;
    for (int kind = 0; kind < GL_WORD_KINDS; kind++)
        free(copy.codes[kind].to);
    rc = end_step(to, rc);
    if (rc >= 0)
        *after = copy.after;
    return rc;
}

/* ---- delete ---- */

/* Run GL_SQL number NUMBER with these parameters. */
static int
change(struct gl_account *account, int number, int n,
       const int64_t parameters[])
{
    int rc;
    sqlite3_stmt *statement = gl_account_change_(account, number, &rc);
    if (!statement)
        return rc;
    for (int i = 0; i < n; i++)
        gl_db_bind_int(statement, i + 1, parameters[i]);
    return gl_account_done_(account, statement);
}

/* Delete at most MOST rowids of a stretch, then cut or drop it. */
static int
delete_stretch(struct gl_account *account, int64_t site, int64_t day,
               struct gl_range range, int64_t most)
{
    int64_t last =
        range.last - range.first < most ? range.last : range.first + most - 1;
    int rc = change(account, GL_SQL_DELETE_EVENTS, 3,
                    (int64_t[]){range.first, last, site});
    if (rc == 0)
        rc = change(account, GL_SQL_DELETE_VISITS, 3,
                    (int64_t[]){range.first, last, site});
    if (rc != 0)
        return rc;
    if (last < range.last)
        return change(account, GL_SQL_SHORTEN_STRETCH, 4,
                      (int64_t[]){site, day, range.first, last + 1});
    return change(account, GL_SQL_DELETE_STRETCH, 3,
                  (int64_t[]){site, day, range.first});
}

/* 1 = the step's rows are used up, 0 = no stretch is left. */
static int
delete_rows(struct gl_account *account, int64_t site)
{
    int64_t left = GL_ACCOUNT_STEP_ROWS;
    int rc = 0;
    while (rc == 0 && left > 0) {
        sqlite3_stmt *ask =
            gl_account_ask_(account, GL_SQL_FIRST_STRETCH, &rc);
        if (!ask)
            return rc;
        gl_db_bind_int(ask, 1, site);
        rc = gl_db_step(&account->db, ask);
        if (rc != 1)
            return rc;
        int64_t day = sqlite3_column_int64(ask, 0);
        struct gl_range range = {sqlite3_column_int64(ask, 1),
                                 sqlite3_column_int64(ask, 2)};
        sqlite3_reset(ask);
        rc = delete_stretch(account, site, day, range, left);
        left -= range.last - range.first + 1;
    }
    return rc ? rc : 1;
}

static int
delete_tables(struct gl_account *account, int64_t site)
{
    static const int tables[] = {
        GL_SQL_DELETE_BOTS,  GL_SQL_DELETE_DROPS,   GL_SQL_DELETE_DIRTY,
        GL_SQL_DELETE_LINKS, GL_SQL_DELETE_IMPORTS, GL_SQL_DELETE_NEW_WORDS};
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < sizeof(tables) / sizeof(tables[0]); i++)
        rc = change(account, tables[i], 1, &site);
    return rc;
}

int
gl_account_delete_site(struct gl_account *account, int64_t site)
{
    int rc = gl_account_begin(account, GL_COMMIT_FULL);
    if (rc != 0)
        return rc;
    gl_days_clear_(&account->days);
    rc = delete_rows(account, site);
    if (rc == 0)
        rc = delete_tables(account, site);
    return end_step(account, rc);
}
