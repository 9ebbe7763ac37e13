/*
 * The mailbox; see mailbox.h.  One lock, held for copies only.  Hints lie in
 * two buffers that change places, so that none is copied under the lock by
 * the reader:
 *
 *   filling  [4 length][packet][4 length][packet] ...
 *   reading  the same, owned by the writer thread
 */

#include "calls/mailbox.h"

#include "gl_assert.h"
#include "hint.h"

#include <glib.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct hints {
    uint8_t *bytes;
    size_t used;
};

struct gl_mailbox {
    pthread_mutex_t lock;
    int wake_fd;
    struct hints filling, reading;
    int hint_refused;
    GQueue calls;
    size_t body_bytes;   /* of the calls that wait */
    GHashTable *watches; /* id of a site -> sum of changes */
    int stopping;
};

struct gl_mailbox *
gl_mailbox_new(void)
{
    struct gl_mailbox *box = calloc(1, sizeof *box);

    if (box == NULL)
        return NULL;
    pthread_mutex_init(&box->lock, NULL);
    g_queue_init(&box->calls);
    box->watches =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    box->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    box->filling.bytes = malloc(GL_MAILBOX_HINT_BYTES);
    box->reading.bytes = malloc(GL_MAILBOX_HINT_BYTES);
    if (box->wake_fd == -1 || box->filling.bytes == NULL ||
        box->reading.bytes == NULL) {
        gl_mailbox_free(box);
        return NULL;
    }
    return box;
}

void
gl_mailbox_free(struct gl_mailbox *box)
{
    struct gl_call call;

    if (box == NULL)
        return;
    while (gl_mailbox_take_call(box, &call))
        gl_mailbox_call_fini(&call);
    g_hash_table_destroy(box->watches);
    if (box->wake_fd != -1)
        close(box->wake_fd);
    free(box->filling.bytes);
    free(box->reading.bytes);
    pthread_mutex_destroy(&box->lock);
    free(box);
}

/* With the lock held: a full counter wakes just as well. */
static void
wake(struct gl_mailbox *box)
{
    uint64_t one = 1;
    ssize_t wrote = write(box->wake_fd, &one, sizeof one);

    (void) wrote;
}

void
gl_mailbox_hint(struct gl_mailbox *box, const uint8_t *packet, size_t len)
{
    uint32_t head = (uint32_t) len;
    struct hints *hints = &box->filling;
    size_t room = GL_MAILBOX_HINT_BYTES - sizeof head;

    if (packet[0] == GL_HINT_EVENTS)
        room -= GL_MAILBOX_HELLO_BYTES;
    pthread_mutex_lock(&box->lock);
    if (hints->used == 0)
        wake(box);
    if (len > room || hints->used > room - len) {
        box->hint_refused = 1;
    } else {
        memcpy(hints->bytes + hints->used, &head, sizeof head);
        memcpy(hints->bytes + hints->used + sizeof head, packet, len);
        hints->used += sizeof head + len;
    }
    pthread_mutex_unlock(&box->lock);
}

struct gl_call *
gl_mailbox_call_copy(const struct gl_call *call)
{
    struct gl_call *copy = g_memdup2(call, sizeof *call);

    copy->verb = g_strdup(call->verb);
    copy->actor = g_strdup(call->actor);
    return copy;
}

int
gl_mailbox_call(struct gl_mailbox *box, const struct gl_call *call)
{
    pthread_mutex_lock(&box->lock);
    int taken = !box->stopping &&
                g_queue_get_length(&box->calls) < GL_MAILBOX_CALLS &&
                call->body_len <= GL_MAILBOX_BODY_BYTES - box->body_bytes;
    if (taken) {
        g_queue_push_tail(&box->calls, gl_mailbox_call_copy(call));
        box->body_bytes += call->body_len;
        wake(box);
    }
    pthread_mutex_unlock(&box->lock);
    return taken ? 0 : -1;
}

void
gl_mailbox_watch(struct gl_mailbox *box, int64_t site, int change)
{
    GL_ASSERT(change == 1 || change == -1);
    pthread_mutex_lock(&box->lock);
    int sum =
        GPOINTER_TO_INT(g_hash_table_lookup(box->watches, &site)) + change;
    g_hash_table_insert(box->watches, g_memdup2(&site, sizeof site),
                        GINT_TO_POINTER(sum));
    wake(box);
    pthread_mutex_unlock(&box->lock);
}

void
gl_mailbox_stop(struct gl_mailbox *box)
{
    pthread_mutex_lock(&box->lock);
    box->stopping = 1;
    wake(box);
    pthread_mutex_unlock(&box->lock);
}

void
gl_mailbox_wake(struct gl_mailbox *box)
{
    pthread_mutex_lock(&box->lock);
    wake(box);
    pthread_mutex_unlock(&box->lock);
}

void
gl_mailbox_wait(struct gl_mailbox *box, int64_t timeout_ms)
{
    struct pollfd fd = {.fd = box->wake_fd, .events = POLLIN};
    uint64_t count;

    if (timeout_ms > 0)
        poll(&fd, 1, (int) timeout_ms);
    ssize_t got = read(box->wake_fd, &count, sizeof count);
    (void) got; /* nothing there: the time is up */
}

static void
read_hints(struct hints *hints, const struct gl_mailbox_reader *reader)
{
    uint32_t len;

    for (size_t at = 0; at < hints->used; at += sizeof len + len) {
        memcpy(&len, hints->bytes + at, sizeof len);
        GL_ASSERT(at + sizeof len + len <= hints->used);
        reader->hint(reader->arg, hints->bytes + at + sizeof len, len);
    }
    hints->used = 0;
}

int
gl_mailbox_take(struct gl_mailbox *box, const struct gl_mailbox_reader *reader)
{
    g_autoptr(GHashTable) watches = NULL;
    GHashTableIter iter;
    gpointer site, change;

    pthread_mutex_lock(&box->lock);
    GL_ASSERT(box->reading.used == 0);
    struct hints swap = box->filling;
    box->filling = box->reading;
    box->reading = swap;
    int refused = box->hint_refused;
    box->hint_refused = 0;
    if (g_hash_table_size(box->watches) > 0) {
        watches = box->watches;
        box->watches =
            g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    }
    pthread_mutex_unlock(&box->lock);

    read_hints(&box->reading, reader);
    if (watches != NULL) {
        g_hash_table_iter_init(&iter, watches);
        while (g_hash_table_iter_next(&iter, &site, &change))
            reader->watch(reader->arg, *(int64_t *) site,
                          GPOINTER_TO_INT(change));
    }
    return refused;
}

int
gl_mailbox_take_call(struct gl_mailbox *box, struct gl_call *call)
{
    pthread_mutex_lock(&box->lock);
    g_autofree struct gl_call *oldest = g_queue_pop_head(&box->calls);
    GL_ASSERT(oldest == NULL || oldest->body_len <= box->body_bytes);
    if (oldest != NULL)
        box->body_bytes -= oldest->body_len;
    pthread_mutex_unlock(&box->lock);
    if (oldest == NULL)
        return 0;
    *call = *oldest;
    return 1;
}

void
gl_mailbox_call_fini(struct gl_call *call)
{
    g_free((char *) (uintptr_t) call->verb);
    g_free((char *) (uintptr_t) call->actor);
    json_decref(call->args);
    free(call->body);
    memset(call, 0, sizeof *call);
}

int
gl_mailbox_has_calls(struct gl_mailbox *box)
{
    pthread_mutex_lock(&box->lock);
    int any = !g_queue_is_empty(&box->calls);
    pthread_mutex_unlock(&box->lock);
    return any;
}

int
gl_mailbox_stopping(struct gl_mailbox *box)
{
    pthread_mutex_lock(&box->lock);
    int stopping = box->stopping;
    pthread_mutex_unlock(&box->lock);
    return stopping;
}
