/*
 * query-cost FOLDER PAGEVIEWS RUNS: what a dashboard's questions cost the
 * engine, beside the plain last-seen loop over the same data, in turns; both
 * must give the same answers.  Prints lines of "name TAB ms ..." and writes
 * FOLDER/questions.json, what DuckDB is asked, with sums of the answers.
 *
 * query-cost FOLDER: what one question costs a fresh process, whose filter is
 * in FOLDER/fresh: prints "ms TAB sum of the answer".
 */

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "columns/build.h"
#include "columns/shelf.h"
#include "query/execute.h"
#include "query_data.h"
#include "store/reader.h"

#define SITE 1
#define HOUR INT64_C(3600000)
#define METRICS                                                               \
    (1u << GL_METRIC_VISITORS | 1u << GL_METRIC_VISITS |                      \
     1u << GL_METRIC_PAGEVIEWS)

static const struct {
    enum gl_dimension what;
    const char *name;
} columns[DATA_COLUMNS] = {
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

/* A kind of question: which columns are filtered, each to keep that share. */
struct work {
    const char *name;
    int64_t zone_ms;
    int filters_n;
    struct {
        enum data_column column;
        double keeps;
    } filters[3];
};

static const struct work works[] = {
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
#define WORKS (sizeof works / sizeof works[0])

struct chosen {
    const struct work *work;
    uint8_t *passes[3]; /* [value] */
};

static struct data data;
static struct gl_account *reader;
static struct gl_shelf *shelf;
static int wrong_n;

static double
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
static uint8_t *
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
static struct gl_question
question_of(const struct chosen *chosen, struct gl_predicate *filter, int by)
{
    struct gl_question q = {.site = SITE, .metrics = METRICS, .by_n = 1};
    int64_t zone_ms = chosen->work->zone_ms;

    q.from_ms = (DATA_FIRST_DAY + (zone_ms != 0)) * DATA_DAY_MS - zone_ms;
    q.to_ms = (DATA_FIRST_DAY + DATA_DAYS) * DATA_DAY_MS - zone_ms;
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
static double
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

/* ---- the yardstick ---- */

static double
plain(const struct chosen *chosen, struct data_answer *answer)
{
    struct data_filter filter = {.to_day = DATA_DAYS};
    double begun = cpu_ms();

    for (int i = 0; i < chosen->work->filters_n; i++)
        filter.passes[chosen->work->filters[i].column] = chosen->passes[i];
    last_seen(&data, &filter, answer);
    return cpu_ms() - begun;
}

/* ---- answers ---- */

static struct data_answer *
new_answer(void)
{
    struct data_answer *answer = g_new0(struct data_answer, 1);

    for (int by = 0; by < DATA_COLUMNS; by++)
        answer->sums[by] = g_new0(struct data_sum, data_values_n[by]);
    return answer;
}

static void
free_answer(struct data_answer *answer)
{
    for (int by = 0; by < DATA_COLUMNS; by++)
        g_free(answer->sums[by]);
    g_free(answer);
}

static uint64_t
sum_of(const struct data_sum *sums, uint32_t n)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < n; i++)
        sum += (sums[i].visitors + 3 * sums[i].visits + 7 * sums[i].views) *
               (i + 1);
    return sum;
}

static void
compare(const struct work *work, const struct data_answer *one,
        const struct data_answer *other)
{
    for (int by = 0; by < DATA_COLUMNS; by++)
        if (memcmp(one->sums[by], other->sums[by],
                   data_values_n[by] * sizeof *one->sums[by]) != 0) {
            fprintf(stderr, "bench: %s by %s: not the same\n", work->name,
                    columns[by].name);
            wrong_n++;
        }
    if (memcmp(one->series, other->series, sizeof one->series) != 0) {
        fprintf(stderr, "bench: %s, series: not the same\n", work->name);
        wrong_n++;
    }
}

/* The question as DuckDB is asked, and what our answer sums up to. */
static void
tell(FILE *file, const struct chosen *chosen, const struct data_answer *answer)
{
    struct gl_question q = question_of(chosen, NULL, 0);

    fprintf(file, "{\"name\": \"%s\", \"from\": %lld, \"to\": %lld, ",
            chosen->work->name,
            (long long) (q.from_ms - DATA_FIRST_DAY * DATA_DAY_MS),
            (long long) (q.to_ms - DATA_FIRST_DAY * DATA_DAY_MS));
    fputs("\"where\": \"true", file);
    for (int i = 0; i < chosen->work->filters_n; i++) {
        enum data_column column = chosen->work->filters[i].column;

        fprintf(file, " AND %s IN (-1", columns[column].name);
        for (uint32_t value = 0; value < data_values_n[column]; value++)
            if (chosen->passes[i][value])
                fprintf(file, ", %u", value);
        fputs(")", file);
    }
    fprintf(file, "\", \"sums\": {\"series\": %llu",
            (unsigned long long) sum_of(answer->series, DATA_DAYS));
    for (int by = 0; by < DATA_COLUMNS; by++)
        fprintf(
            file, ", \"%s\": %llu", columns[by].name,
            (unsigned long long) sum_of(answer->sums[by], data_values_n[by]));
    fputs("}}", file);
}

static void
run_once(const struct work *work, GRand *random, FILE *file)
{
    struct chosen chosen = {.work = work};
    struct data_answer *mine = new_answer(), *theirs = new_answer();

    for (int i = 0; i < work->filters_n; i++)
        chosen.passes[i] =
            choose(work->filters[i].column, work->filters[i].keeps, random);
    printf("%s\t%.3f", work->name, ours(&chosen, mine));
    if (work->zone_ms == 0) {
        printf("\t%.3f", plain(&chosen, theirs));
        compare(work, mine, theirs);
    }
    printf("\n");
    fflush(stdout);
    if (file != NULL)
        tell(file, &chosen, mine);
    free_answer(mine);
    free_answer(theirs);
    for (int i = 0; i < work->filters_n; i++)
        g_free(chosen.passes[i]);
}

static void
open_data(const char *folder)
{
    reader = gl_reader_of_account_(folder, "aaaaaaaaaaaa");
    if (reader == NULL || gl_account_read(reader) != 0) {
        fprintf(stderr, "bench: the account's file cannot be read\n");
        exit(1);
    }
    shelf = gl_shelf_new(GL_SHELF_BYTES);
}

static void
make_data(const char *folder)
{
    char *done = g_strconcat(folder, "/stored", NULL);

    if (!g_file_test(done, G_FILE_TEST_EXISTS)) {
        data_store(&data, folder);
        g_file_set_contents(done, "", 0, NULL);
    }
    g_free(done);
    printf("sealed\t%llu\n", (unsigned long long) data_seal(folder));
    open_data(folder);
}

/* ---- a fresh process ---- */

static uint64_t
sum_of_all(const struct data_answer *answer)
{
    uint64_t sum = sum_of(answer->series, DATA_DAYS);

    for (int by = 0; by < DATA_COLUMNS; by++)
        sum += sum_of(answer->sums[by], data_values_n[by]);
    return sum;
}

/* The one filter of a work, as bytes. */
static int
be_fresh(const char *folder)
{
    struct chosen chosen = {.work = &works[3]};
    struct data_answer *answer = new_answer();
    char *path = g_strconcat(folder, "/fresh", NULL), *passes;

    if (!g_file_get_contents(path, &passes, NULL, NULL))
        return 1;
    chosen.passes[0] = (uint8_t *) passes;
    open_data(folder);
    ours(&chosen, answer);
    printf("%.3f\t%llu\n", (double) clock() / (CLOCKS_PER_SEC / 1000),
           (unsigned long long) sum_of_all(answer));
    return 0;
}

static void
ask_fresh(const char *program, const char *folder, GRand *random)
{
    struct chosen chosen = {.work = &works[3]};
    struct data_answer *answer = new_answer();
    const char *argv[] = {program, folder, NULL};
    enum data_column column = chosen.work->filters[0].column;
    char *path = g_strconcat(folder, "/fresh", NULL), *said = NULL, *sum;

    chosen.passes[0] = choose(column, chosen.work->filters[0].keeps, random);
    g_file_set_contents(path, (const char *) chosen.passes[0],
                        data_values_n[column], NULL);
    plain(&chosen, answer);
    sum = g_strdup_printf("\t%llu\n", (unsigned long long) sum_of_all(answer));
    if (!g_spawn_sync(NULL, (char **) (void *) argv, NULL, 0, NULL, NULL,
                      &said, NULL, NULL, NULL) ||
        !g_str_has_suffix(said, sum)) {
        fprintf(stderr, "bench: a fresh process: not the same\n");
        wrong_n++;
    }
    printf("fresh\t%.3f\n", g_ascii_strtod(said, NULL));
    free_answer(answer);
    g_free(chosen.passes[0]);
    g_free(path);
    g_free(said);
    g_free(sum);
}

static int
go_on(void *arg)
{
    (void) arg;
    return 0;
}

/* All sets from rows: ms and bytes. */
static void
build(void)
{
    size_t bytes = 0;
    double begun = cpu_ms();

    for (int i = 0; i < DATA_DAYS; i++) {
        struct gl_build one = {.reader = reader,
                               .site = SITE,
                               .day = DATA_FIRST_DAY + i,
                               .stop = go_on};
        struct gl_columns *set;

        if (gl_columns_build(&one, &set) != 0)
            exit(1);
        bytes += set->bytes;
        gl_columns_free(set);
    }
    printf("sets\t%.3f\t%zu\n", cpu_ms() - begun, bytes);
}

int
main(int argc, char **argv)
{
    GRand *random = g_rand_new_with_seed(1);
    char *path;
    FILE *file;

    if (argc == 2)
        return be_fresh(argv[1]);
    if (argc != 4) {
        fprintf(stderr, "usage: query-cost FOLDER PAGEVIEWS RUNS\n");
        return 2;
    }
    data_make(&data, strtoull(argv[2], NULL, 10));
    make_data(argv[1]);
    printf("data\t%llu\t%llu\t%llu\n", (unsigned long long) data.views_n,
           (unsigned long long) data.events_n,
           (unsigned long long) data.visits_n);
    path = g_strconcat(argv[1], "/questions.json", NULL);
    file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    build();
    run_once(&(struct work){.name = "first"}, random, NULL);
    fputs("[", file);
    for (size_t i = 0; i < WORKS; i++) {
        fputs(i > 0 ? ",\n" : "", file);
        run_once(&works[i], random, file);
    }
    fputs("]\n", file);
    fclose(file);
    for (int run = atoi(argv[3]); run > 0; run--) {
        ask_fresh(argv[0], argv[1], random);
        for (size_t i = 0; i < WORKS && run > 1; i++)
            run_once(&works[i], random, NULL);
    }
    path = g_strconcat(argv[1], "/events.csv", NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        data_write_csv(&data, path);
    gl_account_reader_free(reader);
    gl_shelf_free(shelf);
    return wrong_n > 0;
}
