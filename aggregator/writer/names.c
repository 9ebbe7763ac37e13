/*
 * A name that a site had is let go when its time is over.  Its frames are
 * nobody's then, which is a change of route (ingest/route.h).
 *
 * Writer thread.
 */

#include "writer/names.h"

#include "ingest/route.h"
#include "ingest/sites.h"
#include "log.h"
#include "store/directory/directory.h"
#include "workers/workers.h"
#include "store/meta/old_names.h"
#include "store/meta/sites.h"

#define AGAIN_MS 60000 /* after a failure */

static int
is_over(void *arg, const struct gl_meta_old_name *name)
{
    struct gl_meta_old_name *over = arg;

    if (name->until_ms > over->until_ms)
        return 0;
    *over = *name;
    return 1;
}

static int
forget(struct gl_ingest *in, const char *domain)
{
    int error = gl_meta_begin(in->meta);

    if (error >= 0)
        error = gl_meta_old_name_remove(in->meta, domain);
    if (error >= 0)
        error = gl_meta_commit(in->meta);
    if (error < 0)
        gl_meta_rollback(in->meta);
    return error;
}

/* 0, or -1 and WHY. */
static int
free_name(struct gl_ingest *in, const struct gl_meta_old_name *name, char *why,
          size_t why_len)
{
    const struct gl_meta_site *site = gl_meta_site_by_id(in->meta, name->site);
    struct gl_ingest_account *account =
        site == NULL ? NULL : gl_ingest_account_(in, site->account);
    int status;

    if (account != NULL && gl_ingest_reroute_(in, account, &in->of_meta,
                                              &status, why, why_len) != 0)
        return -1;
    if (forget(in, name->domain) >= 0)
        return 0;
    g_strlcpy(why, gl_meta_why(in->meta), why_len);
    return -1;
}

void
gl_writer_free_names_(struct gl_ingest *in)
{
    struct gl_meta_old_name name = {.until_ms = in->now_ms};
    char why[512];

    if (in->work.step != NULL || in->boot_ms < in->names_ms ||
        gl_version_old_names(gl_meta_now(in->meta), is_over, &name) == 0)
        return;
    if (free_name(in, &name, why, sizeof why) == 0) {
        gl_log(GL_LOG_NOTICE, "%s is no site's name any more", name.domain);
        gl_ingest_unname_(in);
        gl_workers_sites_changed_(&in->workers, in->meta, in->boot_ms);
        return;
    }
    gl_log(GL_LOG_NOTICE, "%s is a site's name for a minute more: %s",
           name.domain, why);
    in->names_ms = in->boot_ms + AGAIN_MS;
}
