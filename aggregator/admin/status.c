/* live.get and status; health is health.c.  A thread that reads. */

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "outbox/counts.h"
#include "store/meta/counts.h"
#include "store/meta/mails.h"
#include "store/meta/meta.h"

int
gl_verb_live_get_(const struct gl_query_view *view, const struct gl_call *call,
                  json_t **answer)
{
    const char *name = gl_verb_text_(call, "site", NULL);
    struct gl_live live, none = {.at_ms = gl_clock_now_ms()};
    struct gl_meta_site site;

    if (!gl_directory_site(view->directory, name, &site))
        return gl_verb_refuse_(answer, 404, "there is no site \"%s\"", name);
    g_strlcpy(none.site, site.domain, sizeof none.site);
    *answer = gl_live_json(
        gl_bulletin_live(view->bulletin, site.id, &live) ? &live : &none);
    return 200;
}

static json_t *
ingest_json(const struct gl_told *told)
{
    const struct gl_ingest_counters *c = &told->counters;
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
        {"sealed_days", c->sealed},
        {"seal_commits", c->seal_commits},
        {"round_ms", (uint64_t) told->round_ms},
        {"longest_turn_ms", c->longest_turn_ms},
        {"site_bytes", told->site_bytes},
        {"watched_sites", told->watched},
        {"catching_up", told->backlog},
        {"frames_per_s", told->frames_per_s},
    };
    json_t *object = json_object();

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        json_object_set_new(object, numbers[i].name,
                            json_integer((json_int_t) numbers[i].n));
    return object;
}

static json_t *
spool_json(const struct gl_spool_stats *stats)
{
    return json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:b, s:{s:I, s:I}}", "files",
        (json_int_t) stats->files, "refused", (json_int_t) stats->refused,
        "hints", (json_int_t) stats->hints, "hints_used",
        (json_int_t) stats->hints_used, "read_errors",
        (json_int_t) stats->read_errors, "elsewhere", stats->elsewhere,
        "upgrade_pending", "files", (json_int_t) stats->newer, "major",
        (json_int_t) stats->newer_major);
}

static json_t *
store_json(const struct gl_told *told)
{
    const struct gl_accounts_stats *stats = &told->store;

    return json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "accounts",
        (json_int_t) stats->known, "open", (json_int_t) stats->open,
        "wal_bytes_max", (json_int_t) stats->wal_bytes_max, "checkpoints",
        (json_int_t) stats->checkpoints, "checkpoints_failed",
        (json_int_t) stats->checkpoints_failed, "reopened",
        (json_int_t) stats->reopened, "waiting", (json_int_t) told->gathered);
}

/* Accounts whose storage does not work just now, and frames set aside until it
 * does. */
static void
set_accounts(json_t *answer, const struct gl_told *told)
{
    json_t *failed = json_array(), *parked = json_object();

    for (guint i = 0; i < told->accounts->len; i++) {
        const struct gl_told_account *account =
            &g_array_index(told->accounts, struct gl_told_account, i);

        if (!account->works)
            json_array_append_new(failed, json_string(account->id));
        if (account->parked_files > 0)
            json_object_set_new(parked, account->id,
                                json_integer((json_int_t) account->parked));
    }
    json_object_set_new(answer, "failed_accounts", failed);
    json_object_set_new(answer, "parked", parked);
}

static json_t *
unknown_json(const struct gl_told *told)
{
    json_t *list = json_array();

    for (size_t i = 0; i < GL_INGEST_UNKNOWN_MAX; i++) {
        const struct gl_ingest_unknown *one = &told->unknown[i];

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

/* The sums of meta.db, into ANSWER: 0, or a status. */
static int
set_sums(json_t *sums, const struct gl_query_view *view, json_t **answer)
{
    char why[256];
    struct gl_meta *reader = gl_meta_reader(view->meta, why, sizeof why);
    json_t *drops = json_object();
    uint64_t refused = 0, lost = 0;
    int status = 0;

    json_object_set_new(sums, "drops", drops);
    if (reader == NULL)
        return gl_verb_storage_(answer, why);
    if (gl_meta_drops(reader, add_reason, drops) < 0 ||
        gl_meta_refused(reader, &refused) < 0 ||
        gl_meta_lost(reader, &lost) < 0)
        status = gl_verb_storage_(answer, gl_meta_why(reader));
    gl_meta_reader_free(reader);
    json_object_set_new(sums, "requests_refused",
                        json_integer((json_int_t) refused));
    json_object_set_new(sums, "frames_lost", json_integer((json_int_t) lost));
    return status;
}

/* {waiting, in_doubt, sent, failed, left_in_doubt, sent_again} of 400 days: a
 * try without an end is in doubt when nobody is at it. */
static int
set_mail(json_t *all, const struct gl_query_view *view, json_t **answer)
{
    const struct gl_conf *conf = view->conf;
    char why[256];
    struct gl_meta *reader = gl_meta_reader(view->meta, why, sizeof why);
    struct gl_mail_sums sums = {0};
    struct gl_outbox_counts counts;
    int status = 0;

    if (reader == NULL)
        return gl_verb_storage_(answer, why);
    if (gl_meta_mail_sums(reader, 0, &sums) < 0)
        status = gl_verb_storage_(answer, gl_meta_why(reader));
    gl_meta_reader_free(reader);
    gl_outbox_count(conf->outbox, conf->mail_journal, &counts);
    json_object_set_new(all, "mail",
                        json_pack("{s:i, s:i, s:I, s:I, s:I, s:I}", "waiting",
                                  counts.waiting, "in_doubt", counts.in_doubt,
                                  "sent", (json_int_t) sums.sent, "failed",
                                  (json_int_t) sums.failed, "left_in_doubt",
                                  (json_int_t) sums.doubt, "sent_again",
                                  (json_int_t) sums.twice));
    return status;
}

int
gl_verb_status_(const struct gl_query_view *view, const struct gl_call *call,
                json_t **answer)
{
    struct gl_told *told = gl_bulletin_enter(view->bulletin);
    json_auto_t *all = json_pack(
        "{s:I, s:o, s:o, s:o, s:{s:I}, s:o, s:o}", "at",
        (json_int_t) told->now_ms, "ingest", ingest_json(told), "spool",
        spool_json(&told->spool), "store", store_json(told), "query",
        "questions", (json_int_t) atomic_load(view->questions),
        "unknown_domains", unknown_json(told), "conditions",
        gl_verb_conditions_(view, told));

    (void) call;
    set_accounts(all, told);
    gl_verb_set_machines_(all, view->conf, told->now_ms);
    gl_bulletin_leave(view->bulletin, told);
    int status = set_sums(all, view, answer);
    if (status == 0 && view->conf->outbox[0] != '\0')
        status = set_mail(all, view, answer);
    if (status == 0)
        *answer = json_incref(all);
    return status == 0 ? 200 : status;
}
