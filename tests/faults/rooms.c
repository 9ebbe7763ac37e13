/*
 * Promise: a room that finds no memory says so, breaks nothing and goes on
 * when there is some: decoding, counting, enrichment, the spool's reader and
 * the store, with any one allocation failing, or all from any one on.
 * (SQLite's own are tests/unit/store_faults.c.)
 *
 * Linked with --wrap: what our code asks for fails, libraries do as they do.
 *
 *   rooms STEP ENRICH    beyond the first DENSE allocations every STEP-th;
 *                        the folder of its data; ends with
 *                        "# trials violations"
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "count/count.h"
#include "count/site.h"
#include "enrich/enrich.h"
#include "gl_segment.h"
#include "spool/spool.h"
#include "store/account/account.h"
#include "store/account/accounts.h"
#include "store/rows/rows.h"
#include "store/words/words.h"
#include "tap.h"

#define EVENTS 2000 /* its tables grow several times */
#define FRAMES 40
#define DENSE 50
#define SITE 7
#define AT_MS 60000

enum outcome { DONE, NO_MEMORY, WRONG };

/* ---- the allocator ---- */

static struct {
    int on;
    long left;
    int lasting, failed;
} plan;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_reallocarray(void *p, size_t n, size_t size);

static int
fails(void)
{
    if (!plan.on || --plan.left > 0 || (plan.left < 0 && !plan.lasting))
        return 0;
    plan.failed = 1;
    errno = ENOMEM;
    return 1;
}

void *
__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *p, size_t size)
{
    return fails() ? NULL : __real_realloc(p, size);
}

void *
__wrap_reallocarray(void *p, size_t n, size_t size)
{
    return fails() ? NULL : __real_realloc(p, n * size);
}

/* ---- decoding ---- */

static enum outcome
decode(void)
{
    struct gl_event event = {.schema = 1, .kind = 1, .visitor = 5}, got;
    struct gl_decoder *decoder = gl_decoder_new();
    uint8_t bytes[1024];
    const char *why;
    size_t len;
    enum outcome outcome = DONE;

    if (decoder == NULL)
        return NO_MEMORY;
    event.site = event.host = (struct gl_text){"a.example", 9};
    event.path = (struct gl_text){"/a", 2};
    event.props[0] = (struct gl_prop){event.path, event.site};
    event.props_n = 1;
    len = gl_event_encode(&event, bytes, sizeof bytes);
    for (int i = 0; i < 3 && outcome == DONE; i++)
        if (gl_event_decode(decoder, &got, bytes, len, &why) != 0)
            outcome = plan.failed ? NO_MEMORY : WRONG;
        else if (got.props_n != 1 || got.visitor != 5)
            outcome = WRONG;
    gl_decoder_free(decoder);
    return outcome;
}

/* ---- counting: an event refused for want of memory comes again ---- */

static int
by_number(void *arg, uint32_t a, uint32_t b)
{
    (void) arg;
    return (a > b) - (a < b);
}

static enum outcome
count(void)
{
    static const struct gl_words words = {by_number, by_number, NULL};
    struct gl_count_rules rules = {.refresh_window_ms = 10000};
    struct gl_site *site =
        gl_site_new(&words, &rules, 0, GL_DAY_MS, INT64_MIN);
    struct gl_visit *visit;
    int visits = 0, refused = 0;

    if (site == NULL)
        return NO_MEMORY;
    for (int i = 0; i < EVENTS; i++) {
        struct gl_row row = {.id = i + 1,
                             .at_ms = AT_MS + i,
                             .visitor = (uint64_t) (1 + i % (EVENTS / 2)),
                             .kind = 1,
                             .path = 1};
        int applied = gl_site_apply(site, &row, &visit);

        if (applied == -1) {
            refused = 1;
            plan.on = 0;
            applied = gl_site_apply(site, &row, &visit);
        }
        visits += applied == GL_APPLIED_NEW;
    }
    gl_site_free(site);
    return visits != EVENTS / 2 ? WRONG : refused ? NO_MEMORY : DONE;
}

/* ---- enrichment ---- */

static const char *enrich_path;

static enum outcome
look_up_20(struct gl_enrich *enrich)
{
    struct gl_event event = {.schema = 1};
    struct gl_origin origin;
    char text[128];

    for (int i = 0; i < 20; i++) {
        int len = snprintf(text, sizeof text,
                           "Mozilla/5.0 (X11; Linux x86_64; rv:%d.0) "
                           "Gecko/20100101 Firefox/%d.0",
                           100 + i, 100 + i);
        const struct gl_agent *agent =
            gl_enrich_agent(enrich, (struct gl_text){text, (uint32_t) len});

        event.referrer = (struct gl_text){"https://google.com/", 19};
        gl_enrich_origin(enrich, &origin, &event, (struct gl_text){NULL, 0});
        if (agent == NULL || strcmp(agent->browser, "Firefox") != 0 ||
            origin.source.len != 6)
            return WRONG;
    }
    return DONE;
}

static enum outcome
look_up(void)
{
    const char *why;
    struct gl_enrich *enrich = gl_enrich_new(enrich_path, &why);
    enum outcome outcome;

    if (enrich == NULL)
        return plan.failed ? NO_MEMORY : WRONG;
    outcome = look_up_20(enrich);
    gl_enrich_free(enrich);
    return outcome;
}

/* ---- the spool's reader ---- */

static const char *spool_path;

static void
write_spool(void)
{
    static const uint8_t id[GL_SEGMENT_ID_BYTES] = "rooms", boot[16] = "boot";
    struct gl_writer w;
    uint8_t bytes[GL_FRAME_MAX];
    uint32_t written;
    int dir = open(spool_path, O_RDONLY | O_DIRECTORY);

    gl_writer_init(&w, dir, id, boot, 1, 0, GL_SEGMENT_BYTES_MIN, 100);
    for (int i = 0; i < FRAMES; i++) {
        uint32_t n;

        if (gl_writer_ready(&w, GL_FRAME_MAX, 1800000000000, 1000) !=
            GL_WRITER_OK)
            tap_bail("no segment");
        memset(bytes + GL_FRAME_HEADER_BYTES, 'x', 2000);
        n = gl_writer_frame(&w, bytes, 2000, 1000 + i, GL_FRAME_EVENT);
        if (n == 0 || gl_writer_append(&w, bytes, &written) != 0)
            tap_bail("no frame");
    }
    gl_writer_seal(&w);
    close(dir);
}

/* Rounds with whatever memory there is, then with enough. */
static uint32_t
read_all(struct gl_spool *spool)
{
    const struct gl_spool_frame *frames;
    uint32_t all = 0;
    size_t n;

    for (int round = 0; round < 6; round++) {
        if (round == 2)
            plan.on = 0;
        (void) gl_spool_read(spool, 1800000000000, 2000 + 2000 * round,
                             &frames, &n);
        all += (uint32_t) n;
        gl_spool_release(spool);
    }
    return all;
}

static enum outcome
read_spool(void)
{
    const uid_t uids[] = {getuid()};
    struct gl_spool_options options = {
        .path = spool_path, .uids = uids, .uids_n = 1};
    char why[256];
    int busy;
    struct gl_spool *spool = gl_spool_open(&options, why, sizeof why, &busy);
    uint32_t all;

    if (spool == NULL)
        return plan.failed ? NO_MEMORY : WRONG;
    all = read_all(spool);
    gl_spool_close(spool);
    return all == FRAMES ? DONE : WRONG;
}

/* ---- the store ---- */

static const char *data;

static int
round_of(struct gl_account *account, uint32_t *upto)
{
    static const uint8_t seg[16] = "rooms";
    char path[32];
    int rc = gl_file_upto(gl_account_file(account), seg, upto);

    if (rc == 0)
        rc = gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    for (uint32_t i = 1; rc == 0 && i <= 5; i++) {
        struct gl_store_event event = {
            .site = SITE, .at_ms = AT_MS, .kind = 1, .visitor = *upto + i};
        int len = snprintf(path, sizeof path, "/%u", *upto + i);

        rc = gl_account_word(account, GL_WORD_PATH, SITE, 0,
                             (struct gl_text){path, (uint32_t) len},
                             &event.path);
        if (rc == 0)
            rc = gl_account_insert(account, &event);
    }
    if (rc == 0)
        rc = gl_file_set_upto(gl_account_file(account), seg, *upto + 5, 1);
    return rc == 0 ? gl_file_commit(gl_account_file(account)) : rc;
}

static enum outcome
store(void)
{
    struct gl_accounts_options options = {.data = data};
    char why[256];
    struct gl_accounts *pool = gl_accounts_new(&options, why, sizeof why);
    struct gl_account *account;
    uint32_t before = 0, after = 0;
    enum outcome outcome = DONE;

    if (pool == NULL)
        return plan.failed ? NO_MEMORY : WRONG;
    account = gl_accounts_get(pool, "aaaaaaaaaaaa");
    if (account == NULL) {
        outcome = plan.failed ? NO_MEMORY : WRONG;
    } else if (round_of(account, &before) != 0) {
        outcome = plan.failed ? NO_MEMORY : WRONG;
        plan.on = 0;
        gl_file_close(gl_account_file(account));
        if (round_of(account, &before) != 0 ||
            round_of(account, &after) != 0 || after != before + 5)
            outcome = WRONG;
    }
    gl_accounts_free(pool);
    return outcome;
}

static void
make_account(void)
{
    struct gl_accounts_options options = {.data = data};
    char why[256];
    struct gl_accounts *pool = gl_accounts_new(&options, why, sizeof why);

    if (pool == NULL || gl_accounts_create(pool, "aaaaaaaaaaaa") != 0)
        tap_bail("no account: %s", why);
    gl_accounts_free(pool);
}

/* ---- each room, each allocation ---- */

static int step, trials, violations;

static void
try(const char *name, enum outcome (*room)(void), int lasting)
{
    int wrong = 0, n = 1, done = 0;

    do {
        plan.on = 1;
        plan.left = n;
        plan.lasting = lasting;
        plan.failed = 0;
        wrong += room() == WRONG;
        plan.on = 0;
        done = !plan.failed;
        plan.failed = 0;
        wrong += room() != DONE;
        trials++;
        n += n < DENSE ? 1 : step;
    } while (!done);
    violations += wrong;
    tap_int(wrong, 0, "%s, %s: up to allocation %d", name,
            lasting ? "from one on" : "one", n);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *name;
        enum outcome (*room)(void);
    } rooms[] = {{"decoding", decode},
                 {"counting", count},
                 {"enrichment", look_up},
                 {"reading the spool", read_spool},
                 {"storing", store}};
    if (argc != 3)
        tap_bail("usage: rooms STEP ENRICH");
    step = atoi(argv[1]);
    enrich_path = argv[2];
    spool_path = tap_dir();
    data = tap_dir();
    write_spool();
    make_account();
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++)
        for (int lasting = 0; lasting < 2; lasting++)
            try(rooms[i].name, rooms[i].room, lasting);
    tap_diag("%d %d", trials, violations);
    return tap_done();
}
