/*
 * A thread that reads one commit of an account's file on a connection of its
 * own, so that rounds go on meanwhile.
 */

#ifndef GL_READING_H
#define GL_READING_H

#include <pthread.h>
#include <stdatomic.h>

#include "store/account/account.h"

struct gl_reading {
    /* In the thread: 0, or -enum gl_store_error; READER is gone afterwards. */
    int (*read)(void *arg, struct gl_account *reader);
    void *arg;
    int nice; /* of the thread alone: 0..19 */

    int error; /* this and WHY: the thread's until it is ready */
    char why[256];
    struct gl_account *reader;
    pthread_t thread;
    int running;
    atomic_int ready;
};

/* 0 or -enum gl_store_error. */
int gl_reading_start(struct gl_reading *reading,
                     const struct gl_account *account);
/* 1 = the thread has ended; WAIT for it. */
int gl_reading_ready(struct gl_reading *reading, int wait);

#endif
