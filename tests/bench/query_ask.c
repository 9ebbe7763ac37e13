/* Questions asked; see query_ask.h. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "calls/query.h"
#include "query_ask.h"
#include "store/account/reader.h"

#define HOUR INT64_C(3600000)
#define METRICS                                                               \
    (1u << GL_METRIC_VISITORS | 1u << GL_METRIC_VISITS |                      \
     1u << GL_METRIC_PAGEVIEWS)

struct data data;
int asked_days = DATA_DAYS;
struct gl_account *reader;
struct gl_shelf *shelf;

const struct column columns[DATA_COLUMNS] = {
    [DATA_ENTRY_PAGE] = {GL_DIMENSION_ENTRY_PAGE, "entry_page"},
    [DATA_EXIT_PAGE] = {GL_DIMENSION_EXIT_PAGE, "exit_page"},
    [DATA_SOURCE] = {GL_DIMENSION_SOURCE, "source"},
    [DATA_COUNTRY] = {GL_DIMENSION_COUNTRY, "country"},
    [DATA_CITY] = {GL_DIMENSION_CITY, "city"},
    [DATA_BROWSER] = {GL_DIMENSION_BROWSER, "browser"},
    [DATA_OS] = {GL_DIMENSION_OS, "os"},
    [DATA_DEVICE] = {GL_DIMENSION_DEVICE, "device"},
    [DATA_SCREEN] = {GL_DIMENSION_SCREEN, "screen"},
    [DATA_PAGE] = {GL_DIMENSION_PAGE, "page"},
};

const struct work works[WORKS] = {
    {"no filter, UTC", 0, 0, {{0}}},
    {"no filter, UTC+2", 2 * HOUR, 0, {{0}}},
    {"no filter, UTC+5:45", 23 * HOUR / 4, 0, {{0}}},
    {"13 %", 0, 1, {{DATA_COUNTRY, .13}}},
    {"30 %", 0, 1, {{DATA_COUNTRY, .30}}},
    {"three filters",
     0,
     3,
     {{DATA_COUNTRY, .6}, {DATA_BROWSER, .6}, {DATA_SOURCE, .5}}},
};
double
cpu_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

/* ---- filters ---- */

static double
share_of(enum data_column column, uint32_t value)
{
    static double *shares[DATA_VISIT_COLUMNS];

    if (shares[column] == NULL) {
        shares[column] = g_new0(double, data_values_n[column]);
        for (int i = 0; i < DATA_DAYS; i++)
            for (uint32_t v = 0; v < data.days[i].visits_n; v++)
                shares[column][data.days[i].codes[column][v]] +=
                    1.0 / (double) data.visits_n;
    }
    return shares[column][value];
}

/* Values at random until they are that share of the visits. */
uint8_t *
choose(enum data_column column, double keeps, GRand *random)
{
    uint32_t n = data_values_n[column];
    uint8_t *passes = g_new0(uint8_t, n);
    double sum = 0;

    for (int i = 0; i < 100000 && sum < keeps * .98; i++) {
        uint32_t value = (uint32_t) g_rand_int_range(random, 0, (int) n);
        double share = share_of(column, value);

        if (passes[value] || sum + share > keeps * 1.02)
            continue;
        passes[value] = 1;
        sum += share;
    }
    return passes;
}

static struct gl_predicate *
predicate_of(const struct chosen *chosen)
{
    struct gl_predicate *all = g_new0(struct gl_predicate, 1);

    if (chosen->work->filters_n == 0) {
        g_free(all);
        return NULL;
    }
    all->op = GL_PREDICATE_AND;
    all->children = g_ptr_array_new();
    for (int i = 0; i < chosen->work->filters_n; i++) {
        enum data_column column = chosen->work->filters[i].column;
        struct gl_predicate *one = g_new0(struct gl_predicate, 1);

        one->op = GL_PREDICATE_IS;
        one->by.what = columns[column].what;
        one->values = g_ptr_array_new_with_free_func(g_free);
        for (uint32_t value = 0; value < data_values_n[column]; value++)
            if (chosen->passes[i][value])
                g_ptr_array_add(
                    one->values,
                    g_strdup_printf("%s/%u", columns[column].name, value));
        g_ptr_array_add(all->children, one);
    }
    return all;
}

/* ---- ours ---- */

/* Whole local days within the data. */
struct gl_question
question_of(const struct chosen *chosen, struct gl_predicate *filter, int by)
{
    struct gl_question q = {.site = SITE, .metrics = METRICS, .by_n = 1};
    int64_t zone_ms = chosen->work->zone_ms;

    q.from_ms = (DATA_FIRST_DAY + (zone_ms != 0)) * DATA_DAY_MS - zone_ms;
    q.to_ms = (DATA_FIRST_DAY + asked_days) * DATA_DAY_MS - zone_ms;
    q.filter = filter;
    q.by[0].what = by < DATA_COLUMNS ? columns[by].what : GL_DIMENSION_TIME;
    if (by < DATA_COLUMNS)
        return q;
    q.time.edges = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (int64_t at = q.from_ms; at <= q.to_ms; at += DATA_DAY_MS)
        g_array_append_val(q.time.edges, at);
    return q;
}

static void
put_sum(struct data_sum *sum, const struct gl_group *group)
{
    sum->visitors = group->sums[GL_SUM_VISITORS];
    sum->visits = group->sums[GL_SUM_VISITS];
    sum->views = group->sums[GL_SUM_PAGEVIEWS];
}

static void
take(const struct gl_counted *counted, int by, struct data_answer *answer)
{
    for (guint i = 0; i < counted->groups->len; i++) {
        const struct gl_group *group =
            &g_array_index(counted->groups, struct gl_group, i);

        if (by == DATA_COLUMNS) {
            put_sum(&answer->series[group->keys[0]], group);
        } else {
            const char *text = counted->values[0]->pdata[group->keys[0]];

            put_sum(&answer->sums[by][atoi(strrchr(text, '/') + 1)], group);
        }
    }
}

/* The series and ten breakdowns: ms. */
double
ours(const struct chosen *chosen, struct data_answer *answer)
{
    struct gl_predicate *filter = predicate_of(chosen);
    struct gl_counted *counted[DATA_COLUMNS + 1];
    struct gl_question q[DATA_COLUMNS + 1];
    const struct gl_question *asked[DATA_COLUMNS + 1];
    struct gl_execution run = {.reader = reader, .shelf = shelf};
    double begun = cpu_ms();

    for (int by = 0; by <= DATA_COLUMNS; by++) {
        q[by] = question_of(chosen, filter, by);
        asked[by] = &q[by];
    }
    if (gl_execute(&run, asked, DATA_COLUMNS + 1, counted) != GL_EXECUTED) {
        fprintf(stderr, "bench: %s\n", run.why);
        exit(1);
    }
    begun = cpu_ms() - begun;
    g_array_free(q[DATA_COLUMNS].time.edges, TRUE);
    for (int by = 0; by <= DATA_COLUMNS; by++) {
        take(counted[by], by, answer);
        gl_counted_free(counted[by]);
    }
    if (filter != NULL)
        gl_predicate_free(filter);
    return begun;
}

/* ---- beside them ---- */

uint64_t
sum_of(const struct data_sum *sums, uint32_t n)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < n; i++)
        sum += (sums[i].visitors + 3 * sums[i].visits + 7 * sums[i].views) *
               (i + 1);
    return sum;
}

uint64_t
sum_of_all(const struct data_answer *answer)
{
    uint64_t sum = sum_of(answer->series, DATA_YEAR_DAYS);

    for (int by = 0; by < DATA_COLUMNS; by++)
        sum += sum_of(answer->sums[by], data_values_n[by]);
    return sum;
}

struct data_answer *
new_answer(void)
{
    struct data_answer *answer = g_new0(struct data_answer, 1);

    for (int by = 0; by < DATA_COLUMNS; by++)
        answer->sums[by] = g_new0(struct data_sum, data_values_n[by]);
    return answer;
}

void
free_answer(struct data_answer *answer)
{
    for (int by = 0; by < DATA_COLUMNS; by++)
        g_free(answer->sums[by]);
    g_free(answer);
}

void
open_data(const char *folder, size_t budget)
{
    reader = gl_reader_of_account_(folder, "aaaaaaaaaaaa");
    if (reader == NULL || gl_account_read(reader) != 0) {
        fprintf(stderr, "bench: the account's file cannot be read\n");
        exit(1);
    }
    gl_query_keep_memory();
    shelf = gl_shelf_new(budget);
}

void
close_data(void)
{
    gl_account_reader_free(reader);
    gl_shelf_free(shelf);
}
