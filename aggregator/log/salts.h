/*
 * Salts that all edges agree on, by the unlogged table "salt": who comes first
 * says what a day's is.
 *
 *   a day that has not begun   the table's replaces ours: no worker used it
 *   today                      ours stays, once workers use it: visitors
 *                              would count anew
 *   the server is away         ours of the days ahead are there already; for
 *                              today one of our own, when there is none
 *
 * The forwarder's thread.
 */

#ifndef GL_LOG_SALTS_H
#define GL_LOG_SALTS_H

#include "log/server.h"

#include <stdint.h>

/* When the server answers: 0, or -1 with its .why.  What fails here is
 * logged. */
int gl_salts_agree(const char *folder, struct gl_server *server,
                   int64_t now_ms);
/* When it does not. */
void gl_salts_alone(const char *folder, int64_t now_ms);

#endif
