/* Whose numbers are on another machine; see elsewhere.h. */

#include "elsewhere.h"

#include <glib.h>
#include <string.h>

int
gl_elsewhere_account(const struct gl_conf *conf,
                     const struct gl_meta_account *account)
{
    return conf->cluster.n > 0 &&
           gl_cluster_find(&conf->cluster, account->primary) !=
               gl_conf_primary(conf);
}

/* The pages of a primary are those of a host that shows all of its sites. */
static void
find(const struct gl_conf *conf, const struct gl_meta_account *account,
     const struct gl_meta_site *site, struct gl_elsewhere *where)
{
    int i = gl_cluster_find(&conf->cluster, account->primary);
    *where = (struct gl_elsewhere){.address = ""};
    g_strlcpy(where->primary,
              i == -1 ? account->primary : conf->cluster.primaries[i].name,
              sizeof where->primary);
    if (i == -1 || conf->cluster.primaries[i].pages[0] == '\0')
        return;
    g_autofree char *coded = g_uri_escape_string(site->domain, NULL, FALSE);
    g_snprintf(where->address, sizeof where->address, "%s/glinto/%s",
               conf->cluster.primaries[i].pages, coded);
}

int
gl_elsewhere_site(const struct gl_conf *conf, const struct gl_version *version,
                  const struct gl_meta_site *site, struct gl_elsewhere *where)
{
    const struct gl_meta_account *account =
        conf->cluster.n == 0 ? NULL
                             : gl_version_account_id(version, site->account);

    if (account == NULL || !gl_elsewhere_account(conf, account))
        return 0;
    if (where != NULL)
        find(conf, account, site, where);
    return 1;
}

char *
gl_elsewhere_sentence(const struct gl_conf *conf,
                      const struct gl_version *version,
                      const struct gl_meta_site *site)
{
    struct gl_elsewhere where;

    if (!gl_elsewhere_site(conf, version, site, &where))
        return NULL;
    if (where.address[0] != '\0')
        return g_strdup_printf("the numbers of \"%s\" are at %s", site->domain,
                               where.address);
    return g_strdup_printf("the numbers of \"%s\" are on another machine: "
                           "that of the primary \"%s\"",
                           site->domain, where.primary);
}
