/*
 * site.set: one key of a site.  What changes counting makes today anew; days
 * gone by keep the rule they were counted under until they are dirty.
 *
 * Writer thread.
 */

#include "admin/site_profile.h"
#include "admin/site_switches.h"
#include "admin/site_trackers.h"
#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "calls/site.h"
#include "count/count.h"
#include "ingest/batch.h"
#include "store/meta/shields.h"
#include "store/meta/sites.h"
#include "domain.h"

#include <string.h>

static int
set_public(struct gl_meta_site *site, const json_t *value, json_t **answer)
{
    if (gl_site_truth_(value, &site->is_public))
        return 0;
    return gl_verb_refuse_(answer, 400, "public is yes or no (true or false)");
}

static int
set_count(struct gl_meta_site *site, const json_t *value, json_t **answer)
{
    const char *word = json_string_value(value);

    site->count_served = g_strcmp0(word, "server") == 0;
    if (site->count_served || g_strcmp0(word, "script") == 0)
        return 0;
    return gl_verb_refuse_(answer, 400, "count is script or server");
}

static int
set_zone(struct gl_meta_site *site, const json_t *value, json_t **answer)
{
    const char *text = json_string_value(value);
    int status = gl_verb_zone_(text == NULL ? "" : text, answer);

    if (status == 0)
        g_strlcpy(site->timezone, text, sizeof site->timezone);
    return status;
}

static int
refuse_hosts(json_t **answer)
{
    return gl_verb_refuse_(answer, 400,
                           "hosts is a comma list of at most %d bytes",
                           GL_META_HOSTS_MAX);
}

/* Put HOST behind the list HOSTS, unless it is in it. */
static int
add_host(char hosts[GL_META_HOSTS_MAX + 1], const char *host)
{
    g_auto(GStrv) list = g_strsplit(hosts, ",", -1);
    int is_new = !g_strv_contains((const char *const *) list, host);
    size_t room = GL_META_HOSTS_MAX - strlen(hosts);

    if (!is_new)
        return 0;
    if (strlen(host) + 1 > room)
        return -1;
    if (hosts[0] != '\0')
        strcat(hosts, ",");
    strcat(hosts, host);
    return 0;
}

static int
take_host(struct gl_meta_site *site, const char *typed, json_t **answer)
{
    char host[GL_DOMAIN_BYTES];
    const char *wrong = gl_domain_typed(typed, host);

    if (wrong != NULL)
        return gl_verb_refuse_(answer, 400, "\"%s\" %s", typed, wrong);
    if (add_host(site->hosts, host) != 0)
        return refuse_hosts(answer);
    return 0;
}

/* "a.example, WWW.b.example" -> "a.example,b.example" */
static int
set_hosts(struct gl_meta_site *site, const json_t *value, json_t **answer)
{
    const char *text = json_string_value(value);
    int status = 0;

    if (text == NULL || strlen(text) > GL_META_HOSTS_MAX)
        return refuse_hosts(answer);
    site->hosts[0] = '\0';
    g_auto(GStrv) parts = g_strsplit_set(text, ", ", -1);
    for (char **part = parts; *part != NULL && status == 0; part++)
        if (**part != '\0')
            status = take_host(site, *part, answer);
    return status;
}

/* Of what trackers of other products need. */
static int
set_tracker(struct gl_ingest *in, struct gl_meta_site *site, const char *key,
            const json_t *value, json_t **answer)
{
    if (strcmp(key, "umami_id") == 0)
        return gl_site_set_umami_(in, site, value, answer);
    if (strcmp(key, "matomo_id") == 0)
        return gl_site_set_matomo_(in, site, value, answer);
    if (strcmp(key, "currency") == 0)
        return gl_site_set_currency_(in, site, value, answer);
    return gl_verb_refuse_(answer, 400,
                           "a site has no key \"%s\"; keys are timezone, "
                           "public, count, refresh_window, optout, hosts, "
                           "umami_id, matomo_id, currency, retention_days, "
                           "keep_rows, profile, keep_..., block_..., bot_...",
                           key);
}

static int
set_key(struct gl_ingest *in, struct gl_meta_site *site, const char *key,
        const json_t *value, json_t **answer)
{
    int status = gl_site_set_number_(site, key, value, answer);

    if (status != -1)
        return status;
    if (strcmp(key, "timezone") == 0)
        return set_zone(site, value, answer);
    if (strcmp(key, "public") == 0)
        return set_public(site, value, answer);
    if (strcmp(key, "count") == 0)
        return set_count(site, value, answer);
    if (strcmp(key, "optout") == 0)
        return gl_site_set_optout_(site, value, answer);
    if (strcmp(key, "hosts") == 0)
        return set_hosts(site, value, answer);
    if (strcmp(key, "profile") == 0)
        return gl_site_set_profile_(site, value, answer);
    if (g_str_has_prefix(key, "keep_"))
        return gl_site_set_keep_(site, key, value, answer);
    if (g_str_has_prefix(key, "bot_"))
        return gl_site_set_bots_(site, key, value, answer);
    return set_tracker(in, site, key, value, answer);
}

static int
store_shields(struct gl_ingest *in, const struct gl_call *call,
              const struct gl_meta_site *site, const char *kind,
              json_t **answer)
{
    int status;
    g_auto(GStrv) texts = gl_site_read_shields_(
        in, kind, json_object_get(call->args, "value"), &status, answer);

    if (texts == NULL)
        return status;
    status = gl_verb_begin_(in, answer);
    if (status == 0)
        status = gl_verb_commit_(
            in, call, gl_meta_shields_set(in->meta, site->id, kind, texts),
            answer);
    return status;
}

/* One key of SITE, in meta.db: 0, or a status. */
static int
store(struct gl_ingest *in, const struct gl_call *call,
      struct gl_meta_site *site, const char *key, json_t **answer)
{
    const char *shield = gl_site_shield_(key);
    int status;

    if (shield != NULL)
        return store_shields(in, call, site, shield, answer);
    status =
        set_key(in, site, key, json_object_get(call->args, "value"), answer);
    if (status == 0)
        status = gl_verb_begin_(in, answer);
    if (status != 0)
        return status;
    return gl_verb_commit_(in, call, gl_meta_site_set(in->meta, site), answer);
}

int
gl_verb_site_set_(struct gl_ingest *in, const struct gl_call *call,
                  json_t **answer)
{
    const char *key = gl_verb_text_(call, "key", NULL);
    g_autofree struct gl_meta_site *site = NULL;
    int status =
        gl_verb_site_(in, gl_verb_text_(call, "domain", NULL), &site, answer);

    if (status != 0)
        return status;
    status = store(in, call, site, key, answer);
    if (status == 0) {
        gl_verb_site_changed_(in, site->id);
        if (strcmp(key, "refresh_window") == 0)
            gl_ingest_dirty_(in, gl_ingest_account_(in, site->account),
                             site->id, in->now_ms / GL_DAY_MS);
        status = gl_verb_answer_site_(in, site->id, answer);
    }
    return status;
}
