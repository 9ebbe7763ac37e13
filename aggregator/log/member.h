/*
 * Of several primaries a database knows which it is: its table "member" has
 * it and the first, and that of the first has all.  Each has an id of its
 * own, so a name is one database for all machines.
 *
 *     a: (a, here, first) (b)        b: (a, first) (b, here)
 *
 * Each new connection asks, before anything is sent or read.  So where
 * "follow" leads to another primary than "primary" says, and where cluster
 * files of two machines differ, events wait, and a sentence says why.
 */

#ifndef GL_LOG_MEMBER_H
#define GL_LOG_MEMBER_H

#include "conf.h"
#include "log/server.h"

/* As gl_server_connect(): the server is the primary at PLACE of the cluster of
 * CONF, or, where that has none, the only one or the first.  The first gets
 * its name here, by a connection that writes, the others by gl_member_join().
 * -1 with .why, and .disagrees when it is another. */
int gl_member_connect(struct gl_server *server, const struct gl_conf *conf,
                      int place, int64_t boot_ms);

/* OTHER becomes the primary at PLACE, if it is none, of the cluster of FIRST;
 * both are connected.  0, or -1 with .why of OTHER. */
int gl_member_join(struct gl_server *first, struct gl_server *other,
                   const struct gl_cluster *cluster, int place);

/* The events of an edge without a cluster file may go to the server: 0, or -1
 * with .why, when there are accounts of other primaries. */
int gl_member_sends(struct gl_server *server);

#endif
