/*
 * Twelve months: the thirty days' sealed sets once more for each of eleven
 * months, copied in the file, with other days.  A question has one filter; its
 * answer must be twelve times the plain loop's of one month.  Lines of "name
 * TAB ms TAB MiB".
 */

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "query_ask.h"

#define MONTHS (DATA_YEAR_DAYS / DATA_DAYS)

static int wrong_n;

static double
wall_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

/* What is its own now: pages of the file are anybody's. */
static double
own_mib(void)
{
    char *text = NULL;
    const char *own;
    double mib = 0;

    if (g_file_get_contents("/proc/self/status", &text, NULL, NULL) &&
        (own = strstr(text, "RssAnon:")) != NULL)
        mib = g_ascii_strtod(own + 8, NULL) / 1024;
    g_free(text);
    return mib;
}

/* ---- the data ---- */

static void
run(sqlite3 *db, const char *sql)
{
    char *why;

    if (sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK)
        return;
    fprintf(stderr, "bench: %s\n", why);
    exit(1);
}

static void
copy_months(const char *folder)
{
    char *path = g_strconcat(folder, "/acct/aaaaaaaaaaaa.db", NULL);
    sqlite3 *db;

    if (sqlite3_open(path, &db) != SQLITE_OK)
        exit(1);
    for (int month = 1; month < MONTHS; month++) {
        char *sql = g_strdup_printf(
            "BEGIN;"
            "INSERT INTO day_rows (site, day, first_id, last_id, gaps, token, "
            "base) SELECT site, day + %d, first_id, last_id, gaps, token, "
            "base FROM day_rows WHERE day < %d;"
            "INSERT INTO sealed_days SELECT site, day + %d, token, pieces, "
            "head FROM sealed_days WHERE day < %d;"
            "INSERT INTO sealed_pieces SELECT site, day + %d, part, piece, "
            "crc, bytes FROM sealed_pieces WHERE day < %d; COMMIT",
            month * DATA_DAYS, (int) DATA_FIRST_DAY + DATA_DAYS,
            month * DATA_DAYS, (int) DATA_FIRST_DAY + DATA_DAYS,
            month * DATA_DAYS, (int) DATA_FIRST_DAY + DATA_DAYS);

        run(db, sql);
        g_free(sql);
    }
    sqlite3_close(db);
    g_free(path);
}

static void
make_year(const char *folder)
{
    char *done = g_strconcat(folder, "/year", NULL);

    if (!g_file_test(done, G_FILE_TEST_EXISTS)) {
        data_store(&data, folder);
        data_seal(folder, NULL);
        copy_months(folder);
        g_file_set_contents(done, "", 0, NULL);
    }
    g_free(done);
}

/* ---- asked ---- */

static void
by_months(struct data_answer *answer)
{
    for (int by = 0; by < DATA_COLUMNS; by++)
        for (uint32_t v = 0; v < data_values_n[by]; v++) {
            answer->sums[by][v].visitors *= MONTHS;
            answer->sums[by][v].visits *= MONTHS;
            answer->sums[by][v].views *= MONTHS;
        }
    for (int day = DATA_DAYS; day < DATA_YEAR_DAYS; day++)
        answer->series[day] = answer->series[day - DATA_DAYS];
}

static void
compare(const char *what, uint64_t sum, const struct data_answer *answer)
{
    if (sum == sum_of_all(answer))
        return;
    fprintf(stderr, "bench: %s: not the same\n", what);
    wrong_n++;
}

int
be_year_fresh(const char *folder, size_t budget_mib)
{
    struct chosen chosen = {.work = &works[WORK_13]};
    struct data_answer *answer = new_answer();
    char *path = g_strconcat(folder, "/fresh", NULL), *passes;
    double begun = wall_ms();

    if (!g_file_get_contents(path, &passes, NULL, NULL))
        return 1;
    chosen.passes[0] = (uint8_t *) passes;
    asked_days = DATA_YEAR_DAYS;
    open_data(folder, budget_mib << 20);
    ours(&chosen, answer);
    printf("%.3f\t%.3f\t%.1f\t%llu\n", wall_ms() - begun,
           (double) clock() / (CLOCKS_PER_SEC / 1000), own_mib(),
           (unsigned long long) sum_of_all(answer));
    return 0;
}

/* A process of its own, with a budget of so much. */
static void
ask_fresh(const char *program, const char *folder, int budget_mib,
          const struct chosen *chosen, const struct data_answer *answer)
{
    char *path = g_strconcat(folder, "/fresh", NULL), *said = NULL, **field;
    char *budget = g_strdup_printf("%d", budget_mib);
    const char *argv[] = {program, folder, "year", budget, NULL};

    g_file_set_contents(path, (const char *) chosen->passes[0],
                        data_values_n[chosen->work->filters[0].column], NULL);
    if (!g_spawn_sync(NULL, (char **) (void *) argv, NULL,
                      G_SPAWN_LEAVE_DESCRIPTORS_OPEN, NULL, NULL, &said, NULL,
                      NULL, NULL)) {
        fprintf(stderr, "bench: %s does not start\n", program);
        exit(1);
    }
    field = g_strsplit(said, "\t", 4);
    if (g_strv_length(field) != 4)
        exit(1);
    printf("year, fresh, wall\t%s\t%s\n", field[0], field[2]);
    printf("year, fresh, CPU\t%s\t%s\n", field[1], field[2]);
    fflush(stdout);
    compare("a year, fresh", g_ascii_strtoull(field[3], NULL, 10), answer);
    g_strfreev(field);
    g_free(said);
    g_free(budget);
    g_free(path);
}

static void
ask_warm(const char *name, const struct chosen *chosen,
         const struct data_answer *answer)
{
    struct data_answer *mine = new_answer();
    double begun = wall_ms(), ms;

    ms = ours(chosen, mine);
    printf("%s, wall\t%.3f\t%.1f\n", name, wall_ms() - begun, own_mib());
    printf("%s, CPU\t%.3f\t%.1f\n", name, ms, own_mib());
    fflush(stdout);
    compare(name, sum_of_all(mine), answer);
    free_answer(mine);
}

int
be_year(const char *program, const char *folder, int runs, GRand *random)
{
    struct chosen chosen = {.work = &works[WORK_13]};

    make_year(folder);
    asked_days = DATA_YEAR_DAYS;
    open_data(folder, (size_t) 4 << 30);
    for (int run = 0; run <= runs; run++) {
        struct data_answer *answer = new_answer();
        struct data_filter filter = {.to_day = DATA_DAYS};

        chosen.passes[0] = choose(chosen.work->filters[0].column,
                                  chosen.work->filters[0].keeps, random);
        filter.passes[chosen.work->filters[0].column] = chosen.passes[0];
        last_seen(&data, &filter, answer);
        by_months(answer);
        if (run > 0)
            ask_fresh(program, folder, GL_SHELF_BYTES >> 20, &chosen, answer);
        ask_warm(run > 0 ? "year, warm" : "first", &chosen, answer);
        free_answer(answer);
        g_free(chosen.passes[0]);
    }
    return wrong_n > 0;
}
