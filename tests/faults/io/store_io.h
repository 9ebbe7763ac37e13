/*
 * F9: glintod's ingest, store and counting as they are, in this process on a
 * clock that does not wait, while SQLite's calls to the disk fail.
 */

#ifndef GL_STORE_IO_H
#define GL_STORE_IO_H

#include "conf.h"

#include <stdint.h>

#define IO_EVENTS 24  /* appended before the aggregator starts, and again */
#define IO_ACCOUNTS 2 /* "default" and another; frames of no site too */

struct io_life {
    struct gl_conf conf;
    int64_t now_ms;  /* both clocks */
    uint32_t events; /* appended so far; their paths are "/1", "/2" ... */
    char accounts[IO_ACCOUNTS][16]; /* ids */
};

/* Folders under DIR; accounts and sites are made in DIR/data. */
void io_life_make(struct io_life *life, const char *dir);
/* The folders are DIR's again, with what io_life_make() left in data. */
void io_life_renew(struct io_life *life);
void io_life_append(struct io_life *life);
/*
 * The aggregator lives for TURNS waits of its loop, and appends once in the
 * middle of them when MORE is 1.  0, or -1: it did not start.
 */
int io_life_run(struct io_life *life, int turns, int more);
/* 1 = no segment and nothing parked is left. */
int io_life_all_applied(const struct io_life *life);

#endif
