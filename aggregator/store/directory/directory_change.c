/* What the writer changes in the next version of the directory: sites, their
 * old names, accounts and tokens. */

#include "store/directory/directory.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

#include "domain.h"
#include "store/directory/directory_internal.h"

/* ---- changes ---- */

void
gl_directory_put_(struct gl_directory *directory, enum gl_order first,
                  enum gl_order last, void *item)
{
    g_ptr_array_add(directory->change.made, item);
    for (enum gl_order order = first; order <= last; order++)
        gl_sorted_put(&directory->next.sorted[order],
                      &gl_version_orders_[order], item, &directory->change);
}

void
gl_directory_take_(struct gl_directory *directory, enum gl_order first,
                   enum gl_order last, void *item)
{
    for (enum gl_order order = first; order <= last; order++)
        gl_sorted_remove(&directory->next.sorted[order],
                         &gl_version_orders_[order], item, &directory->change);
    g_ptr_array_add(directory->change.gone, item);
}

static enum gl_order
last_of(const struct gl_meta_site *site)
{
    return site->is_public ? GL_SITES_SHOWN : GL_SITES_BY_ACCOUNT;
}

void
gl_directory_remove_site(struct gl_directory *directory, int64_t id)
{
    struct gl_version_site *item =
        gl_version_find_(&directory->next, GL_SITES_BY_ID, &id);

    if (item == NULL)
        return;
    gl_directory_take_(directory, GL_SITES_BY_DOMAIN, last_of(&item->site),
                       item);
    directory->next.sites_n--;
}

void
gl_directory_put_site(struct gl_directory *directory,
                      const struct gl_meta_site *site)
{
    const struct gl_meta_site *old =
        gl_version_site_id(&directory->next, site->id);
    char shown[GL_DOMAIN_BYTES];
    struct gl_version_site *item;
    size_t size;

    gl_directory_remove_site(directory, site->id);
    gl_domain_show(site->domain, shown);
    size = strlen(shown) + 1;
    item = g_malloc(sizeof *item + size);
    item->site = *site;
    if (old != NULL) /* gone, but still there */
        item->site.created_ms = old->created_ms;
    memcpy(item->shown, shown, size);
    gl_directory_put_(directory, GL_SITES_BY_DOMAIN, last_of(site), item);
    directory->next.sites_n++;
}

void
gl_directory_add_old_name(struct gl_directory *directory,
                          const struct gl_meta_old_name *name)
{
    gl_directory_put_(directory, GL_OLD_NAMES, GL_OLD_NAMES,
                      g_memdup2(name, sizeof *name));
}

void
gl_directory_remove_old_name(struct gl_directory *directory,
                             const char *domain)
{
    void *name = gl_version_find_(&directory->next, GL_OLD_NAMES, domain);

    if (name != NULL)
        gl_directory_take_(directory, GL_OLD_NAMES, GL_OLD_NAMES, name);
}

void
gl_directory_add_account(struct gl_directory *directory,
                         const struct gl_meta_account *account)
{
    gl_directory_put_(directory, GL_ACCOUNTS_BY_NAME, GL_ACCOUNTS_BY_ID,
                      g_memdup2(account, sizeof *account));
}

void
gl_directory_add_token(struct gl_directory *directory,
                       const struct gl_meta_token *token)
{
    gl_directory_put_(directory, GL_TOKENS_BY_AGE, GL_TOKENS_BY_HASH,
                      g_memdup2(token, sizeof *token));
}

void
gl_directory_remove_token(struct gl_directory *directory, const char *id)
{
    void *token = gl_version_find_(&directory->next, GL_TOKENS_BY_ID, id);

    if (token != NULL)
        gl_directory_take_(directory, GL_TOKENS_BY_AGE, GL_TOKENS_BY_HASH,
                           token);
}

struct removal {
    struct gl_directory *directory;
    const char *account;
};

static int
remove_token_of(void *arg, const struct gl_meta_token *token)
{
    const struct removal *removal = arg;

    if (strcmp(token->account, removal->account) == 0)
        gl_directory_remove_token(removal->directory, token->id);
    return 0;
}

void
gl_directory_remove_account(struct gl_directory *directory, const char *id)
{
    void *account = gl_version_find_(&directory->next, GL_ACCOUNTS_BY_ID, id);
    struct removal removal = {directory, id};

    if (account == NULL)
        return;
    /* a list that changes is no list: that of the last commit */
    gl_version_tokens(gl_directory_now(directory), remove_token_of, &removal);
    gl_directory_take_(directory, GL_ACCOUNTS_BY_NAME, GL_ACCOUNTS_BY_ID,
                       account);
}
