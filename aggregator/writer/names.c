/*
 * A name that a site had is let go when its time is over, as a change like any
 * other (site.unname): of several machines, at one place among the events.
 *
 * Writer thread.
 */

#include "writer/names.h"

#include "calls/mailbox.h"
#include "log.h"
#include "store/directory/directory.h"
#include "store/meta/sites.h"

#define AGAIN_MS 60000 /* after a failure */
/* Of several machines, where who is behind asks in vain. */
#define AGAIN_ALL_MS INT64_C(3600000)
/* It is over by the primary's clock, too. */
#define CLOCKS_MS 60000

static int
is_over(void *arg, const struct gl_meta_old_name *name)
{
    struct gl_meta_old_name *over = arg;

    if (name->until_ms > over->until_ms)
        return 0;
    *over = *name;
    return 1;
}

/* Another machine may have asked for the same. */
static void
done(void *arg, int status, json_t *answer)
{
    struct gl_ingest *in = arg;

    if (status == 200)
        in->names_ms = in->boot_ms;
    else
        gl_log(GL_LOG_NOTICE, "a name that a site had is not let go now: %s",
               json_string_value(json_object_get(answer, "error")));
    json_decref(answer);
}

void
gl_writer_free_names_(struct gl_ingest *in)
{
    int alone = in->passing == NULL;
    struct gl_meta_old_name name = {.until_ms =
                                        in->now_ms - (alone ? 0 : CLOCKS_MS)};

    if (in->work.step != NULL || in->boot_ms < in->names_ms ||
        gl_version_old_names(gl_meta_now(in->meta), is_over, &name) == 0)
        return;
    const struct gl_call call = {.verb = "site.unname",
                                 .args =
                                     json_pack("{s:s}", "domain", name.domain),
                                 .actor = "glintod",
                                 .done = done,
                                 .arg = in};
    in->names_ms = in->boot_ms + (alone ? AGAIN_MS : AGAIN_ALL_MS);
    if (gl_mailbox_call(in->mailbox, &call) != 0)
        json_decref(call.args);
}
