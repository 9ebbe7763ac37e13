/*
 * Objects of sites: found by domain, made when first needed (building.c),
 * dropped when a transaction failed, evicted when memory is short.  An object
 * holds nothing that the rows do not tell: dropping one loses nothing.
 *
 *   domain ──► named ──► struct gl_ingest_site ──► object (may be NULL)
 *                 └─ miss ──► meta.db's table ──► by id
 *
 * Writer thread.
 */

#include "ingest/sites.h"

#include "count/site.h"
#include "domain.h"
#include "ingest/state.h"
#include "log.h"
#include "store/meta/sites.h"
#include "store/words/words.h"

#include <stdlib.h>
#include <string.h>

/* All objects together; a busy site has some 20 MiB.  The service may take
 * 1 GiB in all. */
#define OBJECTS_BYTES_MAX (256u * 1024 * 1024)
/* Nothing is open any more and nobody looks: the object is not worth its
 * memory. */
#define IDLE_MS (90 * 60 * 1000)
/* Who was used so lately keeps its place in the order of use: to move it
 * touches two others. */
#define LATELY_MS 1000

/* ---- by name ---- */

static guint
hash_of(gconstpointer key)
{
    const struct gl_text *name = key;
    guint hash = name->len;

    for (uint32_t i = 0; i < name->len; i++)
        hash = hash * 31 + (uint8_t) name->data[i];
    return hash;
}

static gboolean
are_equal(gconstpointer key, gconstpointer other)
{
    const struct gl_text *a = key, *b = other;

    return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

GHashTable *
gl_ingest_named_new_(void)
{
    return g_hash_table_new(hash_of, are_equal);
}

void
gl_ingest_unname_(struct gl_ingest *in)
{
    g_hash_table_remove_all(in->named);
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
    site->name.data = site->domain;
    site->name.len = (uint32_t) strlen(site->domain);
    site->account = account;
    site->zone = zone_of(in, meta->timezone);
    site->hosts = g_strdup(meta->hosts);
    site->left_out = meta->left_out;
    site->bots_counted = meta->bots_counted;
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

/* A worker of before writes names as they came. */
static const struct gl_meta_site *
find_meta(const struct gl_ingest *in, struct gl_text domain)
{
    const struct gl_meta_site *meta = gl_meta_site(in->meta, domain);
    char stored[GL_DOMAIN_BYTES];

    if (meta != NULL || gl_domain_text(domain, stored) != 0)
        return meta;
    return gl_meta_site(in->meta,
                        (struct gl_text){stored, (uint32_t) strlen(stored)});
}

struct gl_ingest_site *
gl_ingest_site_(struct gl_ingest *in, struct gl_text domain)
{
    struct gl_ingest_site *site = g_hash_table_lookup(in->named, &domain);
    const struct gl_meta_site *meta;

    if (site != NULL)
        return site;
    meta = find_meta(in, domain);
    if (meta == NULL)
        return NULL;
    site = gl_ingest_site_by_id_(in, meta->id);
    if (site != NULL && are_equal(&site->name, &domain)) /* now, not lately */
        g_hash_table_insert(in->named, &site->name, site);
    return site;
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
    site->quiet.known = 0; /* rows may have come beside it */
    site->expiry_ms = gl_site_next_expiry_ms(site->object);
    gl_site_free(site->object);
    site->object = NULL;
    TAILQ_REMOVE(&in->objects, site, age);
    site->used_ms = MIN(site->used_ms, in->boot_ms - LATELY_MS);
    in->objects_n--;
    in->site_bytes -= site->bytes;
    site->bytes = 0;
}

void
gl_ingest_touch_(struct gl_ingest *in, struct gl_ingest_site *site)
{
    (void) in;
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

/* ---- eviction ---- */

void
gl_ingest_use_(struct gl_ingest *in, struct gl_ingest_site *site)
{
    if (site->object == NULL || in->boot_ms - site->used_ms < LATELY_MS)
        return;
    site->used_ms = in->boot_ms;
    TAILQ_REMOVE(&in->objects, site, age);
    TAILQ_INSERT_TAIL(&in->objects, site, age);
}

static int
is_unused(const struct gl_ingest *in, const struct gl_ingest_site *site)
{
    return in->boot_ms - site->used_ms > IDLE_MS;
}

static int
is_worth_it(const struct gl_ingest *in, const struct gl_ingest_site *site)
{
    if (site->touched)
        return 1;
    if (in->site_bytes > OBJECTS_BYTES_MAX)
        return 0;
    return site->watchers > 0 || site->expiry_ms != INT64_MAX ||
           !is_unused(in, site);
}

/* The list is in order of use: what is behind those unused is not
 * looked at. */
void
gl_ingest_evict_(struct gl_ingest *in)
{
    struct gl_ingest_site *site = TAILQ_FIRST(&in->objects), *next;

    while (site != NULL &&
           (in->site_bytes > OBJECTS_BYTES_MAX || is_unused(in, site))) {
        next = TAILQ_NEXT(site, age);
        if (!is_worth_it(in, site)) {
            in->counters.evictions++;
            gl_ingest_drop_(in, site);
        }
        site = next;
    }
}
