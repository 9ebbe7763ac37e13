/* TAP for unit tests; see tap.h. */

#define _GNU_SOURCE
#include "tap.h"

#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DIRS_MAX 16
#define SEED_DEFAULT UINT64_C(20261123)

static struct {
    unsigned run, failed, dirs_n;
    int seeded;
    uint64_t seed, state;
    pid_t pid; /* the process that prints; children print nothing at the end */
    int guard; /* pipe: a guard removes what is named there when it ends */
    char dirs[DIRS_MAX][256];
} tap;

TAP_FORMAT(4, 0)
static int
report(int held, const char *file, int line, const char *format, va_list args)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    tap.run++;
    printf("%sok %u - ", held ? "" : "not ", tap.run);
    vprintf(format, args);
    printf("\n");
    if (!held) {
        tap.failed++;
        printf("#   at %s line %d\n", file, line);
    }
    return held;
}

#define REPORT(held)                                                          \
    va_list args;                                                             \
    va_start(args, format);                                                   \
    int held_ = report((held), file, line, format, args);                     \
    va_end(args)

int
tap_ok_(int held, const char *file, int line, const char *format, ...)
{
    REPORT(held);
    return held_;
}

int
tap_int_(int64_t got, int64_t want, const char *file, int line,
         const char *format, ...)
{
    REPORT(got == want);
    if (!held_)
        tap_diag("  got %" PRId64 ", want %" PRId64, got, want);
    return held_;
}

int
tap_uint_(uint64_t got, uint64_t want, const char *file, int line,
          const char *format, ...)
{
    REPORT(got == want);
    if (!held_)
        tap_diag("  got %" PRIu64 " (0x%" PRIx64 "), want %" PRIu64
                 " (0x%" PRIx64 ")",
                 got, got, want, want);
    return held_;
}

int
tap_near_(double got, double want, double margin, const char *file, int line,
          const char *format, ...)
{
    REPORT(got >= want - margin && got <= want + margin);
    if (!held_)
        tap_diag("  got %g, want %g +- %g", got, want, margin);
    return held_;
}

int
tap_str_(const char *got, const char *want, const char *file, int line,
         const char *format, ...)
{
    REPORT(got == want ||
           (got != NULL && want != NULL && strcmp(got, want) == 0));
    if (!held_)
        tap_diag("  got \"%s\", want \"%s\"", got != NULL ? got : "(NULL)",
                 want != NULL ? want : "(NULL)");
    return held_;
}

static size_t
first_difference(const uint8_t *a, const uint8_t *b, size_t n)
{
    size_t i = 0;
    while (i < n && a[i] == b[i])
        i++;
    return i;
}

int
tap_mem_(const void *got, size_t got_len, const void *want, size_t want_len,
         const char *file, int line, const char *format, ...)
{
    size_t shorter = got_len < want_len ? got_len : want_len;
    size_t at = first_difference(got, want, shorter);

    REPORT(got_len == want_len && at == shorter);
    if (!held_ && at < shorter)
        tap_diag("  byte %zu is 0x%02x, want 0x%02x", at,
                 ((const uint8_t *) got)[at], ((const uint8_t *) want)[at]);
    if (!held_ && got_len != want_len)
        tap_diag("  got %zu bytes, want %zu", got_len, want_len);
    return held_;
}

void
tap_skip(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("ok %u # skip ", ++tap.run);
    vprintf(format, args);
    printf("\n");
    va_end(args);
}

void
tap_diag(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("# ");
    vprintf(format, args);
    printf("\n");
    va_end(args);
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void) st;
    (void) kind;
    (void) ftw;
    return remove(path);
}

static void
remove_dirs(void)
{
    if (getpid() != tap.pid) /* a forked child leaves them to its parent */
        return;
    while (tap.dirs_n > 0)
        nftw(tap.dirs[--tap.dirs_n], remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Removes the directories of a program that was killed or crashed: they are
 * read from FD, whose end is the program's. */
static void
guard(int fd)
{
    char dirs[DIRS_MAX][sizeof tap.dirs[0]];
    size_t n = 0;

    setsid();
    for (int i = 0; i <= 2; i++) /* prove waits until nobody has them */
        close(i);
    while (n < DIRS_MAX &&
           read(fd, dirs[n], sizeof dirs[n]) == (ssize_t) sizeof dirs[n])
        n++;
    while (n > 0)
        nftw(dirs[--n], remove_one, 16, FTW_DEPTH | FTW_PHYS);
    _exit(0);
}

/* A grandchild, so that no test's wait() finds it. */
static void
start_guard(void)
{
    int ends[2];
    pid_t child;

    if (pipe2(ends, O_CLOEXEC) == -1 || (child = fork()) == -1)
        tap_bail("no guard for directories");
    if (child == 0) {
        close(ends[1]);
        if (fork() == 0)
            guard(ends[0]);
        _exit(0);
    }
    close(ends[0]);
    waitpid(child, NULL, 0);
    tap.guard = ends[1];
}

void
tap_bail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("Bail out! ");
    vprintf(format, args);
    printf("\n");
    va_end(args);
    exit(255);
}

const char *
tap_dir(void)
{
    const char *base = getenv("TMPDIR");
    if (base == NULL && access("/dev/shm", W_OK) == 0)
        base = "/dev/shm"; /* a slow disk needs minutes for 10,000 files */
    if (tap.dirs_n == DIRS_MAX)
        tap_bail("more than %d directories", DIRS_MAX);
    char *dir = tap.dirs[tap.dirs_n];
    snprintf(dir, sizeof tap.dirs[0], "%s/glinto-unit-XXXXXX",
             base != NULL ? base : "/tmp");
    if (mkdtemp(dir) == NULL)
        tap_bail("cannot make %s", dir);
    if (tap.dirs_n++ == 0) {
        tap.pid = getpid();
        atexit(remove_dirs);
        start_guard();
    }
    if (write(tap.guard, dir, sizeof tap.dirs[0]) == -1)
        tap_diag("the guard of directories is gone");
    return dir;
}

uint64_t
tap_random(void)
{
    if (!tap.seeded) {
        const char *seed = getenv("TAP_SEED");
        tap.seed = seed != NULL ? strtoull(seed, NULL, 10) : SEED_DEFAULT;
        tap.state = tap.seed;
        tap.seeded = 1;
    }
    uint64_t z = (tap.state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t
tap_below(uint64_t below)
{
    return tap_random() % below;
}

int
tap_done(void)
{
    printf("1..%u\n", tap.run);
    if (tap.failed > 0)
        tap_diag("%u of %u checks failed", tap.failed, tap.run);
    if (tap.failed > 0 && tap.seeded)
        tap_diag("seed %" PRIu64 " (TAP_SEED)", tap.seed);
    fflush(stdout);
    return tap.failed > 0 || tap.run == 0;
}
