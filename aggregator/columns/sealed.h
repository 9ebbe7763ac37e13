/*
 * A day set packed: a head, and parts of which each can be read alone.
 * Lossless.  What can be told from other parts is kept as what differs from
 * that, which is mostly nothing:
 *
 *   shape    visits a visitor, events a visit, which are pageviews
 *   ids      from one to the next
 *   times    start of a visit; of an event, since the one before
 *   midnight those of the day after, and their times again
 *   sums     bounced, pageviews, seconds: against what the events say
 *   events   host, path; names of custom events alone
 *   visits   entry and exit against the events'; the others, where they are
 *            the same in all visits of a visitor, once a visitor
 *   props    events that have a key, from one to the next, and its values
 *   engaged  the same, and what engagement told of them
 *   paid     the same, with currency and amount
 *
 * Each is a row of numbers of pack.h, or a frame of zstd of that
 * (sealed_zstd.c).  Any change of that is another GL_SEALED_FORMAT.  Days
 * whose rows were let go (store/site/let_go.h) cannot be sealed anew: from 4
 * on a reader of each format stays.
 */

#ifndef GL_COLUMNS_SEALED_H
#define GL_COLUMNS_SEALED_H

#include <glib.h>

#include "columns/columns.h"
#include "store/account/account.h"
#include "store/rows/sealed.h"

#define GL_SEALED_SHAPE GL_PARTS /* beside the parts of enum gl_part */
#define GL_SEALED_PARTS (GL_PARTS + 1)
/* And parts with what the set sums up to: query/sums/sealed_sums.h. */
#define GL_SEALED_SUMS_MAX 120
#define GL_SEALED_ALL (GL_SEALED_PARTS + GL_SEALED_SUMS_MAX)
#define GL_SEALED_ZSTD 1000 /* a part that is a frame: so much further */

struct gl_sealed {
    uint8_t head[GL_SEALED_HEAD_MAX];
    size_t head_len;
    GByteArray *parts[GL_SEALED_ALL];
    uint8_t is_zstd[GL_SEALED_ALL];
};

/* Who sums up SET, of a site of READER's account: ADD appends to some of
 * SUMS[GL_SEALED_SUMS_MAX].  In any thread; 0 or -enum gl_store_error. */
struct gl_seal_sums {
    int (*add)(void *arg, struct gl_account *reader, int64_t site,
               const struct gl_columns *set, GByteArray *const *sums);
    void *arg;
};

/* ---- sealed_pack.c: any thread ---- */

struct gl_sealed *gl_sealed_pack(const struct gl_columns *set);
/* NULL is allowed. */
void gl_sealed_free(struct gl_sealed *sealed);

/* ---- sealed_unpack.c: any thread ---- */

#define GL_SEALED_DAMAGED 1

struct gl_sealed_from {
    int64_t day;
    const uint8_t *head;
    size_t head_len;
    /* Append the bytes of a part, below GL_SEALED_ZSTD or from there on, to
     * BYTES: 0, GL_SEALED_DAMAGED, or -enum gl_store_error. */
    int (*part)(void *arg, int part, GByteArray *bytes);
    void *arg;
};
/* The parts WANTS (bits of enum gl_part), and what these need: 0 and *SET, or
 * what part said. */
int gl_sealed_unpack(const struct gl_sealed_from *from, uint32_t wants,
                     struct gl_columns **set);
int gl_sealed_unpack_all(struct gl_sealed *sealed, int64_t day,
                         struct gl_columns **set);
/* The events_end of a head: 0 or GL_SEALED_DAMAGED. */
int gl_sealed_events_end(const uint8_t *head, size_t len,
                         uint32_t *events_end);

/* ---- sealed_zstd.c: any thread ---- */

/* Parts become frames where that makes them smaller by a third; once. */
void gl_sealed_squeeze(struct gl_sealed *sealed);
/* As from->part, of a part below GL_SEALED_ZSTD, however it is kept. */
int gl_sealed_read(const struct gl_sealed_from *from, int part,
                   GByteArray *bytes);
/* A part of SEALED as from->part appends it. */
int gl_sealed_part(const struct gl_sealed *sealed, int part,
                   GByteArray *bytes);
/* Where PART is kept in a file. */
static inline int
gl_sealed_place(const struct gl_sealed *sealed, int part)
{
    return part + (sealed->is_zstd[part] ? GL_SEALED_ZSTD : 0);
}

/* ---- sealed_load.c: any one thread, with a reader of its own ---- */

/* 0 and *SET; NULL = the day is not sealed as its token says, or is damaged,
 * which the log tells; or -enum gl_store_error. */
int gl_sealed_load(struct gl_account *reader, const struct gl_sealed_day *day,
                   uint32_t wants, struct gl_columns **set);
/* 1 = the day is sealed as its token says, and *EVENTS_END is its set's. */
int gl_sealed_look(struct gl_account *reader, const struct gl_sealed_day *day,
                   uint32_t *events_end);
/* Sums of a sealed day, appended to BYTES; nothing where there are none, or
 * they are damaged, which the log tells. */
int gl_sealed_load_sums(struct gl_account *reader,
                        const struct gl_sealed_day *day, unsigned which,
                        GByteArray *bytes);

#endif
