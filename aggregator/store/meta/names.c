/*
 * Names from before they had one form (request/host.h): at the start, sites
 * and their hosts get it, all in one transaction.  Where another site has the
 * name already, or a name is none, the site keeps its own: it is found under
 * that text, letter for letter, and no event comes to it.
 */

#include "store/meta/meta_internal.h"
#include "store/meta/sites.h"

#include <glib.h>
#include <string.h>

#include "domain.h"
#include "log.h"

struct renaming {
    struct gl_meta *meta;
    GArray *sites; /* struct gl_meta_site as they are to be */
};

static struct gl_text
text_of(const char *terminated)
{
    return (struct gl_text){terminated, (uint32_t) strlen(terminated)};
}

/* The comma list HOSTS anew; what is no name stays. */
static void
rename_hosts(char hosts[GL_META_HOSTS_MAX + 1])
{
    char domain[GL_DOMAIN_BYTES];
    char **list = g_strsplit(hosts, ",", -1), *joined;

    for (char **host = list; *host != NULL; host++)
        if (gl_domain(*host, domain) == 0 && strcmp(domain, *host) != 0) {
            g_free(*host);
            *host = g_strdup(domain);
        }
    joined = g_strjoinv(",", list);
    if (strlen(joined) <= GL_META_HOSTS_MAX)
        strcpy(hosts, joined);
    g_free(joined);
    g_strfreev(list);
}

static int
look(void *arg, const struct gl_meta_site *site)
{
    struct renaming *renaming = arg;
    struct gl_meta_site new = *site;
    char domain[GL_DOMAIN_BYTES];

    rename_hosts(new.hosts);
    if (gl_domain(site->domain, domain) != 0)
        gl_log(
            GL_LOG_NOTICE,
            "site %s: this is not the name of a host, no event can come to it",
            site->domain);
    else if (strcmp(domain, site->domain) != 0 &&
             gl_meta_site(renaming->meta, text_of(domain)) != NULL)
        gl_log(GL_LOG_NOTICE,
               "site %s is another site's name now: events come to %s",
               site->domain, domain);
    else
        strcpy(new.domain, domain);
    if (strcmp(new.domain, site->domain) != 0 ||
        strcmp(new.hosts, site->hosts) != 0)
        g_array_append_val(renaming->sites, new);
    return 0;
}

static int
store(struct renaming *renaming)
{
    int rc = gl_meta_begin(renaming->meta);

    for (guint i = 0; rc >= 0 && i < renaming->sites->len; i++)
        rc = gl_meta_site_set(
            renaming->meta,
            &g_array_index(renaming->sites, struct gl_meta_site, i));
    return rc < 0 ? rc : gl_meta_commit(renaming->meta);
}

void
gl_meta_rename_sites(struct gl_meta *meta)
{
    struct renaming renaming = {
        meta, g_array_new(FALSE, FALSE, sizeof(struct gl_meta_site))};

    gl_version_sites(gl_meta_now(meta), NULL, look, &renaming);
    if (renaming.sites->len > 0 && store(&renaming) != 0) {
        gl_log(GL_LOG_NOTICE, "sites keep names in an old form: %s",
               gl_meta_why(meta));
        gl_meta_rollback(meta);
    }
    g_array_free(renaming.sites, TRUE);
}
