/* site.erases, account.erases: what a removal would erase.  Query threads. */

#include "admin/verbs_internal.h"

#include "calls/answer.h"
#include "access/elsewhere.h"
#include "store/directory/directory.h"
#include "store/extent.h"

/* Who asks looks at the terminal: some ten million rows are counted. */
#define PATIENCE_MS 700

/* The file of ACCOUNT tells, when it can be read; NULL: another machine's. */
static int
answer_extent(const struct gl_query_view *view, const char *account,
              int64_t site, json_t **answer)
{
    struct gl_extent extent;

    if (account == NULL ||
        gl_extent_read(view->meta, account, site, PATIENCE_MS, view->stopping,
                       &extent) != 0) {
        *answer = json_pack("{s:n, s:n}", "events", "days");
        return 200;
    }
    *answer = json_pack("{s:I, s:I}", "events", (json_int_t) extent.events,
                        "days", (json_int_t) extent.days);
    if (extent.at_most)
        json_object_set_new(*answer, "at_most", json_true());
    return 200;
}

int
gl_verb_site_erases_(const struct gl_query_view *view,
                     const struct gl_call *call, json_t **answer)
{
    const char *domain = gl_verb_text_(call, "domain", NULL);
    struct gl_meta_site site;

    if (!gl_directory_site(view->directory, domain, &site))
        return gl_verb_refuse_(answer, 404, "there is no site \"%s\"", domain);
    int elsewhere = gl_elsewhere_site(
        view->conf, gl_directory_enter(view->directory), &site, NULL);
    gl_directory_leave(view->directory);
    return answer_extent(view, elsewhere ? NULL : site.account, site.id,
                         answer);
}

int
gl_verb_account_erases_(const struct gl_query_view *view,
                        const struct gl_call *call, json_t **answer)
{
    const struct gl_version *version = gl_directory_enter(view->directory);
    const char *name = gl_verb_text_(call, "name", NULL);
    struct gl_meta_account account;
    int status = gl_verb_account_(version, name, &account, answer);

    if (status == 0)
        status = gl_verb_account_empty_(version, &account, answer);
    gl_directory_leave(view->directory);
    if (status != 0)
        return status;
    return answer_extent(
        view, gl_elsewhere_account(view->conf, &account) ? NULL : account.id,
        0, answer);
}
