/*
 * The cluster file: on which primary of PostgreSQL the events of an account
 * are, when one is not enough.
 *
 *   primary NAME CONNINFO    the first is where changes are asked
 *   pages NAME URL           where its accounts' pages are; may be missing
 *
 * An account names its primary, "" is the first.  Called at start; any
 * thread.
 */

#ifndef GL_CLUSTER_H
#define GL_CLUSTER_H

#include <stddef.h>

/* Each is a thread, a connection and a folder on each edge, and sixteen times
 * what one takes is more than any arithmetic of conf/CITIES.md asks for. */
#define GL_CLUSTER_MAX 16
#define GL_CLUSTER_NAME_MAX 33 /* with the 0 */
#define GL_CLUSTER_CONNINFO_MAX 1024
#define GL_CLUSTER_PAGES_MAX 256

struct gl_cluster_primary {
    char name[GL_CLUSTER_NAME_MAX];
    char conninfo[GL_CLUSTER_CONNINFO_MAX];
    char pages[GL_CLUSTER_PAGES_MAX]; /* without a "/" behind, "" = none */
};

struct gl_cluster {
    struct gl_cluster_primary primaries[GL_CLUSTER_MAX];
    int n; /* 0 = there is no such file */
};

/* 0, or -1 with a sentence ("cluster.conf:3: a second primary \"b\"") in
 * WHY. */
int gl_cluster_read(struct gl_cluster *cluster, const char *path, char *why,
                    size_t why_len);

/* Which of them is NAME, "" the first; -1 = none. */
int gl_cluster_find(const struct gl_cluster *cluster, const char *name);

/* NAME may be the name of one: 1 or 0. */
int gl_cluster_is_name(const char *name);

#endif
