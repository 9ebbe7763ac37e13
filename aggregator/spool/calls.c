/*
 * What the spool asks of the system, and what it tells the caller.
 */

#include "spool/spool_internal.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

static int
system_openat(int dirfd, const char *name, int flags, mode_t mode)
{
    return openat(dirfd, name, flags, mode);
}

const struct gl_spool_calls gl_spool_system_calls = {
    system_openat, pread, flock, fdatasync, fsync, unlinkat,
};

void
gl_spool_note_(struct gl_spool *spool, const char *format, ...)
{
    char sentence[256];
    va_list args;

    if (spool->note == NULL)
        return;
    va_start(args, format);
    (void) vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    spool->note(spool->arg, sentence);
}

void
gl_spool_alarm_(struct gl_spool *spool, const char *format, ...)
{
    char sentence[256];
    va_list args;

    if (spool->alarm == NULL)
        return;
    va_start(args, format);
    (void) vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    spool->alarm(spool->arg, sentence);
}

int
gl_spool_writer_gone_(struct gl_spool *spool, struct gl_spool_file *file)
{
    if (spool->calls->flock(file->fd, LOCK_SH | LOCK_NB) == -1)
        return 0;
    (void) spool->calls->flock(file->fd, LOCK_UN);
    return 1;
}
