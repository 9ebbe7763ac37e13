/*
 * Named points at which a fault test has the process die, where a kill from
 * outside would hardly ever meet it.  The product has nothing of them: only
 * what is compiled with GL_POINTS looks at the plan, a file of one struct
 * gl_point_plan that GLINTO_POINTS in the environment names.  The deaths still
 * to come stand in that file, so a successor can die where the first one did.
 */

#ifndef GL_POINT_H
#define GL_POINT_H

#ifdef GL_POINTS

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct gl_point_plan {
    char name[32];
    uint32_t skip;   /* hits that pass before the first death */
    uint32_t deaths; /* still to come */
};

/* Each file that has points maps the plan for itself. */
static inline struct gl_point_plan *
gl_point_plan_(void)
{
    const char *path = getenv("GLINTO_POINTS");
    int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
    void *plan;

    if (fd == -1)
        return NULL;
    plan = mmap(NULL, sizeof(struct gl_point_plan), PROT_READ | PROT_WRITE,
                MAP_SHARED, fd, 0);
    close(fd);
    return plan == MAP_FAILED ? NULL : plan;
}

static inline void
gl_point(const char *name)
{
    static _Thread_local struct gl_point_plan *plan;

    if (plan == NULL && (plan = gl_point_plan_()) == NULL)
        return;
    if (__atomic_load_n(&plan->deaths, __ATOMIC_ACQUIRE) == 0 ||
        strncmp(plan->name, name, sizeof plan->name) != 0)
        return;
    if (__atomic_load_n(&plan->skip, __ATOMIC_RELAXED) > 0) {
        __atomic_sub_fetch(&plan->skip, 1, __ATOMIC_RELAXED);
        return;
    }
    __atomic_sub_fetch(&plan->deaths, 1, __ATOMIC_RELAXED);
    kill(getpid(), SIGKILL); /* no handler runs: as the OOM killer does it */
}

#define GL_POINT(name) gl_point(name)

#else

#define GL_POINT(name) ((void) 0)

#endif

#endif
