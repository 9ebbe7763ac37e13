/*
 * query-cost FOLDER PAGEVIEWS RUNS: what a dashboard's questions cost the
 * engine, beside the plain last-seen loop over the same data, in turns; both
 * must give the same answers.  Prints lines of "name TAB ms ..." and writes
 * FOLDER/questions.json, what DuckDB is asked, with sums of the answers.
 *
 * query-cost FOLDER: what one question costs a fresh process, whose filter is
 * in FOLDER/fresh, or which has none where that is empty: prints "ms TAB sum
 * of the answer".
 *
 * query-cost FOLDER PAGEVIEWS RUNS today|walks|zones|year: query_today.c,
 * query_walk.c and query_zones.c (of data that are there), query_year.c.
 */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "columns/build.h"
#include "query_ask.h"

static int wrong_n;

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

/* ---- 30 days ---- */

static void
make_data(const char *folder)
{
    char *done = g_strconcat(folder, "/stored", NULL);

    if (!g_file_test(done, G_FILE_TEST_EXISTS)) {
        data_store(&data, folder);
        g_file_set_contents(done, "", 0, NULL);
    }
    g_free(done);
    printf("sealed\t%llu\n", (unsigned long long) data_seal(folder, NULL));
    open_data(folder, GL_SHELF_BYTES);
}

/* ---- a fresh process ---- */

/* In a thread, as questions are asked: it has an arena of its own.  The one
 * filter of a work, as bytes. */
static void *
be_fresh(void *arg)
{
    const char *folder = arg;
    struct chosen chosen = {.work = &works[WORK_13]};
    struct data_answer *answer = new_answer();
    char *path = g_strconcat(folder, "/fresh", NULL), *passes;
    gsize len;

    if (!g_file_get_contents(path, &passes, &len, NULL))
        exit(1);
    if (len == 0)
        chosen.work = &works[WORK_NO_FILTER];
    else
        chosen.passes[0] = (uint8_t *) passes;
    open_data(folder, GL_SHELF_BYTES);
    ours(&chosen, answer);
    printf("%.3f\t%llu\n", (double) clock() / (CLOCKS_PER_SEC / 1000),
           (unsigned long long) sum_of_all(answer));
    return NULL;
}

static void
ask_fresh(const char *program, const char *folder, const struct work *work,
          GRand *random)
{
    struct chosen chosen = {.work = work};
    struct data_answer *answer = new_answer();
    const char *argv[] = {program, folder, NULL};
    enum data_column column = chosen.work->filters[0].column;
    char *path = g_strconcat(folder, "/fresh", NULL), *said = NULL, *sum;

    if (work->filters_n > 0)
        chosen.passes[0] =
            choose(column, chosen.work->filters[0].keeps, random);
    g_file_set_contents(path, (const char *) chosen.passes[0],
                        work->filters_n > 0 ? data_values_n[column] : 0, NULL);
    plain(&chosen, answer);
    sum = g_strdup_printf("\t%llu\n", (unsigned long long) sum_of_all(answer));
    if (!g_spawn_sync(NULL, (char **) (void *) argv, NULL,
                      G_SPAWN_LEAVE_DESCRIPTORS_OPEN, NULL, NULL, &said, NULL,
                      NULL, NULL) ||
        !g_str_has_suffix(said, sum)) {
        fprintf(stderr, "bench: a fresh process: not the same\n");
        wrong_n++;
    }
    printf("fresh%s\t%.3f\n", work->filters_n > 0 ? "" : ", no filter",
           g_ascii_strtod(said, NULL));
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
    pthread_t thread;
    char *path;
    FILE *file;

    if (argc == 2)
        return pthread_create(&thread, NULL, be_fresh, argv[1]) != 0 ||
               pthread_join(thread, NULL) != 0;
    if (argc == 4 && strcmp(argv[2], "year") == 0)
        return be_year_fresh(argv[1], (size_t) atoi(argv[3]));
    if (argc != 4 && argc != 5) {
        fprintf(stderr, "usage: query-cost FOLDER [PAGEVIEWS RUNS [WHAT]]\n");
        return 2;
    }
    if (argc == 5 && strcmp(argv[4], "walks") == 0)
        return be_walked(argv[1], atoi(argv[3]));
    if (argc == 5 && strcmp(argv[4], "zones") == 0)
        return be_zones(argv[1], atoi(argv[3]));
    data_make(&data, strtoull(argv[2], NULL, 10));
    if (argc == 5 && strcmp(argv[4], "year") == 0)
        return be_year(argv[0], argv[1], atoi(argv[3]), random);
    if (argc == 5)
        return be_today(argv[1], atoi(argv[3]), random);
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
    for (size_t i = 0; i < WORKS; i++) { /* what it needs is there then */
        struct work first = works[i];

        first.name = "first";
        run_once(&first, random, NULL);
    }
    fputs("[", file);
    for (size_t i = 0; i < WORKS; i++) {
        fputs(i > 0 ? ",\n" : "", file);
        run_once(&works[i], random, file);
    }
    fputs("]\n", file);
    fclose(file);
    for (int run = atoi(argv[3]); run > 0; run--) {
        ask_fresh(argv[0], argv[1], &works[WORK_13], random);
        ask_fresh(argv[0], argv[1], &works[WORK_NO_FILTER], random);
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
