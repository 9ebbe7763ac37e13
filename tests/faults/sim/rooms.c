/*
 * Stand-ins for the rooms of the aggregator that are not simulated: salts,
 * what can be asked, the mark of a frame under way.  A function that an ingest
 * file calls from now on and that is no part of the protocol gets one here.
 */

#include "ingest/state.h"

#include "admin/verbs.h"
#include "calls/measured.h"
#include "columns/seal.h"
#include "query/sums/seal_sums.h"
#include "count/site.h"
#include "days/dirty.h"
#include "days/night.h"
#include "ingest/inflight.h"
#include "ingest/space.h"
#include "jobs/job.h"
#include "live/conditions.h"
#include "live/live.h"
#include "live/silences.h"
#include "move/remains.h"
#include "sim.h"
#include "store/account/accounts.h"
#include "store/meta/accounts.h"
#include "store/meta/sites.h"
#include "store/rows/rows.h"
#include "store/rows/sealed.h"
#include "workers/workers.h"
#include "writer/names.h"
#include "writer/restored.h"
#include "writer/sizes.h"
#include "writer/work.h"
#include "writer/first_owner.h"

#include <string.h>

static char something; /* that a pointer to nothing much points to */

/* ---- nobody is known by two ids ---- */

void
gl_days_end_nights_(struct gl_ingest *in)
{
    (void) in;
}

/* ---- no site moves or is called otherwise ---- */

void
gl_writer_free_names_(struct gl_ingest *in)
{
    (void) in;
}

int
gl_move_remains_(struct gl_ingest *in, int64_t site, const char *account)
{
    (void) in;
    (void) site;
    (void) account;
    return 0;
}

int
gl_move_name_remain_(struct gl_ingest *in, int64_t site, const char *account)
{
    (void) in;
    (void) site;
    (void) account;
    return 0;
}

void
gl_move_add_remain_(void *in, int64_t site, const char *account)
{
    (void) in;
    (void) site;
    (void) account;
}

void
gl_move_forget_remains_(struct gl_ingest *in, const char *account)
{
    (void) in;
    (void) account;
}

int
gl_meta_remains(struct gl_meta *meta,
                void (*remain)(void *arg, int64_t site, const char *account),
                void *arg)
{
    (void) meta;
    (void) remain;
    (void) arg;
    return 0;
}

size_t
gl_site_expire(struct gl_site *site, int64_t now_ms,
               int (*closed)(void *arg, const struct gl_visit *visit),
               void *arg)
{
    (void) site;
    (void) now_ms;
    (void) closed;
    (void) arg;
    return 0;
}

int64_t
gl_site_next_expiry_ms(const struct gl_site *site)
{
    (void) site;
    return INT64_MAX;
}

int
gl_days_refold_due_(struct gl_ingest *in)
{
    (void) in;
    return 0;
}

void
gl_days_refold_stop_(struct gl_ingest *in,
                     const struct gl_ingest_account *account)
{
    (void) in;
    (void) account;
}

static void
disturb(struct gl_ingest *in, int64_t site, uint64_t visitor)
{
    (void) in;
    (void) site;
    (void) visitor;
}

const struct gl_ingest_fold gl_days_fold = {gl_days_refold_stop_, disturb};

/* ---- sums of sealed days are not looked at ---- */

int
gl_seal_sums_add(void *view, struct gl_account *reader, int64_t site,
                 const struct gl_columns *set, GByteArray *const *sums)
{
    (void) view;
    (void) reader;
    (void) site;
    (void) set;
    (void) sums;
    return 0;
}

/* The disk has more room than it had. */
int
gl_ingest_space_back_(struct gl_ingest *in, int wanted)
{
    (void) in;
    return wanted && sim_one_in(4);
}

void
gl_live_silences_stop_(struct gl_ingest *in)
{
    (void) in;
}

void
gl_live_tell_(struct gl_ingest *in)
{
    (void) in;
}

void
gl_live_watch_site_(struct gl_ingest *in, int64_t id, int change)
{
    (void) in;
    (void) id;
    (void) change;
}

void
gl_verb_call_(struct gl_ingest *in, struct gl_call *call)
{
    (void) in;
    (void) call;
}

void
gl_live_find_conditions_(struct gl_ingest *in)
{
    (void) in;
}

void
gl_writer_first_owner_(struct gl_ingest *in)
{
    (void) in;
}

void
gl_workers_make_salt_(struct gl_workers *workers, int64_t now_ms,
                      int64_t boot_ms)
{
    (void) workers;
    (void) now_ms;
    (void) boot_ms;
}

void
gl_workers_write_sites_(struct gl_workers *workers, struct gl_meta *meta,
                        int64_t boot_ms)
{
    (void) workers;
    (void) meta;
    (void) boot_ms;
}

void
gl_site_free(struct gl_site *site)
{
    (void) site;
}

void
gl_zone_free(struct gl_zone *zone)
{
    (void) zone;
}

void
gl_writer_note_sizes_(struct gl_ingest *in)
{
    (void) in;
}

void
gl_measured_socket(struct gl_measured *measured, int change)
{
    (void) measured;
    (void) change;
}

struct gl_jobs *
gl_jobs_new(void)
{
    return NULL;
}

void
gl_jobs_free(struct gl_jobs *jobs)
{
    (void) jobs;
}

int
gl_writer_restored_(struct gl_ingest *in, char *why, size_t why_len)
{
    (void) in;
    (void) why;
    (void) why_len;
    return 0;
}

struct gl_job *
gl_jobs_last(const struct gl_jobs *jobs)
{
    (void) jobs;
    return NULL;
}

int
gl_job_running(struct gl_job *job)
{
    (void) job;
    return 0;
}

struct gl_decoder *
gl_decoder_new(void)
{
    return (struct gl_decoder *) (void *) &something;
}

void
gl_decoder_free(struct gl_decoder *decoder)
{
    (void) decoder;
}

struct gl_enrich *
gl_enrich_new(const char *dir, const char **why)
{
    (void) dir;
    (void) why;
    return (struct gl_enrich *) (void *) &something;
}

int
gl_enrich_keys(struct gl_enrich *enrich, const char *dir)
{
    (void) enrich;
    (void) dir;
    return 0;
}

void
gl_enrich_free(struct gl_enrich *enrich)
{
    (void) enrich;
}

struct gl_inflight *
gl_inflight_open(const char *data, char *why, size_t why_len)
{
    (void) data;
    (void) why;
    (void) why_len;
    return (struct gl_inflight *) (void *) &something;
}

void
gl_inflight_close(struct gl_inflight *flight)
{
    (void) flight;
}

void
gl_inflight_attach(struct gl_inflight *flight)
{
    (void) flight;
}

void
gl_inflight_enter(struct gl_inflight *flight, const uint8_t *id,
                  uint32_t index)
{
    (void) flight;
    (void) id;
    (void) index;
}

void
gl_inflight_leave(struct gl_inflight *flight)
{
    (void) flight;
}

int
gl_inflight_is_bad(const struct gl_inflight *flight, const uint8_t *id,
                   uint32_t index)
{
    (void) flight;
    (void) id;
    (void) index;
    return 0;
}

/* ---- accounts, sites and lives in meta.db ---- */

int
gl_meta_account_add(struct gl_meta *meta, const char *name,
                    const char *primary, int64_t now_ms,
                    struct gl_meta_account *account)
{
    (void) meta;
    (void) name;
    (void) primary;
    (void) now_ms;
    (void) account;
    return 0;
}

int
gl_meta_accounts(const struct gl_meta *meta,
                 int (*each)(void *arg, const struct gl_meta_account *account),
                 void *arg)
{
    struct gl_meta_account account = {.id = "1"};
    int result = 0;

    (void) meta;
    for (uint32_t db = 1; db < sim.plan.dbs && result == 0; db++) {
        account.id[0] = (char) ('0' + db);
        result = each(arg, &account);
    }
    return result;
}

int
gl_meta_begin_life(struct gl_meta *meta, const char *boot, int64_t now_ms,
                   int64_t *cut_ms)
{
    (void) meta;
    (void) boot;
    (void) now_ms;
    *cut_ms = 0;
    return 0;
}

void
gl_meta_rename_sites(struct gl_meta *meta)
{
    (void) meta;
}

int
gl_meta_end_life(struct gl_meta *meta)
{
    (void) meta;
    return 0;
}

const struct gl_meta_site *
gl_meta_site(const struct gl_meta *meta, struct gl_text domain)
{
    static struct gl_meta_site site;

    (void) meta;
    site.account[0] = domain.len > 0 ? domain.data[0] : '0';
    return site.account[0] == '0' ? NULL : &site;
}

const struct gl_meta_site *
gl_meta_site_by_id(const struct gl_meta *meta, int64_t id)
{
    static const struct gl_meta_site site = {.id = SIM_SITE, .keep_rows = 1};

    (void) meta;
    return id == SIM_SITE ? &site : NULL;
}

int
gl_account_full(const struct gl_account *account)
{
    (void) account;
    return 0;
}

int
gl_meta_full(const struct gl_meta *meta)
{
    (void) meta;
    return 0;
}

/* ---- who is connected ---- */

void
gl_accounts_stats(const struct gl_accounts *pool,
                  struct gl_accounts_stats *stats)
{
    (void) pool;
    *stats = (struct gl_accounts_stats){.open_max = sim_begun_max};
}

void
gl_account_open_briefly(struct gl_account *account)
{
    (void) account;
}

void
gl_account_rest(struct gl_account *account)
{
    (void) account;
}

int
gl_accounts_are_many(const struct gl_accounts *pool)
{
    (void) pool;
    return sim_fault_in(sim.plan.cold);
}

/* Some of the busy ones have a place. */
int
gl_account_keep(struct gl_account *account)
{
    (void) account;
    return sim_fault_in(sim.plan.cold);
}
