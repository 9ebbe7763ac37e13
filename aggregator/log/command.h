/* The glinto command, of this machine's glintod: what it changes all machines
 * make (admin/passing.h). */

#ifndef GL_LOG_COMMAND_H
#define GL_LOG_COMMAND_H

#include "conf.h"

/* Becomes "glinto WORDS"; returns only when that cannot be: a status. */
int gl_command_run(const struct gl_conf *conf, char *const *words, int n);

#endif
