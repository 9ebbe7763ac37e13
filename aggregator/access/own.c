/* The sites in which a person has a role.  Loop thread. */

#include "access/access.h"

#include "gl_assert.h"
#include "domain.h"

#include <string.h>
#include <strings.h>

struct owning {
    const struct gl_access *access;
    const char *host;
    const struct gl_version *version;
    char (*domains)[254];
    size_t n, most;
};

/* One in which two roles are is told once: by the account's. */
static int
add_site(void *arg, const struct gl_meta_site *site)
{
    struct owning *owning = arg;

    GL_ASSERT(owning->n <= owning->most);

    if (owning->n == owning->most)
        return 1;
    if (gl_access_shows_(owning->access, owning->host, site))
        gl_domain_show(site->domain, owning->domains[owning->n++]);
    return 0;
}

static int
add_one(struct owning *owning, const struct gl_meta_role *role)
{
    const struct gl_meta_site *site =
        gl_version_site_id(owning->version, role->site);
    struct gl_meta_role all = *role;

    all.site = 0;
    if (site == NULL || strcmp(site->account, role->account) != 0 ||
        gl_version_role_at(owning->version, &all) != GL_ROLE_NONE)
        return 0;
    return add_site(owning, site);
}

static int
add_role(void *arg, const struct gl_meta_role *role)
{
    struct owning *owning = arg;

    return role->site != 0 ? add_one(owning, role)
                           : gl_version_sites(owning->version, role->account,
                                              add_site, owning);
}

size_t
gl_access_own(const struct gl_access *access, const char *host,
              const struct gl_meta_person *person, char domains[][254],
              size_t most)
{
    struct owning owning = {.access = access,
                            .host = host,
                            .version = gl_directory_enter(access->directory),
                            .domains = domains,
                            .most = most};

    gl_version_roles(owning.version, person->id, add_role, &owning);
    gl_directory_leave(access->directory);
    return owning.n;
}
