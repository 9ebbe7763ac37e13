/*
 * simulate FROM N            N histories from seed FROM on, two processes
 * simulate --seed SEED       one history, told line by line
 * simulate --until FROM N    the first seed that breaks something: its number
 *                            and what it breaks; ends with 1 when none does
 *
 * Ends with 1 when an invariant was broken; prints seed and sentence.
 */

#include "sim.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define REPORTED_MAX 10

static int
run(uint64_t from, uint64_t n, uint64_t step)
{
    int broken = 0;

    for (uint64_t i = 0; i < n; i += step) {
        if (sim_history(from + i, 0) == 0)
            continue;
        if (++broken <= REPORTED_MAX)
            printf("seed %" PRIu64 ": %s\n", from + i, sim.violation);
        fflush(stdout);
    }
    return broken > 0;
}

static int
run_two(uint64_t from, uint64_t n)
{
    int status, failed = 0;
    pid_t pid = fork();

    if (pid == -1)
        return run(from, n, 1);
    if (pid == 0)
        exit(run(from + 1, n - 1, 2));
    failed = run(from, n, 2);
    waitpid(pid, &status, 0);
    return failed || status != 0;
}

static int
until(uint64_t from, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++)
        if (sim_history(from + i, 0) != 0) {
            printf("seed %" PRIu64 ": %s\n", from + i, sim.violation);
            return 0;
        }
    return 1;
}

int
main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--seed") == 0) {
        int result = sim_history(strtoull(argv[2], NULL, 10), 1);

        printf("%s\n", result == 0 ? "nothing is broken" : sim.violation);
        return result != 0;
    }
    if (argc == 4 && strcmp(argv[1], "--until") == 0)
        return until(strtoull(argv[2], NULL, 10), strtoull(argv[3], NULL, 10));
    if (argc == 3)
        return run_two(strtoull(argv[1], NULL, 10),
                       strtoull(argv[2], NULL, 10));
    fprintf(stderr, "usage: simulate FROM N | --until FROM N | --seed SEED\n");
    return 2;
}
