/*
 * Preloaded into glintod by tests: the clocks of day and of boot run ahead by
 * what the file GLINTO_CLOCK says (milliseconds, a number in decimal), read
 * anew at each look.  Monotonic time stays, so it looks like a machine that
 * slept: visits end and dirty days fall due at once, in the process as it is.
 *
 * Not libfaketime: that leaves a shared memory object behind at every kill,
 * and cannot move the boot clock without the monotonic one.
 *
 * Any thread.  Without the variable or the file nothing moves.
 */

#define _GNU_SOURCE

#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define DIGITS_MAX 16

typedef int (*clock_function)(clockid_t, struct timespec *);

static clock_function real;
static const volatile char *ahead; /* the file's text, mapped */

/* One look at both clocks, the day's first, sees one text of the file: else a
 * turn in between looks like a step of the day's clock. */
#define LOOK_NS 10000000

static __thread int64_t looked_ns; /* monotonic, at the clock of day... */
static __thread int64_t looked_ms; /* ...and how far ahead that was */

__attribute__((constructor)) static void
start(void)
{
    const char *path = getenv("GLINTO_CLOCK");
    long fd = path == NULL ? -1 : syscall(SYS_open, path, O_RDONLY);
    long map = -1;

    /* ISO C has no cast from void * to a function. */
    *(void **) (void *) &real = dlsym(RTLD_NEXT, "clock_gettime");
    /* Raw: the library's own calls may be made to fail by the test. */
    if (fd != -1) {
        map =
            syscall(SYS_mmap, NULL, DIGITS_MAX, PROT_READ, MAP_SHARED, fd, 0L);
        syscall(SYS_close, fd);
    }
    if (map != -1)
        ahead = (const char *) map;
}

static int64_t
ahead_ms(void)
{
    int64_t ms = 0;

    for (int i = 0; ahead != NULL && i < DIGITS_MAX; i++) {
        if (ahead[i] < '0' || ahead[i] > '9')
            break;
        ms = ms * 10 + (ahead[i] - '0');
    }
    return ms;
}

static int64_t
ns_now(void)
{
    struct timespec now;

    real(CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t
look(clockid_t id)
{
    int64_t now_ns = ns_now();

    if (id == CLOCK_REALTIME) {
        looked_ns = now_ns;
        looked_ms = ahead_ms();
    }
    return now_ns - looked_ns < LOOK_NS ? looked_ms : ahead_ms();
}

int
clock_gettime(clockid_t id, struct timespec *now)
{
    if (real == NULL) /* before our constructor: another library's */
        start();

    int result = real(id, now);

    if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_BOOTTIME))
        now->tv_sec += look(id) / 1000;
    return result;
}
