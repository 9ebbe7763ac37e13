/* Imports of day totals; see totals.h.  Writer thread. */

#include "import/totals.h"

#include <sodium.h>
#include <string.h>

#include "calls/answer.h"
#include "clock.h"
#include "import/total_line.h"
#include "question/range.h"
#include "store/meta/sites.h"
#include "store/rows/rows.h"

static int
note_first(void *arg, const struct gl_row *row)
{
    int64_t *first_ms = arg;

    *first_ms = MIN(*first_ms, row->at_ms);
    return 0;
}

/* The date of SITE's first event and that of its last: 1, 0 = it has none, or
 * -enum gl_store_error. */
static int
event_dates(struct gl_ingest_site *site, const struct gl_zone *zone,
            int64_t *first, int64_t *last)
{
    struct gl_account *store = site->account->store;
    int64_t oldest, newest, first_ms = INT64_MAX;
    int rc = gl_account_oldest_day(store, site->id, &oldest);

    if (rc == 1)
        rc = gl_account_newest_day(store, site->id, &newest);
    if (rc != 1)
        return rc;
    rc = gl_account_rows(store, site->id, oldest * GL_DAY_MS,
                         (oldest + 1) * GL_DAY_MS, note_first, &first_ms);
    if (first_ms == INT64_MAX)
        first_ms = oldest * GL_DAY_MS;
    *first = gl_zone_date(zone, first_ms);
    *last = gl_zone_date(zone, (newest + 1) * GL_DAY_MS - 1);
    return rc < 0 ? rc : 1;
}

static int
refuse_dates(json_t **answer, int64_t first, int64_t last, const char *why)
{
    char *from = gl_range_date_text(first), *to = gl_range_date_text(last);
    int status = gl_verb_refuse_(answer, 409, "%s to %s: %s", from, to, why);

    g_free(from);
    g_free(to);
    return status;
}

static int
storage(struct gl_ingest *in, struct gl_ingest_site *site, json_t **answer)
{
    return gl_verb_cannot_write_(in, site->account->store, answer);
}

/* 0, or a status; import->last comes nearer where BEFORE says so. */
static int
look_at_events(struct gl_ingest *in, struct gl_ingest_site *site,
               const struct gl_zone *zone, int before,
               struct gl_total_import *import, json_t **answer)
{
    int64_t first = 0, last = 0;
    int found = event_dates(site, zone, &first, &last);

    if (found < 0)
        return storage(in, site, answer);
    if (found == 0 || import->last < first)
        return 0;
    if (!before && import->first <= last)
        return refuse_dates(answer, MAX(first, import->first),
                            MIN(last, import->last),
                            "the site has events of these days itself; with "
                            "--before-first-event only the days before its "
                            "first one are imported");
    if (before)
        import->last = first - 1;
    return 0;
}

static int
look_at_totals(struct gl_ingest *in, struct gl_ingest_site *site,
               const struct gl_total_import *import, json_t **answer)
{
    int64_t first, last;
    int found =
        gl_account_total_dates(site->account->store, site->id, import->first,
                               import->last, &first, &last);

    if (found < 0)
        return storage(in, site, answer);
    return found == 0
               ? 0
               : refuse_dates(answer, first, last,
                              "an earlier import has totals of these days");
}

int
gl_import_totals_begin_(struct gl_ingest *in, struct gl_ingest_site *site,
                        const struct gl_call *call,
                        struct gl_total_import *import, json_t **answer)
{
    const struct gl_meta_site *meta = gl_meta_site_by_id(in->meta, site->id);
    int before = json_is_true(json_object_get(call->args, "before"));
    struct gl_zone *zone;
    int status;

    *import = (struct gl_total_import){.site = site->id};
    randombytes_buf(&import->id, sizeof import->id);
    import->id &= INT64_MAX;
    if (!gl_range_read_date(gl_verb_text_(call, "first", ""),
                            &import->first) ||
        !gl_range_read_date(gl_verb_text_(call, "last", ""), &import->last) ||
        import->last < import->first)
        return gl_verb_refuse_(answer, 400,
                               "\"first\" and \"last\" are the dates of the "
                               "tables");
    zone = gl_zone_new(meta->timezone);
    if (zone == NULL)
        return gl_verb_refuse_(answer, 500, "there is no time zone \"%s\"",
                               meta->timezone);
    status = look_at_events(in, site, zone, before, import, answer);
    gl_zone_free(zone);
    return status != 0 ? status : look_at_totals(in, site, import, answer);
}

int
gl_import_totals_line_(struct gl_ingest *in, struct gl_ingest_site *site,
                       const struct gl_total_import *import,
                       const struct gl_product *product, int64_t line,
                       const char *text, size_t len, char *why, size_t why_len)
{
    struct gl_total_line read;
    struct gl_total *total = &read.total;
    int result = gl_total_line_read(&read, product, in->enrich, text, len, why,
                                    why_len);
    int rc = result == -1;

    total->import = import->id;
    total->line = line;
    if (result == 0 && total->date <= import->last)
        rc = gl_account_put_total(site->account->store, total);
    gl_total_line_clear(&read);
    return rc;
}
