/*
 * Which database takes a site's frames (R15).  A change of that is part of
 * the protocol: a segment read again after a crash must not give old frames
 * to the new database.
 *
 *   1  read and commit all there is
 *   2  refuse while either database has frames it could not commit, or a
 *      position in a segment that cannot be read now but was once: by a newer
 *      glintod that this one replaced, under other rights
 *   3  the receiving database notes the cursor of every segment: what came
 *      before the change is not for it
 *   4  only then the route in meta.db
 *
 * No round runs in between: this thread is busy here.  A crash after step 3
 * leaves a database that skips frames it has anyway.
 *
 * Writer thread.
 */

#include "ingest/route.h"

#include "ingest/batch.h"
#include "ingest/bring.h"
#include "ingest/position.h"
#include "ingest/round.h"
#include "ingest/settle.h"
#include "ingest/state.h"
#include "point.h"
#include "spool/stats.h"

#include <stdio.h>
#include <string.h>

/* Rounds to reach the end of the spool; workers may go on writing. */
#define ROUNDS_MAX 1000
static int
storage_failed(const char *sentence, int *status, char *why, size_t why_len)
{
    *status = 507;
    snprintf(why, why_len, "storage: %s", sentence);
    return -1;
}

static int
refuse(int *status, char *why, size_t why_len, const char *sentence)
{
    *status = GL_INGEST_NOT_NOW;
    snprintf(why, why_len, "%s", sentence);
    return -1;
}

/* Frames of ACCOUNT are not all in it. */
static int
is_held(const struct gl_ingest_account *account)
{
    return !gl_ingest_works_(account) || gl_ingest_lags_(account);
}

static int
refuse_held(const struct gl_ingest *in,
            const struct gl_ingest_account *account, const char *name,
            int *status, char *why, size_t why_len)
{
    int full = gl_ingest_is_full_(account, account->error);
    char *sentence =
        full ? g_strdup_printf(GL_INGEST_NO_ROOM, in->conf->data)
             : g_strdup_printf("%s has events that could not be stored yet; "
                               "try again when its storage works, see glinto "
                               "status",
                               account == &in->of_meta ? account->id : name);

    if (full)
        storage_failed(sentence, status, why, why_len);
    else
        refuse(status, why, why_len, sentence);
    g_free(sentence);
    return -1;
}

static int
note_cursor(struct gl_ingest_account *to, struct gl_spool_segment *segment)
{
    struct gl_ingest_entry *entry = gl_ingest_entry_(segment, to);
    uint32_t upto = 0;
    int error = gl_file_upto(to->file, segment->header.id, &upto);

    if (error < 0)
        return error;
    entry->pending = MAX(upto, segment->delivered);
    g_ptr_array_add(to->entries, entry);
    return 0;
}

/* Step 3: as if a frame of each segment had been applied just now. */
static int
note_cursors(struct gl_ingest *in, struct gl_ingest_account *to)
{
    struct gl_spool_segment *segment = NULL;

    if (gl_ingest_begin_(in, to) != 0)
        return -1;
    while ((segment = gl_spool_next(in->spool, segment)) != NULL) {
        int error = note_cursor(to, segment);

        if (error < 0) {
            gl_ingest_fail_(in, to, error);
            return -1;
        }
    }
    return gl_ingest_commit_(in, to);
}

/* Step 1: 0, or -1 when some of the spool cannot be read just now. */
static int
read_to_end(struct gl_ingest *in)
{
    struct gl_spool_stats before, after;
    int rounds = 0;

    gl_spool_stats(in->spool, &before);
    while (gl_ingest_round_(in) && ++rounds < ROUNDS_MAX)
        gl_ingest_look_at_clocks_(in);
    gl_spool_stats(in->spool, &after);
    return in->backlog || before.read_errors != after.read_errors ||
                   after.failing > 0
               ? -1
               : 0;
}

struct search {
    const struct gl_ingest *in;
    int found;
};

static void
look_if_unread(void *arg, const uint8_t seg[GL_SEGMENT_ID_BYTES],
               uint32_t upto)
{
    struct search *search = arg;

    (void) upto;
    search->found |= gl_spool_is_unread(search->in->spool, seg);
}

/* 1 = ACCOUNT has applied a part of a segment that is not read now, 0 = no,
 * -1 = who knows. */
static int
halfway(struct gl_ingest *in, struct gl_ingest_account *account)
{
    struct search search = {in, 0};
    int error;

    if (gl_ingest_all_read_(in))
        return 0;
    error = gl_file_segments(account->file, look_if_unread, &search);
    return error < 0 ? -1 : search.found;
}

int
gl_ingest_reroute_(struct gl_ingest *in, struct gl_ingest_account *from,
                   struct gl_ingest_account *to, int *status, char *why,
                   size_t why_len)
{
    if (read_to_end(in) != 0)
        return refuse(status, why, why_len,
                      "events that wait in the spool are being counted; try "
                      "again when they are");
    gl_ingest_bring_(in, from);
    gl_ingest_bring_(in, to);
    if (is_held(from))
        return refuse_held(in, from, "this site's account", status, why,
                           why_len);
    if (is_held(to))
        return refuse_held(in, to, "the receiving account", status, why,
                           why_len);
    /* what meta.db did not count was of no unknown site */
    if (halfway(in, from) != 0 ||
        (from != &in->of_meta && halfway(in, to) != 0))
        return refuse(status, why, why_len,
                      "events of this site wait in a file of the spool that "
                      "glintod cannot read yet, see glinto status; try again "
                      "when they are counted");
    if (note_cursors(in, to) != 0)
        return storage_failed(gl_file_why(to->file), status, why, why_len);
    GL_POINT("cursors_noted");
    return 0;
}
