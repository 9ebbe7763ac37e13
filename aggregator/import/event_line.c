/*
 * Event lines; see import_line.h.  jansson reads the line, one table says
 * what each key may hold; whatever is not in the table is an error that names
 * it.  Texts longer than the event's field are cut as a worker cuts them.
 *
 * Any thread.
 */

#include "import/event_line.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#define NAME_MAX_BYTES 120
#define ENGAGEMENT_MAX_MS                                                     \
    INT64_C(2592000000)            /* 30 days, as a worker takes              \
                                    */
#define AHEAD_MS INT64_C(86400000) /* later than this is a mistake */
#define VISITOR_MAX_BYTES 1024

struct reader {
    struct gl_import_line *line;
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

/* LEN or less, where a character of TEXT ends. */
static uint32_t
cut(const char *text, size_t len, size_t longest)
{
    if (len <= longest)
        return (uint32_t) len;
    while (longest > 0 && ((uint8_t) text[longest] & 0xc0) == 0x80)
        longest--;
    return (uint32_t) longest;
}

struct text_key {
    const char *name;
    size_t at; /* offset of a struct gl_text in struct gl_import_line */
    size_t longest;
};

#define EVENT_TEXT(member, longest)                                           \
    {                                                                         \
#member, offsetof(struct gl_import_line, event.member), longest       \
    }
#define LINE_TEXT(name, member, longest)                                      \
    {                                                                         \
        name, offsetof(struct gl_import_line, member), longest                \
    }

static const struct text_key text_keys[] = {
    EVENT_TEXT(path, 2000),
    EVENT_TEXT(referrer, 2000),
    EVENT_TEXT(utm_source, 255),
    EVENT_TEXT(utm_medium, 255),
    EVENT_TEXT(utm_campaign, 255),
    EVENT_TEXT(utm_content, 255),
    EVENT_TEXT(utm_term, 255),
    EVENT_TEXT(click_id, 16),
    EVENT_TEXT(title, 1024),
    EVENT_TEXT(language, 35),
    EVENT_TEXT(screen, 11),
    EVENT_TEXT(country, 2),
    EVENT_TEXT(region, 6),
    EVENT_TEXT(city, 128),
    LINE_TEXT("user_agent", event.agent, 512),
    LINE_TEXT("source", source, 255),
    LINE_TEXT("channel", channel, 64),
    LINE_TEXT("browser", agent.browser, 63),
    LINE_TEXT("browser_version", agent.browser_version, 15),
    LINE_TEXT("os", agent.os, 63),
    LINE_TEXT("os_version", agent.os_version, 15),
    LINE_TEXT("device", agent.device, 15),
    LINE_TEXT("visitor", visitor_text, VISITOR_MAX_BYTES),
    EVENT_TEXT(name, 1024), /* its limit is an error, see take_event() */
};

static int
take_text(struct reader *r, const struct text_key *key, json_t *value)
{
    struct gl_text *text =
        (struct gl_text *) (void *) ((char *) r->line + key->at);

    if (!json_is_string(value))
        return refuse(r, "must be a text");
    text->len =
        cut(json_string_value(value), json_string_length(value), key->longest);
    text->data = text->len > 0 ? json_string_value(value) : NULL;
    return 0;
}

/* ---- other values ---- */

static int
take_kind(struct reader *r, json_t *value, int64_t now_ms)
{
    static const char *const names[] = {"", "pageview", "event", "engagement"};
    const char *text = json_string_value(value);

    (void) now_ms;
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
take_at(struct reader *r, json_t *value, int64_t now_ms)
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
    if (r->line->event.at_ms > now_ms + AHEAD_MS)
        return refuse(r, "must not lie in the future");
    return 0;
}

static int
take_host(struct reader *r, json_t *value, int64_t now_ms)
{
    const char *text = json_string_value(value);
    char *host = r->line->_host;
    size_t n;

    (void) now_ms;
    if (text == NULL)
        return refuse(r, "must be a text");
    if (g_ascii_strncasecmp(text, "www.", 4) == 0)
        text += 4;
    n = cut(text, strlen(text), 253);
    for (size_t i = 0; i < n; i++)
        host[i] = g_ascii_tolower(text[i]);
    r->line->event.host = (struct gl_text){host, (uint32_t) n};
    return 0;
}

static int
take_prop(struct reader *r, const char *key, json_t *value)
{
    struct gl_event *event = &r->line->event;
    struct gl_prop *prop;
    size_t key_len = strlen(key);

    if (!json_is_string(value))
        return refuse(r, "must be an object of texts");
    if (event->props_n == GL_EVENT_PROPS_MAX)
        return refuse(r, "has more than 30 keys");
    if (key_len > GL_EVENT_PROP_KEY_MAX ||
        json_string_length(value) > GL_EVENT_PROP_VALUE_MAX)
        return refuse(r, "has a key over 300 or a value over 2000 bytes");
    prop = &event->props[event->props_n++];
    prop->key = (struct gl_text){key, (uint32_t) key_len};
    prop->value = (struct gl_text){json_string_value(value),
                                   (uint32_t) json_string_length(value)};
    return 0;
}

static int
take_props(struct reader *r, json_t *value, int64_t now_ms)
{
    const char *key;
    json_t *member;
    int result = 0;

    (void) now_ms;
    if (!json_is_object(value))
        return refuse(r, "must be an object of texts");
    json_object_foreach(value, key, member) if (result == 0) result =
        take_prop(r, key, member);
    return result;
}

static int
take_interactive(struct reader *r, json_t *value, int64_t now_ms)
{
    (void) now_ms;
    if (!json_is_boolean(value))
        return refuse(r, "must be true or false");
    r->line->event.passive = json_is_false(value);
    return 0;
}

static int
is_decimal(const char *text)
{
    size_t digits = 0;

    text += *text == '-';
    digits += strspn(text, "0123456789");
    text += strspn(text, "0123456789");
    if (*text == '.') {
        text++;
        digits += strspn(text, "0123456789");
        text += strspn(text, "0123456789");
    }
    return *text == '\0' && digits > 0;
}

static int
take_revenue(struct reader *r, json_t *value, int64_t now_ms)
{
    json_t *amount = json_object_get(value, "amount");
    const char *currency =
        json_string_value(json_object_get(value, "currency"));
    char *text = r->line->_amount;

    (void) now_ms;
    if (json_is_string(amount))
        snprintf(text, sizeof r->line->_amount, "%s",
                 json_string_value(amount));
    else if (json_is_number(amount))
        snprintf(text, sizeof r->line->_amount, "%.15g",
                 json_number_value(amount));
    if (json_object_size(value) != 2 || !is_decimal(text) ||
        currency == NULL || strlen(currency) != 3)
        return refuse(r, "must be like {\"amount\": \"12.50\", \"currency\": "
                         "\"EUR\"}");
    r->line->event.amount = (struct gl_text){text, (uint32_t) strlen(text)};
    r->line->event.currency = (struct gl_text){currency, 3};
    return 0;
}

static int
take_scroll_depth(struct reader *r, json_t *value, int64_t now_ms)
{
    int64_t percent = json_integer_value(value);

    (void) now_ms;
    if (!json_is_integer(value) || percent < 0 || percent > 100)
        return refuse(r, "must be a number from 0 to 100");
    r->line->event.scroll_depth = (uint64_t) percent + 1;
    return 0;
}

static int
take_engagement_ms(struct reader *r, json_t *value, int64_t now_ms)
{
    int64_t ms = json_integer_value(value);

    (void) now_ms;
    if (!json_is_integer(value) || ms < 0 || ms > ENGAGEMENT_MAX_MS)
        return refuse(r, "must be milliseconds, at most 30 days of them");
    r->line->event.engagement_ms = (uint64_t) ms;
    return 0;
}

/* ---- the table ---- */

static const struct {
    const char *name;
    int (*take)(struct reader *r, json_t *value, int64_t now_ms);
} value_keys[] = {
    {"kind", take_kind},
    {"at", take_at},
    {"host", take_host},
    {"props", take_props},
    {"interactive", take_interactive},
    {"revenue", take_revenue},
    {"scroll_depth", take_scroll_depth},
    {"engagement_ms", take_engagement_ms},
};
#define N_OF(table) (sizeof(table) / sizeof(table)[0])

static int
take_key(struct reader *r, json_t *value, int64_t now_ms)
{
    for (size_t i = 0; i < N_OF(value_keys); i++)
        if (strcmp(r->key, value_keys[i].name) == 0)
            return value_keys[i].take(r, value, now_ms);
    for (size_t i = 0; i < N_OF(text_keys); i++)
        if (strcmp(r->key, text_keys[i].name) == 0)
            return take_text(r, &text_keys[i], value);
    snprintf(r->why, r->why_len, "unknown key \"%.64s\"", r->key);
    return -1;
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
    if (event->name.len > NAME_MAX_BYTES)
        return refuse(r, "has more than 120 bytes");
    r->key = "country";
    if (event->country.len == 1)
        return refuse(r, "must have two letters");
    return 0;
}

int
gl_import_line_read(struct gl_import_line *line, const char *text, size_t len,
                    const char *site, int64_t now_ms, char *why,
                    size_t why_len)
{
    struct reader reader = {line, "", why, why_len};
    json_error_t error;
    json_t *value;

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
    json_object_foreach(line->_root, reader.key,
                        value) if (take_key(&reader, value, now_ms) !=
                                   0) return -1;
    if (line->source.len > 0) /* the channel's rules look at it */
        line->event.source = line->source;
    return check(&reader);
}

void
gl_import_line_clear(struct gl_import_line *line)
{
    json_decref(line->_root);
    line->_root = NULL;
}
