/* export.chunk, export.totals: a site's rows as event lines, its days as
 * totals.  Query thread. */

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "export/chunk.h"
#include "export/totals.h"

/* 0 and *SITE, *RANGE, or a status. */
static int
find(const struct gl_query_view *view, const struct gl_call *call,
     struct gl_meta_site *site, struct gl_export_range *range, json_t **answer)
{
    const char *name = gl_verb_text_(call, "site", NULL);

    range->from = gl_verb_text_(call, "from", NULL);
    range->to = gl_verb_text_(call, "to", NULL);
    return gl_directory_site(view->directory, name, site)
               ? 0
               : gl_verb_refuse_(answer, 404, "there is no site \"%s\"", name);
}

int
gl_verb_export_chunk_(const struct gl_query_view *view,
                      const struct gl_call *call, json_t **answer)
{
    struct gl_export_range range;
    struct gl_meta_site site;
    int status = find(view, call, &site, &range, answer);

    return status != 0
               ? status
               : gl_export_chunk(view, &site, &range,
                                 gl_verb_text_(call, "cursor", NULL), answer);
}

int
gl_verb_export_totals_(const struct gl_query_view *view,
                       const struct gl_call *call, json_t **answer)
{
    struct gl_export_range range;
    struct gl_meta_site site;
    int status = find(view, call, &site, &range, answer);

    return status != 0
               ? status
               : gl_export_totals(view, &site, &range,
                                  gl_verb_text_(call, "date", NULL), answer);
}
