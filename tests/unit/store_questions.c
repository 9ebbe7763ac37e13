/*
 * Promise: questions about the files of accounts are answered soon, and
 * truly.  What a removal erases is counted, or said to be at most so much
 * when there is no time; what was not counted is read anew from files that
 * have changed, and only from those.
 */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/account/accounts.h"
#include "store/drops.h"
#include "store/extent.h"
#include "store/meta/accounts.h"
#include "store/meta/meta.h"
#include "store/meta/sites.h"
#include "store/rows/rows.h"
#include "store/rows/tallies.h"
#include "store_probe.h"

#define ROWS 60000

static struct gl_meta *meta;
static struct gl_accounts *pool;
static struct gl_account *account;
static struct gl_meta_account owner;
static struct gl_meta_site site;
static const char *data;

static void
make(void)
{
    const struct gl_accounts_options options = {.data = data};
    char why[256];

    meta = gl_meta_open(data, why, sizeof why);
    if (meta == NULL)
        tap_bail("no meta.db: %s", why);
    gl_meta_begin(meta);
    gl_meta_account_add(meta, "owner", "", 1, &owner);
    strcpy(site.domain, "a.example");
    strcpy(site.timezone, "UTC");
    strcpy(site.account, owner.id);
    gl_meta_site_add(meta, &site);
    gl_meta_commit(meta);
    pool = gl_accounts_new(&options, why, sizeof why);
    if (pool == NULL || gl_accounts_create(pool, owner.id) != 0)
        tap_bail("no account: %s", why);
    account = gl_accounts_get(pool, owner.id);
}

/* ---- what a removal erases ---- */

static void
fill(void)
{
    gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
    for (int i = 0; i < ROWS; i++) {
        struct gl_store_event event =
            probe_event(PROBE_AT + (i % 3) * GL_DAY_MS, 1 + (uint64_t) i);

        event.site = i % 4 == 0 ? site.id + 1 : site.id;
        if (gl_account_insert(account, &event) < 0)
            tap_bail("insert: %s", gl_account_why(account));
    }
    gl_file_commit(gl_account_file(account));
}

static void
test_extent(void)
{
    struct gl_extent extent;
    atomic_int stopping = 0;

    fill();
    tap_int(gl_extent_read(meta, owner.id, site.id, 60000, &stopping, &extent),
            0, "with time");
    tap_int(extent.events, ROWS / 4 * 3, "all events are counted");
    tap_int(extent.days, 3, "and days");
    tap_int(extent.at_most, 0, "which is exact");
    tap_int(gl_extent_read(meta, owner.id, site.id, 0, &stopping, &extent), 0,
            "without time");
    tap_ok(extent.at_most, "it is said so");
    tap_ok(extent.events >= ROWS / 4 * 3 && extent.events <= ROWS,
           "and how many there may be (%lld)", (long long) extent.events);
    tap_int(extent.days, 3, "days are exact");
    tap_int(gl_extent_read(meta, owner.id, 0, 0, &stopping, &extent), 0,
            "of all sites");
    tap_int(extent.events, ROWS, "no more than there are rows");
    stopping = 1;
    tap_int(gl_extent_read(meta, owner.id, site.id, 60000, &stopping, &extent),
            -1, "nobody waits any more");
}

/* ---- what was not counted ---- */

static uint64_t told;

static void
add(void *arg, const char *domain, const char *reason, uint64_t n)
{
    (void) arg;
    told += domain != NULL && strcmp(domain, "a.example") == 0 &&
                    strcmp(reason, "prefetch") == 0
                ? n
                : 0;
}

static uint64_t
read_all(struct gl_drops *drops)
{
    char why[256];

    told = 0;
    tap_int(gl_drops_read(drops, meta, add, NULL, why, sizeof why), 0,
            "all are read");
    return told;
}

static void
drop(uint64_t n)
{
    gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
    gl_account_add_drop(account, site.id, PROBE_DAY,
                        (struct gl_text){"prefetch", 8}, (int64_t) n);
    gl_file_commit(gl_account_file(account));
}

/* "" = the file, "-wal" = its log */
static const char *
part(const char *ending)
{
    static char path[600];

    snprintf(path, sizeof path, "%s%s", gl_account_path(account), ending);
    return path;
}

/* Both look as if nobody had touched them since. */
static void
age(void)
{
    const struct timespec times[2] = {{.tv_sec = PROBE_AT / 1000},
                                      {.tv_sec = PROBE_AT / 1000}};

    utimensat(0, part(""), times, 0);
    utimensat(0, part("-wal"), times, 0);
}

/* Every byte is another, or as it was again. */
static void
turn_over(const char *ending)
{
    static uint8_t bytes[16 * 1024 * 1024];
    int fd = open(part(ending), O_RDWR);
    ssize_t len = read(fd, bytes, sizeof bytes);

    if (len <= 0 || len == sizeof bytes)
        tap_bail("%s: %zd bytes", part(ending), len);
    for (ssize_t i = 0; i < len; i++)
        bytes[i] = (uint8_t) ~bytes[i];
    if (pwrite(fd, bytes, (size_t) len, 0) != len)
        tap_bail("%s is not written", part(ending));
    close(fd);
}

static void
test_drops(void)
{
    struct gl_drops *drops = gl_drops_new();

    drop(5);
    tap_uint(read_all(drops), 5, "drops are told");
    drop(2);
    tap_uint(read_all(drops), 7, "what came in the same second is, too");
    age();
    tap_uint(read_all(drops), 7, "so is what a file at rest has");
    turn_over("");
    turn_over("-wal");
    age();
    tap_uint(read_all(drops), 7, "which is not read again");
    turn_over("");
    turn_over("-wal");
    age();
    drop(3);
    tap_uint(read_all(drops), 10, "until it changes");
    gl_drops_free(drops);
}

int
main(void)
{
    data = tap_dir();
    make();
    test_extent();
    test_drops();
    gl_accounts_free(pool);
    gl_meta_close(meta);
    return tap_done();
}
