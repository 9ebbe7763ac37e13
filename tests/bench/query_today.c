/*
 * What the first question costs after each commit, when all of the data are of
 * today: lines of "name TAB ms".
 */

#include <stdio.h>
#include <stdlib.h>

#include "query_ask.h"
#include "store/account/reader.h"

#define MORE 200 /* rows of a commit */

/* A connection that sees the last commit. */
static void
look_again(const char *folder)
{
    gl_account_reader_free(reader);
    reader = gl_reader_of_account_(folder, "aaaaaaaaaaaa");
    if (reader == NULL || gl_account_read(reader) != 0)
        exit(1);
}

static double
ask_today(const char *folder, const struct work *work, GRand *random)
{
    struct chosen chosen = {.work = work};
    struct data_answer *answer = new_answer();
    double ms;

    if (work->filters_n > 0)
        chosen.passes[0] =
            choose(work->filters[0].column, work->filters[0].keeps, random);
    look_again(folder);
    ms = ours(&chosen, answer);
    printf("%s\t%.3f\n", work->name, ms);
    free_answer(answer);
    g_free(chosen.passes[0]);
    return ms;
}

int
be_today(const char *folder, int runs, GRand *random)
{
    data_store_today(&data, folder);
    open_data(folder, GL_SHELF_BYTES);
    ask_today(folder, &(struct work){.name = "first"}, random);
    ask_today(folder, &(struct work){.name = "again"}, random);
    for (int run = 0; run < runs; run++) {
        data_store_more(MORE);
        ask_today(folder, &works[WORK_NO_FILTER], random);
        data_store_more(MORE);
        ask_today(folder, &works[WORK_13], random);
    }
    return 0;
}
