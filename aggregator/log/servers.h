/*
 * What the servers of "log", "cluster" and "follow" say themselves of where
 * the log goes: who streams from each, what it archives, whom else it speaks
 * with.  For "glinto check residency", which holds it against a policy.
 */

#ifndef GL_LOG_SERVERS_H
#define GL_LOG_SERVERS_H

#include "conf.h"

/*
 * "glinto-postgresql servers": ask each host by itself, as the owner of the
 * folder "data" when root runs it.  Prints
 *
 *   {"servers": [{"key": "log", "host": "fra.example", "error": TEXT, or
 *                 "address": "192.0.2.1", "monitor": 0|1, and what QUERY of
 *                 servers.c makes}, ...]}
 *
 * The status of this program.
 */
int gl_servers_print(const struct gl_conf *conf);

#endif
