/* Which days of a site are exported; see range.h. */

#include "export/range.h"

#include "calls/answer.h"
#include "question/range.h"

/* 9998-12-31: the last that question/range.h reads. */
#define LAST_DATE INT64_C(2932531)

static int
read_date(const char *text, int64_t absent, int64_t *date)
{
    *date = absent;
    return text == NULL || gl_range_read_date(text, date);
}

int
gl_export_dates_read(const struct gl_export_range *range,
                     const struct gl_meta_site *site,
                     struct gl_export_dates *dates, json_t **answer)
{
    if (!read_date(range->from, 0, &dates->from) ||
        !read_date(range->to, LAST_DATE, &dates->to))
        return gl_verb_refuse_(answer, 400,
                               "\"from\" and \"to\" are dates, like "
                               "2026-11-28");
    if (dates->to < dates->from)
        return gl_verb_refuse_(answer, 400, "\"to\" is before \"from\"");
    dates->zone = gl_zone_new(site->timezone);
    return dates->zone != NULL
               ? 0
               : gl_verb_refuse_(answer, 500, "there is no time zone \"%s\"",
                                 site->timezone);
}
