/* A site as the administrator is told of it.  Writer thread. */

#include "calls/site.h"

#include "enrich/verdict.h"
#include "ingest/forget.h"
#include "ingest/sites.h"
#include "left_out.h"
#include "store/directory/directory.h"
#include "workers/workers.h"

struct naming {
    int64_t site;
    json_t *names;
};

static int
append_name(void *arg, const struct gl_meta_old_name *name)
{
    struct naming *naming = arg;

    if (name->site == naming->site)
        json_array_append_new(naming->names,
                              json_pack("{s:s, s:I}", "domain", name->domain,
                                        "until", (json_int_t) name->until_ms));
    return 0;
}

/* The names that SITE had, where there are any, to JSON. */
static void
add_names(const struct gl_version *version, int64_t site, json_t *json)
{
    struct naming naming = {site, json_array()};

    gl_version_old_names(version, append_name, &naming);
    if (json_array_size(naming.names) > 0)
        json_object_set(json, "old_names", naming.names);
    json_decref(naming.names);
}

/* What other products' trackers call it, where they do, to JSON. */
static void
add_trackers(const struct gl_meta_site *site, json_t *json)
{
    if (site->umami_id[0] != '\0')
        json_object_set_new(json, "umami_id", json_string(site->umami_id));
    if (site->matomo_id != 0)
        json_object_set_new(json, "matomo_id", json_integer(site->matomo_id));
    if (site->currency[0] != '\0')
        json_object_set_new(json, "currency", json_string(site->currency));
}

static json_t *
optout_json(int optout)
{
    switch (optout) {
    case GL_OPTOUT_GPC:
        return json_string("gpc");
    case GL_OPTOUT_DNT:
        return json_string("dnt");
    default:
        return json_boolean(optout != GL_OPTOUT_NO);
    }
}

/* {referrer: true, ...} */
static json_t *
keep_json(uint32_t left_out)
{
    json_t *json = json_object();

    for (int n = 0; n < GL_LEFT_OUT_N; n++)
        json_object_set_new(json, gl_left_out_word(n),
                            json_boolean((left_out >> n & 1) == 0));
    return json;
}

/* {bot_words: true, ...} */
static json_t *
bots_json(uint32_t counted)
{
    json_t *json = json_object();

    for (int n = 0; n < GL_VERDICT_RULES; n++)
        json_object_set_new(json, gl_verdict_word(n),
                            json_boolean((counted >> n & 1) == 0));
    return json;
}

json_t *
gl_verb_site_json_(const struct gl_version *version,
                   const struct gl_meta_site *site)
{
    const struct gl_meta_account *account =
        gl_version_account_id(version, site->account);

    json_t *json = json_pack(
        "{s:I, s:s, s:s?, s:s, s:b, s:I, s:o, s:s, s:I, s:I, s:I, s:o, s:o, "
        "s:s}",
        "id", (json_int_t) site->id, "domain", site->domain, "account",
        account == NULL ? NULL : account->name, "timezone", site->timezone,
        "public", site->is_public, "refresh_window",
        (json_int_t) site->refresh_window_s, "optout",
        optout_json(site->optout), "hosts", site->hosts, "created",
        (json_int_t) site->created_ms, "retention_days",
        (json_int_t) site->retention_days, "keep_rows",
        (json_int_t) MAX(site->keep_rows, 0), "keep",
        keep_json(site->left_out), "bots", bots_json(site->bots_counted),
        "count", site->count_served ? "server" : "script");

    add_trackers(site, json);
    add_names(version, site->id, json);
    return json;
}

/* *ANSWER may be NULL.  What was changed stands in meta.db all the same. */
void
gl_verb_note_workers_(const char *why, json_t **answer)
{
    if (why[0] == '\0')
        return;
    if (*answer == NULL)
        *answer = json_object();
    json_object_set_new(*answer, "note",
                        json_sprintf("nginx does not know of it yet: %s; it "
                                     "is tried again every second",
                                     why));
}

/* The answer of every verb about one site, as it is now. */
int
gl_verb_answer_site_(struct gl_ingest *in, int64_t id, json_t **answer)
{
    const struct gl_version *now = gl_meta_now(in->meta);

    *answer = json_pack("{s:o}", "site",
                        gl_verb_site_json_(now, gl_version_site_id(now, id)));
    gl_verb_note_workers_(in->workers.sites_why, answer);
    return 200;
}

/* A committed change of SITE (0 = all): objects, workers' file. */
void
gl_verb_site_changed_(struct gl_ingest *in, int64_t id)
{
    gl_ingest_forget_site_(in, id);
    gl_workers_sites_changed_(&in->workers, in->meta, in->boot_ms);
}
