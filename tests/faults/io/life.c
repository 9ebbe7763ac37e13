/* One life of the aggregator; see store_io.h. */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* nftw */
#endif

#include "store_io.h"

#include "calls/mailbox.h"
#include "enrich/enrich.h"
#include "event.h"
#include "gl_segment.h"
#include "store/account/accounts.h"
#include "store/meta/meta.h"
#include "store/meta/accounts.h"
#include "store/meta/sites.h"
#include "tap.h"
#include "calls/query.h"
#include "writer/writer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMPLATE_FILES 4
#define TEMPLATE_BYTES (1 << 20)

static const char *const sites[] = {"one.example", "two.example",
                                    "three.example", "nobody.example"};

static struct {
    char name[64]; /* in data */
    size_t len;
    uint8_t *bytes;
} files[TEMPLATE_FILES];
static int files_n;

/* ---- the clock and the thread, where the linker brings the calls ---- */

static struct {
    struct io_life *life;
    int turns, append_at;
    void *(*thread)(void *);
} run;

int64_t __wrap_gl_clock_now_ms(void);
int64_t __wrap_gl_clock_boot_ms(void);
void __wrap_gl_mailbox_wait(struct gl_mailbox *box, int64_t timeout_ms);
int __wrap_pthread_create(pthread_t *id, const pthread_attr_t *attr,
                          void *(*thread)(void *), void *arg);
int __wrap_pthread_join(pthread_t id, void **result);
struct gl_enrich *__real_gl_enrich_new(const char *dir, const char **why);
struct gl_enrich *__wrap_gl_enrich_new(const char *dir, const char **why);
void __wrap_gl_enrich_free(struct gl_enrich *enrich);
struct gl_query *__wrap_gl_query_new(const struct gl_meta *meta,
                                     gl_query_answer *answer);
void __wrap_gl_query_free(struct gl_query *query);

int64_t
__wrap_gl_clock_now_ms(void)
{
    return run.life->now_ms;
}

int64_t
__wrap_gl_clock_boot_ms(void)
{
    return run.life->now_ms - INT64_C(1800000000000);
}

void
__wrap_gl_mailbox_wait(struct gl_mailbox *box, int64_t timeout_ms)
{
    run.life->now_ms += timeout_ms + 1;
    if (run.turns == run.append_at)
        io_life_append(run.life);
    if (run.turns-- == 0)
        gl_mailbox_stop(box);
}

/* The first of a life is the writer thread; what it starts runs in place. */
int
__wrap_pthread_create(pthread_t *id, const pthread_attr_t *attr,
                      void *(*thread)(void *), void *arg)
{
    (void) id;
    (void) attr;
    if (run.thread != NULL)
        thread(arg);
    else
        run.thread = thread;
    return 0;
}

int
__wrap_pthread_join(pthread_t id, void **result)
{
    (void) id;
    (void) result;
    return 0;
}

/* Reading its rules is most of a start, and SQLite has no part in it. */
struct gl_enrich *
__wrap_gl_enrich_new(const char *dir, const char **why)
{
    static struct gl_enrich *enrich;

    if (enrich == NULL)
        enrich = __real_gl_enrich_new(dir, why);
    return enrich;
}

void
__wrap_gl_enrich_free(struct gl_enrich *enrich)
{
    (void) enrich;
}

/* Its threads would wait in place for ever, and nobody asks. */
struct gl_query *
__wrap_gl_query_new(const struct gl_meta *meta, gl_query_answer *answer)
{
    static char threads;

    (void) meta;
    (void) answer;
    return (struct gl_query *) (void *) &threads;
}

void
__wrap_gl_query_free(struct gl_query *query)
{
    (void) query;
}

/* ---- folders ---- */

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void) st;
    (void) kind;
    return ftw->level == 0 ? 0 : remove(path);
}

static void
make_folder(const char *path, mode_t mode)
{
    if (mkdir(path, mode) == -1 && errno != EEXIST)
        tap_bail("%s: %s", path, strerror(errno));
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == -1)
        tap_bail("%s: %s", path, strerror(errno));
}

static void
remember(const char *data, const char *name)
{
    char path[1500];
    FILE *in;

    snprintf(path, sizeof path, "%s/%s", data, name);
    in = fopen(path, "rb");
    if (in == NULL || files_n == TEMPLATE_FILES)
        tap_bail("%s: %s", path, strerror(errno));
    snprintf(files[files_n].name, sizeof files[0].name, "%s", name);
    files[files_n].bytes = malloc(TEMPLATE_BYTES);
    files[files_n].len = fread(files[files_n].bytes, 1, TEMPLATE_BYTES, in);
    files_n++;
    fclose(in);
}

void
io_life_renew(struct io_life *life)
{
    char path[1500];

    make_folder(life->conf.data, 0700);
    make_folder(life->conf.spool, 0700);
    snprintf(path, sizeof path, "%s/acct", life->conf.data);
    make_folder(path, 0700);
    for (int i = 0; i < files_n; i++) {
        FILE *out;

        snprintf(path, sizeof path, "%s/%s", life->conf.data, files[i].name);
        out = fopen(path, "wb");
        if (out == NULL ||
            fwrite(files[i].bytes, 1, files[i].len, out) != files[i].len)
            tap_bail("%s: %s", path, strerror(errno));
        fclose(out);
    }
    life->events = 0;
    life->now_ms = INT64_C(1800000036000);
}

static int
add_site(struct gl_meta *meta, const char *domain, const char *account)
{
    struct gl_meta_site site = {.timezone = "Europe/Berlin",
                                .refresh_window_s = 10};

    snprintf(site.domain, sizeof site.domain, "%s", domain);
    snprintf(site.account, sizeof site.account, "%s", account);
    return gl_meta_site_add(meta, &site);
}

static void
make_accounts(struct io_life *life)
{
    static const char *const names[IO_ACCOUNTS] = {"default", "other"};
    struct gl_accounts_options options = {.data = life->conf.data};
    struct gl_meta_account account;
    char why[256], name[64];
    struct gl_meta *meta = gl_meta_open(life->conf.data, why, sizeof why);
    struct gl_accounts *pool = gl_accounts_new(&options, why, sizeof why);

    if (meta == NULL || pool == NULL)
        tap_bail("%s", why);
    gl_meta_begin(meta);
    for (int i = 0; i < IO_ACCOUNTS; i++) {
        gl_meta_account_add(meta, names[i], "", life->now_ms, &account);
        snprintf(life->accounts[i], sizeof life->accounts[i], "%s",
                 account.id);
        gl_accounts_create(pool, account.id);
    }
    if (add_site(meta, sites[0], life->accounts[0]) != 1 ||
        add_site(meta, sites[1], life->accounts[0]) != 1 ||
        add_site(meta, sites[2], life->accounts[1]) != 1 ||
        gl_meta_commit(meta) != 0)
        tap_bail("%s", gl_meta_why(meta));
    gl_accounts_free(pool);
    gl_meta_close(meta);
    remember(life->conf.data, "meta.db");
    for (int i = 0; i < IO_ACCOUNTS; i++) {
        snprintf(name, sizeof name, "acct/%s.db", life->accounts[i]);
        remember(life->conf.data, name);
    }
}

void
io_life_make(struct io_life *life, const char *dir)
{
    const char *build = getenv("GLINTO_BUILD");

    memset(life, 0, sizeof *life);
    snprintf(life->conf.data, sizeof life->conf.data, "%s/data", dir);
    snprintf(life->conf.spool, sizeof life->conf.spool, "%s/spool", dir);
    snprintf(life->conf.salt, sizeof life->conf.salt, "%s/salt", dir);
    snprintf(life->conf.sites, sizeof life->conf.sites, "%s/sites", dir);
    snprintf(life->conf.enrich, sizeof life->conf.enrich, "%s/enrich",
             build == NULL ? "build" : build);
    life->conf.workers[0] = geteuid();
    life->conf.workers_n = 1;
    life->conf.paths_per_day = 100000;
    life->conf.park_after_s = 900;
    life->conf.park_mib = 16;
    run.life = life;
    make_folder(life->conf.salt, 0700);
    io_life_renew(life);
    if (files_n == 0)
        make_accounts(life);
}

/* ---- events ---- */

static size_t
encode(uint32_t number, uint8_t *payload)
{
    const char *site = sites[number % 4];
    char path[32];
    struct gl_event event = {
        .schema = GL_EVENT_SCHEMA,
        .kind = GL_PAGEVIEW,
        .evidence = GL_EVIDENCE_LANGUAGE | GL_EVIDENCE_ENCODING,
        .visitor = 1000 + number / 8,
        .site = {site, (uint32_t) strlen(site)},
        .host = {site, (uint32_t) strlen(site)},
        .agent = {"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 "
                  "Firefox/140.0",
                  71}};

    event.path.len = (uint32_t) snprintf(path, sizeof path, "/%u", number);
    event.path.data = path;
    return gl_event_encode(&event, payload, GL_FRAME_PAYLOAD_MAX);
}

/* A worker comes, appends and goes. */
void
io_life_append(struct io_life *life)
{
    static uint8_t buf[IO_EVENTS * 512 + GL_FRAME_MAX]
        __attribute__((aligned(8)));
    static uint8_t id[16];
    int dirfd = open(life->conf.spool, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct gl_writer writer;
    uint32_t written;

    gl_writer_init(&writer, dirfd, id, id, 1, 0, GL_SEGMENT_BYTES_MIN, 1000);
    if (gl_writer_ready(&writer, sizeof buf, life->now_ms,
                        __wrap_gl_clock_boot_ms()) != GL_WRITER_OK)
        tap_bail("no segment: %s", writer.error_call);
    for (int i = 0; i < IO_EVENTS; i++) {
        uint8_t *at = buf + writer.pending_bytes;
        size_t len = encode(++life->events, at + GL_FRAME_HEADER_BYTES);

        if (gl_writer_frame(&writer, at, (uint32_t) len,
                            __wrap_gl_clock_boot_ms(), GL_FRAME_EVENT) == 0)
            tap_bail("no room for a frame");
    }
    if (gl_writer_append(&writer, buf, &written) != 0)
        tap_bail("append: %s", strerror(errno));
    gl_writer_seal(&writer);
    close(dirfd);
}

/* ---- life ---- */

int
io_life_run(struct io_life *life, int turns, int more)
{
    static const struct gl_ingest_events events;
    char why[256];
    int exit_code;
    struct gl_ingest *ingest;

    run.turns = turns;
    run.append_at = more ? turns / 2 : -1;
    run.thread = NULL;
    ingest =
        gl_writer_start(&life->conf, &events, why, sizeof why, &exit_code);
    if (ingest == NULL)
        return -1;
    run.thread(ingest);
    gl_writer_stop(ingest);
    return 0;
}

static int holds_segment;

static int
see(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void) st;
    (void) kind;
    (void) ftw;
    holds_segment |= strstr(path, GL_SEGMENT_SUFFIX) != NULL;
    return 0;
}

int
io_life_all_applied(const struct io_life *life)
{
    char parked[1500];

    holds_segment = 0;
    snprintf(parked, sizeof parked, "%s/parked", life->conf.data);
    nftw(life->conf.spool, see, 16, FTW_PHYS);
    nftw(parked, see, 16, FTW_PHYS);
    return !holds_segment;
}
