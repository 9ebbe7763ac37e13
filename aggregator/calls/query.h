/*
 * Questions about stored rows: answered by a few threads of their own, each
 * question with read-only connections to the last commit.  The writer is not
 * asked, and nobody waits for it.
 */

#ifndef GL_CALLS_QUERY_H
#define GL_CALLS_QUERY_H

#include <stdatomic.h>

#include "calls/call.h"
#include "columns/shelf.h"
#include "store/directory/directory.h"
#include "store/drops.h"
#include "store/meta/meta.h"

/* A short question need not wait for a long list.  Whoever has a nice value
 * leaves one core to nginx and the writer. */
#define GL_QUERY_THREADS 2
#define GL_QUERY_NICE 3
/* What the writer told is read by a thread that waits for no rows. */
#define GL_READ_THREADS 1
/* What is counted again takes up to a minute; while one account has its
 * recount, another need not wait. */
#define GL_RECOUNT_THREADS 2
/* A password takes 64 MiB and a tenth of a second: one at a time. */
#define GL_PROOF_THREADS 1
/* Both come after what is to be seen at once, as jobs do; nicer, they would
 * have no processor for seconds on a busy machine. */
#define GL_LATER_NICE 10
#define GL_QUERY_WAITING_MAX 256 /* as GL_MAILBOX_CALLS */

/* No question may hold a thread for longer. */
#define GL_QUERY_DEADLINE_MS 5000

struct gl_measured;
struct gl_query;

/* What a question sees. */
struct gl_query_view {
    const struct gl_meta *meta;     /* its file alone, for readers */
    struct gl_directory *directory; /* accounts, sites, tokens */
    struct gl_bulletin *bulletin;   /* of READS alone */
    struct gl_jobs *jobs;
    struct gl_recounts *recounts;
    struct gl_shelf *shelf; /* day sets */
    struct gl_measured *measured;
    const char *salt; /* the folder of salts */
    const struct gl_conf *conf;
    struct gl_drops *drops;     /* what is kept of them */
    atomic_ullong *questions;   /* how many were asked, since the start */
    const atomic_int *stopping; /* nobody waits for the answer any more */
};

/* With a shelf, drops and recounts of its own, for all threads that see it. */
struct gl_query_view *gl_query_view_new(void);
void gl_query_view_free(struct gl_query_view *view);

/* Of the whole process: what a question took and gave back is not given back
 * to the system, up to some MiB: its pages cost more than what is written into
 * them. */
void gl_query_keep_memory(void);

/* In a query thread: a status, with *ANSWER. */
typedef int gl_query_answer(const struct gl_query_view *view,
                            const struct gl_call *call, json_t **answer);

/* THREADS of them, GL_QUERY_THREADS at most, each as NICE.  What is in VIEW is
 * kept.  NULL: there is not one thread to be had. */
struct gl_query *gl_query_new(const struct gl_query_view *view, int threads,
                              int nice, gl_query_answer *answer);
/* Any thread.  Take a copy of CALL: 0, or -1 when too many wait. */
int gl_query_call(struct gl_query *query, const struct gl_call *call);
/* When all are answered; long ones are given up.  NULL is allowed. */
void gl_query_free(struct gl_query *query);

#endif
