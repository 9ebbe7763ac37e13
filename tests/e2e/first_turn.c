/*
 * Preloaded into glintod by first_turn.t: who makes a thread goes on only when
 * that thread, and those made before, have had time for much of their work.
 */

#define _GNU_SOURCE /* RTLD_NEXT */

#include <dlfcn.h>
#include <pthread.h>
#include <time.h>

typedef int create_function(pthread_t *id, const pthread_attr_t *attributes,
                            void *(*run)(void *), void *arg);

int
pthread_create(pthread_t *id, const pthread_attr_t *attributes,
               void *(*run)(void *), void *arg)
{
    const struct timespec time = {.tv_nsec = 200000000};
    create_function *real;
    int result;

    /* ISO C has no cast from void * to a function. */
    *(void **) (void *) &real = dlsym(RTLD_NEXT, "pthread_create");
    result = real(id, attributes, run, arg);
    (void) nanosleep(&time, NULL);
    return result;
}
