/* site.add, site.remove, site.move: writer thread.  site.list, site.get:
 * threads that read. */

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "calls/site.h"
#include "ingest/batch.h"
#include "ingest/sites.h"
#include "move/move.h"
#include "move/remains.h"
#include "store/meta/meta.h"
#include "store/meta/accounts.h"
#include "store/meta/sites.h"
#include "domain.h"
#include "log.h"

#include <string.h>

int
gl_verb_zone_(const char *name, json_t **answer)
{
    struct gl_zone *zone = gl_zone_new(name);

    gl_zone_free(zone);
    if (zone != NULL && strlen(name) < 64)
        return 0;
    return gl_verb_refuse_(answer, 400,
                           "there is no time zone \"%s\"; names are like "
                           "Europe/Berlin",
                           name);
}

static int
insert_site(struct gl_ingest *in, const struct gl_call *call,
            struct gl_meta_site *site, json_t **answer)
{
    int status = gl_verb_begin_(in, answer);

    if (status != 0)
        return status;
    return gl_verb_commit_or_(in, call, gl_meta_site_add(in->meta, site),
                              answer, 409, "there is a site \"%s\" already",
                              site->domain);
}

int
gl_verb_site_add_(struct gl_ingest *in, const struct gl_call *call,
                  json_t **answer)
{
    const char *domain = gl_verb_text_(call, "domain", NULL);
    const char *name = gl_verb_text_(call, "account", "default");
    const char *zone = gl_verb_text_(call, "timezone", "UTC");
    struct gl_meta_account account;
    struct gl_meta_site site = {0};
    int status;

    if ((status = gl_verb_files_rest_(in, answer)) != 0 ||
        (status = gl_verb_zone_(zone, answer)) != 0 ||
        (status = gl_verb_account_(gl_meta_now(in->meta), name, &account,
                                   answer)) != 0)
        return status;
    const char *wrong = gl_domain_typed(domain, site.domain);
    if (wrong != NULL)
        return gl_verb_refuse_(answer, 400, "\"%s\" %s", domain, wrong);
    status =
        gl_verb_name_is_free_(gl_meta_now(in->meta), site.domain, 0, answer);
    if (status != 0)
        return status;
    g_strlcpy(site.account, account.id, sizeof site.account);
    g_strlcpy(site.timezone, zone, sizeof site.timezone);
    site.is_public = json_is_true(json_object_get(call->args, "public"));
    site.created_ms = in->now_ms;

    /* so far its frames were meta.db's: unknown_site */
    status = gl_verb_reroute_(in, &in->of_meta,
                              gl_ingest_account_(in, account.id), answer);
    if (status != 0 || (status = insert_site(in, call, &site, answer)) != 0)
        return status;
    gl_verb_site_changed_(in, site.id);
    return gl_verb_answer_site_(in, site.id, answer);
}

struct listing {
    const struct gl_version *version;
    json_t *sites;
};

static int
append(void *arg, const struct gl_meta_site *site)
{
    struct listing *listing = arg;

    json_array_append_new(listing->sites,
                          gl_verb_site_json_(listing->version, site));
    return 0;
}

static int
list(const struct gl_version *version, const char *of, json_t **answer)
{
    struct listing listing = {version, NULL};
    struct gl_meta_account account;
    int status =
        of == NULL ? 0 : gl_verb_account_(version, of, &account, answer);

    if (status != 0)
        return status;
    listing.sites = json_array();
    gl_version_sites(version, of == NULL ? NULL : account.id, append,
                     &listing);
    *answer = json_pack("{s:o}", "sites", listing.sites);
    return 200;
}

int
gl_verb_site_list_(const struct gl_query_view *view,
                   const struct gl_call *call, json_t **answer)
{
    int status = list(gl_directory_enter(view->directory),
                      gl_verb_text_(call, "account", NULL), answer);

    gl_directory_leave(view->directory);
    return status;
}

int
gl_verb_site_get_(const struct gl_query_view *view, const struct gl_call *call,
                  json_t **answer)
{
    const struct gl_version *version = gl_directory_enter(view->directory);
    const char *name = gl_verb_text_(call, "domain", NULL);
    const struct gl_meta_site *site = gl_version_site(version, name);

    if (site != NULL)
        *answer =
            json_pack("{s:o}", "site", gl_verb_site_json_(version, site));
    gl_directory_leave(view->directory);
    if (site == NULL)
        return gl_verb_refuse_(answer, 404, "there is no site \"%s\"", name);
    struct gl_told *told = gl_bulletin_last(view->bulletin);
    gl_verb_note_workers_(told->sites_why, answer);
    gl_bulletin_leave(view->bulletin, told);
    return 200;
}

/* The route first: what it leaves is named in the same commit and deleted
 * piece by piece, also by the glintod after this one. */
static int
remove_site(struct gl_ingest *in, const struct gl_call *call,
            const struct gl_meta_site *site, json_t **answer)
{
    struct gl_ingest_account *from = gl_ingest_account_(in, site->account);
    int status = gl_verb_reroute_(in, from, &in->of_meta, answer);

    if (status != 0 || (status = gl_verb_begin_(in, answer)) != 0)
        return status;
    int error = gl_meta_site_remove(in->meta, site->id);
    if (error >= 0)
        error = gl_meta_add_remain(in->meta, site->id, from->id);
    status = gl_verb_commit_(in, call, error, answer);
    if (status != 0)
        return status;
    gl_log(GL_LOG_NOTICE,
           "site %s is removed by %s: it was site %lld of account %s",
           site->domain, call->actor, (long long) site->id, from->id);
    gl_move_add_remain_(in, site->id, from->id);
    gl_verb_site_changed_(in, site->id);
    gl_move_clean_(in, site->id, from);
    return GL_VERB_LATER;
}

int
gl_verb_site_remove_(struct gl_ingest *in, const struct gl_call *call,
                     json_t **answer)
{
    g_autofree struct gl_meta_site *site = NULL;
    int status;

    if ((status = gl_verb_files_rest_(in, answer)) != 0 ||
        (status = gl_verb_named_site_(in, call, &site, answer)) != 0)
        return status;
    status = remove_site(in, call, site, answer);
    return status;
}

static int
move_site(struct gl_ingest *in, const struct gl_call *call,
          const struct gl_meta_site *site, const char *to_id, json_t **answer)
{
    struct gl_ingest_account *from = gl_ingest_account_(in, site->account);
    struct gl_ingest_account *to = gl_ingest_account_(in, to_id);
    int status =
        gl_verb_reroute_(in, from, to, answer); /* may it, as it is now? */

    return status != 0 ? status
                       : gl_move_site_(in, call, site->id, from, to, answer);
}

int
gl_verb_site_move_(struct gl_ingest *in, const struct gl_call *call,
                   json_t **answer)
{
    const char *domain = gl_verb_text_(call, "domain", NULL);
    const char *name = gl_verb_text_(call, "account", NULL);
    struct gl_meta_account account;
    g_autofree struct gl_meta_site *site = NULL;
    int status;

    if ((status = gl_verb_files_rest_(in, answer)) != 0 ||
        (status = gl_verb_account_(gl_meta_now(in->meta), name, &account,
                                   answer)) != 0 ||
        (status = gl_verb_site_(in, domain, &site, answer)) != 0)
        return status;
    const struct gl_meta_account *from =
        gl_version_account_id(gl_meta_now(in->meta), site->account);
    if (strcmp(site->account, account.id) == 0)
        status = gl_verb_answer_site_(in, site->id, answer);
    else if (from != NULL && strcmp(from->primary, account.primary) != 0)
        status = gl_verb_refuse_(answer, 409,
                                 "the events of \"%s\" are on another "
                                 "primary than those of account \"%s\", and "
                                 "stay there",
                                 site->domain, name);
    /* of several machines some have let rows go already, and some not */
    else if (call->change != 0 && site->keep_rows != 0)
        status =
            gl_verb_refuse_(answer, 409,
                            "rows of old days of this site are let go, or "
                            "were (keep_rows), and only rows can move");
    else
        status = move_site(in, call, site, account.id, answer);
    return status;
}
