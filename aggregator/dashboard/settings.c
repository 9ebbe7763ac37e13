/* The page of a site's settings as an object; see settings.h.  Any thread. */

#include "dashboard/settings.h"

#include <glib.h>
#include <string.h>

#include "domain.h"
#include "language/say.h"

struct listing {
    const struct gl_version *version;
    const struct gl_meta_site *site;
    const struct gl_settings_by *by;
    json_t *list;
};

/* "2026-11-29", the caller's. */
static json_t *
date_of(int64_t at_ms)
{
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(at_ms / 1000);
    g_autofree char *text =
        at == NULL ? NULL : g_date_time_format(at, "%Y-%m-%d");
    return text == NULL ? json_null() : json_string(text);
}

static int
append_share(void *arg, const struct gl_meta_share *share)
{
    struct listing *listing = arg;

    if (share->site != listing->site->id)
        return 0;
    json_t *json = json_pack("{s:s, s:s, s:b, s:o}", "id", share->id, "name",
                             share->name[0] == '\0' ? share->id : share->name,
                             "locked", share->password[0] != '\0', "created",
                             date_of(share->created_ms));
    if (share->until_ms != 0)
        json_object_set_new(json, "until", date_of(share->until_ms));
    if (share->segment != 0)
        json_object_set_new(json, "segment",
                            json_sprintf("%lld", (long long) share->segment));
    json_array_append_new(listing->list, json);
    return 0;
}

static int
append_token(void *arg, const struct gl_meta_token *token)
{
    struct listing *listing = arg;
    char scopes[GL_SCOPES_TEXT];

    if (strcmp(token->account, listing->site->account) != 0)
        return 0;
    gl_scopes_text(token->scopes, scopes);
    json_array_append_new(
        listing->list,
        json_pack("{s:s, s:s, s:s, s:o}", "id", token->id, "name",
                  token->name[0] == '\0' ? token->id : token->name, "scopes",
                  scopes, "created", date_of(token->created_ms)));
    return 0;
}

/* Of all people those with a role here: each role is a row. */
static int
append_role(void *arg, const struct gl_meta_role *role)
{
    struct listing *listing = arg;
    const struct gl_meta_person *person =
        gl_version_person_id(listing->version, role->person);
    int all = role->site == 0;

    if (person == NULL || strcmp(role->account, listing->site->account) != 0 ||
        (!all && role->site != listing->site->id))
        return 0;
    json_array_append_new(
        listing->list,
        json_pack("{s:s, s:s, s:b, s:b, s:b}", "name", person->name, "role",
                  gl_say_english(gl_role_word(role->role)), "all", all, "may",
                  !all || listing->by->owns_all, "waits",
                  person->password[0] == '\0'));
    return 0;
}

static json_t *
shares_of(struct listing listing)
{
    listing.list = json_array();
    gl_version_shares(listing.version, append_share, &listing);
    return listing.list;
}

static json_t *
tokens_of(struct listing listing)
{
    listing.list = json_array();
    gl_version_tokens(listing.version, append_token, &listing);
    return listing.list;
}

static json_t *
people_of(struct listing listing)
{
    listing.list = json_array();
    gl_version_roles(listing.version, NULL, append_role, &listing);
    return listing.list;
}

json_t *
gl_settings_view(const struct gl_version *version,
                 const struct gl_meta_site *site,
                 const struct gl_settings_by *by)
{
    struct listing listing = {version, site, by, NULL};
    char shown[GL_DOMAIN_BYTES];
    g_autofree char *coded = g_uri_escape_string(site->domain, NULL, FALSE);

    gl_domain_show(site->domain, shown);
    json_t *view = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:b, "
        "s:o, s:b, s:b, s:s}",
        "site", shown, "coded", coded, "domain", site->domain, "timezone",
        site->timezone, "hosts", site->hosts, "token", by->token, "public",
        site->is_public, "optout", site->optout == GL_OPTOUT_BOTH, "only_gpc",
        site->optout == GL_OPTOUT_GPC, "only_dnt",
        site->optout == GL_OPTOUT_DNT, "count_served", site->count_served != 0,
        "shares", shares_of(listing), "owns", by->owns, "owns_all",
        by->owns_all, "host", by->host == NULL ? "" : by->host);
    if (by->owns)
        json_object_set_new(view, "people", people_of(listing));
    if (by->owns_all)
        json_object_set_new(view, "tokens", tokens_of(listing));
    return view;
}
