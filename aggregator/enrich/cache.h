/*
 * The last few thousand parsed agents by the keyed hash of their text.  The
 * text itself is not kept.
 *
 *   heads[hash] -> entry -> entry      entries of one bucket, "next"
 *   newest <-> entry <-> ... <-> oldest   order of use, "newer" and "older":
 *                                      one of those asked for once, one of
 *                                      those that were asked for again
 *
 * Least recently used goes out first: of those asked for once while they are
 * more than an eighth, so that a flood of made-up agents takes no room from
 * those that come again.
 *
 * Memory is fixed at the start: 290 bytes an entry.  One thread.
 */

#ifndef GL_ENRICH_CACHE_H
#define GL_ENRICH_CACHE_H

#include "enrich.h"

/* Entries are numbered with 16 bits. */
#define GL_CACHE_ENTRIES_MAX 32768

struct gl_cache;

/* ENTRIES is a power of two, 2 to GL_CACHE_ENTRIES_MAX.  NULL: no memory. */
struct gl_cache *gl_cache_new_(uint32_t entries);
void gl_cache_free_(struct gl_cache *cache);

/* The agent of HASH, now the newest that came again; NULL when it is not
 * there. */
struct gl_agent *gl_cache_find_(struct gl_cache *cache, uint64_t hash);
/*
 * Room for the agent of HASH, zeroed but for the hash; it is the newest that
 * came once, and another is gone when all was full.  HASH must not be there
 * yet.
 */
struct gl_agent *gl_cache_add_(struct gl_cache *cache, uint64_t hash);

#endif
