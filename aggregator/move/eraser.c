/* The thread of eraser.h: one call, which can be told to stop. */

#include "move/eraser.h"

#include "calls/mailbox.h"
#include "gl_assert.h"
#include "patience.h"
#include "store/site/sites.h"

#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>

/* Nobody waits for it. */
#define NICE 10

struct gl_eraser {
    pthread_t thread;
    atomic_int stopping, done;
    struct gl_mailbox *wake;
    char *path;
    int error; /* this and WHY: the thread's until DONE */
    char why[256];
};

static int
is_stopping(void *arg)
{
    struct gl_eraser *eraser = arg;

    return atomic_load(&eraser->stopping);
}

static void *
run(void *arg)
{
    struct gl_eraser *eraser = arg;

    GL_ASSERT(eraser->path != NULL && !atomic_load(&eraser->done));
    gl_patience_begin(NICE);
    eraser->error = gl_account_erase(eraser->path, is_stopping, eraser,
                                     eraser->why, sizeof eraser->why);
    atomic_store(&eraser->done, 1);
    gl_mailbox_wake(eraser->wake);
    return NULL;
}

static void
free_eraser(struct gl_eraser *eraser)
{
    g_free(eraser->path);
    g_free(eraser);
}

struct gl_eraser *
gl_eraser_start(const char *path, struct gl_mailbox *wake)
{
    struct gl_eraser *eraser = g_new0(struct gl_eraser, 1);

    eraser->path = g_strdup(path);
    eraser->wake = wake;
    if (pthread_create(&eraser->thread, NULL, run, eraser) == 0)
        return eraser;
    free_eraser(eraser);
    return NULL;
}

int
gl_eraser_done(struct gl_eraser *eraser)
{
    return atomic_load(&eraser->done);
}

int
gl_eraser_end(struct gl_eraser *eraser, char *why, size_t why_len)
{
    int error;

    atomic_store(&eraser->stopping, 1);
    pthread_join(eraser->thread, NULL);
    error = eraser->error;
    g_strlcpy(why, eraser->why, why_len);
    free_eraser(eraser);
    return error;
}
