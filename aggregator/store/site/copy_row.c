/*
 * One event of a site that is copied, with the visit that begins with it: its
 * codes are those of the same words in the other file.
 */

#include "store/site/copy_internal.h"

#include "store/account/account_internal.h"
#include "store/rows/rows.h"
#include "store/words/words_internal.h"

#include <string.h>

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
    struct gl_copy_code *slot = &copy->codes[kind][*code % GL_COPY_CODES];
    int rc = 0;
    if (slot->from != *code) {
        slot->from = 0; /* until it is known */
        rc = ask_code(copy, kind, *code, &slot->to);
        slot->from = rc == 0 ? *code : 0;
    }
    *code = slot->to;
    return rc;
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
        .kind = (uint8_t) gl_db_column_code(ask, 3),
        .visitor = (uint64_t) sqlite3_column_int64(ask, 4),
        .mark = (uint8_t) gl_db_column_code(ask, 5),
        .host = gl_db_column_code(ask, 6),
        .path = gl_db_column_code(ask, 7),
        .referrer = gl_db_column_code(ask, 8),
        .agent = gl_db_column_code(ask, 9),
        .place = gl_db_column_code(ask, 10),
        .name = gl_db_column_code(ask, 11),
        .title = gl_db_column_code(ask, 12),
        .language = gl_db_column_code(ask, 13),
        .screen = gl_db_column_code(ask, 14),
        .engagement_ms = gl_db_column_code(ask, 16),
        .server = (uint8_t) gl_db_column_code(ask, 17),
        .passive = (uint8_t) gl_db_column_code(ask, 18),
        .evidence = gl_db_column_code(ask, 19),
        .amount = text(ask, 20),
        .currency = text(ask, 21),
    };
    gl_props_read_(&event->props, (const char *) sqlite3_column_text(ask, 22));
    if (sqlite3_column_type(ask, 15) != SQLITE_NULL)
        event->scroll_depth = gl_db_column_code(ask, 15) + 1;
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

static gint
compare_open(gconstpointer left, gconstpointer right)
{
    const struct gl_copy_open *a = left, *b = right;
    return (a->from > b->from) - (a->from < b->from);
}

void
gl_copy_note_(struct gl_copy *copy, int64_t visit)
{
    const struct gl_copy_open wanted = {visit, 0};
    guint at;
    if (g_array_binary_search(copy->open, &wanted, compare_open, &at))
        g_array_append_val(copy->changed,
                           g_array_index(copy->open, struct gl_copy_open, at));
    /* else it is another site's, or not copied yet */
}

/* The columns of GL_SQL_COPY_VISIT; NEW is the rowid in TO. */
static int
put_visit(struct gl_copy *copy, sqlite3_stmt *ask, int64_t new)
{
    int rc = 0;
    sqlite3_stmt *put =
        gl_db_to_change(&copy->to->db, GL_SQL_PUT_COPIED_VISIT, NULL);
    for (int i = 1; rc == 0 && i < 23; i++) {
        uint32_t code = gl_db_column_code(ask, i);
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
    sqlite3_stmt *ask =
        gl_account_ask_(copy->from, GL_SQL_COPY_VISIT,
                        GL_VALUES(gl_as_int(old), gl_as_int(copy->site)));
    int rc = gl_db_step(&copy->from->db, ask);
    if (rc != 1)
        return rc;
    *open = gl_db_column_code(ask, 11) != 0;
    rc = put_visit(copy, ask, new);
    sqlite3_reset(ask);
    return rc;
}

/* Those that were open, and were told of since. */
int
gl_copy_changed_(struct gl_copy *copy)
{
    int rc = 0;
    while (rc == 0 && copy->changed->len > 0 && copy->rows > 0) {
        guint last = copy->changed->len - 1;
        struct gl_copy_open visit =
            g_array_index(copy->changed, struct gl_copy_open, last);
        int open;
        g_array_set_size(copy->changed, last);
        rc = copy_visit(copy, visit.from, visit.to, &open);
        copy->rows--;
    }
    return rc;
}

int
gl_copy_event_(struct gl_copy *copy, sqlite3_stmt *ask)
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
        g_array_append_val(copy->open, ((struct gl_copy_open){old, new}));
    if (rc == 0) {
        copy->after = old;
        copy->rows--;
    }
    return rc;
}
