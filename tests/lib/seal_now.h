/*
 * All days of an account that can be sealed, at once and in pieces of random
 * size; for programs that have no glintod's loop.
 */

#ifndef GL_TEST_SEAL_NOW_H
#define GL_TEST_SEAL_NOW_H

#include "columns/seal_job.h"
#include "store/sealed.h"

/* .add NULL: days are sealed without sums. */
static struct gl_seal_sums seal_sums;

static inline int
seal_part(struct gl_account *of, const struct gl_seal_job *job, int part,
          size_t piece_len)
{
    const GByteArray *bytes = job->sealed->parts[part];
    int pieces = 0;

    for (size_t at = 0; at < bytes->len; at += piece_len) {
        struct gl_sealed_piece piece = {gl_sealed_place(job->sealed, part),
                                        pieces++, &bytes->data[at],
                                        MIN(piece_len, bytes->len - at)};

        if (gl_account_seal_piece(of, &job->day, &piece) != 0)
            return -1;
    }
    return pieces;
}

/* 0 or -1. */
static inline int
seal_day(struct gl_account *of, const struct gl_seal_job *job,
         size_t piece_len)
{
    const struct gl_sealed_day *day = &job->day;
    int pieces = 0, failed;

    if (gl_file_begin(gl_account_file(of), GL_COMMIT_LATER) != 0)
        return -1;
    while (gl_account_unseal(of, day->site, day->day, day->day, 7) > 0)
        ;
    for (int part = 0; part < GL_SEALED_ALL; part++)
        pieces += seal_part(of, job, part, piece_len);
    failed = gl_account_seal_day(of, day, pieces, job->sealed->head,
                                 job->sealed->head_len) != 0;
    return gl_file_commit(gl_account_file(of)) != 0 || failed ? -1 : 0;
}

/* Those before BEFORE: how many, or -1. */
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
        if (job.sealed == NULL)
            return sealed;
        if (seal_day(of, &job, piece_len) != 0)
            return -1;
        sealed++;
    }
}

#endif
