/*
 * Event lines; see event_line.h.  jansson reads the line, one table says
 * what each key may hold; whatever is not in the table is an error that names
 * it.  What a value means is schema/request's: the same event comes to the
 * same row through a worker.  A text longer than its field is an error, too:
 * cut, it could be another's name.
 *
 * Any thread.
 */

#include "import/event_line.h"

#include <stdio.h>
#include <string.h>

#include "import/event_text.h"
#include "request/codes.h"
#include "request/json.h"
#include "request/longest.h"
#include "request/values.h"

#define GL_SERVER_MIN 2 /* schema/event_fields.h */

struct reader {
    struct gl_import_line *line;
    int64_t now_ms;
    const char *key;
    char *why;
    size_t why_len;
};

static int
refuse(struct reader *r, const char *must)
{
    snprintf(r->why, r->why_len, "\"%s\" %s", r->key, must);
    return -1;
}

/* ---- texts ---- */

/* TEXT without any NUL, as a worker takes a text of JSON. */
static struct gl_text
without_nul(struct reader *r, struct gl_text text)
{
    struct gl_memory memory = gl_import_memory_(r->line);
    struct gl_text kept = {NULL, 0};
    char *out;

    if (text.len == 0 || memchr(text.data, '\0', text.len) == NULL)
        return text;
    kept.data = out = memory.get(memory.from, text.len);
    for (uint32_t i = 0; i < text.len; i++)
        if (text.data[i] != '\0')
            out[kept.len++] = text.data[i];
    return kept;
}

/* All of VALUE. */
static int
get_text(struct reader *r, json_t *value, struct gl_text *text)
{
    size_t len = json_string_length(value);

    if (!json_is_string(value))
        return refuse(r, "must be a text");
    *text = (struct gl_text){json_string_value(value), (uint32_t) len};
    *text = without_nul(r, *text);
    if (text->len == 0)
        text->data = NULL;
    return 0;
}

/* 1: KEY is a text's, taken; 0: it is not; -1: refused. */
static int
take_text(struct reader *r, json_t *value)
{
    const struct gl_import_text *key = gl_import_text_(r->key);
    struct gl_text text;
    char must[128];

    if (key == NULL)
        return 0;
    if (get_text(r, value, &text) != 0)
        return -1;
    if (gl_import_text_take_(r->line, key, text, must, sizeof must) != 0)
        return refuse(r, must);
    return 1;
}

/* ---- other values ---- */

static int
take_kind(struct reader *r, json_t *value)
{
    static const char *const names[] = {"", "pageview", "event", "engagement"};
    const char *text = json_string_value(value);

    for (uint64_t kind = GL_PAGEVIEW; text != NULL && kind <= GL_ENGAGEMENT;
         kind++)
        if (strcmp(text, names[kind]) == 0) {
            r->line->event.kind = kind;
            return 0;
        }
    return refuse(r, "must be \"pageview\", \"event\" or \"engagement\"");
}

/* GLib takes more of ISO 8601 than RFC 3339 has: its shape is looked at. */
static int
take_at(struct reader *r, json_t *value)
{
    const char *text = json_string_value(value);
    GDateTime *at = NULL;

    if (text != NULL && strlen(text) >= 20 && text[4] == '-' &&
        text[7] == '-' && text[13] == ':')
        at = g_date_time_new_from_iso8601(text, NULL);
    if (at == NULL)
        return refuse(r, "must be a time like 2026-11-23T10:00:00Z");
    r->line->event.at_ms = g_date_time_to_unix(at) * 1000 +
                           g_date_time_get_microsecond(at) / 1000;
    g_date_time_unref(at);
    if (r->line->event.at_ms < 0)
        return refuse(r, "must not lie before 1970");
    if (r->line->event.at_ms > r->now_ms + GL_IMPORT_AHEAD_MS)
        return refuse(r, "must not lie in the future");
    return 0;
}

static int
take_prop(struct reader *r, const char *key, json_t *value)
{
    struct gl_event *event = &r->line->event;
    struct gl_prop prop = {{key, (uint32_t) strlen(key)}, {NULL, 0}};
    const char *wrong;

    if (!json_is_string(value))
        return refuse(r, "must be an object of texts");
    (void) get_text(r, value, &prop.value);
    if (!gl_prop_says(prop.key, prop.value))
        return 0;
    (void) gl_prop_read(gl_import_memory_(r->line), &prop, &wrong);
    if (wrong != NULL)
        return refuse(r, wrong);
    if (event->props_n == GL_EVENT_PROPS_MAX)
        return refuse(r, "has more than 30 keys");
    event->props[event->props_n++] = prop;
    return 0;
}

static int
take_props(struct reader *r, json_t *value)
{
    void *at;

    if (!json_is_object(value))
        return refuse(r, "must be an object of texts");
    for (at = json_object_iter(value); at != NULL;
         at = json_object_iter_next(value, at))
        if (take_prop(r, json_object_iter_key(at),
                      json_object_iter_value(at)) != 0)
            return -1;
    return 0;
}

static int
take_interactive(struct reader *r, json_t *value)
{
    if (!json_is_boolean(value))
        return refuse(r, "must be true or false");
    r->line->event.passive = json_is_false(value);
    return 0;
}

static int
take_revenue(struct reader *r, json_t *value)
{
    json_t *number = json_object_get(value, "amount");
    json_t *code = json_object_get(value, "currency");
    struct gl_text amount = {NULL, 0}, currency = {NULL, 0};
    struct gl_memory memory = gl_import_memory_(r->line);
    char *digits = r->line->_amount;

    if (json_is_number(number)) {
        snprintf(digits, sizeof r->line->_amount, "%.15g",
                 json_number_value(number));
        amount = (struct gl_text){digits, (uint32_t) strlen(digits)};
    }
    if (json_object_size(value) != 2 ||
        (amount.len == 0 && get_text(r, number, &amount) != 0) ||
        get_text(r, code, &currency) != 0 || !gl_amount_read(&amount) ||
        gl_currency_read(memory, currency, &currency) != 0 ||
        currency.len == 0)
        return refuse(r, "must be like {\"amount\": \"12.50\", \"currency\": "
                         "\"EUR\"}");
    r->line->event.amount = amount;
    r->line->event.currency = currency;
    return 0;
}

static int
take_scroll_depth(struct reader *r, json_t *value)
{
    int64_t percent = json_integer_value(value);

    if (!json_is_integer(value) || percent < 0 || percent > 100)
        return refuse(r, "must be a number from 0 to 100");
    r->line->event.scroll_depth = (uint64_t) percent + 1;
    return 0;
}

static int
take_engagement_ms(struct reader *r, json_t *value)
{
    int64_t ms = json_integer_value(value);

    if (!json_is_integer(value) || ms < 0 || ms >= GL_LONGEST_engagement_ms)
        return refuse(r, "must be milliseconds, less than 30 days of them");
    r->line->event.engagement_ms = (uint64_t) ms;
    r->line->_engaged = 1;
    return 0;
}

/* A page that nginx served: the class of its status. */
static int
take_server(struct reader *r, json_t *value)
{
    int64_t class = json_integer_value(value);

    if (!json_is_integer(value) || class < GL_SERVER_MIN ||
        class > GL_LONGEST_server)
        return refuse(r, "must be the first digit of a status, 2 to 5");
    r->line->event.server = (uint64_t) class;
    return 0;
}

/* ---- the table ---- */

static const struct {
    const char *name;
    int (*take)(struct reader *r, json_t *value);
} value_keys[] = {
    {"kind", take_kind},
    {"at", take_at},
    {"props", take_props},
    {"interactive", take_interactive},
    {"revenue", take_revenue},
    {"scroll_depth", take_scroll_depth},
    {"engagement_ms", take_engagement_ms},
    {"server", take_server},
};
#define N_OF(table) (sizeof(table) / sizeof(table)[0])

static int
take_key(struct reader *r, json_t *value)
{
    int taken;

    for (size_t i = 0; i < N_OF(value_keys); i++)
        if (strcmp(r->key, value_keys[i].name) == 0)
            return value_keys[i].take(r, value);
    taken = take_text(r, value);
    if (taken != 0)
        return taken < 0 ? -1 : 0;
    snprintf(r->why, r->why_len, "unknown key \"%.64s\"", r->key);
    return -1;
}

static int
check_engagement(struct reader *r)
{
    const struct gl_event *event = &r->line->event;
    int is_one = event->kind == GL_ENGAGEMENT;

    r->key = "engagement_ms";
    if (!is_one && r->line->_engaged)
        return refuse(r, "belongs to kind \"engagement\" only");
    r->key = "scroll_depth";
    if (!is_one && event->scroll_depth > 0)
        return refuse(r, "belongs to kind \"engagement\" only");
    r->key = "engagement_ms";
    if (is_one && event->scroll_depth == 0 && !r->line->_engaged)
        return refuse(r, "is missing, and so is \"scroll_depth\"");
    return 0;
}

/* What the keys must be together. */
static int
check(struct reader *r)
{
    const struct gl_event *event = &r->line->event;

    r->key = "kind";
    if (event->kind == 0)
        return refuse(r, "is missing");
    r->key = "visitor";
    if (r->line->visitor_text.len == 0)
        return refuse(r, "is missing");
    r->key = "name";
    if (event->kind == GL_CUSTOM && event->name.len == 0)
        return refuse(r, "is missing");
    if (event->kind != GL_CUSTOM && event->name.len > 0)
        return refuse(r, "belongs to kind \"event\" only");
    r->key = "interactive";
    if (event->kind != GL_CUSTOM && event->passive)
        return refuse(r, "belongs to kind \"event\" only");
    r->key = "server";
    if (event->kind != GL_PAGEVIEW && event->server > 0)
        return refuse(r, "belongs to kind \"pageview\" only");
    r->key = "region";
    if (event->region.len > 0 && event->country.len > 0 &&
        !gl_import_is_other_(event->region) &&
        memcmp(event->region.data, event->country.data, 2) != 0)
        return refuse(r, "is one of another country");
    return check_engagement(r);
}

void
gl_import_line_begin_(struct gl_import_line *line, const char *site)
{
    memset(line, 0, sizeof *line);
    line->event.schema = GL_EVENT_SCHEMA;
    line->event.site = (struct gl_text){site, (uint32_t) strlen(site)};
    line->event.host = line->event.site;
    line->event.path = (struct gl_text){"/", 1};
}

int
gl_import_line_read(struct gl_import_line *line, const char *text, size_t len,
                    const char *site, int64_t now_ms, char *why,
                    size_t why_len)
{
    struct reader reader = {line, now_ms, "", why, why_len};
    struct gl_text json = {text, (uint32_t) len};
    json_error_t error;
    void *at;

    gl_import_line_begin_(line, site);
    line->event.at_ms = now_ms;
    (void) gl_json_mend(gl_import_memory_(line), json, &json);
    line->_root = json_loadb(json.data, json.len,
                             JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (!json_is_object(line->_root)) {
        snprintf(why, why_len, "is not a JSON object: %s",
                 line->_root == NULL ? error.text : "another value");
        return -1;
    }
    for (at = json_object_iter(line->_root); at != NULL;
         at = json_object_iter_next(line->_root, at)) {
        reader.key = json_object_iter_key(at);
        if (take_key(&reader, json_object_iter_value(at)) != 0)
            return -1;
    }
    if (line->source.len > 0) /* the channel's rules look at it */
        line->event.source = line->source;
    return check(&reader);
}

void
gl_import_line_clear(struct gl_import_line *line)
{
    json_decref(line->_root);
    line->_root = NULL;
    g_slist_free_full(line->_changed, g_free);
    line->_changed = NULL;
}
