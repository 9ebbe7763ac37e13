/*
 * TAP for unit tests: every check prints one line that prove reads.
 *
 *     int main(void)
 *     {
 *         tap_int(gl_crc32c(0, "a", 1), 0xc1d04330, "crc of one byte");
 *         return tap_done();
 *     }
 *
 * Every check takes a printf format that names the fact, and returns 1 when
 * it held, 0 when not.  The plan is printed by tap_done(); a program that
 * dies before it fails.  Single thread.
 */

#ifndef GL_TEST_TAP_H
#define GL_TEST_TAP_H

#include <stddef.h>
#include <stdint.h>

#define TAP_FORMAT(fmt, args) __attribute__((format(printf, fmt, args)))

/* COND is a condition; then the fact as a printf format. */
#define tap_ok(cond, ...) tap_ok_(!!(cond), __FILE__, __LINE__, __VA_ARGS__)
/* Signed 64 bits; for uint64_t above INT64_MAX use tap_uint. */
#define tap_int(got, want, ...)                                               \
    tap_int_((got), (want), __FILE__, __LINE__, __VA_ARGS__)
#define tap_uint(got, want, ...)                                              \
    tap_uint_((got), (want), __FILE__, __LINE__, __VA_ARGS__)
/* Equal to within MARGIN. */
#define tap_near(got, want, margin, ...)                                      \
    tap_near_((got), (want), (margin), __FILE__, __LINE__, __VA_ARGS__)
/* Terminated strings; NULL equals only NULL. */
#define tap_str(got, want, ...)                                               \
    tap_str_((got), (want), __FILE__, __LINE__, __VA_ARGS__)
/* Bytes: both lengths and all bytes equal. */
#define tap_mem(got, got_len, want, want_len, ...)                            \
    tap_mem_((got), (got_len), (want), (want_len), __FILE__, __LINE__,        \
             __VA_ARGS__)

/* Count one check as skipped, with the reason. */
void tap_skip(const char *format, ...) TAP_FORMAT(1, 2);
/* A line for the reader, only seen when something failed or with V=1. */
void tap_diag(const char *format, ...) TAP_FORMAT(1, 2);
/* Stop: going on makes no sense (set-up failed). */
void tap_bail(const char *format, ...) TAP_FORMAT(1, 2)
    __attribute__((noreturn));
/* Print the plan; returns main's exit status, 0 when all checks held. */
int tap_done(void);

/*
 * A new empty directory, removed with all in it when the program ends: below
 * $TMPDIR, else in memory, else below /tmp.  At most 16 a program.
 */
const char *tap_dir(void);

/*
 * The next number of a seeded generator (splitmix64).  The seed is in the
 * environment, TAP_SEED, else fixed, and printed by tap_done() on failure.
 */
uint64_t tap_random(void);
/* The same, 0 .. BELOW-1. */
uint64_t tap_below(uint64_t below);

int tap_ok_(int held, const char *file, int line, const char *format, ...)
    TAP_FORMAT(4, 5);
int tap_int_(int64_t got, int64_t want, const char *file, int line,
             const char *format, ...) TAP_FORMAT(5, 6);
int tap_uint_(uint64_t got, uint64_t want, const char *file, int line,
              const char *format, ...) TAP_FORMAT(5, 6);
int tap_near_(double got, double want, double margin, const char *file,
              int line, const char *format, ...) TAP_FORMAT(6, 7);
int tap_str_(const char *got, const char *want, const char *file, int line,
             const char *format, ...) TAP_FORMAT(5, 6);
int tap_mem_(const void *got, size_t got_len, const void *want,
             size_t want_len, const char *file, int line, const char *format,
             ...) TAP_FORMAT(7, 8);

#endif
