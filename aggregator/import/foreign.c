/* Other products' lists of events; see foreign.h. */

#include "import/foreign.h"

#include <stdio.h>
#include <string.h>

#include "import/event_text.h"
#include "import/names.h"

struct reader {
    struct gl_import_line *line;
    const json_t *row;
    const char *file;
    json_int_t number;
    int64_t now_ms;
    char *why;
    size_t why_len;
};

/* A column whose text is a key of event lines. */
struct column {
    const char *name, *key;
    int needed; /* 1 = what it cannot be is an error */
};

struct gl_foreign {
    const char *format;
    const char *table; /* NULL = whatever its file is called */
    const char *must;  /* columns that are there */
    const struct column *columns;
    int (*read)(struct reader *r);
};

/* ---- cells ---- */

static int
refuse(const struct reader *r, json_int_t number, const char *column,
       const char *must)
{
    snprintf(r->why, r->why_len, "%.200s, line %lld: \"%.64s\" %s", r->file,
             (long long) number, column, must);
    return -1;
}

/* "" = none, or no such column. */
static const char *
cell(const struct reader *r, const char *column)
{
    const char *text = json_string_value(json_object_get(r->row, column));

    return text != NULL ? text : "";
}

/* Memory of the line with TEXT, N bytes. */
static const char *
keep(const struct reader *r, const char *text, size_t n)
{
    struct gl_memory memory = gl_import_memory_(r->line);
    char *kept = memory.get(memory.from, n + 1);

    memcpy(kept, text, n);
    kept[n] = '\0';
    return kept;
}

/* TEXT as KEY of an event line: 0, or -1 and COLUMN is refused if it is
 * needed. */
static int
put(const struct reader *r, const char *key, const char *text,
    const char *column, int needed)
{
    const struct gl_import_text *of = gl_import_text_(key);
    struct gl_text value = {text, (uint32_t) strlen(text)};
    char must[128];

    if (value.len == 0 ||
        gl_import_text_take_(r->line, of, value, must, sizeof must) == 0)
        return 0;
    if (needed)
        return refuse(r, r->number, column, must);
    (void) gl_import_text_take_(r->line, of, gl_import_text_instead_(of), must,
                                sizeof must);
    return 0;
}

/* "2026-09-21 10:00:00" of UTC, or RFC 3339. */
static int
put_time(const struct reader *r, const char *column)
{
    GTimeZone *utc = g_time_zone_new_utc();
    GDateTime *at = g_date_time_new_from_iso8601(cell(r, column), utc);

    g_time_zone_unref(utc);
    if (at == NULL)
        return refuse(r, r->number, column,
                      "must be a time like 2026-11-23 10:00:00");
    r->line->event.at_ms = g_date_time_to_unix(at) * 1000 +
                           g_date_time_get_microsecond(at) / 1000;
    g_date_time_unref(at);
    if (r->line->event.at_ms < 0)
        return refuse(r, r->number, column, "must not lie before 1970");
    return r->line->event.at_ms <= r->now_ms + GL_IMPORT_AHEAD_MS
               ? 0
               : refuse(r, r->number, column, "must not lie in the future");
}

/* "Windows 10": the name, and its version when the last word is one. */
static void
put_versioned(const struct reader *r, const char *text, const char *key,
              const char *version_key)
{
    const char *space = strrchr(text, ' ');

    if (space == NULL || space[1] < '0' || space[1] > '9') {
        put(r, key, gl_import_our_name_(text), key, 0);
        return;
    }
    put(r, key, gl_import_our_name_(keep(r, text, (size_t) (space - text))),
        key, 0);
    put(r, version_key, space + 1, key, 0);
}

/* ---- Umami ---- */

static const struct column umami_columns[] = {
    {"session_id", "visitor", 1},
    {"hostname", "host", 0},
    {"url_path", "path", 1},
    {"page_title", "title", 0},
    {"utm_source", "utm_source", 0},
    {"utm_medium", "utm_medium", 0},
    {"utm_campaign", "utm_campaign", 0},
    {"utm_content", "utm_content", 0},
    {"utm_term", "utm_term", 0},
    {"screen", "screen", 0},
    {"language", "language", 0},
    {"country", "country", 0},
    {"region", "region", 0},
    {"city", "city", 0},
    {NULL, NULL, 0}};

static void
put_click_id(const struct reader *r)
{
    static const char *const ids[] = {"gclid", "fbclid", "msclkid", "twclid"};

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        if (cell(r, ids[i])[0] != '\0')
            put(r, "click_id", ids[i], ids[i], 0);
}

static void
put_umami_referrer(const struct reader *r)
{
    char *text;

    if (cell(r, "referrer_domain")[0] == '\0')
        return;
    text = g_strconcat("https://", cell(r, "referrer_domain"),
                       cell(r, "referrer_path"), NULL);
    put(r, "referrer", keep(r, text, strlen(text)), "referrer_domain", 0);
    g_free(text);
}

/* event_type: 1 a pageview, 2 an event; others are no visit of a page. */
static int
read_umami(struct reader *r)
{
    const char *type = cell(r, "event_type");

    if (strcmp(type, "1") != 0 && strcmp(type, "2") != 0)
        return 1;
    r->line->event.kind = type[0] == '1' ? GL_PAGEVIEW : GL_CUSTOM;
    if (put_time(r, "created_at") != 0)
        return -1;
    put(r, "browser", gl_import_our_name_(cell(r, "browser")), "browser", 0);
    put_versioned(r, cell(r, "os"), "os", "os_version");
    put(r, "device", gl_import_our_name_(cell(r, "device")), "device", 0);
    put_umami_referrer(r);
    put_click_id(r);
    return r->line->event.kind == GL_CUSTOM
               ? put(r, "name", cell(r, "event_name"), "event_name", 1)
               : 0;
}

/* ---- GoatCounter ---- */

static const struct column goatcounter_columns[] = {
    {"Session", "visitor", 1},
    {"Title", "title", 0},
    {"User-Agent", "user_agent", 0},
    {"UserAgent", "user_agent", 0},
    {NULL, NULL, 0}};

/* The first column's name begins with the version of the format. */
static const char *
goatcounter_path(const struct reader *r, const char **column)
{
    static const char *const names_of_it[] = {"2Path", "1Path", "Path"};

    for (size_t i = 0; i < sizeof names_of_it / sizeof names_of_it[0]; i++) {
        *column = names_of_it[i];
        if (json_object_get(r->row, *column) != NULL)
            break;
    }
    return cell(r, *column);
}

/* "US", "US-TX". */
static void
put_location(const struct reader *r)
{
    const char *location = cell(r, "Location");
    size_t len = strlen(location);

    if (len == 2 || (len > 3 && location[2] == '-'))
        put(r, "country", keep(r, location, 2), "Location", 0);
    if (len > 3)
        put(r, "region", location, "Location", 0);
}

/* "1920,1080,1" */
static void
put_size(const struct reader *r)
{
    int width, height;
    char text[32];

    if (sscanf(cell(r, "Screen size"), "%5d,%5d", &width, &height) != 2 ||
        width <= 0 || height <= 0)
        return;
    snprintf(text, sizeof text, "%dx%d", width, height);
    put(r, "screen", keep(r, text, strlen(text)), "Screen size", 0);
}

/* Scheme h: host and path; else a name that GoatCounter gave, or a campaign.
 */
static void
put_goatcounter_referrer(const struct reader *r)
{
    const char *referrer = cell(r, "Referrer");
    char *text = g_strconcat("https://", referrer, NULL);

    if (referrer[0] != '\0' && strcmp(cell(r, "Referrer scheme"), "h") == 0)
        put(r, "referrer", keep(r, text, strlen(text)), "Referrer", 0);
    else
        put(r, "source", referrer, "Referrer", 0);
    g_free(text);
}

/* A path of an event is its name; a bot was not counted. */
static int
read_goatcounter(struct reader *r)
{
    const char *column, *path = goatcounter_path(r, &column);
    const char *bot = cell(r, "Bot");
    int is_event = strcmp(cell(r, "Event"), "true") == 0;

    if (bot[0] != '\0' && strcmp(bot, "0") != 0)
        return 1;
    r->line->event.kind = is_event ? GL_CUSTOM : GL_PAGEVIEW;
    if (put_time(r, "Date") != 0)
        return -1;
    put_versioned(r, cell(r, "Browser"), "browser", "browser_version");
    put_versioned(r, cell(r, "System"), "os", "os_version");
    put_size(r);
    put_location(r);
    put_goatcounter_referrer(r);
    return put(r, is_event ? "name" : "path", path, column, 1);
}

/* ---- the products ---- */

static const struct gl_foreign products[] = {
    {"umami-csv", "website_event", "session_id", umami_columns, read_umami},
    {"goatcounter-csv", NULL, "Session", goatcounter_columns,
     read_goatcounter},
};

const struct gl_foreign *
gl_foreign_by_name(const char *format)
{
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++)
        if (strcmp(products[i].format, format) == 0)
            return &products[i];
    return NULL;
}

static int
read_row(struct reader *r, const struct gl_foreign *product)
{
    const struct column *column = product->columns;
    const struct gl_event *event = &r->line->event;
    int rc = 0;

    if (json_object_get(r->row, product->must) == NULL)
        return refuse(r, 1, product->must, "is missing");
    for (; rc == 0 && column->name != NULL; column++)
        rc = put(r, column->key, cell(r, column->name), column->name,
                 column->needed);
    if (rc == 0)
        rc = product->read(r);
    if (rc != 0)
        return rc;
    if (r->line->visitor_text.len == 0)
        return refuse(r, r->number, product->must, "is empty");
    if (event->kind == GL_CUSTOM && event->name.len == 0)
        return refuse(r, r->number, "event_name", "is empty");
    if (event->country.len == 0 ||
        (event->region.len > 0 &&
         memcmp(event->region.data, event->country.data, 2) != 0))
        r->line->event.region = (struct gl_text){NULL, 0};
    if (r->line->source.len > 0)
        r->line->event.source = r->line->source;
    return 0;
}

int
gl_foreign_read(const struct gl_foreign *product, struct gl_import_line *line,
                const char *text, size_t len, const char *site, int64_t now_ms,
                char *why, size_t why_len)
{
    struct reader reader = {
        .line = line, .now_ms = now_ms, .why = why, .why_len = why_len};
    const char *table;

    gl_import_line_begin_(line, site);
    line->_root = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
    reader.row = json_object_get(line->_root, "row");
    reader.file = json_string_value(json_object_get(line->_root, "file"));
    reader.number = json_integer_value(json_object_get(line->_root, "line"));
    table = json_string_value(json_object_get(line->_root, "table"));
    if (reader.file == NULL || table == NULL) {
        snprintf(why, why_len, "is no row of a table");
        return -1;
    }
    if (product->table != NULL && strcmp(table, product->table) != 0)
        return 1;
    return read_row(&reader, product);
}
