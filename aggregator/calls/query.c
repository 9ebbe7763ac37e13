/*
 * A few threads that take questions from one queue; see query.h.  Not GLib's
 * pool: it ends the process when a thread cannot be made, and
 * ThreadSanitizer does not see its locks.
 */

#define _GNU_SOURCE /* sched_setaffinity */

#include "calls/query.h"

#include <glib.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>

#include "calls/mailbox.h"
#include "log.h"
#include "patience.h"
#include "calls/measured.h"
#include "calls/recounts.h"

/* Of a thread's memory, between two questions. */
#define KEPT_BYTES (4 << 20)

struct gl_query {
    struct gl_query_view view;
    gl_query_answer *answer;
    int nice;
    pthread_t threads[GL_QUERY_THREADS];
    int threads_n;

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t more;
    GQueue calls;        /* struct gl_call, the oldest first */
    atomic_int stopping; /* set behind it, seen by what runs */
};

static void
serve(const struct gl_query *query, struct gl_call *call)
{
    json_t *answer = NULL;
    int64_t began_us = g_get_monotonic_time();
    int status = query->answer(&query->view, call, &answer);

    gl_measured_answer(query->view.measured, call->verb,
                       g_get_monotonic_time() - began_us);
    gl_log(GL_LOG_DEBUG, "%s by %s: %d", call->verb, call->actor, status);
    call->done(call->arg, status, answer);
    gl_mailbox_call_fini(call);
    g_free(call);
}

/* The next one, or NULL: there will be none. */
static struct gl_call *
take(struct gl_query *query)
{
    struct gl_call *call;

    pthread_mutex_lock(&query->lock);
    while ((call = g_queue_pop_head(&query->calls)) == NULL &&
           !query->stopping)
        pthread_cond_wait(&query->more, &query->lock);
    pthread_mutex_unlock(&query->lock);
    return call;
}

/* The first that this thread may run on, unless it is the only one: however
 * many questions there are, one core is free of them. */
static void
leave_a_core(void)
{
    cpu_set_t cores;

    if (sched_getaffinity(0, sizeof cores, &cores) != 0 ||
        CPU_COUNT(&cores) < 2)
        return;
    for (int core = 0; core < CPU_SETSIZE; core++)
        if (CPU_ISSET(core, &cores)) {
            CPU_CLR(core, &cores);
            break;
        }
    sched_setaffinity(0, sizeof cores, &cores);
}

static void *
run(void *arg)
{
    struct gl_query *query = arg;
    struct gl_call *call;

    if (query->nice > 0) {
        gl_patience_begin(query->nice);
        leave_a_core();
    }
    while ((call = take(query)) != NULL)
        serve(query, call);
    return NULL;
}

struct gl_query_view *
gl_query_view_new(void)
{
    struct gl_query_view *view = g_new0(struct gl_query_view, 1);

    view->shelf = gl_shelf_new(GL_SHELF_BYTES);
    view->drops = gl_drops_new();
    view->recounts = gl_recounts_new();
    view->measured = gl_measured_new();
    view->questions = g_new0(atomic_ullong, 1);
    return view;
}

void
gl_query_view_free(struct gl_query_view *view)
{
    if (view == NULL)
        return;
    gl_shelf_free(view->shelf);
    gl_drops_free(view->drops);
    gl_recounts_free(view->recounts);
    gl_measured_free(view->measured);
    g_free(view->questions);
    g_free(view);
}

void
gl_query_keep_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, KEPT_BYTES / 2);
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
}

struct gl_query *
gl_query_new(const struct gl_query_view *view, int threads, int nice,
             gl_query_answer *answer)
{
    struct gl_query *query = g_new0(struct gl_query, 1);

    query->view = *view;
    query->view.stopping = &query->stopping;
    query->answer = answer;
    query->nice = nice;
    pthread_mutex_init(&query->lock, NULL);
    pthread_cond_init(&query->more, NULL);
    g_queue_init(&query->calls);
    while (query->threads_n < threads &&
           pthread_create(&query->threads[query->threads_n], NULL, run,
                          query) == 0)
        query->threads_n++;
    if (query->threads_n > 0)
        return query;
    gl_query_free(query);
    return NULL;
}

int
gl_query_call(struct gl_query *query, const struct gl_call *call)
{
    pthread_mutex_lock(&query->lock);
    int many = query->calls.length >= GL_QUERY_WAITING_MAX;
    if (!many)
        g_queue_push_tail(&query->calls, gl_mailbox_call_copy(call));
    pthread_cond_signal(&query->more);
    pthread_mutex_unlock(&query->lock);
    return many ? -1 : 0;
}

void
gl_query_free(struct gl_query *query)
{
    if (query == NULL)
        return;
    pthread_mutex_lock(&query->lock);
    query->stopping = 1;
    pthread_cond_broadcast(&query->more);
    pthread_mutex_unlock(&query->lock);
    for (int i = 0; i < query->threads_n; i++)
        pthread_join(query->threads[i], NULL);
    pthread_cond_destroy(&query->more);
    pthread_mutex_destroy(&query->lock);
    g_free(query);
}
