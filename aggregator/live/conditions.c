/*
 * Which conditions hold (condition.h): looked up once a second from what the
 * other files know anyway, in order of weight.
 *
 *   accounts ────────────┐
 *   spool, this process ─┼──► in->conditions ──► live numbers of a site (its
 *   meta.db: sums ───────┘                       account's, and a silence:
 *                                                silences.c), health, status
 *
 * What happened is told for a day.  Nothing here changes anything.
 *
 * Writer thread.
 */

#include "live/conditions.h"

#include "count/count.h"
#include "count/site.h"
#include "ingest/building.h"
#include "ingest/state.h"
#include "live/condition.h"
#include "live/machines.h"
#include "live/silences.h"
#include "log.h"
#include "spool/spool.h"
#include "spool/stats.h"
#include "store/meta/counts.h"

#include <jansson.h>
#include <string.h>

#define SHOWN_MS GL_DAY_MS /* how long what is over is told */
#define BEHIND_MS 15000    /* of several machines, what they are always */
#define LANE_HALF 50       /* percent of a lane: an operator has time... */
#define LANE_NEAR 80       /* ...and no more */
#define LANE_FULL 100
#define SUMS_MS 10000 /* meta.db is asked so often, or after a change */

static void
add(struct gl_ingest *in, struct gl_condition condition)
{
    g_array_append_val(in->conditions, condition);
}

/* A state: since when it has been on without a break. */
static void
add_state(struct gl_ingest *in, enum gl_condition_kind kind, uint64_t count,
          int on)
{
    int64_t *since_ms = &in->state_since_ms[kind];

    if (!on) {
        *since_ms = 0;
        return;
    }
    if (*since_ms == 0)
        *since_ms = in->now_ms;
    add(in, (struct gl_condition){
                .kind = kind, .since_ms = *since_ms, .count = count});
}

static void
add_tally(struct gl_ingest *in, enum gl_condition_kind kind,
          const struct gl_tally *tally, const char *account)
{
    struct gl_condition condition = {.kind = kind,
                                     .since_ms = tally->first_ms,
                                     .until_ms = tally->last_ms,
                                     .count = tally->n};

    if (tally->n == 0 || tally->last_ms < in->now_ms - SHOWN_MS)
        return;
    g_strlcpy(condition.account, account, sizeof condition.account);
    add(in, condition);
}

/* What an account that fails with ERROR (enum gl_store_error) is called. */
static enum gl_condition_kind
fault_of(const struct gl_ingest_account *account, int error)
{
    if (error == GL_STORE_CORRUPT)
        return GL_CONDITION_READ_ONLY;
    if (error == GL_STORE_NEWER)
        return GL_CONDITION_UPGRADE;
    return gl_ingest_is_full_(account, error) ? GL_CONDITION_STORAGE_FULL
                                              : GL_CONDITION_STORAGE;
}

static void
add_fault(struct gl_ingest *in, const struct gl_ingest_account *account)
{
    struct gl_condition condition = {.since_ms = account->failing_ms};

    if (account->failing_ms == 0)
        return;
    condition.kind = fault_of(account, account->error);
    g_strlcpy(condition.account, account->id, sizeof condition.account);
    add(in, condition);
}

/* An account that failed is looked at again, and has its own sentence. */
static int
is_looking(const struct gl_ingest *in)
{
    if (!in->caught_up)
        return 1;
    for (const GList *at = in->unexamined->head; at != NULL; at = at->next) {
        const char *id = at->data;
        const struct gl_ingest_account *account =
            g_hash_table_lookup(in->accounts, id);

        if (account == NULL || account->failing_ms == 0)
            return 1;
    }
    return 0;
}

static void
add_accounts(struct gl_ingest *in)
{
    GHashTableIter iter;
    gpointer value;

    add_fault(in, &in->of_meta);
    g_hash_table_iter_init(&iter, in->accounts);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const struct gl_ingest_account *account = value;

        add_fault(in, account);
        add_tally(in, GL_CONDITION_REJECTED, &account->rejected, account->id);
    }
}

static void
add_backlog(struct gl_ingest *in)
{
    struct gl_condition condition = {.kind = GL_CONDITION_CATCHING_UP,
                                     .since_ms = in->now_ms,
                                     .rest_s = -1};
    uint64_t rate = gl_live_rate_(in);

    if (!in->backlog)
        return;
    condition.count = gl_spool_waiting(in->spool, &condition.at_least);
    if (rate > 0 && !condition.at_least)
        condition.rest_s = (int64_t) (condition.count / rate + 1);
    add(in, condition);
}

uint64_t
gl_live_rate_(const struct gl_ingest *in)
{
    if (!in->backlog)
        return 0;
    return in->round_frames * 1000 / (uint64_t) MAX(in->round_ms, 1);
}

static void
add_spool(struct gl_ingest *in)
{
    struct gl_spool_stats stats;

    gl_spool_stats(in->spool, &stats);
    add_state(in, GL_CONDITION_UPGRADE, stats.newer, stats.newer > 0);
    add_state(in, GL_CONDITION_UNREADABLE, stats.unreadable + stats.refused,
              stats.unreadable + stats.refused > 0);
    add_state(in, GL_CONDITION_READ_ERROR, stats.failing, stats.failing > 0);
    add_state(in, GL_CONDITION_ELSEWHERE, 0, stats.elsewhere);
    add_backlog(in);
    add_state(in, GL_CONDITION_SITES, 0, in->workers.sites_why[0] != '\0');
}

/* meta.db's sums of a day.  While it fails the last ones stand. */
static void
read_sums(struct gl_ingest *in)
{
    int64_t since_ms = in->now_ms - SHOWN_MS;

    if (in->sums_ms != 0 && in->boot_ms - in->sums_ms < SUMS_MS)
        return;
    in->sums_ms = in->boot_ms;
    if (!gl_ingest_works_(&in->of_meta) ||
        gl_meta_refused_since(in->meta, since_ms, &in->refused) < 0 ||
        gl_meta_lost_since(in->meta, since_ms, &in->lost) < 0)
        gl_log(GL_LOG_DEBUG, "meta.db tells no sums just now");
}

static void
add_sum(struct gl_ingest *in, enum gl_condition_kind kind,
        const struct gl_meta_sum *sum)
{
    if (sum->n > 0 || sum->at_least || sum->perhaps > 0)
        add(in, (struct gl_condition){.kind = kind,
                                      .since_ms = sum->first_ms,
                                      .until_ms = sum->last_ms,
                                      .count = sum->n,
                                      .at_most = sum->n + sum->perhaps,
                                      .at_least = sum->at_least});
}

static void
add_past(struct gl_ingest *in)
{
    add_sum(in, GL_CONDITION_NOT_RECORDED, &in->refused);
    add_sum(in, GL_CONDITION_LOST, &in->lost);
    if (in->cut_ms > in->now_ms - SHOWN_MS)
        add(in, (struct gl_condition){.kind = GL_CONDITION_POWER_CUT,
                                      .since_ms = in->cut_ms});
    add_tally(in, GL_CONDITION_REJECTED, &in->set_aside, "");
    add_tally(in, GL_CONDITION_CLOCK, &in->suspect, "");
}

/* Up to when all events of all machines are here, as glinto-postgresql has
 * TOLD (log/told.h); 0 = it tells nothing. */
static int64_t
complete_of(json_t *told)
{
    json_t *ms;
    int64_t complete_ms = told == NULL ? 0 : INT64_MAX;
    const char *name;

    json_object_foreach (json_object_get(told, "edges"), name, ms)
        complete_ms = MIN(complete_ms, json_integer_value(ms));
    return complete_ms;
}

static void
add_behind(struct gl_ingest *in)
{
    if (in->conf->follow[0] == '\0')
        return;
    g_autofree char *path = g_strdup_printf("%s/follow.json", in->conf->data);
    json_auto_t *told = json_load_file(path, 0, NULL);
    int64_t begins_ms = json_integer_value(json_object_get(told, "begins"));
    int64_t complete_ms = complete_of(told);
    if (begins_ms != 0)
        add(in, (struct gl_condition){.kind = GL_CONDITION_PAST,
                                      .since_ms = begins_ms});
    if (complete_ms == 0)
        complete_ms = in->began_ms;
    if (in->now_ms - complete_ms > BEHIND_MS)
        add(in, (struct gl_condition){.kind = GL_CONDITION_BEHIND,
                                      .since_ms = complete_ms});
}

static void
add_machines(struct gl_ingest *in)
{
    unsigned int fill;

    gl_live_ask_machines_(in);
    fill = in->lane_fill;
    add_state(in, GL_CONDITION_CLUSTER, 0, in->cluster_why[0] != '\0');
    add_state(in, GL_CONDITION_LANE, fill,
              fill >= LANE_HALF && fill < LANE_NEAR);
    add_state(in, GL_CONDITION_LANE_NEAR, fill,
              fill >= LANE_NEAR && fill < LANE_FULL);
    add_state(in, GL_CONDITION_LANE_FULL, fill, fill >= LANE_FULL);
}

void
gl_live_find_conditions_(struct gl_ingest *in)
{
    read_sums(in);
    g_array_set_size(in->conditions, 0);
    add_accounts(in);
    add_spool(in);
    add_past(in);
    add_behind(in);
    add_machines(in);
    add_state(in, GL_CONDITION_LOOKING, 0, is_looking(in));
}

/* ---- of one site ---- */

/* ONE becomes what it and MORE, of the same kind, are together. */
static void
merge(struct gl_condition *one, const struct gl_condition *more)
{
    one->since_ms = MIN(one->since_ms, more->since_ms);
    one->until_ms = one->until_ms == 0 || more->until_ms == 0
                        ? 0
                        : MAX(one->until_ms, more->until_ms);
    one->count += more->count;
    one->at_least |= more->at_least;
}

/* A kind once: two sentences that differ in nothing tell readers nothing. */
static void
tell(struct gl_live *live, const struct gl_condition *condition)
{
    for (int i = 0; i < live->conditions_n; i++)
        if (live->conditions[i].kind == condition->kind) {
            merge(&live->conditions[i], condition);
            return;
        }
    if (live->conditions_n < GL_LIVE_CONDITIONS_MAX)
        live->conditions[live->conditions_n++] = *condition;
}

static void
tell_silence(struct gl_ingest *in, struct gl_ingest_site *site,
             struct gl_live *live)
{
    struct gl_condition silent = {.kind = GL_CONDITION_SILENT};

    if (live->known && in->caught_up && !in->backlog &&
        site->account->failing_ms == 0)
        silent.since_ms =
            gl_live_silent_since_(in, site, live->numbers.last_ms);
    if (silent.since_ms != 0)
        tell(live, &silent);
}

void
gl_live_tell_conditions_(struct gl_ingest *in, struct gl_ingest_site *site,
                         struct gl_live *live)
{
    live->conditions_n = 0;
    memset(live->conditions, 0, sizeof live->conditions);
    for (guint i = 0; i < in->conditions->len; i++) {
        const struct gl_condition *condition =
            &g_array_index(in->conditions, struct gl_condition, i);

        if (gl_condition_shown(condition) &&
            (condition->account[0] == '\0' ||
             strcmp(condition->account, site->account->id) == 0))
            tell(live, condition);
    }
    tell_silence(in, site, live);
}

void
gl_live_tell_building_(const struct gl_ingest_site *site, struct gl_live *live)
{
    struct gl_condition counting = {.kind = GL_CONDITION_COUNTING,
                                    .since_ms =
                                        gl_ingest_building_since_(site)};

    tell(live, &counting);
}

/* What is looked up once a second may not know of it yet. */
void
gl_live_tell_fault_(const struct gl_ingest *in,
                    const struct gl_ingest_site *site, int error,
                    struct gl_live *live)
{
    const struct gl_ingest_account *account = site->account;
    int failing = account->failing_ms != 0;
    struct gl_condition fault = {
        .kind = fault_of(account, failing ? account->error : -error),
        .since_ms = failing ? account->failing_ms : in->now_ms};

    tell(live, &fault);
}
