/*
 * The log: lines on standard error, which systemd or the caller keeps.  It
 * rotates nothing and opens no file.
 *
 * Invariants
 *  1. A message is one line: control bytes become \xNN, and a message longer
 *     than LINE_MAX_BYTES is cut.
 *  2. A line is one write, so that lines of two threads never mix.
 *
 * Any thread.  The level is the one variable of this file.
 */

#include "log.h"

#include "clock.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048 /* two paths of PATH_MAX / 4 and a sentence */

static atomic_int log_level = GL_LOG_NOTICE;

void
gl_log_open(int level)
{
    atomic_store(&log_level, level);
}

static size_t
put_head(char *line, size_t size, int level)
{
    static const char *const names[] = {"error", "notice", "debug"};
    int64_t now_ms = gl_clock_now_ms();
    time_t now_s = (time_t) (now_ms / 1000);
    struct tm tm;

    gmtime_r(&now_s, &tm);
    size_t n = strftime(line, size, "%Y-%m-%dT%H:%M:%S", &tm);
    n += (size_t) snprintf(line + n, size - n, ".%03dZ [%s] ",
                           (int) (now_ms % 1000), names[level]);
    return n;
}

void
gl_log(int level, const char *format, ...)
{
    char text[LINE_MAX_BYTES / 4], line[LINE_MAX_BYTES];
    va_list args;

    if (level > atomic_load(&log_level))
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);

    size_t n = put_head(line, sizeof line, level);
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char) *at >= ' ' && *at != 0x7f)
            line[n++] = *at;
        else
            n += (size_t) snprintf(line + n, 5, "\\x%02x",
                                   (unsigned) (unsigned char) *at);
        if (n > sizeof line - 8)
            break;
    }
    line[n++] = '\n';
    ssize_t wrote = write(STDERR_FILENO, line, n);
    (void) wrote; /* there is nowhere to tell it */
}
