/*
 * site.reset: a site begins anew.  It gets a new id in the transaction that
 * names the rows of the old one as useless: they are deleted piece by piece,
 * as those of a removed site are (move/remains.c), and no event that comes
 * meanwhile is among them.
 *
 * Writer thread.
 */

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "calls/site.h"
#include "log.h"
#include "move/remains.h"
#include "store/meta/sites.h"

static int
renumber(struct gl_ingest *in, const struct gl_meta_site *site, int64_t *id)
{
    int error = gl_meta_site_renumber(in->meta, site, id);

    return error >= 0 ? gl_meta_add_remain(in->meta, site->id, site->account)
                      : error;
}

static int
reset(struct gl_ingest *in, const struct gl_call *call,
      const struct gl_meta_site *site, json_t **answer)
{
    struct gl_ingest_account *account = gl_ingest_account_(in, site->account);
    int64_t id = 0;
    /* what was sent before is counted before */
    int status = gl_verb_reroute_(in, account, account, answer);

    if (status != 0 || (status = gl_verb_begin_(in, answer)) != 0)
        return status;
    status = gl_verb_commit_(in, call, renumber(in, site, &id), answer);
    if (status != 0)
        return status;
    gl_log(GL_LOG_NOTICE,
           "site %s is reset by %s: it was site %lld of account %s and is "
           "site %lld",
           site->domain, call->actor, (long long) site->id, account->id,
           (long long) id);
    gl_move_add_remain_(in, site->id, account->id);
    gl_verb_site_changed_(in, site->id);
    gl_move_clean_(in, site->id, account);
    return GL_VERB_LATER;
}

int
gl_verb_site_reset_(struct gl_ingest *in, const struct gl_call *call,
                    json_t **answer)
{
    g_autofree struct gl_meta_site *site = NULL;
    int status = gl_verb_files_rest_(in, answer);

    if (status == 0)
        status = gl_verb_site_(in, gl_verb_text_(call, "domain", NULL), &site,
                               answer);
    if (status != 0)
        return status;
    status = reset(in, call, site, answer);
    return status;
}
