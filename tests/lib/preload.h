/*
 * For libraries that a test preloads: the path behind a descriptor, and a plan
 * that says which calls fail: a file of lines "CALL PART", CALL on a path that
 * has PART in it; an empty file: none.
 */

#ifndef GL_TEST_PRELOAD_H
#define GL_TEST_PRELOAD_H

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static inline void
path_of(int fd, char path[PATH_MAX])
{
    char link[64];
    ssize_t n;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    n = readlink(link, path, PATH_MAX - 1);
    path[n < 0 ? 0 : n] = '\0';
}

/* 1 = the plan in FILE wants CALL of PATH to fail. */
static inline int
is_planned(const char *file, const char *call, const char *path)
{
    FILE *plan = fopen(file, "re");
    char one[32], part[256];
    int found = 0;

    while (plan != NULL && !found &&
           fscanf(plan, "%31s %255s", one, part) == 2)
        found = strcmp(one, call) == 0 && strstr(path, part) != NULL;
    if (plan != NULL)
        fclose(plan);
    return found;
}

#endif
