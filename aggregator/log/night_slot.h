/*
 * A slot of chunks, to which no more come, becomes packs.
 *
 * The night's thread.
 */

#ifndef GL_LOG_NIGHT_SLOT_H
#define GL_LOG_NIGHT_SLOT_H

#include "log/night.h"
#include "log/server.h"

/* Write the packs of SLOT, in the place of any that were begun; no city looks
 * at them yet.  ENRICH as gl_people_new() takes it.  TO gets what it did.
 * 0, or -1 with SERVER's .why. */
int gl_night_slot(struct gl_server *server, int slot, const char *enrich,
                  struct gl_nighted *to);

#endif
