/* The thread of reading.h.  Signals are the loop thread's: the writer thread,
 * which starts this one, has blocked them all. */

#define _GNU_SOURCE

#include "jobs/reading.h"

#include "gl_assert.h"

#include "patience.h"

#include <stdio.h>

static void *
run(void *arg)
{
    struct gl_reading *reading = arg;

    GL_ASSERT(reading->reader != NULL && !atomic_load(&reading->ready));
    gl_patience_begin(reading->nice);
    reading->error = gl_account_read(reading->reader);
    if (reading->error == 0)
        reading->error = reading->read(reading->arg, reading->reader);
    if (reading->error < 0)
        snprintf(reading->why, sizeof reading->why, "%s",
                 gl_account_why(reading->reader));
    gl_account_reader_free(reading->reader);
    reading->reader = NULL;
    atomic_store(&reading->ready, 1);
    return NULL;
}

int
gl_reading_start(struct gl_reading *reading, const struct gl_account *account)
{
    GL_ASSERT(!reading->running && reading->reader == NULL);
    reading->reader = gl_account_reader(account);
    atomic_store(&reading->ready, 0);
    reading->running =
        reading->reader != NULL &&
        pthread_create(&reading->thread, NULL, run, reading) == 0;
    if (reading->running)
        return 0;
    gl_account_reader_free(reading->reader);
    reading->reader = NULL;
    return -GL_STORE_ENVIRONMENT;
}

int
gl_reading_ready(struct gl_reading *reading, int wait)
{
    if (!wait && !atomic_load(&reading->ready))
        return 0;
    if (reading->running)
        pthread_join(reading->thread, NULL);
    reading->running = 0;
    return 1;
}
