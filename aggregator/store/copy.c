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

#include "store/account_internal.h"
#include "store/copy.h"
#include "store/rows.h"
#include "store/words_internal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Codes of one kind that were translated in this step. */
#define CODES 1024
struct code {
    uint32_t from, to; /* 0 = free */
};

/* A visit that was open when its first event was copied. */
struct open_visit {
    int64_t from, to;
};

struct gl_copy {
    struct gl_account *to, *from;
    int64_t site;
    int64_t after;           /* the last event copied */
    struct gl_range *ranges; /* of rowids that may hold more of them */
    size_t ranges_n, at;
    struct open_visit *open; /* in order */
    size_t open_n, open_size;
    size_t *changed; /* places in OPEN, to be copied once more */
    size_t changed_n, changed_size;
    int no_memory;               /* one could not be noted */
    int rows;                    /* left in this step */
    struct code (*codes)[CODES]; /* of each kind */
};

static int
ask_code(struct gl_copy *copy, enum gl_word kind, uint32_t code, uint32_t *to)
{
    struct gl_text texts[GL_WORD_TEXTS_MAX];
    int n, rc;
    *to = 0;
    sqlite3_stmt *ask = gl_account_texts_(copy->from, kind, code, &n, &rc);
    if (ask == NULL)
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
translate(struct gl_copy *copy, enum gl_word kind, uint32_t *code)
{
    if (*code == 0)
        return 0;
    struct code *slot = &copy->codes[kind][*code % CODES];
    int rc = 0;
    if (slot->from != *code) {
        slot->from = 0; /* until it is known */
        rc = ask_code(copy, kind, *code, &slot->to);
        slot->from = rc == 0 ? *code : 0;
    }
    *code = slot->to;
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
translate_event(struct gl_copy *copy, struct gl_store_event *event)
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
    for (size_t i = 0; rc == 0 && i < sizeof codes / sizeof codes[0]; i++)
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

/* Room for one more in a list of N. */
static int
widen(struct gl_copy *copy, void **list, size_t n, size_t *size, size_t each)
{
    if (n < *size)
        return 0;
    size_t wider = *size ? *size * 2 : 64;
    void *more = realloc(*list, wider * each);
    if (more == NULL)
        return gl_db_refuse(&copy->to->db, GL_STORE_ENVIRONMENT,
                            "out of memory");
    *list = more;
    *size = wider;
    return 0;
}

static int
note_open(struct gl_copy *copy, int64_t from, int64_t to)
{
    int rc = widen(copy, (void **) &copy->open, copy->open_n, &copy->open_size,
                   sizeof *copy->open);
    if (rc == 0)
        copy->open[copy->open_n++] = (struct open_visit){from, to};
    return rc;
}

static int
compare_open(const void *key, const void *open)
{
    int64_t id = *(const int64_t *) key;
    const struct open_visit *visit = open;
    return (id > visit->from) - (id < visit->from);
}

void
gl_copy_note_(struct gl_copy *copy, int64_t visit)
{
    const struct open_visit *found =
        copy->open_n ? bsearch(&visit, copy->open, copy->open_n,
                               sizeof *copy->open, compare_open)
                     : NULL;
    if (found == NULL)
        return; /* another site's, or not copied yet */
    if (widen(copy, (void **) &copy->changed, copy->changed_n,
              &copy->changed_size, sizeof *copy->changed) != 0)
        copy->no_memory = 1;
    else
        copy->changed[copy->changed_n++] = (size_t) (found - copy->open);
}

/* The columns of GL_SQL_COPY_VISIT; NEW is the rowid in TO. */
static int
put_visit(struct gl_copy *copy, sqlite3_stmt *ask, int64_t new)
{
    int rc;
    sqlite3_stmt *put =
        gl_db_change(&copy->to->db, GL_SQL_PUT_COPIED_VISIT, &rc);
    for (int i = 1; rc == 0 && i < 23; i++) {
        uint32_t code = number(ask, i);
        if (!visit_words[i]) {
            sqlite3_bind_value(put, i + 1, sqlite3_column_value(ask, i));
            continue;
        }
        rc = translate(copy, visit_words[i], &code);
        gl_db_bind_code(put, i + 1, code);
    }
    if (rc != 0)
        return rc;
    gl_db_bind_int(put, 1, new);
    return gl_db_done(&copy->to->db, put);
}

/* The visit that begins with event OLD, if one does: now with NEW. */
static int
copy_visit(struct gl_copy *copy, int64_t old, int64_t new, int *open)
{
    int rc;
    sqlite3_stmt *ask = gl_account_ask_(copy->from, GL_SQL_COPY_VISIT, &rc);
    if (ask == NULL)
        return rc;
    gl_db_bind_int(ask, 1, old);
    gl_db_bind_int(ask, 2, copy->site);
    rc = gl_db_step(&copy->from->db, ask);
    if (rc != 1)
        return rc;
    *open = number(ask, 11) != 0;
    rc = put_visit(copy, ask, new);
    sqlite3_reset(ask);
    return rc;
}

/* Those that were open, and were told of since. */
static int
copy_changed(struct gl_copy *copy)
{
    int rc = copy->no_memory
                 ? gl_db_refuse(&copy->to->db, GL_STORE_ENVIRONMENT,
                                "out of memory")
                 : 0;
    while (rc == 0 && copy->changed_n > 0 && copy->rows > 0) {
        struct open_visit visit = copy->open[copy->changed[--copy->changed_n]];
        int open;
        rc = copy_visit(copy, visit.from, visit.to, &open);
        copy->rows--;
    }
    return rc;
}

static int
copy_event(struct gl_copy *copy, sqlite3_stmt *ask)
{
    struct gl_store_event event;
    int64_t new, old = sqlite3_column_int64(ask, 0);
    int open = 0;
    take_event(ask, &event);
    int rc = translate_event(copy, &event);
    if (rc == 0)
        rc = gl_account_next_id(copy->to, &new);
    if (rc == 0)
        rc = gl_account_insert(copy->to, &event);
    if (rc == 0)
        rc = copy_visit(copy, old, new, &open);
    if (rc == 0 && open)
        rc = note_open(copy, old, new);
    if (rc == 0) {
        copy->after = old;
        copy->rows--;
    }
    return rc;
}

/* 0 = to its end, or COPY's rows are used up. */
static int
copy_range(struct gl_copy *copy, struct gl_range range)
{
    int rc;
    sqlite3_stmt *ask = gl_account_ask_(copy->from, GL_SQL_COPY_EVENTS, &rc);
    if (ask == NULL)
        return rc;
    int64_t next = copy->after + 1;
    gl_db_bind_int(ask, 1, next > range.first ? next : range.first);
    gl_db_bind_int(ask, 2, range.last);
    gl_db_bind_int(ask, 3, copy->site);
    while (copy->rows > 0 && (rc = gl_db_step(&copy->from->db, ask)) == 1) {
        rc = copy_event(copy, ask);
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
    free(copy->ranges);
    copy->ranges = NULL;
    copy->at = copy->ranges_n = 0;
    return gl_account_ranges_(copy->from, copy->site, INT64_MIN, INT64_MAX,
                              copy->after + 1, &copy->ranges, &copy->ranges_n);
}

/* 1 = the step's rows are used up, 0 = there are no more. */
static int
copy_rows(struct gl_copy *copy)
{
    int rc = 0;
    while (rc == 0 && copy->rows > 0) {
        if (copy->at == copy->ranges_n)
            rc = look_for_rows(copy);
        if (rc != 0 || copy->ranges_n == 0)
            return rc;
        rc = copy_range(copy, copy->ranges[copy->at]);
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
    sqlite3_stmt *ask = gl_account_ask_(copy->from, from, &rc);
    if (ask == NULL)
        return rc;
    gl_db_bind_int(ask, 1, copy->site);
    while ((rc = gl_db_step(&copy->from->db, ask)) == 1) {
        sqlite3_stmt *put = gl_db_change(&copy->to->db, to, &rc);
        for (int i = 0; put != NULL && i < sqlite3_column_count(ask); i++)
            sqlite3_bind_value(put, i + 1, sqlite3_column_value(ask, i));
        if (put != NULL)
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
    struct gl_copy *copy = calloc(1, sizeof *copy);
    if (copy == NULL)
        return NULL;
    copy->codes = calloc(GL_WORD_KINDS, sizeof *copy->codes);
    if (copy->codes == NULL) {
        free(copy);
        return NULL;
    }
    copy->to = to;
    copy->from = from;
    copy->site = site;
    from->copy = copy;
    return copy;
}

void
gl_copy_free(struct gl_copy *copy)
{
    if (copy == NULL)
        return;
    copy->from->copy = NULL;
    free(copy->ranges);
    free(copy->open);
    free(copy->changed);
    free(copy->codes);
    free(copy);
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
        rc = copy_changed(copy);
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
        rc = copy_changed(copy);
    if (rc == 0)
        rc = copy_tables(copy);
    return end_step(copy, rc);
}
