/*
 * DATA/followed.db: how far this city has read the log (schema/followed.sql).
 * Not glintod's: the program beside it has it open, one thread.
 *
 * Changes happen between gl_followed_begin() and gl_followed_commit(), whose
 * return makes them durable.  0 or a positive answer, or -enum gl_store_error;
 * then gl_followed_close() is due, and what is in memory is not believed.
 */

#ifndef GL_STORE_FOLLOWED_H
#define GL_STORE_FOLLOWED_H

#include <stddef.h>
#include <stdint.h>

#define GL_FOLLOWED_LOG_MAX 40 /* with the 0 */

struct gl_followed;

/* 0: the file is there, or may be made: BEGIN is 1, or no account has an event
 * yet.  -1 with a sentence in WHY: events that came from the log would come
 * again, since nobody knows how far it was read; or data of a backup is as
 * glintod has not seen it yet (writer/restored.h). */
int gl_followed_ready(const char *data, int begin, char *why, size_t why_len);
/* The folder and the file are made when they are missing.  NULL with a
 * sentence in WHY. */
struct gl_followed *gl_followed_open(const char *data, char *why,
                                     size_t why_len);
void gl_followed_close(struct gl_followed *followed);
const char *gl_followed_why(const struct gl_followed *followed);

/* All of transactions before *LOW was handed over.  PENDING: the segments
 * that went with the last commit, with blanks between, valid until the next
 * call. */
int gl_followed_state(struct gl_followed *followed, uint64_t *low,
                      const char **pending);
/* Transactions before *FIRST were left out, and so were events of before
 * *BEGINS_MS (UTC); 0 = none was. */
int gl_followed_begins(struct gl_followed *followed, uint64_t *first,
                       int64_t *begins_ms);
/* Of one that has read nothing; a transaction. */
int gl_followed_set_begins(struct gl_followed *followed, uint64_t first,
                           int64_t begins_ms);
/* Which log it is of, "" = nobody has said yet; the second is a
 * transaction. */
int gl_followed_log(struct gl_followed *followed,
                    char id[GL_FOLLOWED_LOG_MAX]);
int gl_followed_set_log(struct gl_followed *followed, const char *id);
/* EACH of the positions that the last commit set. */
int gl_followed_last(struct gl_followed *followed,
                     void (*each)(void *arg, const uint8_t seg[16],
                                  uint32_t upto, uint64_t xid),
                     void *arg);
/* EACH of the MOST newest of those that were set MS before those, or
 * earlier. */
int gl_followed_before(struct gl_followed *followed, int64_t ms, int most,
                       void (*each)(void *arg, const uint8_t seg[16],
                                    uint32_t upto, uint64_t xid),
                       void *arg);
/* The oldest transaction of which a position is known; 0 = there is none. */
int gl_followed_oldest(struct gl_followed *followed, uint64_t *xid);
/* *UPTO = last frame of segment SEG that was handed over, 0 = none. */
int gl_followed_upto(struct gl_followed *followed, const uint8_t seg[16],
                     uint32_t *upto);

/* All changes up to *ID were made here; the second is a transaction. */
int gl_followed_changes(struct gl_followed *followed, int64_t *id);
int gl_followed_set_changes(struct gl_followed *followed, int64_t id);

int gl_followed_begin(struct gl_followed *followed);
int gl_followed_set_upto(struct gl_followed *followed, const uint8_t seg[16],
                         uint32_t upto, uint64_t xid, int64_t now_ms);
int gl_followed_set_state(struct gl_followed *followed, uint64_t low,
                          const char *pending);
/* Positions set before AT_MS, of transactions that were read for good. */
int gl_followed_forget(struct gl_followed *followed, int64_t at_ms);
int gl_followed_commit(struct gl_followed *followed);

#endif
