/*
 * Promise: of one thing that is kept there is one maker, whoever wants it at
 * the same time; what is kept stays within its budget, and a question that is
 * longer than the budget still finds something the next time.
 */

#include "columns/shelf.h"

#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>

#include "tap.h"

#define THREADS 4

static atomic_int makes;

static int
make(void *arg, struct gl_shelf_thing *thing)
{
    (void) arg;
    atomic_fetch_add(&makes, 1);
    *thing = (struct gl_shelf_thing){.thing = g_new0(int, 1),
                                     .bytes = 1000,
                                     .one_token = 1,
                                     .free = g_free};
    return 0;
}

static int
fail(void *arg, struct gl_shelf_thing *thing)
{
    (void) arg;
    (void) thing;
    return 7;
}

static int
never(void *arg)
{
    (void) arg;
    return 0;
}

static struct gl_shelf_ask
ask_for(struct gl_shelf *shelf, int64_t day)
{
    return (struct gl_shelf_ask){.question = gl_shelf_question(shelf),
                                 .place = {.of = 1, .day = day},
                                 .token = 1,
                                 .make = make,
                                 .stop = never};
}

static void *
lend_and_put_back(void *arg)
{
    struct gl_shelf *shelf = arg;

    for (int i = 0; i < 200; i++) {
        struct gl_shelf_ask ask = ask_for(shelf, 0);
        struct gl_shelved *shelved;

        if (gl_shelf_lend(shelf, &ask, &shelved) != 0 ||
            gl_shelved_thing(shelved) == NULL)
            return shelf;
        gl_shelf_put_back(shelf, shelved);
    }
    return NULL;
}

static void
test_one_maker(void)
{
    struct gl_shelf *shelf = gl_shelf_new(1 << 20);
    pthread_t threads[THREADS];
    void *failed;
    int failed_n = 0;

    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, lend_and_put_back, shelf);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &failed);
        failed_n += failed != NULL;
    }
    tap_int(failed_n, 0, "threads lend the same thing");
    tap_int(atomic_load(&makes), 1, "which one of them has made");
    gl_shelf_free(shelf);
}

static void
test_failure(void)
{
    struct gl_shelf *shelf = gl_shelf_new(1 << 20);
    struct gl_shelf_ask ask = ask_for(shelf, 0);
    struct gl_shelved *shelved;

    ask.make = fail;
    tap_int(gl_shelf_lend(shelf, &ask, &shelved), 7, "what make said");
    ask.make = make;
    tap_int(gl_shelf_lend(shelf, &ask, &shelved), 0, "the next one can");
    gl_shelf_put_back(shelf, shelved);
    gl_shelf_free(shelf);
}

/* How many of the days 0 <= day < N are made for one question. */
static int
made_of(struct gl_shelf *shelf, int n)
{
    int made = atomic_load(&makes);
    uint64_t question = gl_shelf_question(shelf);

    for (int day = 0; day < n; day++) {
        struct gl_shelf_ask ask = ask_for(shelf, day);
        struct gl_shelved *shelved;

        ask.question = question;
        gl_shelf_lend(shelf, &ask, &shelved);
        gl_shelf_put_back(shelf, shelved);
    }
    return atomic_load(&makes) - made;
}

static void
test_budget(void)
{
    struct gl_shelf *ten = gl_shelf_new(11500);

    tap_int(made_of(ten, 10), 10, "ten things are made");
    tap_int(made_of(ten, 10), 0, "and kept");
    tap_int(made_of(ten, 15), 5, "of fifteen, five more are made");
    tap_int(made_of(ten, 15), 5, "and have no room the next time");
    gl_shelf_free(ten);
}

/* One that is told what was there before. */
static void *seen;
static int was_mine;

static int
make_of_was(void *arg, struct gl_shelf_thing *thing)
{
    seen = thing->was;
    was_mine = thing->mine;
    make(arg, thing);
    if (was_mine && seen != NULL) {
        g_free(thing->thing);
        thing->thing = seen;
    }
    return 0;
}

static struct gl_shelved *
lend_at(struct gl_shelf *shelf, uint64_t token)
{
    struct gl_shelf_ask ask = ask_for(shelf, 0);
    struct gl_shelved *shelved;

    ask.token = token;
    ask.make = make_of_was;
    if (gl_shelf_lend(shelf, &ask, &shelved) != 0)
        tap_bail("not lent");
    return shelved;
}

static void
test_was(void)
{
    struct gl_shelf *shelf = gl_shelf_new(1 << 20);
    struct gl_shelved *one = lend_at(shelf, 1), *two;
    const void *first = gl_shelved_thing(one);

    tap_ok(seen == NULL, "there was nothing before");
    two = lend_at(shelf, 2);
    tap_ok(seen == first && !was_mine, "what is lent is seen alone");
    gl_shelf_put_back(shelf, one);
    first = gl_shelved_thing(two);
    gl_shelf_put_back(shelf, two);
    two = lend_at(shelf, 3);
    tap_ok(seen == first && was_mine && gl_shelved_thing(two) == first,
           "what nobody has becomes the next one");
    gl_shelf_put_back(shelf, two);
    gl_shelf_free(shelf);
}

int
main(void)
{
    test_one_maker();
    test_failure();
    test_budget();
    test_was();
    return tap_done();
}
