/* summary: a site's week in words.  Query thread. */

#include <string.h>

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "language/language.h"
#include "answer/answer.h"
#include "summary/summary.h"

int
gl_verb_summary_(const struct gl_query_view *view, const struct gl_call *call,
                 json_t **answer)
{
    const char *code = gl_verb_text_(call, "language", "en");
    enum gl_language language;
    struct gl_meta_site site;
    int status;

    if (!gl_language_find(code, strlen(code), &language))
        return gl_verb_refuse_(answer, 400, "there is no language \"%s\"",
                               code);
    status = gl_query_find(view, gl_verb_text_(call, "site", NULL), NULL,
                           &site, answer);
    if (status != 0)
        return status;
    gl_language_use(language);
    status =
        gl_summary(view, &site, gl_verb_text_(call, "week", NULL), answer);
    gl_language_use(GL_LANGUAGE_EN);
    return status;
}
