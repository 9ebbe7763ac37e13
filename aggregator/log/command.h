/*
 * The glinto command, which gives changes to glintod of this machine.  Only
 * some of its words pass: what is the same on all machines, and makes no
 * secret.
 */

#ifndef GL_LOG_COMMAND_H
#define GL_LOG_COMMAND_H

#include "conf.h"

#define GL_COMMAND_AWAY (-1) /* glintod does not answer */

/* NULL, or why the N WORDS are no change for all machines. */
const char *gl_command_refuses(char *const *words, int n);

/* Run it: its status, or GL_COMMAND_AWAY; *SAID, what it printed, is the
 * caller's. */
int gl_command_run(const struct gl_conf *conf, char **words, char **said);

#endif
