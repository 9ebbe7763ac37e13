/*
 * An edge that gets several primaries had one: how far its segments are there
 * the first primary of the cluster knows, which it was.
 *
 * The splitter's thread.
 */

#ifndef GL_LOG_BEFORE_H
#define GL_LOG_BEFORE_H

#include "conf.h"
#include "log/split.h"

struct gl_before;

struct gl_before *gl_before_new(const struct gl_conf *conf, int stop_fd);
void gl_before_free(struct gl_before *before);
/* For gl_split_new(). */
struct gl_split_before gl_before_split(struct gl_before *before);

#endif
