/*
 * All days of an account that can be sealed, at once and in pieces of random
 * size; for programs that have no glintod's loop.
 */

#ifndef GL_TEST_SEAL_NOW_H
#define GL_TEST_SEAL_NOW_H

#include "columns/seal_job.h"
#include "store/rows/sealed.h"

/* .add NULL: days are sealed without sums. */
static struct gl_seal_sums seal_sums;
/* The first day that seal_now() left as it was not over. */
static int64_t seal_next;

static inline int
seal_part(struct gl_account *of, const struct gl_seal_found *found, int part,
          size_t piece_len)
{
    const GByteArray *bytes = found->sealed->parts[part];
    int pieces = 0;

    for (size_t at = 0; at < bytes->len; at += piece_len) {
        struct gl_sealed_piece piece = {gl_sealed_place(found->sealed, part),
                                        pieces++, &bytes->data[at],
                                        MIN(piece_len, bytes->len - at)};

        if (gl_account_seal_piece(of, &found->day, &piece) != 0)
            return -1;
    }
    return pieces;
}

/* 0 or -1. */
static inline int
seal_day(struct gl_account *of, const struct gl_seal_found *found,
         size_t piece_len)
{
    const struct gl_sealed_day *day = &found->day;
    int pieces = 0, failed;

    if (gl_file_begin(gl_account_file(of), GL_COMMIT_LATER) != 0)
        return -1;
    while (gl_account_unseal(of, day->site, day->day, day->day, 7) > 0)
        ;
    for (int part = 0; part < GL_SEALED_ALL; part++)
        pieces += seal_part(of, found, part, piece_len);
    failed = gl_account_seal_day(of, day, pieces, found->sealed->head,
                                 found->sealed->head_len) != 0;
    return gl_file_commit(gl_account_file(of)) != 0 || failed ? -1 : 0;
}

/* Those before BEFORE, none of which has too many rows: how many, or -1. */
static inline int
seal_now(struct gl_account *of, int64_t before, size_t piece_len)
{
    struct gl_seal_job job = {
        .before = before, .sums = seal_sums, .day = {INT64_MIN, 0, 0}};
    int sealed = 0;

    for (;;) {
        if (gl_seal_job_start(&job, of) != 0)
            return -1;
        gl_reading_ready(&job.reading, 1);
        if (job.reading.error < 0)
            return -1;
        for (int i = 0; i < job.n; i++)
            if (seal_day(of, &job.found[i], piece_len) != 0)
                return -1;
        seal_next = job.next;
        if (job.n == 0)
            return sealed;
        sealed += job.n;
    }
}

#endif
