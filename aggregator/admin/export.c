/* export.chunk, export.totals: a site's rows as event lines, its days as
 * totals.  Query thread. */

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "export/chunk.h"
#include "export/totals.h"

/* The PIECE of a site at what KEY of the call says. */
static int
give(const struct gl_query_view *view, const struct gl_call *call,
     int (*piece)(const struct gl_query_view *view,
                  const struct gl_meta_site *site,
                  const struct gl_export_range *range, const char *at,
                  json_t **answer),
     const char *key, json_t **answer)
{
    const char *name = gl_verb_text_(call, "site", NULL);
    const struct gl_export_range range = {gl_verb_text_(call, "from", NULL),
                                          gl_verb_text_(call, "to", NULL)};
    struct gl_meta_site site;

    if (!gl_directory_site(view->directory, name, &site))
        return gl_verb_refuse_(answer, 404, "there is no site \"%s\"", name);
    return piece(view, &site, &range, gl_verb_text_(call, key, NULL), answer);
}

int
gl_verb_export_chunk_(const struct gl_query_view *view,
                      const struct gl_call *call, json_t **answer)
{
    return give(view, call, gl_export_chunk, "cursor", answer);
}

int
gl_verb_export_totals_(const struct gl_query_view *view,
                       const struct gl_call *call, json_t **answer)
{
    return give(view, call, gl_export_totals, "date", answer);
}
