/*
 * Writes that are held back end in the file as if each had been made at once:
 * random ones, one behind the other or not, as long as a commit's, flushed or
 * not, beside a twin that holds nothing back.  A call that fails is told, and
 * nothing is held after it.
 */

#include "store/db/combine.h"

#include <string.h>

#include "tap.h"

#define ROUNDS 300
#define STEPS 60
#define FILE_BYTES (4 * GL_COMBINE_BYTES)
#define LONG_BYTES (GL_COMBINE_BYTES + 4096)

/* A file in memory, as SQLite's VFS has one. */
struct file {
    sqlite3_file base;
    unsigned char bytes[FILE_BYTES];
    int calls;
    int fails; /* the next call does */
};

static struct file held_file, twin;
static unsigned char from[LONG_BYTES];

static int
on_write(sqlite3_file *base, const void *bytes, int len, sqlite3_int64 at)
{
    struct file *file = (struct file *) base;

    file->calls++;
    if (file->fails)
        return SQLITE_FULL;
    memcpy(file->bytes + at, bytes, (size_t) len);
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {.iVersion = 1, .xWrite = on_write};

static void
begin(void)
{
    memset(&held_file, 0, sizeof held_file);
    memset(&twin, 0, sizeof twin);
    held_file.base.pMethods = twin.base.pMethods = &methods;
}

static int
some_len(void)
{
    static const int lens[] = {24, 32, 4096, GL_COMBINE_BYTES, LONG_BYTES};

    return lens[tap_below(20) == 0 ? tap_below(5) : tap_below(3)];
}

/* One write to both, behind the last one or elsewhere. */
static int
write_both(struct gl_combine *held, sqlite3_int64 *at)
{
    int len = some_len();

    if (tap_below(8) == 0 || *at + len > FILE_BYTES)
        *at = (sqlite3_int64) tap_below((uint64_t) (FILE_BYTES - len));
    memset(from, (int) tap_below(256), (size_t) len);
    int rc = gl_combine_write(held, &held_file.base, from, len, *at);
    on_write(&twin.base, from, len, *at);
    *at += len;
    return rc;
}

static void
test_twin(void)
{
    struct gl_combine held = {0};
    int wrong = 0, calls = 0, twin_calls = 0;

    for (int round = 0; round < ROUNDS; round++) {
        sqlite3_int64 at = 0;

        begin();
        for (int i = 0; i < STEPS; i++) {
            wrong += write_both(&held, &at) != SQLITE_OK;
            if (tap_below(10) == 0)
                wrong += gl_combine_flush(&held, &held_file.base) != SQLITE_OK;
        }
        wrong += gl_combine_flush(&held, &held_file.base) != SQLITE_OK ||
                 memcmp(held_file.bytes, twin.bytes, FILE_BYTES) != 0;
        calls += held_file.calls;
        twin_calls += twin.calls;
    }
    gl_combine_free(&held);
    tap_int(wrong, 0, "%d files are as if nothing had been held", ROUNDS);
    tap_ok(2 * calls < twin_calls, "%d writes instead of %d", calls,
           twin_calls);
}

static void
test_failure(void)
{
    struct gl_combine held = {0};

    begin();
    held_file.fails = 1;
    tap_int(gl_combine_write(&held, &held_file.base, from, 24, 0), SQLITE_OK,
            "a write that is held does not fail");
    tap_int(gl_combine_flush(&held, &held_file.base), SQLITE_FULL,
            "a flush does");
    held_file.fails = 0;
    tap_int(gl_combine_flush(&held, &held_file.base), SQLITE_OK,
            "then nothing is held");
    tap_int(held_file.calls, 1, "and nothing is written again");
    gl_combine_write(&held, &held_file.base, from, 24, 0);
    held_file.fails = 1;
    tap_int(gl_combine_write(&held, &held_file.base, from, 24, 4096),
            SQLITE_FULL, "a write elsewhere tells of the one before");
    held_file.fails = 0;
    gl_combine_write(&held, &held_file.base, from, 24, 0);
    gl_combine_drop(&held);
    held_file.calls = 0;
    gl_combine_flush(&held, &held_file.base);
    tap_int(held_file.calls, 0, "what is dropped goes nowhere");
    gl_combine_free(&held);
}

int
main(void)
{
    test_twin();
    test_failure();
    return tap_done();
}
