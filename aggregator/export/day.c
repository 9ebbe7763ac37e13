/*
 * A day's totals; see day.h.  Most tables are one question each, and all of
 * these are answered in one pass.  Two differ:
 *
 *   imported_pages          by page alone, so that a person is counted once;
 *                           the host is the one with most pageviews
 *   imported_custom_events  link_url and path are a property of those events
 *                           that Plausible has them of
 */

#include "export/day.h"

#include <string.h>

#include "calls/answer.h"
#include "cell.h"
#include "query/execute/execute.h"
#include "question/filter.h"
#include "question/terms.h"

#define PAGES_BY_HOST GL_DAY_TABLES_N /* a question without a table */
#define QUESTIONS_MAX (GL_DAY_TABLES_N + 1)

/* Events with a property that stands in a column. */
#define WITH_URL                                                              \
    "\"Outbound Link: Click\", \"Cloaked Link: Click\", \"File Download\""
#define WITH_PATH "\"404\", \"WP Form Completions\", \"Form: Submission\""
#define CUSTOM "[\"is_not\", \"event:name\", [\"pageview\"]]"

static const struct {
    const char *filters, *prop;
} custom_parts[] = {
    {"[[\"is\", \"event:name\", [" WITH_URL "]]]", "event:props:url"},
    {"[[\"is\", \"event:name\", [" WITH_PATH "]]]", "event:props:path"},
    {"[" CUSTOM ", [\"is_not\", \"event:name\", [" WITH_URL ", " WITH_PATH
     "]]]",
     NULL},
};

/* A question, and the word of each dimension. */
struct ask {
    int table;
    struct gl_question question;
    const char *words[GL_DAY_TEXTS_MAX];
};

struct host {
    const char *name;
    uint64_t pageviews;
};

/* ---- questions ---- */

static void
add_by(struct ask *ask, const char *word)
{
    size_t at = ask->question.by_n++;

    ask->words[at] = word;
    (void) gl_term_dimension(word, &ask->question.by[at]);
}

#define BIT(metric) (1u << GL_METRIC_##metric)

static void
begin_ask(const struct gl_export_day *day, struct ask *ask, int table)
{
    *ask = (struct ask){.table = table};
    ask->question.site = day->site->id;
    ask->question.from_ms = day->from_ms;
    ask->question.to_ms = day->to_ms;
    ask->question.metrics = BIT(VISITORS) | BIT(VISITS) | BIT(PAGEVIEWS);
    if (table != GL_DAY_PAGES && table != GL_DAY_CUSTOM_EVENTS &&
        table != PAGES_BY_HOST)
        ask->question.metrics |= BIT(BOUNCE_RATE) | BIT(VISIT_DURATION);
}

/* Of all tables but the custom events. */
static size_t
make_asks(const struct gl_export_day *day, struct ask *asks)
{
    size_t n = 0;

    begin_ask(day, &asks[n], PAGES_BY_HOST);
    add_by(&asks[n], "event:page");
    add_by(&asks[n++], "event:hostname");
    for (int table = 0; table < GL_DAY_TABLES_N; table++) {
        const struct gl_day_column *column = gl_day_tables[table].columns;

        if (table == GL_DAY_CUSTOM_EVENTS)
            continue;
        begin_ask(day, &asks[n], table);
        for (; column->name != NULL; column++)
            if (column->word != NULL && strcmp(column->word, "event:hostname"))
                add_by(&asks[n], column->word);
        n++;
    }
    return n;
}

static int
execute(struct gl_export_day *day, const struct ask *asks, size_t n,
        struct gl_counted **counted)
{
    const struct gl_question *questions[QUESTIONS_MAX];
    struct gl_execution run = {
        .reader = day->reader,
        .rules = {.refresh_window_ms = day->site->refresh_window_s * 1000},
        .shelf = day->view->shelf,
        .deadline_us = day->begun_us + GL_QUERY_DEADLINE_MS * 1000,
        .cancelled = day->view->stopping};

    for (size_t i = 0; i < n; i++)
        questions[i] = &asks[i].question;
    switch (gl_execute(&run, questions, n, counted)) {
    case GL_EXECUTED:
        return 0;
    case GL_EXECUTE_BAD:
    case GL_EXECUTE_MUCH:
        return gl_verb_refuse_(day->answer, 400, "%s: %s", day->date, run.why);
    case GL_EXECUTE_LATE:
    case GL_EXECUTE_CANCELLED:
        return gl_verb_refuse_(day->answer, 503,
                               "%s: not answered within "
                               "%d s",
                               day->date, GL_QUERY_DEADLINE_MS / 1000);
    case GL_EXECUTE_STORAGE:
        break;
    }
    return gl_verb_storage_(day->answer, run.why);
}

/* ---- lines ---- */

static void
add_char(void *line, char c)
{
    g_string_append_c((GString *) line, c);
}

static uint64_t
sum_of(const struct gl_group *group, enum gl_day_sum sum)
{
    static const enum gl_sum sums[GL_DAY_SUMS_N] = {
        [GL_DAY_SUM_VISITORS] = GL_SUM_VISITORS,
        [GL_DAY_SUM_VISITS] = GL_SUM_VISITS,
        [GL_DAY_SUM_PAGEVIEWS] = GL_SUM_PAGEVIEWS,
        [GL_DAY_SUM_EVENTS] = GL_SUM_EVENTS,
        [GL_DAY_SUM_BOUNCES] = GL_SUM_BOUNCES,
        [GL_DAY_SUM_SECONDS] = GL_SUM_SECONDS,
    };

    return group->sums[sums[sum]];
}

/* What GROUP has of the dimension WORD, "" = nothing. */
static const char *
text_of(const struct ask *ask, const struct gl_counted *counted,
        const struct gl_group *group, const char *word)
{
    for (size_t i = 0; i < ask->question.by_n; i++)
        if (strcmp(ask->words[i], word) == 0)
            return g_ptr_array_index(counted->values[i], group->keys[i]);
    return "";
}

/* As the column of TABLE takes it. */
static const char *
cell_of(const struct gl_export_day *day, const struct ask *ask,
        const struct gl_counted *counted, const struct gl_group *group,
        const char *word)
{
    const char *text = text_of(ask, counted, group, word);
    const struct host *host;

    if (strcmp(word, "visit:city") == 0) /* GeoNames' number, no name */
        return text[0] != '\0' && strspn(text, "0123456789") == strlen(text)
                   ? text
                   : "0";
    if (strcmp(word, "event:hostname") != 0)
        return text;
    host = g_hash_table_lookup(day->_hosts,
                               text_of(ask, counted, group, "event:page"));
    return host != NULL ? host->name : "";
}

static void
add_line(struct gl_export_day *day, const struct ask *ask,
         const struct gl_counted *counted, const struct gl_group *group)
{
    const struct gl_day_column *column = gl_day_tables[ask->table].columns;
    GString *line = g_string_new(day->date);
    uint64_t all = 0;

    for (; column->name != NULL; column++) {
        g_string_append_c(line, ',');
        if (column->word != NULL) {
            gl_cell_write(cell_of(day, ask, counted, group, column->word),
                          add_char, line);
            continue;
        }
        g_string_append_printf(line, "%" G_GUINT64_FORMAT,
                               sum_of(group, column->sum));
        all += sum_of(group, column->sum);
    }
    if (all == 0)
        g_string_free(line, TRUE);
    else
        g_ptr_array_add(day->lines[ask->table], g_string_free(line, FALSE));
}

/* Texts of COUNTED, which lives until the day is done. */
static void
note_host(struct gl_export_day *day, const struct ask *ask,
          const struct gl_counted *counted, const struct gl_group *group)
{
    const char *page = text_of(ask, counted, group, "event:page");
    const char *name = text_of(ask, counted, group, "event:hostname");
    struct host *most = g_hash_table_lookup(day->_hosts, page);
    uint64_t pageviews = group->sums[GL_SUM_PAGEVIEWS];

    if (most == NULL) {
        most = g_new0(struct host, 1);
        g_hash_table_insert(day->_hosts, (gpointer) (uintptr_t) page, most);
    }
    if (most->name == NULL || pageviews > most->pageviews ||
        (pageviews == most->pageviews && strcmp(name, most->name) < 0))
        *most = (struct host){name, pageviews};
}

static void
take(struct gl_export_day *day, const struct ask *ask,
     const struct gl_counted *counted)
{
    for (guint i = 0; i < counted->groups->len; i++) {
        const struct gl_group *group =
            &g_array_index(counted->groups, struct gl_group, i);

        if (ask->table == PAGES_BY_HOST)
            note_host(day, ask, counted, group);
        else if (ask->table != GL_DAY_LOCATIONS ||
                 text_of(ask, counted, group, "visit:country")[0] != '\0')
            add_line(day, ask, counted, group);
    }
    if (ask->question.by_n == 0)
        add_line(day, ask, counted, &counted->all);
}

/* ---- a day ---- */

static int
ask_all(struct gl_export_day *day)
{
    struct ask asks[QUESTIONS_MAX];
    struct gl_counted *counted[QUESTIONS_MAX];
    size_t n = make_asks(day, asks);
    int status = execute(day, asks, n, counted);

    day->_hosts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    for (size_t i = 0; status == 0 && i < n; i++)
        take(day, &asks[i], counted[i]);
    for (size_t i = 0; i < n; i++) {
        if (status == 0)
            gl_counted_free(counted[i]);
        gl_question_fini(&asks[i].question);
    }
    g_hash_table_destroy(day->_hosts);
    return status;
}

static int
ask_custom(struct gl_export_day *day, size_t part)
{
    json_t *filters = json_loads(custom_parts[part].filters, 0, NULL);
    struct gl_counted *counted;
    struct ask ask;
    char *why = NULL;
    int status;

    begin_ask(day, &ask, GL_DAY_CUSTOM_EVENTS);
    add_by(&ask, "event:name");
    if (custom_parts[part].prop != NULL)
        add_by(&ask, custom_parts[part].prop);
    (void) gl_filters_read(filters, NULL, NULL, &ask.question.filter, &why);
    json_decref(filters);
    status = execute(day, &ask, 1, &counted);
    if (status == 0) {
        take(day, &ask, counted);
        gl_counted_free(counted);
    }
    gl_question_fini(&ask.question);
    return status;
}

int
gl_export_day_(struct gl_export_day *day)
{
    int status = ask_all(day);

    for (size_t i = 0; status == 0 && i < G_N_ELEMENTS(custom_parts); i++)
        status = ask_custom(day, i);
    return status;
}
