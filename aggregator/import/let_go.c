/* See let_go.h. */

#include "import/let_go.h"

#include <stdio.h>

#include "ingest/apply.h"
#include "question/range.h"

int
gl_import_let_go_(struct gl_ingest *in, const struct gl_ingest_site *site,
                  int64_t line, int64_t at_ms, char *why, size_t why_len)
{
    int64_t day;
    int rc = gl_ingest_let_go_(in, site, at_ms, &day);
    char *text, *of;

    if (rc != 1)
        return rc;
    of = line > 0 ? g_strdup_printf("line %lld: ", (long long) line)
                  : g_strdup("");
    text = gl_range_date_text(day);
    snprintf(why, why_len,
             "%sthe rows of days up to %s (UTC) were let go, and none can be "
             "added to them: leave these lines out",
             of, text);
    g_free(of);
    g_free(text);
    return 1;
}
