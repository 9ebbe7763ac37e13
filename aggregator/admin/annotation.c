/* annotation.add: what happened when. */

#include "admin/definition.h"
#include "calls/answer.h"
#include "question/defined.h"
#include "question/range.h"

int
gl_verb_annotation_add_(struct gl_ingest *in, const struct gl_call *call,
                        json_t **answer)
{
    const char *date = gl_verb_text_(call, "date", NULL);
    const char *text = gl_verb_text_(call, "text", NULL);
    int64_t day;

    if (!gl_range_read_date(date, &day))
        return gl_verb_refuse_(answer, 400, "\"date\" is a date: 2026-01-31");
    if (text[0] == '\0' || g_utf8_strlen(text, -1) > GL_DEFINED_NAME_MAX)
        return gl_verb_refuse_(answer, 400, "\"text\" has 1 to %d characters",
                               GL_DEFINED_NAME_MAX);
    g_autofree char *name = g_strdup_printf("%s %s", date, text);
    json_auto_t *body = json_pack("{s:s, s:s}", "date", date, "text", text);
    return gl_definition_add_(in, call, "annotation", name, body, answer);
}
