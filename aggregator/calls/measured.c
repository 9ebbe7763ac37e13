/* What is measured of answers; see measured.h. */

#include "calls/measured.h"

#include <glib.h>
#include <pthread.h>
#include <string.h>

#include "gl_assert.h"

struct gl_measured {
    pthread_mutex_t lock; /* of what follows */
    size_t verbs_n;
    struct gl_histogram *answers; /* by verb, us */
    int64_t sockets;
};

struct gl_measured *
gl_measured_new(void)
{
    struct gl_measured *measured = g_new0(struct gl_measured, 1);

    pthread_mutex_init(&measured->lock, NULL);
    while (gl_verbs[measured->verbs_n].name != NULL)
        measured->verbs_n++;
    measured->answers = g_new0(struct gl_histogram, measured->verbs_n);
    return measured;
}

void
gl_measured_free(struct gl_measured *measured)
{
    if (measured == NULL)
        return;
    pthread_mutex_destroy(&measured->lock);
    g_free(measured->answers);
    g_free(measured);
}

void
gl_measured_answer(struct gl_measured *measured, const char *verb, int64_t us)
{
    size_t i = 0;

    while (i < measured->verbs_n && strcmp(gl_verbs[i].name, verb) != 0)
        i++;
    if (i == measured->verbs_n)
        return;
    pthread_mutex_lock(&measured->lock);
    gl_histogram_add(&measured->answers[i], gl_histogram_us, us);
    pthread_mutex_unlock(&measured->lock);
}

int
gl_measured_answers(struct gl_measured *measured, const struct gl_verb *verb,
                    struct gl_histogram *histogram)
{
    uint64_t n = 0;

    GL_ASSERT((size_t) (verb - gl_verbs) < measured->verbs_n);
    pthread_mutex_lock(&measured->lock);
    *histogram = measured->answers[verb - gl_verbs];
    pthread_mutex_unlock(&measured->lock);
    for (int i = 0; i < GL_HISTOGRAM_BUCKETS; i++)
        n += histogram->n[i];
    return n > 0;
}

void
gl_measured_socket(struct gl_measured *measured, int change)
{
    pthread_mutex_lock(&measured->lock);
    measured->sockets += change;
    GL_ASSERT(measured->sockets >= 0);
    pthread_mutex_unlock(&measured->lock);
}

int64_t
gl_measured_sockets(struct gl_measured *measured)
{
    pthread_mutex_lock(&measured->lock);
    int64_t sockets = measured->sockets;
    pthread_mutex_unlock(&measured->lock);
    return sockets;
}
