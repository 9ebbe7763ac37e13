/*
 * Objects of sites: found by domain, built from the rows when first needed,
 * dropped when a transaction failed, evicted when memory is short.  An object
 * holds nothing that the rows do not tell: dropping one loses nothing.
 *
 *   domain ──► memo ──► struct gl_ingest_site ──► object (may be NULL)
 *                 └─ miss ──► meta.db's table ──► by id
 *
 * Ingest thread.
 */

#include "ingest/ingest_internal.h"

#include "log.h"

#include <stdlib.h>
#include <string.h>

/* All objects together; a busy site has some 20 MiB.  The service may take
 * 1 GiB in all. */
#define OBJECTS_BYTES_MAX (256u * 1024 * 1024)
/* Nothing is open any more and nobody looks: the object is not worth its
 * memory. */
#define IDLE_MS (90 * 60 * 1000)

static guint
memo_slot(struct gl_text domain)
{
    uint32_t hash = domain.len;

    for (uint32_t i = 0; i < domain.len; i++)
        hash = hash * 31 + (uint8_t) domain.data[i];
    return (hash ^ hash >> 8) % GL_INGEST_MEMO;
}

static struct gl_zone *
zone_of(struct gl_ingest *in, const char *name)
{
    struct gl_zone *zone = g_hash_table_lookup(in->zones, name);

    if (zone != NULL)
        return zone;
    zone = gl_zone_new(name);
    if (zone == NULL) {
        gl_log(GL_LOG_ERROR, "time zone %s is not known here; UTC is taken",
               name);
        zone = gl_zone_new("UTC");
    }
    g_hash_table_insert(in->zones, g_strdup(name), zone);
    return zone;
}

static struct gl_ingest_site *
site_new(struct gl_ingest *in, const struct gl_meta_site *meta)
{
    struct gl_ingest_account *account = gl_ingest_account_(in, meta->account);
    struct gl_ingest_site *site;

    if (account == NULL)
        return NULL;
    site = g_new0(struct gl_ingest_site, 1);
    site->id = meta->id;
    g_strlcpy(site->domain, meta->domain, sizeof site->domain);
    site->account = account;
    site->zone = zone_of(in, meta->timezone);
    site->rules.refresh_window_ms = meta->refresh_window_s * 1000;
    gl_account_words(account->store, &site->words);
    site->expiry_ms = INT64_MAX;
    site->newest_ms = INT64_MIN;
    g_hash_table_insert(in->sites, &site->id, site);
    return site;
}

struct gl_ingest_site *
gl_ingest_site_by_id_(struct gl_ingest *in, int64_t id)
{
    struct gl_ingest_site *site = g_hash_table_lookup(in->sites, &id);
    const struct gl_meta_site *meta;

    if (site != NULL)
        return site;
    meta = gl_meta_site_by_id(in->meta, id);
    return meta == NULL ? NULL : site_new(in, meta);
}

struct gl_ingest_site *
gl_ingest_site_(struct gl_ingest *in, struct gl_text domain)
{
    guint slot = memo_slot(domain);
    struct gl_ingest_site *site = in->memo[slot];
    const struct gl_meta_site *meta;

    if (site != NULL && strlen(site->domain) == domain.len &&
        memcmp(site->domain, domain.data, domain.len) == 0)
        return site;
    meta = gl_meta_site(in->meta, domain);
    if (meta == NULL)
        return NULL;
    site = gl_ingest_site_by_id_(in, meta->id);
    in->memo[slot] = site;
    return site;
}

void
gl_ingest_forget_site_(struct gl_ingest *in, int64_t id)
{
    struct gl_ingest_site *site = g_hash_table_lookup(in->sites, &id);
    int watchers;

    memset(in->memo, 0, sizeof in->memo);
    if (site == NULL)
        return;
    watchers = site->watchers;
    gl_ingest_drop_(in, site);
    g_ptr_array_remove_fast(in->watched, site);
    g_hash_table_remove(in->sites, &id);
    g_free(site);
    if (watchers == 0)
        return;
    site = gl_ingest_site_by_id_(in, id); /* as it is now, if it is */
    if (site != NULL) {
        site->watchers = watchers;
        site->changed = 1;
        g_ptr_array_add(in->watched, site);
    }
}

void
gl_ingest_drop_(struct gl_ingest *in, struct gl_ingest_site *site)
{
    if (site->touched)
        g_ptr_array_remove_fast(site->account->sites, site);
    site->touched = 0;
    site->newest_ms = INT64_MIN;
    if (site->object == NULL)
        return;
    site->expiry_ms = gl_site_next_expiry_ms(site->object);
    gl_site_free(site->object);
    site->object = NULL;
    in->site_bytes -= site->bytes;
    site->bytes = 0;
}

void
gl_ingest_touch_(struct gl_ingest *in, struct gl_ingest_site *site)
{
    site->used_ms = in->boot_ms;
    if (site->touched)
        return;
    site->touched = 1;
    g_ptr_array_add(site->account->sites, site);
}

void
gl_ingest_weigh_(struct gl_ingest *in, struct gl_ingest_site *site)
{
    if (site->object == NULL)
        return;
    in->site_bytes -= site->bytes;
    site->bytes = gl_site_bytes(site->object);
    in->site_bytes += site->bytes;
    site->expiry_ms = gl_site_next_expiry_ms(site->object);
    site->newest_ms = INT64_MIN;
}

/* ---- building an object ---- */

struct rebuild {
    struct gl_ingest *in;
    struct gl_ingest_site *site;
    int64_t first_id; /* of the rows to replay; INT64_MAX = none */
    int failed;
};

static int
first_row(void *arg, const struct gl_row *row)
{
    int64_t *id = arg;

    *id = row->id;
    return 1;
}

/* Two open visits of one visitor: left by a late row whose day was not made
 * again yet.  No visit is longer than a day, so the other one began on one of
 * these. */
static void
mark_both(struct rebuild *r, const struct gl_visit *visit)
{
    int64_t day = visit->start_ms / GL_DAY_MS;

    for (int64_t near = day - 1; near <= day + 1; near++)
        gl_ingest_dirty_(r->in, r->site->account, r->site->id, near);
}

static int
restore_visit(void *arg, const struct gl_visit *visit)
{
    struct rebuild *r = arg;
    int result = gl_site_restore_visit(r->site->object, visit);

    r->failed = result == -1;
    if (result == 1)
        mark_both(r, visit);
    else if (visit->id < r->first_id)
        r->first_id = visit->id;
    return r->failed;
}

static int
replay(void *arg, const struct gl_row *row)
{
    struct rebuild *r = arg;

    r->failed = gl_site_replay(r->site->object, row) == -1;
    return r->failed;
}

static int
fill(struct rebuild *r)
{
    struct gl_ingest_site *site = r->site;
    struct gl_account *store = site->account->store;
    int64_t today = INT64_MAX;
    uint32_t visits = 0;
    int error;

    if ((error = gl_account_open_visits(store, site->id, restore_visit, r)) <
            0 ||
        (error = gl_account_count_visits(store, site->id, site->day_start_ms,
                                         site->day_end_ms, &visits)) < 0 ||
        (error = gl_account_rows(store, site->id, site->day_start_ms,
                                 site->day_end_ms, first_row, &today)) < 0)
        return error;
    gl_site_restore_today(site->object, visits);
    if (today < r->first_id)
        r->first_id = today;
    if (r->first_id != INT64_MAX && !r->failed)
        error = gl_account_rows_from(store, site->id, r->first_id, replay, r);
    return r->failed ? -GL_STORE_ENVIRONMENT : error;
}

static int
build(struct gl_ingest *in, struct gl_ingest_site *site, int64_t oldest_ms)
{
    struct rebuild r = {in, site, INT64_MAX, 0};
    int64_t any = 0, closed_before_ms, start_us = g_get_monotonic_time();
    int error = gl_account_rows(site->account->store, site->id, INT64_MIN,
                                INT64_MAX, first_row, &any);

    if (error < 0)
        return error;
    closed_before_ms =
        any == 0 ? INT64_MIN : MIN(oldest_ms, in->now_ms) - GL_VISIT_KEPT_MS;
    gl_zone_day(site->zone, in->now_ms, &site->day_start_ms,
                &site->day_end_ms);
    site->object = gl_site_new(&site->words, &site->rules, site->day_start_ms,
                               site->day_end_ms, closed_before_ms);
    if (site->object == NULL)
        return -GL_STORE_ENVIRONMENT;
    error = fill(&r);
    if (error < 0) {
        gl_site_free(site->object);
        site->object = NULL;
        return error;
    }
    gl_ingest_weigh_(in, site);
    in->counters.rebuilds++;
    in->counters.rebuild_us += (uint64_t) (g_get_monotonic_time() - start_us);
    return 0;
}

int
gl_ingest_load_(struct gl_ingest *in, struct gl_ingest_site *site,
                int64_t oldest_ms)
{
    if (site->object != NULL && in->now_ms < site->day_start_ms)
        gl_ingest_drop_(in, site); /* the clock was set back */
    if (site->object == NULL)
        return build(in, site, oldest_ms);
    if (in->now_ms >= site->day_end_ms) {
        gl_zone_day(site->zone, in->now_ms, &site->day_start_ms,
                    &site->day_end_ms);
        gl_site_turn_day(site->object, site->day_start_ms, site->day_end_ms);
        site->changed = 1;
    }
    return 0;
}

/* ---- eviction ---- */

static int
is_idle(struct gl_ingest *in, const struct gl_ingest_site *site)
{
    return site->watchers == 0 && in->boot_ms - site->used_ms > IDLE_MS &&
           site->expiry_ms == INT64_MAX;
}

static struct gl_ingest_site *
longest_unused(struct gl_ingest *in)
{
    struct gl_ingest_site *found = NULL;
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, in->sites);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        struct gl_ingest_site *site = value;

        if (site->object == NULL || site->touched)
            continue;
        if (is_idle(in, site))
            return site;
        if (found == NULL || site->used_ms < found->used_ms)
            found = site;
    }
    if (found != NULL && in->site_bytes <= OBJECTS_BYTES_MAX)
        return NULL;
    return found;
}

void
gl_ingest_evict_(struct gl_ingest *in)
{
    struct gl_ingest_site *site;

    while ((site = longest_unused(in)) != NULL) {
        in->counters.evictions++;
        gl_ingest_drop_(in, site);
    }
}
