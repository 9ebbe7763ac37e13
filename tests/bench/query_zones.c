/*
 * What a dashboard costs without a filter where the site's own days are not
 * those of UTC: lines of "name TAB ms".  The same answers as when it is sealed
 * for UTC.
 */

#include <stdio.h>
#include <string.h>

#include "columns/shelf.h"
#include "query_ask.h"

/* By works[1] and works[2]. */
static const char *const zones[] = {"Etc/GMT-2", "Asia/Kathmandu"};

static double
ask_zone(const struct work *work, struct data_answer *answer)
{
    return ours(&(struct chosen){.work = work}, answer);
}

static int
differs(const struct data_answer *one, const struct data_answer *other)
{
    return sum_of_all(one) != sum_of_all(other);
}

/* How many answers were others. */
static int
be_in_zone(const char *folder, int runs, const char *zone,
           const struct work *work)
{
    struct data_answer *before = new_answer(), *answer;
    int wrong = 0;

    open_data(folder, GL_SHELF_BYTES);
    ask_zone(work, before);
    close_data();
    data_seal(folder, zone);
    open_data(folder, GL_SHELF_BYTES);
    for (int run = 0; run <= runs; run++) {
        double ms;

        answer = new_answer();
        ms = ask_zone(work, answer);
        printf("%s%s, the site's\t%.3f\n", run == 0 ? "first, " : "",
               work->name, ms);
        wrong += differs(before, answer);
        free_answer(answer);
    }
    close_data();
    free_answer(before);
    return wrong;
}

int
be_zones(const char *folder, int runs)
{
    int wrong = 0;

    for (int i = 0; i < 2; i++)
        wrong += be_in_zone(folder, runs, zones[i], &works[1 + i]);
    data_seal(folder, "UTC");
    if (wrong > 0)
        fprintf(stderr, "bench: %d answers are not the same\n", wrong);
    return wrong > 0;
}
