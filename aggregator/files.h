/*
 * How the limit of open files is shared out: databases, live watchers, and all
 * else.
 */

#ifndef GL_FILES_H
#define GL_FILES_H

#include "conf.h"

/* Raise the soft limit to what CONF needs; where the hard limit forbids that,
 * lower accounts_open and watchers_max until they fit, and log it. */
void gl_files_fit(struct gl_conf *conf);

#endif
