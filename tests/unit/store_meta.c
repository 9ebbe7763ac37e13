/*
 * meta.db: routing in memory says what was committed and nothing else, one
 * site more costs the same work however many there are, ids are never used
 * again, tokens are known by their hash only, and counters read twice do not
 * grow.
 */

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "store/meta/accounts.h"
#include "store/meta/counts.h"
#include "store/meta/meta_internal.h"
#include "store/meta/sites.h"
#include "store_probe.h"

static char file[512];

static struct gl_meta *
open_meta(const char *data)
{
    char why[256];
    struct gl_meta *meta = gl_meta_open(data, why, sizeof why);
    if (meta == NULL)
        tap_bail("%s", why);
    return meta;
}

static struct gl_meta_account
default_account(struct gl_meta *meta)
{
    return *gl_version_account(gl_meta_now(meta), "default");
}

static struct gl_meta_site
new_site(const char *domain, const char *account)
{
    struct gl_meta_site site = {.timezone = "UTC", .created_ms = 5};
    snprintf(site.domain, sizeof site.domain, "%s", domain);
    snprintf(site.account, sizeof site.account, "%s", account);
    return site;
}

/* Names of a glintod from before they had one form. */
static void
test_names(void)
{
    static const struct {
        const char *old, *new;
    } names[] = {
        {"b\303\274cher.example", "xn--bcher-kva.example"},
        {"f.test:8080", "f.test"},
        {"g.test:8080", "g.test:8080"},
        {"g.test", "g.test"},
        {"-public", "-public"},
        {"plain.example", "plain.example"},
        {"localhost:3000", "localhost"},
    };
    const char *data = tap_dir();
    struct gl_meta *meta = open_meta(data);
    struct gl_meta_site shown;
    struct gl_meta_account account;
    int64_t ids[G_N_ELEMENTS(names)];
    gl_meta_begin(meta);
    gl_meta_account_add(meta, "names", "", 5, &account);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        struct gl_meta_site site = new_site(names[i].old, account.id);
        snprintf(site.hosts, sizeof site.hosts, "a.test,B\xc3\xbc.test:80,-b");
        gl_meta_site_add(meta, &site);
        ids[i] = site.id;
    }
    gl_meta_commit(meta);
    for (int times = 0; times < 2; times++) {
        gl_meta_close(meta);
        meta = open_meta(data);
        gl_meta_rename_sites(meta);
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
            const struct gl_meta_site *site = gl_meta_site_by_id(meta, ids[i]);
            tap_str(site->domain, names[i].new, "%s", names[i].old);
            tap_str(site->hosts, "a.test,xn--b-eha.test,-b", "its hosts");
            tap_ok(gl_meta_site(meta, probe_word(names[i].new)) == site,
                   "it is found so");
            tap_ok(gl_directory_site(gl_meta_directory(meta), names[i].new,
                                     &shown) == 1 &&
                       shown.id == ids[i],
                   "by others too");
        }
        tap_ok(gl_meta_site(meta, probe_word("f.test:8080")) == NULL,
               "and not by its old name");
    }
    gl_meta_close(meta);
}

static int
spell(void *arg, const struct gl_meta_account *account)
{
    g_string_append_printf(arg, "%s ", account->name);
    return 0;
}

static void
test_accounts(struct gl_meta *meta)
{
    struct gl_meta_account a, b;
    GString *list = g_string_new(NULL);
    gl_meta_begin(meta);
    tap_int(gl_meta_account_add(meta, "default", "", 1, &a), 1, "an account");
    tap_int(gl_meta_account_add(meta, "default", "", 1, &b), 0,
            "its name twice");
    tap_int(gl_meta_account_add(meta, "Ann's", "", 2, &b), 1, "another");
    gl_meta_commit(meta);
    tap_ok(strlen(a.id) == GL_ACCOUNT_ID_LEN &&
               strspn(a.id, "abcdefghijklmnopqrstuvwxyz0123456789") ==
                   GL_ACCOUNT_ID_LEN &&
               strcmp(a.id, b.id) != 0,
           "ids are made here: %s", a.id);
    const struct gl_version *now = gl_meta_now(meta);
    tap_str(gl_version_account(now, "Ann's")->id, b.id, "found by name");
    tap_ok(!gl_version_account(now, "Nobody"), "not found");
    tap_str(gl_version_account_id(now, b.id)->name, "Ann's", "its name by id");
    tap_ok(!gl_version_account_id(now, "nobody000000"), "or none");
    gl_meta_accounts(meta, spell, list);
    tap_str(list->str, "Ann's default ", "all by name");
    g_string_free(list, TRUE);
    struct gl_meta_site site = new_site("a.example", a.id);
    gl_meta_begin(meta);
    gl_meta_site_add(meta, &site);
    gl_meta_commit(meta);
    now = gl_meta_now(meta);
    tap_int((int64_t) gl_version_sites_of(now, a.id), 1,
            "how many sites one has");
    tap_int((int64_t) gl_version_sites_of(now, b.id), 0, "or none");
    gl_meta_begin(meta);
    tap_int(gl_meta_account_remove(meta, a.id), -GL_STORE_DATA,
            "an account with sites stays");
    gl_meta_rollback(meta);
    gl_meta_begin(meta);
    tap_int(gl_meta_account_remove(meta, b.id), 1, "one without goes");
    tap_int(gl_meta_account_remove(meta, b.id), 0, "once");
    gl_meta_commit(meta);
}

static void
test_sites(struct gl_meta *meta)
{
    struct gl_meta_account account = default_account(meta);
    struct gl_meta_site site = new_site("b.example", account.id);
    struct gl_text b = probe_word("b.example");
    gl_meta_begin(meta);
    tap_int(gl_meta_site_add(meta, &site), 1, "a site");
    tap_ok(gl_meta_site(meta, b) == NULL, "is not routed before the commit");
    gl_meta_rollback(meta);
    tap_ok(gl_meta_site(meta, b) == NULL, "nor after a rollback");
    gl_meta_begin(meta);
    gl_meta_site_add(meta, &site);
    int64_t first = site.id;
    tap_int(gl_meta_site_add(meta, &site), 0, "a domain twice");
    gl_meta_commit(meta);
    tap_ok(gl_meta_site(meta, b) && gl_meta_site(meta, b)->id == first,
           "is routed after it");
    tap_ok(gl_meta_site_by_id(meta, first) == gl_meta_site(meta, b),
           "by id too");

    site = *gl_meta_site(meta, b);
    site.refresh_window_s = 30, site.is_public = 1, site.optout = 1;
    snprintf(site.hosts, sizeof site.hosts, "b.example,shop.example");
    snprintf(site.timezone, sizeof site.timezone, "Europe/Berlin");
    gl_meta_begin(meta);
    tap_int(gl_meta_site_set(meta, &site), 1, "set");
    gl_meta_commit(meta);
    tap_mem(gl_meta_site(meta, b), sizeof site, &site, sizeof site,
            "every field");
    gl_meta_begin(meta);
    tap_int(gl_meta_site_remove(meta, first), 1, "remove");
    gl_meta_commit(meta);
    tap_ok(gl_meta_site(meta, b) == NULL, "no route is left");
    gl_meta_begin(meta);
    gl_meta_site_add(meta, &site);
    gl_meta_commit(meta);
    tap_ok(gl_meta_site(meta, b)->id > first, "an id is never used again");
    site = new_site("c.example", "nobody000000");
    gl_meta_begin(meta);
    tap_int(gl_meta_site_add(meta, &site), -GL_STORE_DATA,
            "no site without an account");
    gl_meta_rollback(meta);
}

/* Work of SQLite's machine so far, in its steps. */
static int64_t
steps(struct gl_meta *meta)
{
    int64_t n = 0;
    sqlite3_stmt *one = NULL;
    while ((one = sqlite3_next_stmt(meta->db.handle, one)) != NULL)
        n += sqlite3_stmt_status(one, SQLITE_STMTSTATUS_VM_STEP, 0);
    return n;
}

/* The steps of what `site add` asks and changes. */
static int64_t
cost_of_one(struct gl_meta *meta, const char *domain)
{
    struct gl_meta_account account = default_account(meta);
    int64_t before = steps(meta);
    struct gl_meta_site site = new_site(domain, account.id);
    gl_meta_begin(meta);
    gl_meta_site_add(meta, &site);
    gl_meta_commit(meta);
    return gl_meta_site(meta, probe_word(domain)) != NULL
               ? steps(meta) - before
               : -1;
}

struct look {
    struct gl_meta *meta;
    char before[254];
    int wrong;
};

static int
look(void *arg, const struct gl_meta_site *site)
{
    struct look *look = arg;
    struct gl_text domain = probe_word(site->domain);
    look->wrong += gl_meta_site(look->meta, domain) != site;
    look->wrong += gl_meta_site_by_id(look->meta, site->id) != site;
    look->wrong += strcmp(look->before, site->domain) >= 0;
    domain.len--;
    look->wrong += gl_meta_site(look->meta, domain) != NULL;
    snprintf(look->before, sizeof look->before, "%s", site->domain);
    return 0;
}

/* Many sites against plain SQL. */
static void
test_many(struct gl_meta *meta)
{
    struct gl_meta_account account = default_account(meta);
    struct gl_meta_site site;
    struct look all = {.meta = meta};
    char sql[128];
    gl_meta_begin(meta);
    for (int i = 0; i < 1000; i++) {
        snprintf(sql, sizeof sql, "many-%d.example", i * 7919 % 1000);
        site = new_site(sql, account.id);
        all.wrong += gl_meta_site_add(meta, &site) != 1;
    }
    gl_meta_commit(meta);
    tap_int((int64_t) gl_version_sites_n(gl_meta_now(meta)),
            probe_int(file, "SELECT count(*) FROM sites"),
            "all are in memory");
    gl_version_sites(gl_meta_now(meta), NULL, look, &all);
    tap_int(all.wrong, 0, "found by domain and id, sorted");
}

/* Several changes of one site are one when they are committed. */
static void
test_twice(struct gl_meta *meta)
{
    struct gl_meta_account account = default_account(meta);
    struct gl_meta_site shown;
    struct gl_meta_site site = new_site("twice.example", account.id);
    gl_meta_begin(meta);
    gl_meta_site_add(meta, &site);
    gl_meta_site_remove(meta, site.id);
    gl_meta_commit(meta);
    tap_ok(
        !gl_meta_site_by_id(meta, site.id) &&
            !gl_directory_site(gl_meta_directory(meta), site.domain, &shown),
        "added and removed: there is none");
    gl_meta_begin(meta);
    gl_meta_site_add(meta, &site);
    struct gl_meta_site set = site;
    set.is_public = 1, set.created_ms = 0;
    gl_meta_site_set(meta, &set);
    gl_meta_commit(meta);
    site.is_public = 1;
    tap_mem(gl_meta_site(meta, probe_word("twice.example")), sizeof site,
            &site, sizeof site, "added and set: as the file has it");
    gl_meta_begin(meta);
    gl_meta_site_remove(meta, site.id);
    gl_meta_site_add(meta, &site);
    gl_meta_commit(meta);
    tap_ok(
        gl_meta_site(meta, probe_word("twice.example"))->id == site.id &&
            gl_directory_site(gl_meta_directory(meta), site.domain, &shown) &&
            shown.id == site.id,
        "removed and added: the new one");
}

static int
count_token(void *arg, const struct gl_meta_token *token)
{
    int *n = arg;
    *n = *n * 10 + (int) token->created_ms;
    return 0;
}

static void
test_tokens(struct gl_meta *meta)
{
    struct gl_meta_account account = default_account(meta);
    struct gl_meta_token token, found;
    char text[GL_META_TOKEN_LEN + 1], other[GL_META_TOKEN_LEN + 1];
    int n = 0;
    gl_meta_begin(meta);
    tap_int(gl_meta_token_add(meta, account.id, "laptop", GL_SCOPES_ALL, 3,
                              text, &token),
            0, "a token");
    gl_meta_token_add(meta, account.id, "", GL_SCOPE_BIT(SITES_WRITE), 4,
                      other, &found);
    gl_meta_commit(meta);
    tap_ok(strlen(text) == GL_META_TOKEN_LEN && strncmp(text, "gl_", 3) == 0 &&
               strspn(text + 3, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq"
                                "rstuvwxyz0123456789-_") == 43,
           "256 bits in base64url");
    tap_ok(strcmp(text, other) != 0, "never the same");
    struct gl_directory *directory = gl_meta_directory(meta);
    struct gl_meta_token of;
    tap_int(gl_directory_token(directory, text, &of), 1, "is known");
    tap_str(of.account, account.id, "with its account");
    tap_uint(of.scopes, GL_SCOPES_ALL, "and what it may do");
    text[10] ^= 1;
    tap_int(gl_directory_token(directory, text, &of), 0, "one bit off: not");
    text[10] ^= 1;
    tap_int(gl_directory_token(directory, "", &of), 0, "nor the empty one");
    char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM tokens WHERE instr(id || account || name "
             "|| hex(hash), '%s')",
             text + 3);
    tap_int(probe_int(file, sql), 0, "its text is stored nowhere");
    gl_version_tokens(gl_meta_now(meta), count_token, &n);
    tap_int(n, 34, "listed, the oldest first");
    gl_meta_begin(meta);
    tap_int(gl_meta_token_remove(meta, token.id), 1, "revoke");
    tap_int(gl_meta_token_remove(meta, token.id), 0, "once");
    tap_int(gl_directory_token(directory, text, &of), 1, "until the commit");
    gl_meta_commit(meta);
    tap_int(gl_directory_token(directory, text, &of), 0, "is known no more");
}

static int
add_drop(void *arg, const char *reason, uint64_t n)
{
    *(uint64_t *) arg = *(uint64_t *) arg * 100 + n + strlen(reason);
    return 0;
}

static void
count_segment(void *arg, const uint8_t seg[16], uint32_t upto)
{
    *(uint32_t *) arg += upto + seg[0];
}

static void
test_frames(struct gl_meta *meta)
{
    static const uint8_t seg[16] = {1}, seg_b[16] = {2}, worker[16] = {3};
    uint64_t n = 0;
    struct gl_meta_sum lost;
    uint32_t upto, sum = 0;
    gl_meta_begin(meta);
    for (int i = 0; i < 3; i++) {
        gl_meta_add_drop(meta, 100 + i, probe_word("unknown_site"), 5);
        gl_meta_set_incarnation(meta, worker, 40, 1000, 2000);
        gl_meta_set_incarnation(meta, worker, 30, 900, 9000);
        gl_meta_set_lost(meta, seg, 17, 4, 1);
    }
    gl_meta_add_drop(meta, 100, probe_word("invalid"), 1);
    gl_meta_set_incarnation(meta, seg, 2, 1, 2);
    gl_meta_set_lost(meta, seg, 99, 1, 1);
    gl_meta_set_lost(meta, seg_b, 0, 30, 1);
    gl_file_set_upto(gl_meta_file(meta), seg, 7, 1);
    gl_file_set_upto(gl_meta_file(meta), seg, 8, 1);
    gl_file_set_upto(gl_meta_file(meta), seg_b, 100, 2);
    gl_meta_audit(meta, 1, "uid 0", "site.add", "{\"domain\": \"x\"}");
    gl_meta_commit(meta);
    gl_meta_drops(meta, add_drop, &n);
    tap_int((int64_t) n, 8 * 100 + 27, "drops add up by reason");
    gl_meta_refused(meta, &n);
    tap_int((int64_t) n, 42, "a worker's total is its largest");
    tap_int(probe_int(file, "SELECT last FROM incarnations WHERE total = 40"),
            2000, "with the times of it");
    gl_meta_lost(meta, &n);
    tap_int((int64_t) n, 5, "lost frames are set, not added");
    gl_meta_lost_since(meta, 0, &lost);
    tap_ok(lost.n == 5 && lost.perhaps == 30 && !lost.at_least,
           "those that perhaps are, are no part of it");
    tap_ok(gl_meta_lost_known(meta, seg, 10, 17) == 1 &&
               gl_meta_lost_known(meta, seg, 18, 98) == 0 &&
               gl_meta_lost_known(meta, seg_b, 1, 98) == 0,
           "where there are lost frames");
    gl_file_upto(gl_meta_file(meta), seg, &upto);
    tap_int(upto, 8, "how far a segment was applied");
    gl_file_upto(gl_meta_file(meta), worker, &upto);
    tap_int(upto, 0, "an unknown one: nothing");
    gl_file_segments(gl_meta_file(meta), count_segment, &sum);
    tap_int(sum, 8 + 100 + 1 + 2, "each segment is told, once");
    tap_str(probe_text(file, "SELECT at || actor || verb || args FROM audit"),
            "1uid 0site.add{\"domain\": \"x\"}", "the audit line");
}

/* A commit that fails although its log was written: memory follows the file
 * after the rollback, whatever it says. */
static void
test_doubt(const char *data, struct gl_meta *meta)
{
    struct gl_meta_account account = default_account(meta);
    int wrong = 0, failed = 0, calls = 0, k = 1;
    for (; k == 1 || calls >= k - 1; k++) {
        char domain[64];
        snprintf(domain, sizeof domain, "doubt-%d.example", k);
        struct gl_meta_site site = new_site(domain, account.id);
        probe_fail(k, 10, 1);
        gl_meta_begin(meta);
        int rc = gl_meta_site_add(meta, &site);
        rc = rc == 1 ? gl_meta_commit(meta) : rc;
        calls = probe_calls();
        probe_fail(0, 0, 0);
        failed += rc != 0;
        wrong += rc != 0 && gl_meta_rollback(meta) != 0;
        char sql[128];
        snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM sites WHERE domain = '%s'", domain);
        wrong += (gl_meta_site(meta, probe_word(domain)) != NULL) !=
                 (probe_int(file, sql) == 1);
    }
    tap_ok(failed > 1, "%d commits failed", failed);
    tap_int(wrong, 0, "memory says what the file says");
    gl_meta_close(meta);
    meta = open_meta(data);
    tap_int((int64_t) gl_version_sites_n(gl_meta_now(meta)),
            probe_int(file, "SELECT count(*) FROM sites"),
            "after a restart too");
    gl_meta_close(meta);
}

int
main(void)
{
    const char *data = tap_dir();
    struct stat st;
    probe_faults();
    snprintf(file, sizeof file, "%s/meta.db", data);
    struct gl_meta *meta = open_meta(data);
    tap_ok(stat(file, &st) == 0 && (st.st_mode & 07777) == 0600,
           "the file is private");
    test_accounts(meta);
    test_sites(meta);
    int64_t few = cost_of_one(meta, "few.example");
    test_many(meta);
    tap_ok(few > 0, "one site more is %lld steps of SQLite", (long long) few);
    tap_int(cost_of_one(meta, "one-more.example"), few,
            "as many with 1,000 sites");
    test_twice(meta);
    test_tokens(meta);
    test_frames(meta);
    test_doubt(data, meta);
    test_names();
    return tap_done();
}
