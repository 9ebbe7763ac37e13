/*
 * Bots and drops add up per site, day and reason; a dirty day is noted once
 * and until cleared; an import is found by the hash of its file and site.
 */

#include <stdio.h>
#include <string.h>

#include "store/account/accounts.h"
#include "store/rows/tallies.h"
#include "store_probe.h"

struct days {
    int64_t list[8][2];
    int n;
};

static const struct gl_store_bot googlebot = {"bot_agent", "Googlebot", "",
                                              "",          "",          ""};
static const struct gl_store_bot bingbot = {"bot_agent", "bingbot", "",
                                            "",          "",        ""};

static int
add_day(void *arg, int64_t site, int64_t day)
{
    struct days *days = arg;
    days->list[days->n][0] = site;
    days->list[days->n++][1] = day;
    return days->n == 8;
}

static void
test_counters(const char *file, struct gl_account *account)
{
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    for (int i = 0; i < 10; i++) {
        gl_account_add_bot(account, 1 + i % 2, 100, &googlebot, 1);
        gl_account_add_bot(account, 1, 100, &bingbot, 2);
        gl_account_add_drop(account, 1, 100 + i % 2,
                            (struct gl_text){"prefetch, and more", 8}, 3);
    }
    tap_int(gl_account_add_bot(
                account, 1, 100,
                &(struct gl_store_bot){NULL, "x", "", "", "", ""}, 1),
            -GL_STORE_DATA, "a bot without a reason is refused");
    probe_let_go(account);
    tap_int(probe_int(file, "SELECT count(*) FROM bots"), 0,
            "nothing is counted before the commit");
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    for (int i = 0; i < 10; i++) {
        gl_account_add_bot(account, 1 + i % 2, 100, &googlebot, 1);
        gl_account_add_drop(account, 1, 100 + i % 2,
                            (struct gl_text){"prefetch, and more", 8}, 3);
    }
    gl_file_commit(gl_account_file(account));
    tap_str(probe_text(file, "SELECT group_concat(site || ' ' || day || "
                             "reason || family || n) FROM bots"),
            "1 100bot_agentGooglebot5,2 100bot_agentGooglebot5", "bots");
    tap_str(probe_text(file, "SELECT group_concat(site || ' ' || day || "
                             "reason || n) FROM drops"),
            "1 100prefetch15,1 101prefetch15", "drops");
}

/* More of them than are added up in memory, with names of all lengths; what a
 * savepoint takes back is none. */
static void
test_many_bots(const char *file, struct gl_account *account)
{
    char family[201];
    struct gl_store_bot bot = {"bot_words", family, "page", "", "", ""};
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    for (size_t i = 0; i < 1000; i++) {
        memset(family, 'a' + (int) (i % 20), sizeof family - 1);
        family[2 * (i % 70)] = '\0'; /* the first has none */
        gl_account_add_bot(account, 3, 200 + (int64_t) i % 2, &bot, 1 + i);
    }
    gl_account_savepoint(account);
    gl_account_add_bot(account, 3, 200, &googlebot, 1000000);
    gl_account_undo(account);
    gl_account_add_bot(account, 3, 201, &bingbot, 7);
    gl_file_commit(gl_account_file(account));
    tap_str(probe_text(file, "SELECT count(*) || ' ' || sum(n) FROM bots "
                             "WHERE site = 3 AND reason = 'bot_words'"),
            "139 500500", "a thousand of 139, by 70 names");
    tap_str(probe_text(file, "SELECT group_concat(family || n) FROM bots "
                             "WHERE site = 3 AND reason = 'bot_agent'"),
            "bingbot7", "what was taken back is none");
}

#define LIST_LEN 256

static int
add_late(void *arg, int64_t site, int64_t day, uint64_t visitor)
{
    char *list = arg;
    size_t len = strlen(list);
    snprintf(list + len, LIST_LEN - len, "%lld:%lld:%llx ", (long long) site,
             (long long) day, (unsigned long long) visitor);
    return 0;
}

static void
test_late(struct gl_account *account)
{
    char all[LIST_LEN] = "", left[LIST_LEN] = "";
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    for (int i = 0; i < 2; i++) {
        gl_account_add_late(account, 2, 20000, 7);
        gl_account_add_late(account, 1, 20001, UINT64_C(1) << 63);
        gl_account_add_late(account, 1, 20000, 9);
    }
    gl_file_commit(gl_account_file(account));
    gl_account_late(account, 0, add_late, all);
    tap_str(all, "1:20000:9 1:20001:8000000000000000 2:20000:7 ",
            "late visitors, each once, by site and day");
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    gl_account_clear_late(account, 1, 20000, 9);
    gl_account_clear_late(account, 1, 20001, 9);
    gl_file_commit(gl_account_file(account));
    gl_account_late(account, 1, add_late, left);
    tap_str(left, "1:20001:8000000000000000 ", "one is cleared, not another");
}

static void
test_dirty(struct gl_account *account)
{
    struct days all = {0}, one = {0}, left = {0}, first = {.n = 7};
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    for (int i = 0; i < 2; i++) {
        gl_account_add_dirty(account, 2, -5);
        gl_account_add_dirty(account, 1, 20000);
        gl_account_add_dirty(account, 1, 19999);
    }
    gl_file_commit(gl_account_file(account));
    gl_account_dirty(account, 0, add_day, &all);
    tap_ok(all.n == 3 && all.list[0][1] == 19999 && all.list[1][1] == 20000 &&
               all.list[2][0] == 2 && all.list[2][1] == -5,
           "three dirty days, by site and day");
    gl_account_dirty(account, 2, add_day, &one);
    tap_int(one.n, 1, "one of site 2");
    tap_int(gl_account_dirty(account, 0, add_day, &first), 1,
            "the list can be left");
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    gl_account_clear_dirty(account, 1, 20000);
    gl_account_clear_dirty(account, 3, 20000);
    gl_file_commit(gl_account_file(account));
    gl_account_dirty(account, 1, add_day, &left);
    tap_ok(left.n == 1 && left.list[0][1] == 19999, "one cleared");
}

static void
test_imports(struct gl_account *account)
{
    struct gl_store_import import = {.site = 3,
                                     .offset = INT64_C(1) << 40,
                                     .lines = 5,
                                     .at_ms = 6,
                                     .key = {1, 2, 3}};
    struct gl_store_import found;
    memset(import.hash, 'a', 64);
    tap_int(gl_account_import(account, import.hash, 3, &found), 0,
            "not begun");
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    gl_account_put_import(account, &import);
    import.done = 1;
    gl_account_put_import(account, &import);
    gl_file_commit(gl_account_file(account));
    tap_int(gl_account_import(account, import.hash, 4, &found), 0,
            "not of another site");
    tap_int(gl_account_import(account, import.hash, 3, &found), 1, "found");
    tap_ok(strcmp(found.hash, import.hash) == 0 && found.site == 3 &&
               found.offset == import.offset && found.lines == 5 &&
               found.done == 1 && found.at_ms == 6 &&
               memcmp(found.key, import.key, 16) == 0,
           "as it was left");
}

int
main(void)
{
    const char *data = tap_dir();
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    test_counters(probe_file(data), account);
    test_many_bots(probe_file(data), account);
    test_dirty(account);
    test_late(account);
    test_imports(account);
    gl_accounts_free(pool);
    return tap_done();
}
