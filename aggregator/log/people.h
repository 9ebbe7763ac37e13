/*
 * People who have two ids around midnight, and which of their frames go on
 * with a visit of the day before: of these the night's job writes the first
 * id, in place of the second, and nothing then says that the two are one.
 *
 *               midnight
 *   sent     A  A  │  B  B  B     B
 *   written  A  A  │  A  A  A     B
 *
 * As a city has it in its rows (days/refold_ids.c), so that one that comes
 * later has the same visits.
 *
 * The night's thread.
 */

#ifndef GL_LOG_PEOPLE_H
#define GL_LOG_PEOPLE_H

#include "event.h"
#include "log/chunk.h"
#include "segment.h"

#include <glib.h>

struct gl_people;

/* ENRICH is the folder of patterns, which say who is a bot.  NULL with a
 * sentence in WHY. */
struct gl_people *gl_people_new(const char *enrich, char *why, size_t why_len);
void gl_people_free(struct gl_people *people);

/* FRAME, whose event names BEFORE, too. */
void gl_people_pair(struct gl_people *people,
                    const struct gl_chunk_frame *frame, uint64_t before);
/* Any of them, and what times their visits may have: UTC ms. */
guint gl_people_n(const struct gl_people *people);
void gl_people_times(const struct gl_people *people, int64_t *from_ms,
                     int64_t *to_ms);

/* All frames of those times, in any order, after all pairs. */
void gl_people_frame(struct gl_people *people,
                     const struct gl_chunk_frame *frame);
void gl_people_fold(struct gl_people *people);
/* The visitor that FRAME is to name; 0 = whom it does.  After the fold. */
uint64_t gl_people_visitor(struct gl_people *people,
                           const struct gl_chunk_frame *frame);
struct gl_decoder *gl_people_decoder(struct gl_people *people);

#endif
