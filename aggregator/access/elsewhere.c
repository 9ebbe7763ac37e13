/* Whose numbers are on another machine; see elsewhere.h. */

#include "access/elsewhere.h"

#include <glib.h>
#include <string.h>

/* A city without a cluster file is one of the first. */
int
gl_elsewhere_account(const struct gl_conf *conf,
                     const struct gl_meta_account *account)
{
    if (conf->cluster.n == 0)
        return conf->follow[0] != '\0' && account->primary[0] != '\0';
    return gl_cluster_find(&conf->cluster, account->primary) !=
           gl_conf_primary(conf);
}

/* A cluster file may lack it: it was made on a machine whose file has it. */
static void
find(const struct gl_conf *conf, const struct gl_meta_account *account,
     struct gl_elsewhere *where)
{
    int i = gl_cluster_find(&conf->cluster, account->primary);
    const struct gl_cluster_primary *primary =
        i == -1 ? NULL : &conf->cluster.primaries[i];

    g_strlcpy(where->primary, i == -1 ? account->primary : primary->name,
              sizeof where->primary);
    g_strlcpy(where->pages, i == -1 ? "" : primary->pages,
              sizeof where->pages);
}

int
gl_elsewhere_site(const struct gl_conf *conf, const struct gl_version *version,
                  const struct gl_meta_site *site, struct gl_elsewhere *where)
{
    const struct gl_meta_account *account =
        gl_version_account_id(version, site->account);

    if (account == NULL || !gl_elsewhere_account(conf, account))
        return 0;
    if (where != NULL)
        find(conf, account, where);
    return 1;
}

char *
gl_elsewhere_address(const struct gl_elsewhere *where,
                     const struct gl_meta_site *site)
{
    g_autofree char *coded = g_uri_escape_string(site->domain, NULL, FALSE);

    return where->pages[0] == '\0'
               ? NULL
               : g_strdup_printf("%s/glinto/%s", where->pages, coded);
}

char *
gl_elsewhere_sentence(const struct gl_conf *conf,
                      const struct gl_version *version,
                      const struct gl_meta_site *site)
{
    struct gl_elsewhere where;

    if (!gl_elsewhere_site(conf, version, site, &where))
        return NULL;
    g_autofree char *address = gl_elsewhere_address(&where, site);
    if (address != NULL)
        return g_strdup_printf("the numbers of \"%s\" are at %s", site->domain,
                               address);
    return g_strdup_printf("the numbers of \"%s\" are on another machine: "
                           "that of the primary \"%s\"",
                           site->domain, where.primary);
}
