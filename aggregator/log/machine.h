/* The name of this machine in the log. */

#ifndef GL_LOG_MACHINE_H
#define GL_LOG_MACHINE_H

#include "conf.h"

#define GL_MACHINE_MAX 256 /* bytes, with the end */

/* As glinto.conf says, else the host's; letters, digits, "." and "-". */
void gl_machine_name(const struct gl_conf *conf, char name[GL_MACHINE_MAX]);

#endif
