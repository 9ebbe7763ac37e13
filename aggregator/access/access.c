/*
 * May this request see or ask this site?  The directory and the configuration
 * know, so nobody is asked and nothing is kept.  Loop thread.
 */

#include "access/access.h"

#include "gl_assert.h"
#include "access/form.h"
#include "clock.h"
#include "domain.h"

#include <string.h>
#include <strings.h>

#define GL_ACCESS_TOKEN_MAX 256 /* ours are 46; longer is nonsense */

static const char no_site[] = "there is no such site";
/* One sentence for all of these: it tells nobody what there is. */
static const char not_here[] =
    "this host shows no such site. The page of a site is on the site's own "
    "host, or on a host that dashboard_hosts in glinto.conf names";

/* What a token needs, and what one without it is told. */
#define NEEDS(name, word)                                                     \
    {                                                                         \
        GL_SCOPE_BIT(name), "this token has not the scope " word              \
                            ": one that has it is made with glinto token "    \
                            "create --scope " word                            \
    }
static const struct {
    uint32_t scope;
    const char *sentence;
} needs[] = {
    [GL_ACCESS_SEE] = NEEDS(STATS_READ, "stats:read"),
    [GL_ACCESS_ASK] = NEEDS(STATS_READ, "stats:read"),
    [GL_ACCESS_LOOK] = NEEDS(STATS_READ, "stats:read"),
    [GL_ACCESS_SET] = NEEDS(SITES_WRITE, "sites:write"),
    [GL_ACCESS_GIVE] = NEEDS(SITES_WRITE, "sites:write"),
};

/* The token in VALUE, or NULL. */
static const char *
bearer(const char *value)
{
    static const char scheme[] = "Bearer ";
    if (value == NULL || strncasecmp(value, scheme, sizeof scheme - 1) != 0)
        return NULL;
    value += sizeof scheme - 1;
    size_t len = strlen(value);
    return len == 0 || len > GL_ACCESS_TOKEN_MAX ? NULL : value;
}

static int
refuse(int status, const char *text, const char **sentence)
{
    *sentence = text;
    return status;
}

/* HOST in its one form, "" for none. */
static void
read_host(const char *host, char stored[GL_DOMAIN_BYTES])
{
    if (host == NULL || gl_domain(host, stored) != 0)
        stored[0] = '\0';
}

static int
is_named(const struct gl_conf_hosts *hosts, const char *host)
{
    for (int i = 0; i < hosts->n; i++)
        if (strcmp(hosts->names[i], host) == 0)
            return 1;
    return 0;
}

int
gl_access_all(const struct gl_access *access, const char *host)
{
    char stored[GL_DOMAIN_BYTES];
    read_host(host, stored);
    return is_named(&access->conf->dashboard_hosts, stored);
}

/* On the site's own host, or one that shows all. */
int
gl_access_shows_(const struct gl_access *access, const char *host,
                 const struct gl_meta_site *site)
{
    char stored[GL_DOMAIN_BYTES];
    read_host(host, stored);
    return strcmp(stored, site->domain) == 0 ||
           is_named(&access->conf->dashboard_hosts, stored);
}

/* The sentence of 404. */
static const char *
missing(const struct gl_access *access, enum gl_access_to to,
        const struct gl_asker *asker)
{
    return to == GL_ACCESS_SEE && !gl_access_all(access, asker->host)
               ? not_here
               : no_site;
}

static int
may_ask_now(const struct gl_access *access, const struct gl_meta_token *token)
{
    return gl_rate_take(
        access->rate, token->id,
        gl_conf_number(&access->conf->token_requests_per_minute),
        GL_RATE_MINUTE_MS, gl_clock_boot_ms());
}

/* What SCOPES do not let a token do, NULL = nothing. */
static const char *
lacks(enum gl_access_to to, uint32_t scopes)
{
    if (to == GL_ACCESS_LOOK && scopes & GL_SCOPE_BIT(SITES_WRITE))
        return NULL; /* who may change it may look */
    if (to == GL_ACCESS_GIVE && !(scopes & GL_SCOPE_BIT(STATS_READ)))
        return needs[GL_ACCESS_ASK].sentence;
    return scopes & needs[to].scope ? NULL : needs[to].sentence;
}

static int
check_token(const struct gl_access *access, enum gl_access_to to,
            const struct gl_asker *asker, struct gl_meta_token *token,
            const char **sentence)
{
    const char *text = bearer(asker->authorization);

    GL_ASSERT(needs[to].sentence != NULL);

    if (text == NULL)
        return refuse(401, "send a token as \"Authorization: Bearer TOKEN\"",
                      sentence);
    if (!gl_directory_token(access->directory, text, token))
        return refuse(401, "this token is not known", sentence);
    if (to != GL_ACCESS_SEE && !may_ask_now(access, token))
        return refuse(429,
                      "this token asks too often: see "
                      "token_requests_per_minute in glinto.conf",
                      sentence);
    const char *lacking = lacks(to, token->scopes);
    return lacking == NULL ? 200 : refuse(403, lacking, sentence);
}

int
gl_access_token(const struct gl_access *access, enum gl_access_to to,
                const struct gl_asker *asker, struct gl_meta_token *token,
                const char **sentence)
{
    return check_token(access, to, asker, token, sentence);
}

int
gl_access_person(const struct gl_access *access, const struct gl_asker *asker,
                 struct gl_meta_person *person)
{
    if (asker->session[0] != '\0' &&
        gl_directory_key(access->directory, asker->session, 0,
                         gl_clock_now_ms(), person))
        return 1;
    return asker->person != NULL &&
           gl_directory_person(access->directory, asker->person, person);
}

/* SITE, NULL = there is none that is shown here, by who has signed in. */
static int
check_person(const struct gl_access *access, enum gl_access_to to,
             const struct gl_asker *asker, const struct gl_meta_site *site,
             const char **sentence)
{
    const enum gl_role needed =
        to == GL_ACCESS_EDIT ? GL_ROLE_EDITOR : GL_ROLE_VIEWER;
    struct gl_meta_person person;
    enum gl_role role = GL_ROLE_NONE;

    GL_ASSERT(to == GL_ACCESS_SEE || to == GL_ACCESS_EDIT ||
              to == GL_ACCESS_READ);

    if (!gl_access_person(access, asker, &person))
        return refuse(401,
                      to == GL_ACCESS_SEE ? "this site is not public"
                      : to == GL_ACCESS_READ
                          ? "single rows are shown only to people who have "
                            "signed in"
                          : "nobody has signed in",
                      sentence);
    if (site != NULL)
        role = gl_directory_role(access->directory, person.id, site);
    if (role == GL_ROLE_NONE)
        return refuse(404, missing(access, GL_ACCESS_SEE, asker), sentence);
    if (role < needed)
        return refuse(403, "only an editor or owner of the site may do this",
                      sentence);
    return 200;
}

int
gl_access_share(const struct gl_access *access, const struct gl_asker *asker,
                const char *secret, struct gl_meta_share *share,
                struct gl_meta_site *site, const char **sentence)
{
    if (!gl_directory_share(access->directory, secret, gl_clock_now_ms(),
                            share) ||
        !gl_directory_site_id(access->directory, share->site, site) ||
        !gl_access_shows_(access, asker->host, site))
        return refuse(404,
                      "there is no such link: it may be too old, or have "
                      "been taken back",
                      sentence);
    if (share->password[0] != '\0' && !asker->has_opened &&
        !gl_form_opens(access, share, asker->cookies))
        return refuse(401, "this link takes a password", sentence);
    return 200;
}

int
gl_access_check(const struct gl_access *access, enum gl_access_to to,
                const struct gl_asker *asker, const char *name,
                struct gl_meta_site *site, const char **sentence)
{
    struct gl_meta_share share;
    struct gl_meta_token token;
    int known = to != GL_ACCESS_SHARE &&
                gl_directory_site(access->directory, name, site);
    int shown = known && gl_access_shows_(access, asker->host, site);

    if (to == GL_ACCESS_SHARE)
        return gl_access_share(access, asker, name, &share, site, sentence);
    if (to >= GL_ACCESS_EDIT)
        return check_person(access, to, asker, shown ? site : NULL, sentence);
    if (to == GL_ACCESS_SEE) {
        if (!shown)
            return refuse(404, missing(access, to, asker), sentence);
        if (site->is_public)
            return 200;
        if (bearer(asker->authorization) == NULL)
            return check_person(access, to, asker, site, sentence);
    }
    int status = check_token(access, to, asker, &token, sentence);
    if (status != 200)
        return status;
    if (!known || strcmp(token.account, site->account) != 0)
        return refuse(404, missing(access, to, asker), sentence);
    return 200;
}

/* The one site that has HOST's name, when it is public and is looked for. */
static size_t
own_site(const struct gl_access *access, const char *host, const char *prefix,
         const char *after, char domain[254])
{
    struct gl_meta_site site;
    char stored[GL_DOMAIN_BYTES];
    read_host(host, stored);
    if (!gl_directory_site(access->directory, stored, &site) ||
        !site.is_public)
        return 0;
    gl_domain_show(site.domain, domain);
    return strncmp(domain, prefix, strlen(prefix)) == 0 &&
           strcmp(domain, after) > 0;
}

size_t
gl_access_public(const struct gl_access *access, const char *host,
                 const char *prefix, const char *after, char domains[][254],
                 size_t most)
{
    if (gl_access_all(access, host))
        return gl_directory_public(access->directory, prefix, after, domains,
                                   most);
    return own_site(access, host, prefix, after, domains[0]);
}
