/* log.first: from when on a site counted itself.  Query threads. */

#include "admin/verbs_internal.h"

#include "calls/answer.h"
#include "store/directory/directory.h"
#include "store/extent.h"

int
gl_verb_log_first_(const struct gl_query_view *view,
                   const struct gl_call *call, json_t **answer)
{
    const char *domain = gl_verb_text_(call, "site", NULL);
    struct gl_meta_site site;
    int64_t first_ms;

    if (!gl_directory_site(view->directory, domain, &site))
        return gl_verb_refuse_(answer, 404, "there is no site \"%s\"", domain);
    int found = gl_extent_live(view->meta, site.account, site.id,
                               view->stopping, &first_ms);
    if (found == -1)
        return gl_verb_refuse_(answer, 507,
                               "the rows of %s cannot be read now", domain);
    *answer = found ? json_pack("{s:I}", "first", (json_int_t) first_ms)
                    : json_pack("{s:n}", "first");
    return 200;
}
