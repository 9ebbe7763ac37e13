/* The bulletin; see bulletin.h. */

#include "calls/bulletin.h"

#include "calls/mailbox.h"
#include "gl_assert.h"
#include "ingest/account.h"
#include "ingest/sites.h"
#include "live/conditions.h"
#include "live/live.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

/* Somebody asks, the writer hears it. */
struct question {
    uint64_t asked, heard; /* so many times; HEARD of those ASKED */
    int64_t since_us;      /* monotonic: the first that is not heard */
};

struct gl_bulletin {
    struct gl_mailbox *wake;
    pthread_mutex_t lock; /* of what follows, held for copies only */
    pthread_cond_t news;
    struct question of_told, of_live;
    struct gl_told *told;
    int64_t site;        /* whose numbers are asked for */
    struct gl_live live; /* the last that were; id 0 = none */
    int64_t tick_ms;     /* boot: the writer's, when it was told last */
};

struct gl_bulletin *
gl_bulletin_new(struct gl_mailbox *wake)
{
    struct gl_bulletin *bulletin = g_new0(struct gl_bulletin, 1);
    pthread_condattr_t attr;

    bulletin->wake = wake;
    pthread_mutex_init(&bulletin->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&bulletin->news, &attr);
    pthread_condattr_destroy(&attr);
    return bulletin;
}

static void
release(struct gl_told *told)
{
    if (told == NULL)
        return;
    GL_ASSERT(told->refs > 0);
    if (--told->refs > 0)
        return;
    g_array_free(told->conditions, TRUE);
    g_array_free(told->accounts, TRUE);
    g_free(told);
}

void
gl_bulletin_free(struct gl_bulletin *bulletin)
{
    if (bulletin == NULL)
        return;
    release(bulletin->told);
    pthread_cond_destroy(&bulletin->news);
    pthread_mutex_destroy(&bulletin->lock);
    g_free(bulletin);
}

/* ---- who asks ---- */

/* With the lock held: until that is heard, but the writer is asked in vain for
 * PATIENCE_MS at most. */
static void
wait_for(struct gl_bulletin *bulletin, struct question *question,
         int64_t patience_ms)
{
    int64_t now_us = g_get_monotonic_time();
    struct timespec until;

    if (question->asked == question->heard)
        question->since_us = now_us;
    uint64_t mine = ++question->asked;
    int64_t until_us = question->since_us + patience_ms * 1000;
    until.tv_sec = until_us / G_USEC_PER_SEC;
    until.tv_nsec = until_us % G_USEC_PER_SEC * 1000;
    gl_mailbox_wake(bulletin->wake);
    while (question->heard < mine &&
           pthread_cond_timedwait(&bulletin->news, &bulletin->lock, &until) ==
               0)
        continue;
}

static struct gl_told *
enter(struct gl_bulletin *bulletin, int64_t patience_ms)
{
    pthread_mutex_lock(&bulletin->lock);
    if (patience_ms > 0)
        wait_for(bulletin, &bulletin->of_told, patience_ms);
    struct gl_told *told = bulletin->told;
    told->refs++;
    pthread_mutex_unlock(&bulletin->lock);
    return told;
}

struct gl_told *
gl_bulletin_enter(struct gl_bulletin *bulletin)
{
    return enter(bulletin, GL_BULLETIN_TOLD_MS);
}

struct gl_told *
gl_bulletin_last(struct gl_bulletin *bulletin)
{
    return enter(bulletin, 0);
}

void
gl_bulletin_leave(struct gl_bulletin *bulletin, struct gl_told *told)
{
    pthread_mutex_lock(&bulletin->lock);
    release(told);
    pthread_mutex_unlock(&bulletin->lock);
}

int
gl_bulletin_live(struct gl_bulletin *bulletin, int64_t id,
                 struct gl_live *live)
{
    pthread_mutex_lock(&bulletin->lock);
    bulletin->site = id;
    wait_for(bulletin, &bulletin->of_live, GL_BULLETIN_LIVE_MS);
    *live = bulletin->live;
    pthread_mutex_unlock(&bulletin->lock);
    return live->id == id;
}

/* ---- the writer ---- */

static GArray *
accounts_of(const struct gl_ingest *in)
{
    GArray *accounts =
        g_array_new(FALSE, FALSE, sizeof(struct gl_told_account));
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, in->accounts);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const struct gl_ingest_account *account = value;
        struct gl_told_account told = {.works = gl_ingest_works_(account),
                                       .parked_files =
                                           account->parked_files->len,
                                       .parked = account->parked};

        g_strlcpy(told.id, account->id, sizeof told.id);
        if (!told.works || told.parked_files > 0)
            g_array_append_val(accounts, told);
    }
    return accounts;
}

static struct gl_told *
make_told(const struct gl_ingest *in)
{
    struct gl_told *told = g_new0(struct gl_told, 1);

    told->refs = 1;
    told->now_ms = in->now_ms;
    told->counters = in->counters;
    told->round_ms = in->round_ms;
    told->site_bytes = in->site_bytes;
    told->site_objects = in->objects_n;
    told->agents = gl_enrich_lookups(in->enrich);
    told->watched = in->watched->len;
    told->frames_per_s = gl_live_rate_(in);
    told->gathered = in->gathering.n;
    told->backlog = in->backlog != 0;
    gl_spool_stats(in->spool, &told->spool);
    gl_accounts_stats(in->pool, &told->store);
    memcpy(told->unknown, in->unknown, sizeof told->unknown);
    memcpy(told->sites_why, in->workers.sites_why, sizeof told->sites_why);
    memcpy(told->cluster_why, in->cluster_why, sizeof told->cluster_why);
    told->lane_fill = in->lane_fill;
    memcpy(told->lane, in->lane, sizeof told->lane);
    told->places = (struct gl_condition_places){
        in->conf->data, gl_conf_spool(in->conf), told->sites_why,
        told->cluster_why, told->lane};
    told->conditions = g_array_copy(in->conditions);
    told->accounts = accounts_of(in);
    return told;
}

/* Numbers that are there in a moment are not heard before: who waits has them,
 * or is told that they come. */
static int
make_live(struct gl_ingest *in, int64_t id, struct gl_live *live)
{
    struct gl_ingest_site *site = gl_ingest_site_by_id_(in, id);

    if (site == NULL)
        return 1;
    gl_live_numbers_(in, site, live);
    return site->building == NULL;
}

/* What is asked for; the copy stays as it is. */
static struct question
look(struct gl_bulletin *bulletin, const struct question *question,
     int64_t *site)
{
    pthread_mutex_lock(&bulletin->lock);
    struct question copy = *question;
    *site = bulletin->site;
    pthread_mutex_unlock(&bulletin->lock);
    return copy;
}

void
gl_bulletin_tell_live_(struct gl_ingest *in)
{
    struct gl_bulletin *bulletin = in->bulletin;
    int64_t id;
    struct question question = look(bulletin, &bulletin->of_live, &id);
    struct gl_live live = {0};

    if (question.asked == question.heard)
        return;
    int heard = make_live(in, id, &live);
    pthread_mutex_lock(&bulletin->lock);
    bulletin->live = live;
    if (heard)
        bulletin->of_live.heard = question.asked;
    pthread_cond_broadcast(&bulletin->news);
    pthread_mutex_unlock(&bulletin->lock);
}

void
gl_bulletin_tell_(struct gl_ingest *in)
{
    struct gl_bulletin *bulletin = in->bulletin;
    int64_t id;
    struct question question = look(bulletin, &bulletin->of_told, &id);

    if (question.asked == question.heard && bulletin->tick_ms == in->tick_ms &&
        bulletin->told != NULL)
        return;
    bulletin->tick_ms = in->tick_ms;
    struct gl_told *told = make_told(in);
    pthread_mutex_lock(&bulletin->lock);
    release(bulletin->told);
    bulletin->told = told;
    bulletin->of_told.heard = question.asked;
    pthread_cond_broadcast(&bulletin->news);
    pthread_mutex_unlock(&bulletin->lock);
}
