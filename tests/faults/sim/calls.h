/* What calls.c (files) and listing.c (the directory) share. */

#ifndef GL_SIM_CALLS_H
#define GL_SIM_CALLS_H

#include "sim.h"

#define SIM_DIRECTORY (-1) /* in the place of a file's number */

struct sim_handle {
    int used, place, file, lock;
    int at, end; /* of a directory being listed */
    /* a write that is half done: a kill does not stop it inside a page */
    const uint8_t *rest;
    size_t rest_len;
    uint32_t rest_at;
};

struct sim_handle *sim_call_handle(int fd); /* NULL = none */
int sim_call_fail(int error);               /* -1 with that errno */
/* By chance: the call under way is to fail. */
int sim_call_fails(void);

#endif
