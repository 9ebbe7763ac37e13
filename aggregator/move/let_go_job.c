/* A day whose rows are to be let go; see let_go_job.h. */

#include "move/let_go_job.h"

#include <jansson.h>
#include <stdlib.h>

#include "columns/sealed.h"
#include "count/count.h"
#include "store/rows/rows.h"
#include "store/rows/visits.h"

/* Nobody waits for it. */
#define NICE 10

/* ---- words ---- */

/* Of dictionaries, as let_go.words names them. */
enum words {
    HOSTS,
    PATHS,
    NAMES,
    SCREENS,
    LANGUAGES,
    REFERRERS,
    AGENTS,
    PLACES,
    KEYS,
    VALUES,
    WORDS_N
};
static const char *const words_names[WORDS_N] = {
    "hosts",     "paths",  "names",  "screens",   "languages",
    "referrers", "agents", "places", "prop_keys", "prop_values"};

static const enum words of_visits[GL_VISIT_COLUMNS] = {
    [GL_VISIT_REFERRER] = REFERRERS, [GL_VISIT_AGENT] = AGENTS,
    [GL_VISIT_PLACE] = PLACES,       [GL_VISIT_SCREEN] = SCREENS,
    [GL_VISIT_LANGUAGE] = LANGUAGES, [GL_VISIT_ENTRY_HOST] = HOSTS,
    [GL_VISIT_ENTRY_PATH] = PATHS,   [GL_VISIT_EXIT_HOST] = HOSTS,
    [GL_VISIT_EXIT_PATH] = PATHS};
static const enum words of_events[GL_EVENT_COLUMNS] = {
    [GL_EVENT_HOST] = HOSTS, [GL_EVENT_PATH] = PATHS, [GL_EVENT_NAME] = NAMES};

static void
add_codes(GHashTable *codes, const struct gl_column *column, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        g_hash_table_add(codes, GUINT_TO_POINTER(gl_column_at(column, i)));
}

static json_t *
list_codes(GHashTable *codes)
{
    json_t *list = json_array();
    GHashTableIter iter;
    gpointer code;

    g_hash_table_iter_init(&iter, codes);
    while (g_hash_table_iter_next(&iter, &code, NULL))
        json_array_append_new(list, json_integer(GPOINTER_TO_UINT(code)));
    return list;
}

static char *
words_of(const struct gl_columns *set)
{
    GHashTable *codes[WORDS_N];
    json_t *json = json_object();
    char *text;

    for (int i = 0; i < WORDS_N; i++)
        codes[i] = g_hash_table_new(NULL, NULL);
    for (int i = 0; i < GL_VISIT_COLUMNS; i++)
        add_codes(codes[of_visits[i]], &set->visit_codes[i], set->visits_n);
    for (int i = 0; i < GL_EVENT_COLUMNS; i++)
        add_codes(codes[of_events[i]], &set->event_codes[i], set->events_n);
    for (uint32_t i = 0; i < set->props_n; i++) {
        g_hash_table_add(codes[KEYS], GUINT_TO_POINTER(set->props[i].key));
        add_codes(codes[VALUES], &set->props[i].value, set->props[i].n);
    }
    for (int i = 0; i < WORDS_N; i++) {
        json_object_set_new(json, words_names[i], list_codes(codes[i]));
        g_hash_table_destroy(codes[i]);
    }
    text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    return text;
}

/* ---- rows of the day after ---- */

/* A visit that was not over at midnight. */
struct long_visit {
    uint64_t visitor;
    int64_t seen_ms;
    int server;
};

struct looking {
    struct gl_let_go_job *job;
    GArray *visits; /* struct long_visit, by visitor */
    int64_t end_ms, until_ms;
};

static int
take_visit(void *arg, const struct gl_visit *visit, int open)
{
    struct looking *looking = arg;
    struct long_visit one = {
        visit->visitor, MAX(visit->last_ms, visit->seen_ms), visit->server};

    if (!open && one.seen_ms >= looking->end_ms) {
        g_array_append_val(looking->visits, one);
        looking->until_ms = MAX(looking->until_ms, one.seen_ms + 1);
    }
    return 0;
}

static int
compare_visits(const void *left, const void *right)
{
    const struct long_visit *a = left, *b = right;

    return (a->visitor > b->visitor) - (a->visitor < b->visitor);
}

static int
take_row(void *arg, const struct gl_row *row)
{
    struct looking *looking = arg;
    const struct long_visit *visits =
        (const struct long_visit *) (void *) looking->visits->data;
    guint from = 0, to = looking->visits->len;

    while (from < to) {
        guint middle = (from + to) / 2;

        if (visits[middle].visitor < row->visitor)
            from = middle + 1;
        else
            to = middle;
    }
    for (; from < looking->visits->len && visits[from].visitor == row->visitor;
         from++)
        if (visits[from].server == (row->server != 0) &&
            row->at_ms <= visits[from].seen_ms) {
            g_array_append_val(looking->job->rows, row->id);
            break;
        }
    return 0;
}

static int
find_rows(struct gl_let_go_job *job, struct gl_account *reader)
{
    int64_t end_ms = (job->day.day + 1) * GL_DAY_MS;
    struct looking looking = {job, NULL, end_ms, end_ms};
    int rc;

    looking.visits = g_array_new(FALSE, FALSE, sizeof(struct long_visit));
    rc = gl_account_visits(reader, job->day.site, end_ms - GL_DAY_MS, end_ms,
                           0, take_visit, &looking);
    g_array_sort(looking.visits, compare_visits);
    if (rc == 0)
        rc = gl_account_rows(reader, job->day.site, end_ms, looking.until_ms,
                             take_row, &looking);
    g_array_free(looking.visits, TRUE);
    return rc;
}

/* ---- the thread ---- */

static int
read_day(void *arg, struct gl_account *reader)
{
    struct gl_let_go_job *job = arg;
    struct gl_columns *set = NULL;
    int rc = gl_account_unsettled(reader, job->day.site, job->day.day);

    if (rc != 0)
        return rc < 0 ? rc : 0;
    rc = gl_account_day_tokens(reader, job->day.site, job->day.day,
                               job->day.day, &job->day.token);
    if (rc == 0)
        rc = gl_sealed_load(reader, &job->day, GL_PARTS_ALL, &set);
    if (rc == 0 && set != NULL)
        rc = find_rows(job, reader);
    if (rc == 0 && set != NULL)
        job->words = words_of(set);
    gl_columns_free(set);
    return rc;
}

struct gl_let_go_job *
gl_let_go_job_start(const struct gl_account *account, int64_t site,
                    int64_t day)
{
    struct gl_let_go_job *job = g_new0(struct gl_let_go_job, 1);

    job->day = (struct gl_sealed_day){site, day, 0};
    job->rows = g_array_new(FALSE, FALSE, sizeof(int64_t));
    job->reading.read = read_day;
    job->reading.arg = job;
    job->reading.nice = NICE;
    if (gl_reading_start(&job->reading, account) == 0)
        return job;
    gl_let_go_job_free(job);
    return NULL;
}

void
gl_let_go_job_free(struct gl_let_go_job *job)
{
    if (job == NULL)
        return;
    gl_reading_ready(&job->reading, 1);
    g_array_free(job->rows, TRUE);
    free(job->words);
    g_free(job);
}
