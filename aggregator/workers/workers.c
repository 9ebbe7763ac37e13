/*
 * When what workers read is written: the salts by the clock, the sites file
 * after a change.
 *
 * Writer thread.
 */

#include "workers/workers.h"

#include "log.h"
#include "store/directory.h"
#include "store/meta.h"
#include "workers/salt.h"
#include "workers/sites_file.h"

#include <string.h>

/* Lines that are written in a millisecond.  Beyond, many changes that come one
 * after another become one file; workers look once a second. */
#define SITES_AT_ONCE 1000
#define SITES_REST_MS 250

void
gl_workers_make_salt_(struct gl_ingest *in)
{
    int holds = gl_salt_clock_holds(&in->salt_clock, in->now_ms, in->boot_ms);
    char why[256];

    if (in->salt_ms != 0 && in->boot_ms - in->salt_ms < GL_SALT_TICK_MS)
        return;
    in->salt_ms = in->boot_ms;
    if (gl_salt_tick(in->conf->salt, in->now_ms, holds, why, sizeof why) != 0)
        gl_log(GL_LOG_ERROR, "%s", why);
}

void
gl_workers_sites_changed_(struct gl_ingest *in)
{
    in->sites_due_ms =
        gl_version_sites_n(gl_meta_now(in->meta)) > SITES_AT_ONCE
            ? MAX(in->boot_ms, in->sites_ms + SITES_REST_MS)
            : in->boot_ms;
    if (in->sites_due_ms <= in->boot_ms)
        gl_workers_write_sites_(in);
}

void
gl_workers_write_sites_(struct gl_ingest *in)
{
    char why[sizeof in->sites_why] = "";

    in->sites_due_ms = INT64_MAX;
    in->sites_ms = in->boot_ms;
    gl_sites_file_write(in->conf->sites, in->meta, why, sizeof why);
    if (strcmp(why, in->sites_why) == 0) /* of every second: told before */
        return;
    g_strlcpy(in->sites_why, why, sizeof in->sites_why);
    if (why[0] != '\0')
        gl_log(GL_LOG_ERROR, "%s", why);
    else
        gl_log(GL_LOG_NOTICE, "sites file: %s is written again",
               in->conf->sites);
}
