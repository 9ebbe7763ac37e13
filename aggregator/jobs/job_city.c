/*
 * A backup of a city (follow of glinto.conf): from before the first file to
 * behind the last one nothing is handed over, so that all say the same of the
 * log, and followed.db how far that is.  Segments that wait for glintod are
 * copied first; what is counted of them meanwhile is in the accounts' copies
 * with its position (ingest/position.c).  The job's own thread.
 */

#include "jobs/job_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gl_assert.h"
#include "segment.h"
#include "spool/parked.h"
#include "store/hold.h"

#define AGAIN_US 10000

/* 0, or -1 with a sentence in WHY. */
static int
hold(struct gl_job *job, char *why)
{
    job->hold = gl_hold_open(job->followed);
    if (job->hold == -1) {
        g_snprintf(why, GL_JOB_WHY_LEN, "%s: %s", job->followed,
                   g_strerror(errno));
        return -1;
    }
    while (!gl_hold_take(job->hold)) {
        if (atomic_load(&job->stopping))
            return -1;
        g_usleep(AGAIN_US);
    }
    return 0;
}

static int
copy_one(int from, int to, const char *name, char *why)
{
    uint8_t id[GL_SEGMENT_ID_BYTES];
    const char *sentence = NULL;

    if (g_str_has_prefix(name, GL_HOLD_HALF))
        sentence = "glinto-postgresql ended, or failed, in the middle of a "
                   "step: it has to run";
    else if (gl_segment_name_read(id, name) == 0 &&
             gl_parked_copy(from, to, name) == -1 && errno != ENOENT)
        sentence = g_strerror(errno);
    if (sentence != NULL)
        g_snprintf(why, GL_JOB_WHY_LEN, "segment %s: %s", name, sentence);
    return sentence == NULL ? 0 : -1;
}

/* A segment that is counted, and goes, in between is in all accounts. */
static int
copy_all(GDir *dir, int from, int to, char *why)
{
    const char *name;
    int result = 0;

    while (result == 0 && (name = g_dir_read_name(dir)) != NULL)
        result = copy_one(from, to, name, why);
    return result;
}

static int
copy_waiting(struct gl_job *job, char *why)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    int top = job->folder.top, to = -1, result = -1;
    int from = open(job->followed, flags);
    GDir *dir = g_dir_open(job->followed, 0, NULL);

    g_snprintf(why, GL_JOB_WHY_LEN, "%s cannot be copied", job->followed);
    if (mkdirat(top, GL_HOLD_WAITING, 0700) == 0)
        to = openat(top, GL_HOLD_WAITING, flags | O_NOFOLLOW);
    if (from != -1 && to != -1 && dir != NULL)
        result = copy_all(dir, from, to, why);
    if (dir != NULL)
        g_dir_close(dir);
    if (from != -1)
        close(from);
    if (to != -1)
        close(to);
    return result;
}

int
gl_job_begin_city_(struct gl_job *job, char *why)
{
    GL_ASSERT(job->hold == -1 && job->followed != NULL);
    g_strlcpy(why, "glintod is stopping", GL_JOB_WHY_LEN);
    return hold(job, why) == 0 ? copy_waiting(job, why) : -1;
}
