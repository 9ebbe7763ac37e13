/*
 * metrics: what glintod measures, by the rows of schema/metrics.def, as JSON
 * or as Prometheus reads it.  A thread that reads.
 *
 *   {NAME: value}, or {NAME: {LABEL: value}}; the value of a histogram is
 *   {buckets: [[bound, n] ...], sum, count}, N of what is not above the bound,
 *   the last bound being null.
 */

#include "admin/verbs_internal.h"

#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

#include "calls/answer.h"
#include "calls/measured.h"
#include "columns/shelf.h"
#include "live/condition.h"
#include "store/meta/counts.h"
#include "store/meta/meta.h"
#include "version.h"

enum type { counter, gauge, histogram };

static const struct row {
    const char *name, *label, *help;
    enum type type;
} rows[] = {
#define WORKERS(id, name, type, unit, label, help)
#define GLINTOD(id, name, type, unit, label, help) {#name, #label, help, type},
#include "metrics.def"
#undef WORKERS
#undef GLINTOD
};

enum {
#define WORKERS(id, name, type, unit, label, help)
#define GLINTOD(id, name, type, unit, label, help) ROW_##id,
#include "metrics.def"
#undef WORKERS
#undef GLINTOD
};

/* ---- what there is ---- */

static void
set(json_t *all, int row, uint64_t n)
{
    json_object_set_new(all, rows[row].name, json_integer((json_int_t) n));
}

static void
set_labelled(json_t *all, int row, const char *label, json_t *value)
{
    json_t *labels = json_object_get(all, rows[row].name);

    if (labels == NULL) {
        labels = json_object();
        json_object_set_new(all, rows[row].name, labels);
    }
    json_object_set_new(labels, label, value);
}

/* SCALE of a value is 1 of the unit. */
static json_t *
histogram_json(const struct gl_histogram *values, const int64_t *bounds,
               double scale)
{
    json_t *buckets = json_array();
    uint64_t n = 0;

    for (int i = 0; i < GL_HISTOGRAM_BUCKETS; i++) {
        n += values->n[i];
        json_array_append_new(
            buckets, json_pack("[o, I]",
                               i == GL_HISTOGRAM_BUCKETS - 1
                                   ? json_null()
                                   : json_real((double) bounds[i] / scale),
                               (json_int_t) n));
    }
    return json_pack("{s:o, s:f, s:I}", "buckets", buckets, "sum",
                     (double) values->sum / scale, "count", (json_int_t) n);
}

static void
set_writer(json_t *all, const struct gl_told *told)
{
    const struct gl_ingest_counters *c = &told->counters;

    set(all, ROW_FRAMES, c->frames);
    set(all, ROW_ROWS, c->rows);
    set(all, ROW_LATE, c->late);
    set(all, ROW_BEHIND, (uint64_t) told->backlog);
    json_object_set_new(all, rows[ROW_COMMIT_TIME].name,
                        histogram_json(&c->commit_us, gl_histogram_us, 1e6));
    json_object_set_new(all, rows[ROW_COMMIT_ROWS].name,
                        histogram_json(&c->commit_rows, gl_histogram_rows, 1));
    json_object_set_new(all, rows[ROW_TURN].name,
                        json_real((double) c->longest_turn_ms / 1e3));
    set(all, ROW_SITE_OBJECTS, told->site_objects);
    set(all, ROW_SITE_BYTES, told->site_bytes);
    set(all, ROW_SITE_EVICTIONS, c->evictions);
    set(all, ROW_SITE_REBUILDS, c->rebuilds);
    json_object_set_new(all, rows[ROW_LANE_FILL].name,
                        json_real((double) told->lane_fill / 100));
    set_labelled(all, ROW_CACHE_HITS, "agents",
                 json_integer((json_int_t) told->agents.hits));
    set_labelled(all, ROW_CACHE_MISSES, "agents",
                 json_integer((json_int_t) told->agents.misses));
}

static void
set_not_counted(json_t *all, const struct gl_ingest_counters *c)
{
    const struct {
        const char *reason;
        uint64_t n;
    } reasons[] = {{"bot", c->bots},
                   {"turned_away", c->drops},
                   {"unknown_site", c->unknown_site},
                   {"undecodable", c->undecodable},
                   {"rejected", c->rejected},
                   {"crash", c->crashed}};

    for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
        set_labelled(all, ROW_NOT_COUNTED, reasons[i].reason,
                     json_integer((json_int_t) reasons[i].n));
}

static void
set_accounts(json_t *all, const struct gl_told *told)
{
    uint64_t failed = 0, parked = 0;

    for (guint i = 0; i < told->accounts->len; i++) {
        const struct gl_told_account *account =
            &g_array_index(told->accounts, struct gl_told_account, i);

        failed += !account->works;
        parked += account->parked;
    }
    set(all, ROW_ACCOUNTS, told->store.known);
    set(all, ROW_FAILED, failed);
    set(all, ROW_PARKED, parked);
    set(all, ROW_WAL, told->store.wal_bytes_max);
    set_labelled(all, ROW_CACHE_BYTES, "pages",
                 json_integer((json_int_t) told->store.page_bytes));
}

static void
set_conditions(json_t *all, const struct gl_told *told)
{
    static const char *const grades[] = {[GL_GRADE_NOTE] = "note",
                                         [GL_GRADE_ALARM] = "alarm",
                                         [GL_GRADE_STORAGE] = "storage"};
    uint64_t n[G_N_ELEMENTS(grades)] = {0};

    for (guint i = 0; i < told->conditions->len; i++)
        n[gl_condition_grade(
            &g_array_index(told->conditions, struct gl_condition, i))]++;
    for (size_t i = 0; i < G_N_ELEMENTS(grades); i++)
        set_labelled(all, ROW_CONDITIONS, grades[i],
                     json_integer((json_int_t) n[i]));
}

static void
set_answers(json_t *all, const struct gl_query_view *view)
{
    struct gl_histogram took;
    struct gl_shelf_stats kept;

    for (const struct gl_verb *verb = gl_verbs; verb->name != NULL; verb++)
        if (gl_measured_answers(view->measured, verb, &took) &&
            json_object_get(json_object_get(all, rows[ROW_QUERY_TIME].name),
                            verb->name) == NULL)
            set_labelled(all, ROW_QUERY_TIME, verb->name,
                         histogram_json(&took, gl_histogram_us, 1e6));
    set(all, ROW_WEBSOCKETS, (uint64_t) gl_measured_sockets(view->measured));
    gl_shelf_stats(view->shelf, &kept);
    set_labelled(all, ROW_CACHE_HITS, "days",
                 json_integer((json_int_t) kept.hits));
    set_labelled(all, ROW_CACHE_MISSES, "days",
                 json_integer((json_int_t) kept.misses));
    set_labelled(all, ROW_CACHE_BYTES, "days",
                 json_integer((json_int_t) kept.bytes));
}

/* Of this process. */
static void
set_memory(json_t *all)
{
    FILE *in = fopen("/proc/self/statm", "re");
    unsigned long long size, resident;
    struct mallinfo2 heap = mallinfo2();

    set(all, ROW_ALLOCATED, (uint64_t) (heap.uordblks + heap.hblkhd));
    if (in == NULL)
        return;
    if (fscanf(in, "%llu %llu", &size, &resident) == 2)
        set(all, ROW_MEMORY,
            (uint64_t) resident * (uint64_t) sysconf(_SC_PAGESIZE));
    fclose(in);
}

/* The sums of meta.db; while it cannot be read there are none. */
static void
set_sums(json_t *all, const struct gl_query_view *view)
{
    char why[256];
    struct gl_meta *reader = gl_meta_reader(view->meta, why, sizeof why);
    uint64_t refused, lost;

    if (reader == NULL)
        return;
    if (gl_meta_refused(reader, &refused) >= 0)
        set(all, ROW_REFUSED, refused);
    if (gl_meta_lost(reader, &lost) >= 0)
        set(all, ROW_LOST, lost);
    gl_meta_reader_free(reader);
}

/* ---- as Prometheus reads it ---- */

static void
put_number(GString *text, const json_t *value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append(text, g_ascii_formatd(number, sizeof number, "%.15g",
                                          json_number_value(value)));
    g_string_append_c(text, '\n');
}

/* LABEL is NULL where there is none; its VALUE is a word of ours. */
static void
put_buckets(GString *text, const struct row *row, const char *label,
            const json_t *value)
{
    const json_t *buckets = json_object_get(value, "buckets");
    char bound[G_ASCII_DTOSTR_BUF_SIZE];

    for (size_t i = 0; i < json_array_size(buckets); i++) {
        const json_t *bucket = json_array_get(buckets, i);
        const json_t *le = json_array_get(bucket, 0);

        g_string_append_printf(text, "%s_bucket{", row->name);
        if (label != NULL)
            g_string_append_printf(text, "%s=\"%s\",", row->label, label);
        g_string_append_printf(
            text, "le=\"%s\"} ",
            json_is_null(le) ? "+Inf"
                             : g_ascii_formatd(bound, sizeof bound, "%.15g",
                                               json_real_value(le)));
        put_number(text, json_array_get(bucket, 1));
    }
}

static void
put_sample(GString *text, const struct row *row, const char *label,
           const json_t *value)
{
    static const char *const sums[] = {"sum", "count"};
    g_autofree char *labels =
        label == NULL ? g_strdup("")
                      : g_strdup_printf("{%s=\"%s\"}", row->label, label);

    if (row->type == histogram) {
        put_buckets(text, row, label, value);
        for (size_t i = 0; i < G_N_ELEMENTS(sums); i++) {
            g_string_append_printf(text, "%s_%s%s ", row->name, sums[i],
                                   labels);
            put_number(text, json_object_get(value, sums[i]));
        }
    } else {
        g_string_append_printf(text, "%s%s ", row->name, labels);
        put_number(text, value);
    }
}

static json_t *
text_of(json_t *all)
{
    static const char *const types[] = {"counter", "gauge", "histogram"};
    g_autoptr(GString) text = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        json_t *value = json_object_get(all, rows[i].name), *sample;
        const char *label;

        if (value == NULL)
            continue;
        g_string_append_printf(text, "# HELP %s %s\n# TYPE %s %s\n",
                               rows[i].name, rows[i].help, rows[i].name,
                               types[rows[i].type]);
        if (strcmp(rows[i].label, "none") == 0)
            put_sample(text, &rows[i], NULL, value);
        else
            json_object_foreach (value, label, sample)
                put_sample(text, &rows[i], label, sample);
    }
    return json_stringn(text->str, text->len);
}

int
gl_verb_metrics_(const struct gl_query_view *view, const struct gl_call *call,
                 json_t **answer)
{
    struct gl_told *told = gl_bulletin_enter(view->bulletin);
    json_t *all = json_object();

    set_labelled(all, ROW_BUILD, GL_VERSION, json_integer(1));
    set_writer(all, told);
    set_not_counted(all, &told->counters);
    set_accounts(all, told);
    set_conditions(all, told);
    gl_bulletin_leave(view->bulletin, told);
    set_answers(all, view);
    set_memory(all);
    set_sums(all, view);
    if (json_is_true(json_object_get(call->args, "text"))) {
        *answer = text_of(all);
        json_decref(all);
    } else {
        *answer = all;
    }
    return 200;
}
