/*
 * Event lines; see import_line.h.  jansson reads the line, one table says
 * what each key may hold; whatever is not in the table is an error that names
 * it.  What a value means is schema/request's: the same event comes to the
 * same row through a worker.  Texts longer than the event's field are cut.
 *
 * Any thread.
 */

#include "import/event_line.h"

#include <stdio.h>
#include <string.h>

#include "request/headers.h"
#include "request/longest.h"
#include "request/page.h"
#include "request/values.h"

#define AHEAD_MS INT64_C(86400000) /* later than this is a mistake */
#define VISITOR_MAX_BYTES 1024

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

/* Of the line, until it is cleared. */
static void *
get_memory(void *from, size_t bytes)
{
    struct gl_import_line *line = from;

    line->_changed = g_slist_prepend(line->_changed, g_malloc(bytes));
    return line->_changed->data;
}

/* What a text means: it is changed, or why it is refused is returned. */

static const char *
read_host(struct gl_import_line *line, struct gl_text *text)
{
    struct gl_memory memory = {get_memory, line};

    (void) gl_page_host(memory, *text, text);
    return NULL;
}

static const char *
read_path(struct gl_import_line *line, struct gl_text *text)
{
    struct gl_memory memory = {get_memory, line};

    (void) gl_page_path(memory, *text, text);
    return NULL;
}

static const char *
read_name(struct gl_import_line *line, struct gl_text *text)
{
    (void) line;
    return text->len > 0 ? gl_name_wrong(*text) : NULL;
}

static const char *
read_agent(struct gl_import_line *line, struct gl_text *text)
{
    (void) line;
    *text = gl_headers_agent(*text);
    return NULL;
}

static const char *
read_language(struct gl_import_line *line, struct gl_text *text)
{
    (void) line;
    *text = gl_headers_language(*text);
    return NULL;
}

static const char *
read_click_id(struct gl_import_line *line, struct gl_text *text)
{
    int given = text->len > 0;

    (void) line;
    *text = gl_page_click_id(*text);
    return given && text->len == 0
               ? "must be the name of a click id, like \"gclid\""
               : NULL;
}

struct text_key {
    const char *name;
    size_t at; /* offset of a struct gl_text in struct gl_import_line */
    uint32_t longest;
    const char *(*read)(struct gl_import_line *line, struct gl_text *text);
};

#define OF_LINE(member) offsetof(struct gl_import_line, member)
#define OF_EVENT(member) OF_LINE(event.member), GL_LONGEST_##member
#define FIELD(member) #member, OF_EVENT(member)

static const struct text_key text_keys[] = {
    {FIELD(host), read_host},
    {FIELD(path), read_path},
    {FIELD(name), read_name},
    {FIELD(language), read_language},
    {FIELD(click_id), read_click_id},
    {FIELD(referrer), NULL},
    {FIELD(utm_source), NULL},
    {FIELD(utm_medium), NULL},
    {FIELD(utm_campaign), NULL},
    {FIELD(utm_content), NULL},
    {FIELD(utm_term), NULL},
    {FIELD(title), NULL},
    {FIELD(screen), NULL},
    {FIELD(country), NULL},
    {FIELD(region), NULL},
    {FIELD(city), NULL},
    {"user_agent", OF_EVENT(agent), read_agent},
    {"source", OF_LINE(source), GL_LONGEST_source, NULL},
    {"channel", OF_LINE(channel), 64, NULL},
    {"browser", OF_LINE(agent.browser), 63, NULL},
    {"browser_version", OF_LINE(agent.browser_version), 15, NULL},
    {"os", OF_LINE(agent.os), 63, NULL},
    {"os_version", OF_LINE(agent.os_version), 15, NULL},
    {"device", OF_LINE(agent.device), 15, NULL},
    {"visitor", OF_LINE(visitor_text), VISITOR_MAX_BYTES, NULL},
};

/* All of VALUE. */
static int
get_text(struct reader *r, json_t *value, struct gl_text *text)
{
    size_t len = json_string_length(value);

    if (!json_is_string(value))
        return refuse(r, "must be a text");
    text->len = (uint32_t) len;
    text->data = len > 0 ? json_string_value(value) : NULL;
    return 0;
}

static int
take_text(struct reader *r, const struct text_key *key, json_t *value)
{
    struct gl_text *text =
        (struct gl_text *) (void *) ((char *) r->line + key->at);
    const char *wrong = NULL;

    if (get_text(r, value, text) != 0)
        return -1;
    if (key->read != NULL)
        wrong = key->read(r->line, text);
    if (wrong != NULL)
        return refuse(r, wrong);
    text->len = gl_text_fitting(*text, key->longest);
    return 0;
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
    if (r->line->event.at_ms > r->now_ms + AHEAD_MS)
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
    wrong = gl_prop_wrong(&prop);
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
    char *digits = r->line->_amount;

    if (json_is_number(number)) {
        snprintf(digits, sizeof r->line->_amount, "%.15g",
                 json_number_value(number));
        amount = (struct gl_text){digits, (uint32_t) strlen(digits)};
    }
    if (json_object_size(value) != 2 ||
        (amount.len == 0 && get_text(r, number, &amount) != 0) ||
        get_text(r, code, &currency) != 0 || !gl_amount_read(&amount) ||
        !gl_currency_is(currency))
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
};
#define N_OF(table) (sizeof(table) / sizeof(table)[0])

static int
take_key(struct reader *r, json_t *value)
{
    for (size_t i = 0; i < N_OF(value_keys); i++)
        if (strcmp(r->key, value_keys[i].name) == 0)
            return value_keys[i].take(r, value);
    for (size_t i = 0; i < N_OF(text_keys); i++)
        if (strcmp(r->key, text_keys[i].name) == 0)
            return take_text(r, &text_keys[i], value);
    snprintf(r->why, r->why_len, "unknown key \"%.64s\"", r->key);
    return -1;
}

static int
check_engagement(struct reader *r)
{
    const struct gl_event *event = &r->line->event;
    int is_one = event->kind == GL_ENGAGEMENT;

    r->key = "engagement_ms";
    if (!is_one && event->engagement_ms > 0)
        return refuse(r, "belongs to kind \"engagement\" only");
    r->key = "scroll_depth";
    if (!is_one && event->scroll_depth > 0)
        return refuse(r, "belongs to kind \"engagement\" only");
    if (is_one && event->scroll_depth == 0 && event->engagement_ms == 0)
        return refuse(r, "is missing, and \"engagement_ms\" says nothing");
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
    r->key = "country";
    if (event->country.len == 1)
        return refuse(r, "must have two letters");
    return check_engagement(r);
}

int
gl_import_line_read(struct gl_import_line *line, const char *text, size_t len,
                    const char *site, int64_t now_ms, char *why,
                    size_t why_len)
{
    struct reader reader = {line, now_ms, "", why, why_len};
    json_error_t error;
    void *at;

    memset(line, 0, sizeof *line);
    line->event.schema = GL_EVENT_SCHEMA;
    line->event.at_ms = now_ms;
    line->event.site = (struct gl_text){site, (uint32_t) strlen(site)};
    line->event.host = line->event.site;
    line->event.path = (struct gl_text){"/", 1};
    line->_root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(line->_root)) {
        snprintf(why, why_len, "is no JSON object: %s",
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
