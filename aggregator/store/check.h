/*
 * Is what the files say true?  Each file is read at one commit while others
 * write: SQLite's own structure, then what our rows promise each other.
 *
 * Not here: repair.  Any one thread.
 */

#ifndef GL_STORE_CHECK_H
#define GL_STORE_CHECK_H

#include <stddef.h>

struct gl_check {
    const char *meta;                               /* path of meta.db */
    int (*stop)(void *arg);                         /* 1 = end it here */
    void (*fault)(void *arg, const char *sentence); /* one for each fault */
    void *arg;
};

/* 0 = looked at all of it, -1 = stopped.  What cannot be read is a fault. */
int gl_check_meta(const struct gl_check *check);
/* The file PATH of the account ID. */
int gl_check_account(const struct gl_check *check, const char *path,
                     const char *id);

#endif
