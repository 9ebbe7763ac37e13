/*
 * A spool as this program reads it, whoever wrote it: workers, or what splits
 * theirs (split.h).
 *
 * Of each spool one thread.
 */

#ifndef GL_LOG_COLLECTED_H
#define GL_LOG_COLLECTED_H

#include "conf.h"
#include "spool/spool.h"

#include <stddef.h>

/* The folder PATH; as gl_spool_open(). */
struct gl_spool *gl_collected_open(const struct gl_conf *conf,
                                   const char *path, char *why, size_t why_len,
                                   int *busy);
/* With the owners of its segments. */
void gl_collected_close(struct gl_spool *spool);

/* All frames again, from the first. */
void gl_collected_rewind(struct gl_spool *spool);
/* While nothing can be taken segments are listed, so that gl_spool_sync()
 * knows them; no frame is. */
void gl_collected_look(struct gl_spool *spool);
/* SEGMENT, of which all is taken, is removed with its owner: 0, or -1: it
 * stays.  What is lost of it is told. */
int gl_collected_remove(struct gl_spool *spool,
                        struct gl_spool_segment *segment);

#endif
