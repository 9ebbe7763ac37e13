/* site.erases, account.erases: what a removal would erase.  Query threads. */

#include "admin/verbs_internal.h"

#include "calls/answer.h"
#include "domain.h"
#include "store/extent.h"
#include "store/meta.h"
#include "store/meta_accounts.h"
#include "store/meta_sites.h"

#include <string.h>

/* The file of ACCOUNT tells, when it can be read. */
static int
answer_extent(const struct gl_query_view *view, const char *account,
              int64_t site, json_t **answer)
{
    struct gl_extent extent;

    if (gl_extent_read(view->meta, account, site, view->stopping, &extent) ==
        0)
        *answer = json_pack("{s:I, s:I}", "events", (json_int_t) extent.events,
                            "days", (json_int_t) extent.days);
    else
        *answer = json_pack("{s:n, s:n}", "events", "days");
    return 200;
}

struct search {
    const char *name;             /* as it is asked for */
    char stored[GL_DOMAIN_BYTES]; /* its one form, "" = it has none */
    struct gl_meta_site found;
};

/* As gl_verb_site_(): a name of before names had one form goes first. */
static int
find(void *arg, const struct gl_meta_site *site)
{
    struct search *search = arg;
    int same = strcmp(site->domain, search->name) == 0;

    if (same || strcmp(site->domain, search->stored) == 0)
        search->found = *site;
    return same;
}

int
gl_verb_site_erases_(const struct gl_query_view *view,
                     const struct gl_call *call, json_t **answer)
{
    struct search search = {.name = gl_verb_text_(call, "domain", NULL)};
    int error;

    if (gl_domain(search.name, search.stored) != 0)
        search.stored[0] = '\0';
    error = gl_meta_list_sites(view->meta, find, &search);
    if (error < 0)
        return gl_verb_storage_(answer, gl_meta_why(view->meta));
    if (search.found.id == 0)
        return gl_verb_refuse_(answer, 404, "there is no site \"%s\"",
                               search.name);
    return answer_extent(view, search.found.account, search.found.id, answer);
}

int
gl_verb_account_erases_(const struct gl_query_view *view,
                        const struct gl_call *call, json_t **answer)
{
    const char *name = gl_verb_text_(call, "name", NULL);
    struct gl_meta_account account;
    int status = gl_verb_account_(view->meta, name, &account, answer);

    if (status == 0)
        status = gl_verb_account_empty_(view->meta, &account, answer);
    return status != 0 ? status : answer_extent(view, account.id, 0, answer);
}
