/* What a start would find at the places that the configuration names. */

#ifndef GL_PLACES_H
#define GL_PLACES_H

#include "conf.h"

/*
 * TELL is told of each folder and data file that does not do.  Nothing is
 * changed and nothing locked: glintod may run.  Once, before any other thread
 * is there: root looks as the owner of the folder "data" would, who is the
 * user of glintod, and stays that user; *USER is a name or number of it, ""
 * for the user that it was.
 */
void gl_places_look(const struct gl_conf *conf,
                    void (*tell)(void *arg, const char *sentence), void *arg,
                    char user[64]);

#endif
