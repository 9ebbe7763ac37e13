/*
 * Things by their places, each as of one commit; see shelf.h.
 *
 *   making ──► lent ◄──► idle, in the order in which they were used
 *
 * One that no longer holds, or has no room, leaves the table at once
 * and is freed when it is put back.
 */

#include "columns/shelf.h"

#include "gl_assert.h"

#include <glib.h>
#include <pthread.h>
#include <sys/queue.h>
#include <time.h>

/* A waiting thread looks that often whether it shall go on. */
#define LOOK_NS 20000000

struct gl_shelved {
    struct gl_shelf_place place;
    uint64_t token, token_after;
    struct gl_shelf_thing thing; /* .thing NULL = being made */
    uint64_t question;           /* which used it last */
    unsigned lent;
    int listed; /* in the table, and its bytes are counted */
    TAILQ_ENTRY(gl_shelved) idle;
};

struct gl_shelf {
    size_t bytes_max;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t made;
    GHashTable *table; /* struct gl_shelf_place -> struct gl_shelved */
    TAILQ_HEAD(, gl_shelved) idle; /* listed, not lent; oldest first */
    size_t bytes;
    uint64_t questions, hits, misses;
};

/* ---- the table ---- */

static guint
hash_place(gconstpointer key)
{
    const struct gl_shelf_place *place = key;
    uint64_t mixed = (uint64_t) place->of * UINT64_C(0x9e3779b97f4a7c15) +
                     (uint64_t) place->day;

    mixed =
        (mixed ^ place->detail) * UINT64_C(0xbf58476d1ce4e5b9) + place->kind;
    return (guint) (mixed >> 32);
}

static gboolean
same_place(gconstpointer left, gconstpointer right)
{
    const struct gl_shelf_place *a = left, *b = right;

    return a->kind == b->kind && a->of == b->of && a->day == b->day &&
           a->detail == b->detail;
}

struct gl_shelf *
gl_shelf_new(size_t bytes)
{
    struct gl_shelf *shelf = g_new0(struct gl_shelf, 1);

    shelf->bytes_max = bytes;
    pthread_mutex_init(&shelf->lock, NULL);
    pthread_cond_init(&shelf->made, NULL);
    shelf->table = g_hash_table_new(hash_place, same_place);
    TAILQ_INIT(&shelf->idle);
    return shelf;
}

static void
free_shelved(struct gl_shelved *shelved)
{
    if (shelved->thing.thing != NULL)
        shelved->thing.free(shelved->thing.thing);
    g_free(shelved);
}

/* Out of the table; freed unless it is lent. */
static void
unlist(struct gl_shelf *shelf, struct gl_shelved *shelved)
{
    GL_ASSERT(shelved->listed && shelf->bytes >= shelved->thing.bytes);
    g_hash_table_remove(shelf->table, &shelved->place);
    shelved->listed = 0;
    shelf->bytes -= shelved->thing.bytes;
    if (shelved->lent > 0)
        return;
    TAILQ_REMOVE(&shelf->idle, shelved, idle);
    free_shelved(shelved);
}

void
gl_shelf_free(struct gl_shelf *shelf)
{
    struct gl_shelved *shelved;

    if (shelf == NULL)
        return;
    while ((shelved = TAILQ_FIRST(&shelf->idle)) != NULL)
        unlist(shelf, shelved);
    g_hash_table_destroy(shelf->table);
    pthread_cond_destroy(&shelf->made);
    pthread_mutex_destroy(&shelf->lock);
    g_free(shelf);
}

uint64_t
gl_shelf_question(struct gl_shelf *shelf)
{
    uint64_t question;

    pthread_mutex_lock(&shelf->lock);
    question = ++shelf->questions;
    pthread_mutex_unlock(&shelf->lock);
    return question;
}

void
gl_shelf_stats(struct gl_shelf *shelf, struct gl_shelf_stats *stats)
{
    pthread_mutex_lock(&shelf->lock);
    *stats = (struct gl_shelf_stats){
        .hits = shelf->hits, .misses = shelf->misses, .bytes = shelf->bytes};
    pthread_mutex_unlock(&shelf->lock);
}

/* ---- lending ---- */

static int
is_of(const struct gl_shelved *shelved, const struct gl_shelf_ask *ask)
{
    return shelved->token == ask->token &&
           (shelved->token_after == ask->token_after ||
            shelved->thing.one_token);
}

/* It is, and all that is wanted is there. */
static int
is_enough(const struct gl_shelved *shelved, const struct gl_shelf_ask *ask)
{
    return is_of(shelved, ask) && (ask->wants & ~shelved->thing.has) == 0;
}

/* Until something is made, or it is time to look. */
static void
wait_a_while(struct gl_shelf *shelf)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += LOOK_NS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&shelf->made, &shelf->lock, &until);
}

/* What the table has of the place once nobody makes it, or NULL: what another
 * commit made of it is not made twice.  *STOPPED: what stop said. */
static struct gl_shelved *
look_up(struct gl_shelf *shelf, const struct gl_shelf_ask *ask, int *stopped)
{
    struct gl_shelved *shelved;

    while (
        (shelved = g_hash_table_lookup(shelf->table, &ask->place)) != NULL &&
        shelved->thing.thing == NULL && (*stopped = ask->stop(ask->arg)) == 0)
        wait_a_while(shelf);
    return shelved;
}

static struct gl_shelved *
new_shelved(struct gl_shelf *shelf, const struct gl_shelf_ask *ask)
{
    struct gl_shelved *shelved = g_new0(struct gl_shelved, 1);

    shelved->place = ask->place;
    shelved->token = ask->token;
    shelved->token_after = ask->token_after;
    shelved->question = ask->question;
    shelved->lent = shelved->listed = 1;
    g_hash_table_insert(shelf->table, &shelved->place, shelved);
    return shelved;
}

/* Idle ones go, but those of the same question; then SHELVED itself. */
static void
make_room(struct gl_shelf *shelf, struct gl_shelved *shelved)
{
    struct gl_shelved *oldest;

    while (shelf->bytes > shelf->bytes_max &&
           (oldest = TAILQ_FIRST(&shelf->idle)) != NULL &&
           oldest->question != shelved->question)
        unlist(shelf, oldest);
    if (shelf->bytes > shelf->bytes_max)
        unlist(shelf, shelved);
}

/* No longer in the table, but lent once more. */
static void
take_out(struct gl_shelf *shelf, struct gl_shelved *shelved)
{
    if (shelved->lent++ == 0)
        TAILQ_REMOVE(&shelf->idle, shelved, idle);
    unlist(shelf, shelved);
}

static void
put_back(struct gl_shelf *shelf, struct gl_shelved *shelved)
{
    if (--shelved->lent > 0)
        return;
    if (shelved->listed)
        TAILQ_INSERT_TAIL(&shelf->idle, shelved, idle);
    else
        free_shelved(shelved);
}

/* Without the lock while it is made; WAS, which is lent, may be NULL. */
static int
fill(struct gl_shelf *shelf, const struct gl_shelf_ask *ask, uint32_t wants,
     struct gl_shelved *was, struct gl_shelved *shelved)
{
    struct gl_shelf_thing thing = {.has = wants};
    int rc;

    if (was != NULL) {
        thing.was = was->thing.thing;
        thing.mine = was->lent == 1;
    }
    pthread_mutex_unlock(&shelf->lock);
    rc = ask->make(ask->arg, &thing);
    pthread_mutex_lock(&shelf->lock);
    pthread_cond_broadcast(&shelf->made);
    if (was != NULL && rc == 0 && thing.thing == was->thing.thing)
        was->thing.thing = NULL;
    if (rc == 0) {
        thing.bytes += sizeof *shelved;
        shelved->thing = thing;
        if (shelved->listed) {
            shelf->bytes += thing.bytes;
            make_room(shelf, shelved);
        }
        return 0;
    }
    if (shelved->listed)
        unlist(shelf, shelved);
    g_free(shelved);
    return rc;
}

/* In the place of WAS, which is of another commit or not enough, or NULL. */
static struct gl_shelved *
make_thing(struct gl_shelf *shelf, const struct gl_shelf_ask *ask,
           uint32_t wants, struct gl_shelved *was, int *rc)
{
    struct gl_shelved *shelved;

    if (was != NULL)
        take_out(shelf, was);
    shelved = new_shelved(shelf, ask);
    *rc = fill(shelf, ask, wants, was, shelved);
    if (was != NULL)
        put_back(shelf, was);
    return shelved;
}

int
gl_shelf_lend(struct gl_shelf *shelf, const struct gl_shelf_ask *ask,
              struct gl_shelved **shelved)
{
    struct gl_shelved *found;
    uint32_t wants = ask->wants;
    int rc = 0;

    pthread_mutex_lock(&shelf->lock);
    found = look_up(shelf, ask, &rc);
    if (rc == 0 && found != NULL && is_enough(found, ask)) {
        if (found->lent++ == 0)
            TAILQ_REMOVE(&shelf->idle, found, idle);
        found->question = ask->question;
        shelf->hits++;
    } else if (rc == 0) {
        shelf->misses++;
        if (found != NULL && is_of(found, ask))
            wants |= found->thing.has;
        found = make_thing(shelf, ask, wants, found, &rc);
    }
    pthread_mutex_unlock(&shelf->lock);
    *shelved = found;
    return rc;
}

void
gl_shelf_lend_again(struct gl_shelf *shelf, struct gl_shelved *shelved)
{
    pthread_mutex_lock(&shelf->lock);
    GL_ASSERT(shelved->lent > 0);
    shelved->lent++;
    pthread_mutex_unlock(&shelf->lock);
}

const void *
gl_shelved_thing(const struct gl_shelved *shelved)
{
    return shelved->thing.thing;
}

void
gl_shelf_put_back(struct gl_shelf *shelf, struct gl_shelved *shelved)
{
    pthread_mutex_lock(&shelf->lock);
    put_back(shelf, shelved);
    pthread_mutex_unlock(&shelf->lock);
}
