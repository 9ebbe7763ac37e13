/*
 * When what workers read is written: the salts by the clock, the files of
 * sites and of tokens after a change.
 *
 * Writer thread.
 */

#include "workers/workers.h"

#include "log.h"
#include "store/directory/directory.h"
#include "store/meta/meta.h"
#include "workers/log_keys.h"
#include "workers/sites_file.h"
#include "workers/tokens_file.h"

#include <glib.h>
#include <string.h>

/* Lines that are written in a millisecond.  Beyond, many changes that come one
 * after another become one file; workers look once a second. */
#define SITES_AT_ONCE 1000
#define SITES_REST_MS 250

void
gl_workers_make_salt_(struct gl_workers *workers, int64_t now_ms,
                      int64_t boot_ms)
{
    int holds = gl_salt_clock_holds(&workers->salt_clock, now_ms, boot_ms);
    char why[256];

    if (workers->salt_ms != 0 && boot_ms - workers->salt_ms < GL_SALT_TICK_MS)
        return;
    workers->salt_ms = boot_ms;
    /* with a log glinto-postgresql makes them, the same on all machines */
    if ((workers->conf->log[0] == '\0'
             ? gl_salt_tick(workers->conf->salt, now_ms, holds, why,
                            sizeof why)
         : holds ? gl_salt_expire(workers->conf->salt, now_ms, why, sizeof why)
                 : 0) != 0)
        gl_log(GL_LOG_ERROR, "%s", why);
    if (holds &&
        gl_log_keys_end(workers->conf->salt, 0, now_ms, why, sizeof why) != 0)
        gl_log(GL_LOG_ERROR, "%s", why);
}

void
gl_workers_sites_changed_(struct gl_workers *workers, struct gl_meta *meta,
                          int64_t boot_ms)
{
    workers->sites_due_ms =
        gl_version_sites_n(gl_meta_now(meta)) > SITES_AT_ONCE
            ? MAX(boot_ms, workers->sites_ms + SITES_REST_MS)
            : boot_ms;
    if (workers->sites_due_ms <= boot_ms)
        gl_workers_write_sites_(workers, meta, boot_ms);
}

void
gl_workers_write_sites_(struct gl_workers *workers, struct gl_meta *meta,
                        int64_t boot_ms)
{
    const char *path = workers->conf->sites;
    char why[sizeof workers->sites_why] = "";

    workers->sites_due_ms = INT64_MAX;
    workers->sites_ms = boot_ms;
    if (gl_tokens_file_write(workers->conf->salt, gl_meta_now(meta), why,
                             sizeof why) == 0)
        gl_sites_file_write(path, meta, why, sizeof why);
    if (strcmp(why, workers->sites_why) == 0) /* told before, each second */
        return;
    g_strlcpy(workers->sites_why, why, sizeof workers->sites_why);
    if (why[0] != '\0')
        gl_log(GL_LOG_ERROR, "%s", why);
    else
        gl_log(GL_LOG_NOTICE, "sites file: %s is written again", path);
}
