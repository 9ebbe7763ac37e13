/*
 * Preloaded into nginx by tests beside it: the longest turn of a worker's
 * loop, in CPU time from one epoll_wait to the next, in the file GLINTO_TURNS.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct turns {
    int64_t longest_ns;
    int64_t ready; /* connections in it */
    int64_t n;
};

static struct turns *turns;
static int64_t began_ns, ready;

__attribute__((constructor)) static void
map_turns(void)
{
    int fd = open(getenv("GLINTO_TURNS"), O_RDWR | O_CLOEXEC);

    turns =
        mmap(NULL, sizeof *turns, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
}

static int64_t
cpu_ns(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
    return (int64_t) ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int
epoll_wait(int epfd, struct epoll_event *events, int events_n, int timeout)
{
    int64_t took_ns = began_ns == 0 ? 0 : cpu_ns() - began_ns;
    int n;

    turns->n++;
    if (took_ns > turns->longest_ns) {
        turns->longest_ns = took_ns;
        turns->ready = ready;
    }
    n = (int) syscall(SYS_epoll_pwait, epfd, events, events_n, timeout, NULL,
                      0);
    ready = n;
    began_ns = cpu_ns();
    return n;
}
