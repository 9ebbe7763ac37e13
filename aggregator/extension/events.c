/* The table "events"; see extension.h. */

#include "extension/extension.h"

#include <glib.h>

#include "count/count.h"

enum {
    AT = GL_KEYS,
    KIND,
    HOST,
    PATH,
    NAME,
    PROPS,
    ENGAGEMENT,
    SCROLL_DEPTH,
    AMOUNT,
    CURRENCY
};

/* Where EVENT is in a list of N that ascends, or N. */
static uint32_t
find(const uint32_t *events, uint32_t n, uint32_t event)
{
    uint32_t at = gl_place_from(events, 0, n, event);

    return at < n && events[at] == event ? at : n;
}

/* ---- properties: a JSON object, NULL where there is none ---- */

static void
add_text(GString *json, const char *text)
{
    g_string_append_c(json, '"');
    for (const char *at = text != NULL ? text : ""; *at != '\0'; at++) {
        unsigned char c = (unsigned char) *at;

        if (c == '"' || c == '\\')
            g_string_append_c(json, '\\');
        if (c < 0x20)
            g_string_append_printf(json, "\\u%04x", c);
        else
            g_string_append_c(json, *at);
    }
    g_string_append_c(json, '"');
}

static void
put_props(struct gl_extension_dictionary *words, const struct gl_columns *set,
          uint32_t event, sqlite3_context *to)
{
    GString *json = g_string_new(NULL);

    for (uint32_t i = 0; i < set->props_n; i++) {
        const struct gl_prop_column *prop = &set->props[i];
        uint32_t at = find(prop->event, prop->n, event);

        if (at == prop->n)
            continue;
        g_string_append_c(json, json->len == 0 ? '{' : ',');
        add_text(json, gl_extension_word(words, GL_WORDS_KEYS, prop->key, 0));
        g_string_append_c(json, ':');
        add_text(json, gl_extension_word(words, GL_WORDS_VALUES,
                                         gl_column_at(&prop->value, at), 0));
    }
    if (json->len > 0) {
        g_string_append_c(json, '}');
        sqlite3_result_text(to, json->str, (int) json->len, SQLITE_TRANSIENT);
    }
    g_string_free(json, TRUE);
}

/* ---- what few have ---- */

static void
put_engaged(const struct gl_engaged *engaged, uint32_t event, int at,
            sqlite3_context *to)
{
    uint32_t i = find(engaged->event, engaged->n, event), depth;

    if (i == engaged->n)
        return;
    depth = gl_column_at(&engaged->depth, i);
    if (at == ENGAGEMENT)
        sqlite3_result_int64(to, gl_column_at(&engaged->ms, i));
    else if (depth > 0)
        sqlite3_result_int64(to, depth - 1);
}

static void
put_paid(const struct gl_paid *paid, uint32_t event, int at,
         sqlite3_context *to)
{
    uint32_t i = find(paid->event, paid->n, event);
    char code[4];

    if (i == paid->n)
        return;
    if (at == AMOUNT) {
        sqlite3_result_double(to, (double) paid->money[i].amount / 1000);
        return;
    }
    gl_currency_code(paid->money[i].currency, code);
    sqlite3_result_text(to, code, -1, SQLITE_TRANSIENT);
}

/* ---- the table ---- */

static const struct {
    int column;
    enum gl_extension_words words;
} words_of[] = {
    [HOST] = {GL_EVENT_HOST, GL_WORDS_HOSTS},
    [PATH] = {GL_EVENT_PATH, GL_WORDS_PATHS},
    [NAME] = {GL_EVENT_NAME, GL_WORDS_NAMES},
};

static void
column(struct gl_extension_dictionary *words,
       const struct gl_extension_row *row, int at, sqlite3_context *to)
{
    const struct gl_columns *set = row->day.set;
    uint32_t event = row->event;

    switch (at) {
    case AT:
        sqlite3_result_int64(to, set->day * GL_DAY_MS + set->event_at[event]);
        break;
    case KIND:
        gl_extension_text(to, gl_columns_viewed(set, event) ? "pageview"
                                                            : "event");
        break;
    case PROPS:
        put_props(words, set, event, to);
        break;
    case ENGAGEMENT:
    case SCROLL_DEPTH:
        put_engaged(&set->engaged, event, at, to);
        break;
    case AMOUNT:
    case CURRENCY:
        put_paid(&set->paid, event, at, to);
        break;
    default:
        gl_extension_text(
            to,
            gl_extension_word(
                words, words_of[at].words,
                gl_column_at(&set->event_codes[words_of[at].column], event),
                0));
    }
}

const struct gl_extension_table gl_extension_events = {
    "CREATE TABLE events (" GL_EXTENSION_KEYS
    "at INTEGER, kind TEXT, host TEXT, path TEXT, name TEXT, props TEXT, "
    "engagement INTEGER, scroll_depth INTEGER, amount REAL, currency TEXT)",
    1, column};
