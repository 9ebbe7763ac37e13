/* export.chunk: a site's rows as event lines.  Query thread. */

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "export/chunk.h"

int
gl_verb_export_chunk_(const struct gl_query_view *view,
                      const struct gl_call *call, json_t **answer)
{
    const char *name = gl_verb_text_(call, "site", NULL);
    struct gl_export_range range = {gl_verb_text_(call, "from", NULL),
                                    gl_verb_text_(call, "to", NULL)};
    struct gl_meta_site site;

    if (!gl_directory_site(view->directory, name, &site))
        return gl_verb_refuse_(answer, 404, "there is no site \"%s\"", name);
    return gl_export_chunk(view, &site, &range,
                           gl_verb_text_(call, "cursor", NULL), answer);
}
