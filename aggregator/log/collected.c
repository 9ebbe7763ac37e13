/* A spool as this program reads it; see collected.h. */

#include "log/collected.h"

#include "clock.h"
#include "log.h"

#include <glib.h>

static void
note(void *arg, const char *sentence)
{
    (void) arg;
    gl_log(GL_LOG_NOTICE, "%s", sentence);
}

static void
alarm_operator(void *arg, const char *sentence)
{
    (void) arg;
    gl_log(GL_LOG_ERROR, "%s", sentence);
}

struct gl_spool *
gl_collected_open(const struct gl_conf *conf, const char *path, char *why,
                  size_t why_len, int *busy)
{
    struct gl_spool_options options = {
        .path = path,
        .uids = conf->workers,
        .uids_n = (size_t) conf->workers_n,
        .note = note,
        .alarm = alarm_operator,
    };

    return gl_spool_open(&options, why, why_len, busy);
}

void
gl_collected_close(struct gl_spool *spool)
{
    struct gl_spool_segment *segment = NULL;

    while ((segment = gl_spool_next(spool, segment)) != NULL)
        g_free(segment->owner);
    gl_spool_close(spool);
}

void
gl_collected_rewind(struct gl_spool *spool)
{
    struct gl_spool_segment *segment = NULL;

    while ((segment = gl_spool_next(spool, segment)) != NULL)
        gl_spool_rewind(spool, segment);
}

void
gl_collected_look(struct gl_spool *spool)
{
    const struct gl_spool_frame *frames;
    size_t n;

    gl_spool_limit(spool, 1);
    gl_spool_read(spool, gl_clock_now_ms(), gl_clock_boot_ms(), &frames, &n);
    gl_spool_release(spool);
    gl_collected_rewind(spool);
}

static void
tell_damage(const struct gl_spool_segment *segment)
{
    if (segment->lost > 0)
        gl_log(GL_LOG_ERROR,
               "a segment was damaged: %" G_GUINT64_FORMAT " frames of this "
               "machine are lost",
               segment->lost);
    if (segment->torn)
        gl_log(GL_LOG_NOTICE, "a segment ended in a torn tail: normally one "
                              "frame that was never answered");
}

int
gl_collected_remove(struct gl_spool *spool, struct gl_spool_segment *segment)
{
    void *owner = segment->owner;

    tell_damage(segment);
    if (gl_spool_remove(spool, segment) != 0)
        return -1;
    g_free(owner);
    return 0;
}
