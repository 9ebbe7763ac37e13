/*
 * Days of sites as columns/ packed them: a head, and pieces of parts.  A head
 * stands for all its pieces: it is written after them and deleted before
 * them.  It holds as long as the day's token is the same.
 */

#ifndef GL_STORE_ROWS_SEALED_H
#define GL_STORE_ROWS_SEALED_H

#include <stddef.h>
#include <stdint.h>

struct gl_account;

/* What is sealed in another way is no more than nothing. */
#define GL_SEALED_FORMAT 4
#define GL_SEALED_HEAD_MAX 64         /* bytes */
#define GL_SEALED_PIECE_MAX (1 << 18) /* bytes */

struct gl_sealed_day {
    int64_t site, day;
    uint64_t token; /* gl_account_day_tokens() */
};

/* ---- looking for work: any one thread ---- */

/* The first day after *DAY, by site and day, and before BEFORE, which is not
 * sealed as it is now: 1 and *DAY, 0 = there is none, or an error. */
int gl_account_next_unsealed(struct gl_account *account, int64_t before,
                             struct gl_sealed_day *day);
/* 1 = visits of the day or those beside it are to be made again, or are not
 * over. */
int gl_account_unsettled(struct gl_account *account, int64_t site,
                         int64_t day);

/* ---- reading: any one thread ---- */

/* The head of DAY: 1 and its *LEN bytes, 0 = it is not sealed as DAY->token
 * says, or an error. */
int gl_account_sealed_head(struct gl_account *account,
                           const struct gl_sealed_day *day,
                           uint8_t head[GL_SEALED_HEAD_MAX], size_t *len);
/* The bytes of PART, piece by piece: 0, 1 = one is damaged, or an error. */
int gl_account_sealed_part(
    struct gl_account *account, const struct gl_sealed_day *day, int part,
    void (*take)(void *arg, const void *bytes, size_t len), void *arg);

/* ---- writing: in a transaction ---- */

struct gl_sealed_piece {
    int part, piece;
    const void *bytes;
    size_t len; /* GL_SEALED_PIECE_MAX at most */
};
int gl_account_seal_piece(struct gl_account *account,
                          const struct gl_sealed_day *day,
                          const struct gl_sealed_piece *piece);
/* All PIECES are there.  An empty head: the day is not to be sealed. */
int gl_account_seal_day(struct gl_account *account,
                        const struct gl_sealed_day *day, int pieces,
                        const void *head, size_t len);
/* Delete the heads of FROM <= day <= TO and PIECES pieces of them: how many of
 * these there were, or an error. */
int gl_account_unseal(struct gl_account *account, int64_t site, int64_t from,
                      int64_t to, int pieces);

/* ---- what has changed: writer thread ---- */

/* The earliest day whose token changed since gl_account_looked(); 0 = nobody
 * has looked yet, INT64_MAX = none did. */
int64_t gl_account_changed_day(const struct gl_account *account);
/* What is earlier than FROM is sealed, or cannot be. */
void gl_account_looked(struct gl_account *account, int64_t from);
/* Looked, here and now, where a file is open and has fewer than 1,000 days;
 * with more a thread does: 0 or an error. */
int gl_account_look_for_unsealed(struct gl_account *account);

#endif
