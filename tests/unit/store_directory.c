/*
 * The directory says what meta.db's last commit says and nothing else: random
 * changes, commits and rollbacks against plain SQL; the public sites come in
 * order, a page at a time, each once.  Who looks sees one version, whole,
 * while others take its place, and it is not freed under him.  A look and a
 * change cost less than ten times as much beside a thousand times the sites.
 */

#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store/meta/accounts.h"
#include "store/meta/meta_internal.h"
#include "store/meta/sites.h"
#include "store_probe.h"

#define ACCOUNTS 4
#define NAMES 60
#define STEPS 600
#define MANY 100000
#define FEW 100
#define OWNERS 10000
#define LOOKS 5000
#define ROUNDS 9
#define SEEN 20000 /* versions, by each who looks */
#define LOOKERS 3

static char file[512];
static struct gl_meta *meta;
static struct gl_directory *directory;
static struct gl_meta_account accounts[ACCOUNTS];

static struct gl_meta_site
some_site(int name)
{
    struct gl_meta_site site = {.timezone = "Europe/Berlin"};
    snprintf(site.domain, sizeof site.domain, "%c%d.example", 'a' + name % 3,
             name);
    snprintf(site.account, sizeof site.account, "%s",
             accounts[tap_random() % ACCOUNTS].id);
    site.is_public = tap_random() % 2 != 0;
    return site;
}

/* One change; what is refused is no change. */
static void
change(void)
{
    struct gl_meta_site site = some_site((int) (tap_random() % NAMES));
    struct gl_meta_token token;
    char text[GL_META_TOKEN_LEN + 1];
    const struct gl_meta_site *old =
        gl_meta_site(meta, probe_word(site.domain));
    switch (tap_random() % 5) {
    case 0:
    case 1:
        gl_meta_site_add(meta, &site);
        break;
    case 2:
        site.id = old != NULL ? old->id : 0;
        gl_meta_site_set(meta, &site);
        break;
    case 3:
        gl_meta_site_remove(meta, old != NULL ? old->id : 0);
        break;
    case 4:
        gl_meta_token_add(meta, site.account, "", 1, 1, text, &token);
    }
}

/* How many names are not as the file has them. */
static int
differences(void)
{
    int wrong = 0;
    for (int i = 0; i < NAMES; i++) {
        struct gl_meta_site want = some_site(i);
        struct gl_meta_site got = {0};
        char sql[512], had[256] = "";
        int there = gl_directory_site(directory, want.domain, &got);
        snprintf(sql, sizeof sql,
                 "SELECT coalesce((SELECT account || timezone || public FROM "
                 "sites WHERE domain = '%s'), '')",
                 want.domain);
        if (there)
            snprintf(had, sizeof had, "%s%s%d", got.account, got.timezone,
                     got.is_public);
        wrong += strcmp(probe_text(file, sql), had) != 0;
    }
    return wrong;
}

static void
test_random(void)
{
    int wrong = 0;
    for (int step = 0; step < STEPS; step++) {
        gl_meta_begin(meta);
        for (uint64_t n = tap_random() % 3; n > 0; n--)
            change();
        if (step % 20 == 0)
            wrong += differences(); /* not yet */
        if (tap_random() % 4 == 0)
            gl_meta_rollback(meta);
        else
            gl_meta_commit(meta);
        if (step % 20 == 0)
            wrong += differences();
    }
    tap_int(wrong, 0, "%d changes: as meta.db has it", STEPS);
}

/* All public sites that begin with PREFIX, MOST a page, as one text. */
static size_t
all_pages(const char *prefix, size_t most, char *text, size_t size)
{
    char domains[8][254], after[254] = "";
    size_t n, len = 0, pages = 0;
    while ((n = gl_directory_public(directory, prefix, after, domains, most)) >
           0) {
        for (size_t i = 0; i < n; i++)
            len += (size_t) snprintf(text + len, size - len, "%s%s",
                                     len ? "," : "", domains[i]);
        snprintf(after, sizeof after, "%s", domains[n - 1]);
        pages++;
    }
    return pages;
}

static void
test_pages(void)
{
    static const char *const prefixes[] = {"", "a", "b1", "c", "zzz", "a1."};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        char sql[256], got[4096] = "";
        all_pages(prefixes[i], 1 + i, got, sizeof got);
        snprintf(sql, sizeof sql,
                 "SELECT coalesce(group_concat(domain), '') FROM (SELECT "
                 "domain FROM sites WHERE public AND domain GLOB '%s*' ORDER "
                 "BY domain)",
                 prefixes[i]);
        tap_str(got, probe_text(file, sql), "public ones that begin with '%s'",
                prefixes[i]);
    }
}

static int
spell_site(void *arg, const struct gl_meta_site *site)
{
    g_string_append_printf(arg, "%lld %s,", (long long) site->id,
                           site->domain);
    return 0;
}

static int
spell_token(void *arg, const struct gl_meta_token *token)
{
    g_string_append_printf(arg, "%s %s,", token->id, token->account);
    return 0;
}

static void
test_lists(void)
{
    const struct gl_version *now = gl_directory_enter(directory);
    GString *list = g_string_new(NULL);
    char sql[1024];
    gl_version_sites(now, NULL, spell_site, list);
    tap_str(list->str,
            probe_text(file,
                       "SELECT group_concat(id || ' ' || domain, ',') || ',' "
                       "FROM (SELECT * FROM sites ORDER BY domain)"),
            "all sites by domain");
    g_string_truncate(list, 0);
    gl_version_tokens(now, spell_token, list);
    tap_str(list->str,
            probe_text(file,
                       "SELECT group_concat(id || ' ' || account, ',') || ',' "
                       "FROM (SELECT * FROM tokens ORDER BY created, id)"),
            "all tokens, the oldest first");
    for (int i = 0; i < ACCOUNTS; i++) {
        g_string_truncate(list, 0);
        gl_version_sites(now, accounts[i].id, spell_site, list);
        snprintf(sql, sizeof sql,
                 "SELECT coalesce(group_concat(id || ' ' || domain, ',') || "
                 "',', '') FROM (SELECT * FROM sites WHERE account = '%s' "
                 "ORDER BY domain)",
                 accounts[i].id);
        tap_str(list->str, probe_text(file, sql), "those of an account");
    }
    g_string_free(list, TRUE);
    gl_directory_leave(directory);
}

static void
test_names(void)
{
    struct gl_meta_site site;
    struct gl_meta_site put = some_site(0);
    gl_meta_begin(meta);
    snprintf(put.domain, sizeof put.domain, "case.example");
    gl_meta_site_add(meta, &put);
    gl_meta_commit(meta);
    tap_int(gl_directory_site(directory, "WWW.Case.Example", &site), 1,
            "any case, www. allowed");
    tap_str(site.domain, "case.example", "as it is stored");
    tap_int(gl_directory_site(directory, "", &site) +
                gl_directory_site(directory, "\xff\xfe", &site) +
                gl_directory_site(directory, "<b>", &site),
            0, "what is no domain is no site");
}

/* A token goes with its account. */
static void
test_account(void)
{
    struct gl_meta_account account;
    struct gl_meta_token token, of;
    char text[GL_META_TOKEN_LEN + 1];
    gl_meta_begin(meta);
    gl_meta_account_add(meta, "goes", "", 1, &account);
    gl_meta_token_add(meta, account.id, "", 1, 1, text, &token);
    gl_meta_commit(meta);
    tap_int(gl_directory_token(directory, text, &of), 1, "a token");
    gl_meta_begin(meta);
    gl_meta_account_remove(meta, account.id);
    gl_meta_commit(meta);
    tap_int(gl_directory_token(directory, text, &of), 0,
            "goes with its account");
}

/* ---- who looks while it changes ---- */

/* Of version N all sites have N seconds as their window, and there are
 * N % 300 + 1 of them. */
struct world {
    struct gl_directory *directory;
    atomic_int wrong, stop;
};

struct census {
    int64_t n, sites;
    int wrong;
};

static int
count_site(void *arg, const struct gl_meta_site *site)
{
    struct census *census = arg;
    if (census->sites++ == 0)
        census->n = site->refresh_window_s;
    census->wrong |= site->refresh_window_s != census->n;
    return 0;
}

static void *
look_around(void *arg)
{
    struct world *world = arg;
    for (int i = 0; i < SEEN && !atomic_load(&world->stop); i++) {
        struct census census = {0};
        const struct gl_version *version =
            gl_directory_enter(world->directory);
        gl_version_sites(version, NULL, count_site, &census);
        if (census.wrong || census.sites != census.n % 300 + 1 ||
            (size_t) census.sites != gl_version_sites_n(version))
            atomic_fetch_add(&world->wrong, 1);
        gl_directory_leave(world->directory);
    }
    return NULL;
}

static void
make_version(struct gl_directory *many, int64_t n)
{
    for (int64_t i = 1; i <= 300; i++) {
        struct gl_meta_site site = {
            .id = i, .refresh_window_s = n, .is_public = i % 2 != 0};
        snprintf(site.domain, sizeof site.domain, "%lld.example",
                 (long long) i * 7919);
        if (i <= n % 300 + 1)
            gl_directory_put_site(many, &site);
        else
            gl_directory_remove_site(many, i);
    }
}

static void
test_lookers(void)
{
    struct world world = {.directory = gl_directory_new()};
    pthread_t threads[LOOKERS];
    make_version(world.directory, 0);
    gl_directory_commit(world.directory);
    for (int i = 0; i < LOOKERS; i++)
        pthread_create(&threads[i], NULL, look_around, &world);
    for (int64_t n = 1; n < 2000; n++) {
        if (n % 50 == 0)
            gl_directory_clear(world.directory);
        make_version(world.directory, n);
        if (n % 7 == 0)
            gl_directory_rollback(world.directory);
        else
            gl_directory_commit(world.directory);
    }
    atomic_store(&world.stop, 1);
    for (int i = 0; i < LOOKERS; i++)
        pthread_join(threads[i], NULL);
    tap_int(world.wrong, 0, "who looks sees one version, whole");
    gl_directory_free(world.directory);
}

/* ---- what it costs ---- */

static int64_t
cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static struct gl_directory *
directory_of(int n)
{
    struct gl_directory *many = gl_directory_new();
    struct gl_meta_site site = {.timezone = "UTC", .is_public = 1};
    for (int i = 0; i < n; i++) {
        site.id = i + 1;
        snprintf(site.domain, sizeof site.domain, "s%d.example", i);
        snprintf(site.account, sizeof site.account, "a%d", i % OWNERS);
        gl_directory_put_site(many, &site);
    }
    gl_directory_commit(many);
    return many;
}

/* CPU of one look, or of one site more, among N sites of MANY, in ns. */
static int64_t
cost(struct gl_directory *many, int n, int change)
{
    struct gl_meta_site site = {.timezone = "UTC", .is_public = 1};
    int64_t began = cpu_ns();
    for (int i = 0; i < LOOKS; i++) {
        int one = (int) (tap_random() % (uint64_t) n);
        site.id = one + 1;
        snprintf(site.domain, sizeof site.domain, "s%d.example", one);
        if (!change) {
            gl_directory_site(many, site.domain, &site);
            continue;
        }
        gl_directory_put_site(many, &site);
        gl_directory_commit(many);
    }
    return (cpu_ns() - began) / LOOKS;
}

/* The least of some rounds, in turns: others on the machine take the caches,
 * which makes many sites dearer and few not. */
static void
test_cost(void)
{
    struct gl_directory *few = directory_of(FEW), *many = directory_of(MANY);
    for (int change = 0; change < 2; change++) {
        int64_t least[2] = {INT64_MAX, INT64_MAX};
        for (int i = 0; i < ROUNDS; i++) {
            least[0] = MIN(least[0], cost(few, FEW, change));
            least[1] = MIN(least[1], cost(many, MANY, change));
        }
        tap_diag("a %s: %lld ns of %d sites, %lld ns of %d",
                 change ? "change" : "look", (long long) least[0], FEW,
                 (long long) least[1], MANY);
        tap_ok(least[1] < 10 * least[0],
               "1,000 times the sites: less than ten times the cost");
    }
    gl_directory_free(few);
    gl_directory_free(many);
}

int
main(void)
{
    const char *data = tap_dir();
    char why[256];
    snprintf(file, sizeof file, "%s/meta.db", data);
    meta = gl_meta_open(data, why, sizeof why);
    if (meta == NULL)
        tap_bail("%s", why);
    directory = gl_meta_directory(meta);
    gl_meta_begin(meta);
    for (int i = 0; i < ACCOUNTS; i++) {
        char name[16];
        snprintf(name, sizeof name, "a%d", i);
        gl_meta_account_add(meta, name, "", 1, &accounts[i]);
    }
    gl_meta_commit(meta);
    test_random();
    test_pages();
    test_lists();
    test_names();
    test_account();
    gl_meta_close(meta);
    meta = gl_meta_open(data, why, sizeof why);
    directory = gl_meta_directory(meta);
    tap_int(differences(), 0, "the same after a restart");
    gl_meta_close(meta);
    test_lookers();
    test_cost();
    return tap_done();
}
