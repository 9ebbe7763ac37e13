/* Who may sign in first; see first_owner.h. */

#include "writer/first_owner.h"

#include "access/link.h"
#include "ingest/state.h"
#include "log.h"
#include "store/directory/directory.h"
#include "store/meta/meta.h"

#include <string.h>

#define ACCOUNT "default"

static int
is_there(void *arg, const struct gl_meta_person *person)
{
    (void) arg;
    (void) person;
    return 1;
}

/* To the log: whoever reads it runs this machine. */
static void
tell(const struct gl_ingest *in, const struct gl_link *link)
{
    const struct gl_conf_hosts *hosts = &in->conf->dashboard_hosts;

    gl_log(GL_LOG_NOTICE,
           "nobody may sign in yet: the first owner chooses a password at "
           "https://%s%s, once, within %d days",
           hosts->n > 0 ? hosts->names[0] : "A-HOST-OF-THIS-SERVER",
           link->path, GL_LINK_DAYS);
}

void
gl_writer_first_owner_(struct gl_ingest *in)
{
    const struct gl_version *now = gl_meta_now(in->meta);
    const struct gl_meta_account *account = gl_version_account(now, ACCOUNT);
    struct gl_link link;

    /* of several machines all have the same people */
    if (in->passing != NULL)
        return;
    if (account == NULL || gl_version_people(now, is_there, NULL) != 0)
        return;
    if (gl_meta_begin(in->meta) >= 0 &&
        gl_link_first_owner(in->meta, account->id, in->now_ms, &link) >= 0 &&
        gl_meta_commit(in->meta) >= 0) {
        tell(in, &link);
        return;
    }
    gl_log(GL_LOG_ERROR, "meta.db: no first owner: %s", gl_meta_why(in->meta));
    gl_meta_rollback(in->meta);
}
