/* Sealed days as event lines; see sealed.h. */

#include "export/sealed.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <time.h>

#include "columns/sealed.h"
#include "count/count.h"
#include "extension/extension.h"
#include "store/db/plain.h"
#include "store/rows/rows.h"
#include "store/site/let_go.h"

struct writing {
    const struct gl_columns *set;
    struct gl_extension_dictionary words;
    GString *text;
    uint32_t visit, event;
    uint32_t engaged, paid; /* the next of these lists */
    uint32_t *props;        /* of each property */
};

/* ---- members ---- */

static void
put_text(json_t *line, const char *key, const char *text)
{
    if (text != NULL && text[0] != '\0')
        json_object_set_new(line, key, json_string(text));
}

static void
put_word(struct writing *w, json_t *line, const char *key,
         enum gl_extension_words kind, uint32_t code)
{
    put_text(line, key, gl_extension_word(&w->words, kind, code, 0));
}

/* In a path "%" begins an escape. */
static void
put_path(struct writing *w, json_t *line, uint32_t code)
{
    const char *text = gl_extension_word(&w->words, GL_WORDS_PATHS, code, 0);
    GString *path = g_string_new(text);

    g_string_replace(path, "%", "%25", 0);
    put_text(line, "path", path->str);
    g_string_free(path, TRUE);
}

static void
put_time(json_t *line, int64_t at_ms)
{
    time_t at_s = (time_t) (at_ms / 1000);
    char text[32], all[40];
    struct tm tm;

    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", gmtime_r(&at_s, &tm));
    g_snprintf(all, sizeof all, "%s.%03dZ", text, (int) (at_ms % 1000));
    json_object_set_new(line, "at", json_string(all));
}

/* Texts of a combination, in the order of extension/words.c. */
static void
put_words(struct writing *w, json_t *line, int column,
          enum gl_extension_words kind, const char *const *keys)
{
    uint32_t code = gl_column_at(&w->set->visit_codes[column], w->visit);

    for (int i = 0; keys[i] != NULL; i++)
        put_text(line, keys[i], gl_extension_word(&w->words, kind, code, i));
}

static void
put_facts(struct writing *w, json_t *line)
{
    static const char *const referrer[] = {
        "referrer",     "source",      "channel",  "utm_source", "utm_medium",
        "utm_campaign", "utm_content", "utm_term", NULL};
    static const char *const agent[] = {"browser",    "browser_version", "os",
                                        "os_version", "device",          NULL};
    static const char *const place[] = {"country", "region", "city", NULL};

    put_words(w, line, GL_VISIT_REFERRER, GL_WORDS_REFERRERS, referrer);
    put_words(w, line, GL_VISIT_AGENT, GL_WORDS_AGENTS, agent);
    put_words(w, line, GL_VISIT_PLACE, GL_WORDS_PLACES, place);
    put_word(w, line, "screen", GL_WORDS_SCREENS,
             gl_column_at(&w->set->visit_codes[GL_VISIT_SCREEN], w->visit));
    put_word(w, line, "language", GL_WORDS_LANGUAGES,
             gl_column_at(&w->set->visit_codes[GL_VISIT_LANGUAGE], w->visit));
}

static void
put_props(struct writing *w, json_t *line)
{
    json_t *props = json_object();

    for (uint32_t i = 0; i < w->set->props_n; i++) {
        const struct gl_prop_column *prop = &w->set->props[i];
        const char *key, *value;
        char *copy;

        if (w->props[i] == prop->n || prop->event[w->props[i]] != w->event)
            continue;
        key = gl_extension_word(&w->words, GL_WORDS_KEYS, prop->key, 0);
        copy = g_strdup(key != NULL ? key : "");
        value =
            gl_extension_word(&w->words, GL_WORDS_VALUES,
                              gl_column_at(&prop->value, w->props[i]++), 0);
        json_object_set_new(props, copy,
                            json_string(value != NULL ? value : ""));
        g_free(copy);
    }
    if (json_object_size(props) > 0)
        json_object_set(line, "props", props);
    json_decref(props);
}

static void
put_revenue(struct writing *w, json_t *line)
{
    const struct gl_paid *paid = &w->set->paid;
    char currency[4];
    int64_t amount;

    if (w->paid == paid->n || paid->event[w->paid] != w->event)
        return;
    gl_currency_code(paid->money[w->paid].currency, currency);
    amount = paid->money[w->paid++].amount;
    json_object_set_new(
        line, "revenue",
        json_pack("{s:o, s:s}", "amount",
                  json_sprintf("%s%jd.%03d", amount < 0 ? "-" : "",
                               imaxabs(amount) / 1000,
                               (int) (imaxabs(amount) % 1000)),
                  "currency", currency));
}

/* ---- lines ---- */

static json_t *
begin_line(struct writing *w, const char *kind, int64_t at_ms)
{
    const struct gl_columns *set = w->set;
    json_t *line =
        json_pack("{s:o, s:s}", "visitor",
                  json_sprintf("%016" PRIx64,
                               set->visitor_id[set->visit_visitor[w->visit]]),
                  "kind", kind);

    put_time(line, at_ms);
    put_word(w, line, "host", GL_WORDS_HOSTS,
             gl_column_at(&set->event_codes[GL_EVENT_HOST], w->event));
    put_path(w, line,
             gl_column_at(&set->event_codes[GL_EVENT_PATH], w->event));
    put_facts(w, line);
    return line;
}

static void
end_line(struct writing *w, json_t *line)
{
    char *text = json_dumps(line, JSON_COMPACT);

    g_string_append_printf(w->text, "%s\n", text);
    free(text);
    json_decref(line);
}

/* A custom event of a bounce was none that ends one. */
static void
put_name(struct writing *w, json_t *line)
{
    put_word(w, line, "name", GL_WORDS_NAMES,
             gl_column_at(&w->set->event_codes[GL_EVENT_NAME], w->event));
    if (w->set->visit_bounced[w->visit])
        json_object_set_new(line, "interactive", json_false());
}

static void
write_engagement(struct writing *w, int64_t at_ms)
{
    const struct gl_engaged *engaged = &w->set->engaged;
    uint32_t depth;
    json_t *line;

    if (w->engaged == engaged->n || engaged->event[w->engaged] != w->event)
        return;
    line = begin_line(w, "engagement", at_ms + 1);
    json_object_set_new(line, "engagement_ms",
                        json_integer(gl_column_at(&engaged->ms, w->engaged)));
    depth = gl_column_at(&engaged->depth, w->engaged++);
    if (depth > 0)
        json_object_set_new(line, "scroll_depth", json_integer(depth - 1));
    end_line(w, line);
}

static void
write_event(struct writing *w)
{
    const struct gl_columns *set = w->set;
    int64_t at_ms = set->day * GL_DAY_MS + set->event_at[w->event];
    int viewed = (int) gl_columns_viewed(set, w->event);
    json_t *line = begin_line(w, viewed ? "pageview" : "event", at_ms);

    if (!viewed)
        put_name(w, line);
    put_props(w, line);
    put_revenue(w, line);
    end_line(w, line);
    write_engagement(w, at_ms);
}

/* ---- a day ---- */

static void
step_to(uint32_t *at, const uint32_t *events, uint32_t n, uint32_t event)
{
    while (*at < n && events[*at] < event)
        ++*at;
}

/* What few events have: the first of each that is not before the event. */
static void
find_parts(struct writing *w)
{
    const struct gl_columns *set = w->set;

    step_to(&w->engaged, set->engaged.event, set->engaged.n, w->event);
    step_to(&w->paid, set->paid.event, set->paid.n, w->event);
    for (uint32_t i = 0; i < set->props_n; i++)
        step_to(&w->props[i], set->props[i].event, set->props[i].n, w->event);
}

static int
is_asked(const struct gl_export_sealed *sealed, const struct writing *w)
{
    int64_t at_ms = w->set->day * GL_DAY_MS + w->set->event_at[w->event];

    return at_ms >= sealed->from_ms && at_ms < sealed->to_ms;
}

/* 1 = TEXT is full. */
static int
write_day(struct gl_export_sealed *sealed, struct writing *w,
          int (*is_full)(void *arg), void *arg)
{
    int full = 0;

    w->event = sealed->event;
    w->props = g_new0(uint32_t, w->set->props_n + 1);
    while (w->event < w->set->events_n && !full) {
        while (w->set->visit_first[w->visit + 1] <= w->event)
            w->visit++;
        find_parts(w);
        if (is_asked(sealed, w)) {
            write_event(w);
            full = is_full(arg);
        }
        w->event++;
    }
    sealed->event = w->event;
    g_free(w->props);
    return full && w->event < w->set->events_n;
}

static int
take_day(struct gl_export_sealed *sealed, GString *text,
         int (*is_full)(void *arg), void *arg)
{
    struct gl_sealed_day day = {sealed->site, sealed->day, 0};
    struct writing w = {.text = text};
    struct gl_columns *set = NULL;
    int rc = gl_account_day_tokens(sealed->reader, day.site, day.day, day.day,
                                   &day.token);

    if (rc == 0)
        rc = gl_sealed_load(sealed->reader, &day, GL_PARTS_ALL, &set);
    if (rc == 0 && set == NULL)
        rc = gl_account_has_rows_(sealed->reader, day.site, day.day);
    if (rc == 0 && set != NULL) {
        w.set = set;
        w.words.db = gl_account_plain(sealed->reader);
        rc = write_day(sealed, &w, is_full, arg);
        gl_extension_words_fini(&w.words);
    }
    gl_columns_free(set);
    return rc;
}

int
gl_export_sealed(struct gl_export_sealed *sealed, GString *text,
                 int (*is_full)(void *arg), void *arg)
{
    int64_t day = MAX(sealed->day, gl_day_of(sealed->from_ms) - 1);
    int rc = 1;

    while (rc == 1) {
        rc = gl_account_next_let_go(sealed->reader, sealed->site, day, &day);
        if (rc == 0 || (rc == 1 && day > gl_day_of(sealed->to_ms - 1)))
            sealed->done = 1;
        if (rc <= 0 || sealed->done)
            return rc < 0 ? rc : 0;
        if (day != sealed->day)
            sealed->event = 0;
        sealed->day = day;
        rc = take_day(sealed, text, is_full, arg);
        if (rc != 0)
            return rc < 0 ? rc : 0;
        sealed->day = ++day;
        sealed->event = 0;
        rc = is_full(arg) ? 0 : 1;
    }
    return 0;
}
