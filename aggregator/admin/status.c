/* live.get and status; health is health.c.  Ingest thread. */

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "ingest/sites.h"
#include "live/conditions.h"
#include "live/live.h"
#include "spool/stats.h"
#include "store/accounts.h"
#include "store/meta.h"
#include "store/meta_counts.h"
#include "store/meta_sites.h"

int
gl_verb_live_get_(struct gl_ingest *in, const struct gl_call *call,
                  json_t **answer)
{
    struct gl_meta_site *meta;
    struct gl_ingest_site *site;
    struct gl_live numbers;
    int status =
        gl_verb_site_(in, gl_verb_text_(call, "site", NULL), &meta, answer);

    if (status != 0)
        return status;
    site = gl_ingest_site_by_id_(in, meta->id);
    g_free(meta);
    if (site == NULL)
        return gl_verb_refuse_(answer, 500, "out of memory");
    gl_live_numbers_(in, site, &numbers);
    if (site->building != NULL && !in->impatient)
        return GL_VERB_SOON;
    *answer = gl_live_json(&numbers);
    return 200;
}

static json_t *
ingest_json(const struct gl_ingest *in)
{
    const struct gl_ingest_counters *c = &in->counters;
    const struct {
        const char *name;
        uint64_t n;
    } numbers[] = {
        {"rounds", c->rounds},
        {"frames", c->frames},
        {"rows", c->rows},
        {"bots", c->bots},
        {"drops", c->drops},
        {"late", c->late},
        {"skipped", c->skipped},
        {"undecodable", c->undecodable},
        {"unknown_site", c->unknown_site},
        {"rejected", c->rejected},
        {"crashed", c->crashed},
        {"clock_suspect", c->clock_suspect},
        {"failures", c->failures},
        {"rebuilds", c->rebuilds},
        {"rebuild_us", c->rebuild_us},
        {"evictions", c->evictions},
        {"refolds", c->refolds},
        {"refold_rows", c->refold_rows},
        {"round_ms", (uint64_t) in->round_ms},
        {"longest_turn_ms", c->longest_turn_ms},
        {"site_bytes", in->site_bytes},
        {"watched_sites", in->watched->len},
        {"catching_up", in->backlog != 0},
        {"frames_per_s", gl_live_rate_(in)},
    };
    json_t *object = json_object();

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        json_object_set_new(object, numbers[i].name,
                            json_integer((json_int_t) numbers[i].n));
    return object;
}

static json_t *
spool_json(struct gl_ingest *in)
{
    struct gl_spool_stats stats;

    gl_spool_stats(in->spool, &stats);
    return json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:b, s:{s:I, s:I}}", "files",
        (json_int_t) stats.files, "refused", (json_int_t) stats.refused,
        "hints", (json_int_t) stats.hints, "hints_used",
        (json_int_t) stats.hints_used, "read_errors",
        (json_int_t) stats.read_errors, "elsewhere", stats.elsewhere,
        "upgrade_pending", "files", (json_int_t) stats.newer, "major",
        (json_int_t) stats.newer_major);
}

static json_t *
store_json(struct gl_ingest *in)
{
    struct gl_accounts_stats stats;

    gl_accounts_stats(in->pool, &stats);
    return json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "accounts",
        (json_int_t) stats.known, "open", (json_int_t) stats.open,
        "wal_bytes_max", (json_int_t) stats.wal_bytes_max, "checkpoints",
        (json_int_t) stats.checkpoints, "checkpoints_failed",
        (json_int_t) stats.checkpoints_failed, "reopened",
        (json_int_t) stats.reopened, "waiting", (json_int_t) in->gathering.n);
}

/* Accounts whose storage does not work just now. */
static json_t *
failed_json(const struct gl_ingest *in)
{
    json_t *ids = json_array();
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, in->accounts);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const struct gl_ingest_account *account = value;

        if (!gl_ingest_works_(account))
            json_array_append_new(ids, json_string(account->id));
    }
    return ids;
}

/* Frames set aside until an account's storage works. */
static json_t *
parked_json(const struct gl_ingest *in)
{
    json_t *parked = json_object();
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, in->accounts);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const struct gl_ingest_account *account = value;

        if (account->parked_files->len > 0)
            json_object_set_new(parked, account->id,
                                json_integer((json_int_t) account->parked));
    }
    return parked;
}

static json_t *
unknown_json(const struct gl_ingest *in)
{
    json_t *list = json_array();

    for (size_t i = 0; i < GL_INGEST_UNKNOWN_MAX; i++) {
        const struct gl_ingest_unknown *one = &in->unknown[i];

        if (one->n > 0)
            json_array_append_new(list, json_pack("{s:s, s:I, s:I}", "domain",
                                                  one->domain, "n",
                                                  (json_int_t) one->n, "last",
                                                  (json_int_t) one->last_ms));
    }
    return list;
}

static int
add_reason(void *arg, const char *reason, uint64_t n)
{
    json_object_set_new(arg, reason, json_integer((json_int_t) n));
    return 0;
}

int
gl_verb_status_(struct gl_ingest *in, const struct gl_call *call,
                json_t **answer)
{
    uint64_t refused = 0, lost = 0;
    json_t *drops = json_object();

    (void) call;
    if (gl_meta_drops(in->meta, add_reason, drops) < 0 ||
        gl_meta_refused(in->meta, &refused) < 0 ||
        gl_meta_lost(in->meta, &lost) < 0) {
        json_decref(drops);
        return gl_verb_storage_(answer, gl_meta_why(in->meta));
    }
    *answer =
        json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:I, s:I}", "at",
                  (json_int_t) in->now_ms, "ingest", ingest_json(in), "spool",
                  spool_json(in), "store", store_json(in), "failed_accounts",
                  failed_json(in), "drops", drops, "requests_refused",
                  (json_int_t) refused, "frames_lost", (json_int_t) lost);
    json_object_set_new(*answer, "unknown_domains", unknown_json(in));
    json_object_set_new(*answer, "parked", parked_json(in));
    json_object_set_new(*answer, "conditions", gl_verb_conditions_(in));
    return 200;
}
