/*
 * The exact table of visits of one site.
 *
 *   visitor ──► places (open addressing) ──► entry ◄── list, oldest seen first
 *   alias   ──►
 *
 * A visitor id (63 bits: imports never come here) and whether pages were
 * served here make a key; a visit over midnight has a second key, its alias.
 * An entry is a visit, or only the memory of an engagement that had none
 * (visit.id = 0).  The list is in order of the newest event, so that what is
 * over is at its head.
 *
 * Memory: an entry 184 bytes, a place 16 bytes, places at most half full.
 */

#ifndef GL_VISITS_H
#define GL_VISITS_H

#include "count/count.h"

#define GL_VISITS_NONE UINT32_MAX

struct gl_visits_entry {
    struct gl_visit visit;
    int64_t newest_ms; /* newest event of the visitor */
    int64_t ended_ms;  /* seen_ms of the visit it ended; INT64_MIN = none,
                          INT64_MAX = not known */
    uint32_t first_host, first_path; /* of the visit's first event */
    uint32_t older, newer; /* list; `newer` links the free ones too */
    uint32_t generation;   /* filter generation it was added in */
    uint8_t first_kind;    /* of that event */
    uint8_t ended;         /* a newer visit took its keys */
};

struct gl_visits_place {
    uint64_t key;
    uint32_t index; /* of an entry, GL_VISITS_NONE = free place */
};

struct gl_visits {
    struct gl_visits_entry *entries;
    uint32_t entries_n, entries_max, free;
    struct gl_visits_place *places;
    uint32_t places_n, keys_n; /* places_n is a power of two */
    uint32_t oldest, newest;
    uint32_t held; /* entries in the list */
};

int gl_visits_init(struct gl_visits *visits); /* -1: out of memory */
void gl_visits_fini(struct gl_visits *visits);

/* Room for one more entry with two keys: 0, or -1 out of memory. */
int gl_visits_reserve(struct gl_visits *visits);

/* The entry that has this key, or NULL. */
struct gl_visits_entry *gl_visits_find(const struct gl_visits *visits,
                                       uint64_t visitor, int server);

/* A new entry under VISITOR, zeroed; gl_visits_reserve() came before. */
struct gl_visits_entry *gl_visits_add(struct gl_visits *visits,
                                      uint64_t visitor, int server);

/* A second key for ENTRY (visit.alias); reserved before. */
void gl_visits_alias(struct gl_visits *visits, struct gl_visits_entry *entry,
                     uint64_t alias);

/* ENTRY has a new newest event: puts it where it belongs in the list. */
void gl_visits_touch(struct gl_visits *visits, struct gl_visits_entry *entry);

/* Another visit takes over: ENTRY loses its keys and is the next to leave. */
void gl_visits_end(struct gl_visits *visits, struct gl_visits_entry *entry);

/* ENTRY leaves the table. */
void gl_visits_remove(struct gl_visits *visits, struct gl_visits_entry *entry);

struct gl_visits_entry *gl_visits_oldest(const struct gl_visits *visits);

#endif
