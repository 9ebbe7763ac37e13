/*
 * Promise: however pages served are spread over transactions and savepoints,
 * and whatever of them is taken back, the rows are those of a naive twin that
 * adds each to its row at once, also when they are more than memory holds, or
 * more paths than a day keeps; before the commit nothing is there.  What is
 * known of a visitor has what was added last.  A row that the database refuses
 * is known of before the savepoint ends.
 */

#include <stdio.h>
#include <string.h>

#include "count/times.h"
#include "store/account/accounts.h"
#include "store/rows/served.h"
#include "store_probe.h"

#define CAP 700 /* more than are added up in memory */
#define SITES 2
#define DAYS 2
#define PATHS 900
#define VISITORS 1500
#define STEPS 14000
#define DAY 20000
/* Of 3,000 steps; in the second half there are none: a savepoint writes what
 * is added up, so that memory would not fill. */
#define SAVEPOINTS 40

struct page {
    int is;
    struct gl_served_page sums;
    struct gl_times times;
};

struct visitor {
    int is;
    struct gl_served_visitors sums;
};

/* One table a site and day; the last path is "(other)". */
struct twin {
    struct {
        int words;
        struct page pages[PATHS + 1];
        struct visitor visitors[VISITORS];
    } of[SITES][DAYS];
};

static struct twin now, saved, committed;

static struct gl_text
path_of(char to[32], size_t path)
{
    snprintf(to, 32, path == PATHS ? "(other)" : "/page/%zu", path);
    return probe_word(to);
}

static struct page *
twin_page(size_t site, size_t day, size_t path)
{
    struct page *page = &now.of[site][day].pages[path];
    if (!page->is && now.of[site][day].words >= CAP)
        page = &now.of[site][day].pages[PATHS];
    else if (!page->is)
        now.of[site][day].words++;
    page->is = 1;
    return page;
}

static int
add_page(struct gl_account *account, size_t site, size_t day)
{
    char text[32];
    size_t path = tap_below(4) ? tap_below(PATHS) : tap_below(5);
    uint64_t ms = tap_below(3) ? tap_below(40) : tap_below(100000);
    struct gl_served_page page = {.bytes = (int64_t) tap_below(9999),
                                  .asked = (int64_t) tap_below(2),
                                  .upstream_ms = (int64_t) tap_below(99),
                                  .cacheable = 1,
                                  .cached = (int64_t) tap_below(2)};
    struct page *twin = twin_page(site, day, path);
    int64_t *const kinds[] = {&page.replies.views, &page.replies.refused,
                              &page.replies.missing, &page.replies.failed};
    *kinds[tap_below(2) ? 0 : tap_below(4)] = 1;
    if (page.replies.views > 0)
        gl_times_add(&twin->times, ms);
    twin->sums.replies.views += page.replies.views;
    twin->sums.replies.refused += page.replies.refused;
    twin->sums.replies.missing += page.replies.missing;
    twin->sums.replies.failed += page.replies.failed;
    twin->sums.bytes += page.bytes;
    twin->sums.asked += page.asked;
    twin->sums.upstream_ms += page.upstream_ms;
    twin->sums.cacheable += page.cacheable;
    twin->sums.cached += page.cached;
    return gl_account_add_served(account, (int64_t) site + 1,
                                 DAY + (int64_t) day, path_of(text, path),
                                 &page, ms);
}

/* Asks, then adds: how many answers differ, errors too. */
static int
add_visitor(struct gl_account *account, size_t site, size_t day)
{
    size_t which = tap_below(2) ? tap_below(VISITORS) : tap_below(5);
    uint64_t id = (which + 1) * UINT64_C(0x9e3779b97f4a7c15);
    struct visitor *twin = &now.of[site][day].visitors[which];
    struct gl_served_visitors found = {0};
    int64_t views = (int64_t) tap_below(2), told = (int64_t) tap_below(2);
    int has = 1 << tap_below(3), bad = 0;
    if (tap_below(3) > 0)
        bad = gl_account_served_visitor(account, (int64_t) site + 1,
                                        DAY + (int64_t) day, id,
                                        &found) != twin->is ||
              found.has != twin->sums.has || found.views != twin->sums.views ||
              found.told != twin->sums.told;
    if (tap_below(5) == 0)
        return bad;
    twin->is = 1;
    twin->sums.views += views;
    twin->sums.told += told;
    twin->sums.has |= has;
    return bad + (gl_account_add_served_visitor(account, (int64_t) site + 1,
                                                DAY + (int64_t) day, id, views,
                                                told, has) != 0);
}

/* What may happen between two of them, by chance: errors. */
static int
turn(struct gl_account *account, uint64_t savepoints, int *in_savepoint)
{
    struct gl_file *file = gl_account_file(account);
    int rc = 0;
    uint64_t what = tap_below(3000);
    if (*in_savepoint && what < 1000) {
        rc = what < 500 ? gl_account_undo(account)
                        : gl_account_release(account);
        if (what < 500)
            now = saved;
        *in_savepoint = 0;
    } else if (what < savepoints && !*in_savepoint) {
        saved = now;
        *in_savepoint = 1;
        rc = gl_account_savepoint(account);
    } else if (what == 2998 && !*in_savepoint) {
        rc = probe_let_go(account) | gl_file_begin(file, GL_COMMIT_FULL);
        now = committed;
    } else if (what == 2999 && !*in_savepoint) {
        rc = gl_file_commit(file) | gl_file_begin(file, GL_COMMIT_FULL);
        committed = now;
    }
    return rc != 0;
}

/* ---- what is there ---- */

static int
is_page(const char *file, size_t site, size_t day, size_t path)
{
    const struct page *page = &now.of[site][day].pages[path];
    const struct gl_served_page *n = &page->sums;
    uint8_t bytes[GL_TIMES_BYTES_MAX];
    char text[32], sql[512], want[256 + 2 * GL_TIMES_BYTES_MAX] = "";
    size_t len = gl_times_write(&page->times, bytes), at = 0;
    snprintf(
        sql, sizeof sql,
        "SELECT views || ' ' || refused || ' ' || missing || ' ' || "
        "failed || ' ' || bytes || ' ' || asked || ' ' || upstream || ' ' "
        "|| cacheable || ' ' || cached || ' ' || hex(times) FROM "
        "served_pages WHERE site = %zu AND day = %zu AND path = '%s'",
        site + 1, DAY + day, path_of(text, path).data);
    if (page->is)
        at = (size_t) snprintf(
            want, sizeof want, "%d %d %d %d %d %d %d %d %d ",
            (int) n->replies.views, (int) n->replies.refused,
            (int) n->replies.missing, (int) n->replies.failed, (int) n->bytes,
            (int) n->asked, (int) n->upstream_ms, (int) n->cacheable,
            (int) n->cached);
    for (size_t i = 0; page->is && i < len; i++)
        at += (size_t) snprintf(want + at, sizeof want - at, "%02X", bytes[i]);
    return strcmp(probe_text(file, sql), want) == 0;
}

static int
is_visitor(const char *file, size_t site, size_t day, size_t which)
{
    const struct visitor *visitor = &now.of[site][day].visitors[which];
    char sql[256], want[64] = "";
    snprintf(sql, sizeof sql,
             "SELECT views || ' ' || told || ' ' || has FROM served_visitors "
             "WHERE site = %zu AND day = %zu AND visitor = %lld",
             site + 1, DAY + day,
             (long long) ((which + 1) * UINT64_C(0x9e3779b97f4a7c15)));
    if (visitor->is)
        snprintf(want, sizeof want, "%d %d %d", (int) visitor->sums.views,
                 (int) visitor->sums.told, visitor->sums.has);
    return strcmp(probe_text(file, sql), want) == 0;
}

static void
check_day(const char *file, size_t site, size_t day)
{
    char sql[128];
    int pages = 0, visitors = 0;
    for (size_t path = 0; path <= PATHS; path++)
        pages += !is_page(file, site, day, path);
    for (size_t which = 0; which < VISITORS; which++)
        visitors += !is_visitor(file, site, day, which);
    tap_int(pages, 0, "pages of site %zu, day %zu", site + 1, day);
    tap_int(visitors, 0, "and visitors");
    snprintf(sql, sizeof sql,
             "SELECT n FROM served_words WHERE site = %zu AND day = %zu",
             site + 1, DAY + day);
    tap_int(probe_int(file, sql), now.of[site][day].words, "and new words");
}

static void
test_twin(const char *file, struct gl_account *account)
{
    int bad = 0, in_savepoint = 0;
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    for (int i = 0; i < STEPS; i++) {
        size_t site = tap_below(SITES), day = tap_below(DAYS);
        bad += add_page(account, site, day) != 0;
        bad += add_visitor(account, site, day);
        bad += turn(account, i < STEPS / 2 ? SAVEPOINTS : 0, &in_savepoint);
    }
    if (in_savepoint)
        bad += gl_account_release(account) != 0;
    tap_int(bad, 0, "every answer is the twin's, and no error");
    tap_int(gl_file_commit(gl_account_file(account)), 0, "commit");
    for (size_t site = 0; site < SITES; site++)
        for (size_t day = 0; day < DAYS; day++)
            check_day(file, site, day);
}

static void
test_seen(const char *file, struct gl_account *account)
{
    struct gl_served_page page = {.replies = {.views = 1}};
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    tap_int(gl_account_has_served(account, 9), 0, "there is no page yet");
    gl_account_add_served(account, 9, 1, probe_word("/"), &page, 1);
    tap_int(gl_account_has_served(account, 9), 1, "there is one");
    tap_int(probe_int(file, "SELECT count(*) FROM served_pages WHERE "
                            "site = 9"),
            0, "for others, not before the commit");
    gl_file_commit(gl_account_file(account));
    tap_int(probe_int(file, "SELECT views FROM served_pages WHERE site = 9"),
            1, "then it is");
    tap_int(gl_account_add_served(account, 9, 1, probe_word("/"), &page, 1),
            -GL_STORE_DATA, "none outside of a transaction");
    probe_let_go(account);
}

static void
test_refused(const char *file, struct gl_account *account)
{
    struct gl_served_page page = {.replies = {.views = 1}};
    probe_let_go(account);
    probe_exec(file, "CREATE TRIGGER no BEFORE INSERT ON served_pages WHEN "
                     "NEW.path = '/no' BEGIN SELECT raise(ABORT, 'no'); END");
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    gl_account_add_served(account, 10, 1, probe_word("/a"), &page, 1);
    gl_account_savepoint(account);
    gl_account_add_served(account, 10, 1, probe_word("/no"), &page, 1);
    tap_int(gl_account_release(account), -GL_STORE_DATA,
            "the savepoint does not end");
    tap_int(gl_account_undo(account), 0, "it is taken back");
    gl_account_add_served(account, 10, 1, probe_word("/b"), &page, 1);
    tap_int(gl_file_commit(gl_account_file(account)), 0, "commit");
    tap_str(probe_text(file, "SELECT group_concat(path) FROM served_pages "
                             "WHERE site = 10"),
            "/a,/b", "the others are there");
}

int
main(void)
{
    const char *data = tap_dir();
    char why[256];
    struct gl_accounts_options options = {.data = data};
    struct gl_accounts *pool;
    struct gl_account *account;
    options.caps[GL_WORD_PATH] = CAP;
    pool = gl_accounts_new(&options, why, sizeof why);
    if (pool == NULL || gl_accounts_create(pool, PROBE_ID) != 0)
        tap_bail("no account: %s", why);
    account = gl_accounts_get(pool, PROBE_ID);
    test_twin(probe_file(data), account);
    test_seen(probe_file(data), account);
    test_refused(probe_file(data), account);
    gl_accounts_free(pool);
    return tap_done();
}
