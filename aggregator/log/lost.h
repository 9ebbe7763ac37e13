/*
 * Frames that damage took from segments of an edge, as its reader found them
 * (spool/frame.h).  An edge writes them into the log before such a segment
 * goes, as rows like those of meta.db's table "lost", and a city gives these
 * to its glintod, in the file DATA/lost.  Rows have keys, so nothing is
 * counted twice, however often it is told.
 */

#ifndef GL_LOG_LOST_H
#define GL_LOG_LOST_H

#include "log/lost_file.h"
#include "log/server.h"

/* LOST of EDGE: 0, or -1 with SERVER's .why. */
int gl_lost_tell(struct gl_server *server, const struct gl_lost *lost,
                 const char *edge);
/* What was left in the lane FOLDER, which goes then: the same. */
int gl_lost_tell_left(struct gl_server *server, const char *folder,
                      const char *edge);

struct gl_lost_told {
    int there;  /* the log has the table: it was made by this version */
    char *text; /* of the file, as this life wrote it; NULL at first */
};

/* Ask, and write it to the file in DATA when it is not what it was: 0, or -1
 * with SERVER's .why. */
int gl_lost_ask(struct gl_server *server, const char *data,
                struct gl_lost_told *told);

#endif
