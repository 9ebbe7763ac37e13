/*
 * Preloaded into a program under test: one of its threads or processes waits
 * at its birth until a tracer has come, so that its very first call can be
 * counted.  GLINTO_GATE_AT says which:
 *
 *   main     the process, before main()
 *   writer   its thread of this name, when it takes it
 *   child    every process it forks (a master's workers)
 *
 * It writes its thread id to the FIFO $GLINTO_GATE.came and goes on with a
 * byte from $GLINTO_GATE.go.  In between it makes no call but that one read,
 * so that none of its own is counted.  See Glinto::Inject.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* RTLD_NEXT, gettid */
#endif

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_BYTES 512

typedef int name_fn(pthread_t, const char *);
typedef pid_t fork_fn(void);

static int
gate_is_at(const char *where)
{
    const char *at = getenv("GLINTO_GATE_AT");

    return at != NULL && strcmp(at, where) == 0;
}

/* Both ways: to open a FIFO waits for nobody then. */
static int
open_fifo(const char *name)
{
    char path[PATH_BYTES];

    (void) snprintf(path, sizeof path, "%s.%s", getenv("GLINTO_GATE"), name);
    return open(path, O_RDWR | O_CLOEXEC);
}

static void
wait_for_tracer(void)
{
    int came = open_fifo("came"), go = open_fifo("go");
    char byte;

    if (came == -1 || go == -1 || dprintf(came, "%d\n", (int) gettid()) < 0 ||
        read(go, &byte, 1) != 1)
        _exit(EXIT_FAILURE);
    close(came);
    close(go);
}

int
pthread_setname_np(pthread_t thread, const char *name)
{
    void *symbol = dlsym(RTLD_NEXT, "pthread_setname_np");
    name_fn *real;

    memcpy(&real, &symbol, sizeof real);
    if (gate_is_at(name))
        wait_for_tracer();
    return real(thread, name);
}

pid_t
fork(void)
{
    void *symbol = dlsym(RTLD_NEXT, "fork");
    fork_fn *real;
    pid_t pid;

    memcpy(&real, &symbol, sizeof real);
    pid = real();
    if (pid == 0 && gate_is_at("child"))
        wait_for_tracer();
    return pid;
}

__attribute__((constructor)) static void
gate_main(void)
{
    if (gate_is_at("main"))
        wait_for_tracer();
}
