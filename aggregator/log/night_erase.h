/*
 * What the night's job does about sites that were reset or removed: their
 * events go from the packs, as they went from the rows of all cities.
 *
 * The night's thread.
 */

#ifndef GL_LOG_NIGHT_ERASE_H
#define GL_LOG_NIGHT_ERASE_H

#include "log/night_rewrite.h"

/* None that still waits for events, or of which some are in no pack yet: those
 * the next night.  0, or -1 with the server's .why. */
int gl_night_erase(struct gl_rewrite *r);

#endif
