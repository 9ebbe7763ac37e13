/*
 * Visits of some UTC days of one site made again from their rows: read beside
 * the writer, written by it in pieces.  What to fold and when is dirty.c's
 * business.
 */

#ifndef GL_REFOLD_H
#define GL_REFOLD_H

#include <glib.h>
#include <stdatomic.h>

#include "count/count.h"
#include "store/account/account.h"

#define GL_REFOLD_ROWS_MAX (1 << 19) /* at a time: 36 MiB, visits 76 MiB */

struct gl_refold {
    int64_t site;
    int64_t from_day, to_day; /* UTC days, to_day not among them */
    int64_t now_ms;
    size_t rows_max; /* in memory at a time */
    struct gl_count_rules rules;
    const uint64_t *visitors; /* sorted; NULL = all of these days */
    size_t visitors_n;
    uint32_t part, parts; /* of the visitors, by hash; 0, 1 at first */
    size_t rows;          /* out: read in all */
    atomic_int stop;      /* set by another thread: give up */
};

/* A visitor whose visits change, or may still grow. */
struct gl_refold_visitor {
    int64_t first_id; /* of its rows: the order of writing */
    guint ids, ids_n; /* in gl_refolded.ids: all it ever had */
    uint64_t visitor; /* the last of them */
    int server;
    int64_t first_ms, newest_ms; /* of its rows */
    guint gone, gone_n;          /* in gl_refolded.gone */
    guint visits, visits_n;
    guint marks, marks_n;
    gint open; /* in gl_refolded.open; -1 = none may grow */
};

/* What .gone, .visits and .marks below hold. */

/* A visit as it is stored or is to be. */
struct gl_refold_visit {
    struct gl_visit visit;
    uint64_t whose; /* the first of its visitor's ids */
    int open;
    int fresh; /* to be: none of this id is stored */
};

struct gl_refold_gone {
    int64_t id, start_ms;
};

/* What changes of a row. */
struct gl_refold_mark {
    int64_t id, at_ms;
    uint64_t visitor; /* 0 = as it is stored */
    uint8_t kind, was, mark;
};

struct gl_refolded {
    GArray *visitors; /* struct gl_refold_visitor, by first_id */
    GArray *ids;      /* uint64_t */
    GArray *gone, *visits, *marks, *open;
    guint at, mark_at; /* how far it is written */
    int renamed;       /* rows get another id: an object counts both */
};

/*
 * Any thread, READER its own: the part job->part of the days, or of job's
 * visitors in them.  Days that together have more than rows_max rows are left
 * for later: to_day comes nearer; one day that has more is read in parts,
 * job->parts tells how many.  0 and *RESULT, or -enum gl_store_error; 1 =
 * stopped.
 */
int gl_refold_read(struct gl_account *reader, struct gl_refold *job,
                   struct gl_refolded **result);
void gl_refolded_free(struct gl_refolded *result);

/* Two visitors' ids, to sort by. */
int gl_refold_compare_visitors(const void *left, const void *right);

/* Where a part is written. */
struct gl_refold_target {
    struct gl_account *account; /* its transaction is open */
    int64_t site;
    struct gl_site *object; /* NULL = not in memory */
    /* 1 = leave VISITOR as it is: new rows came since it was read.  0, or an
     * error. */
    int (*skip)(void *arg, const struct gl_refold_visitor *visitor);
    void *arg;
    int64_t now_ms;   /* of struct gl_refold: when its visits were over */
    int64_t until_us; /* g_get_monotonic_time() */
};

/* Write on from where it stopped, a visitor's visits never in two pieces: 1 =
 * time is over, 0 = all is written, or an error.  Can be done again from the
 * start. */
int gl_refold_write(struct gl_refolded *result,
                    const struct gl_refold_target *target);

#endif
