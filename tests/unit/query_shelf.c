/*
 * Promise: sets that are kept change no answer.  After whatever changes a
 * day's rows or visits (a commit, an event after midnight, a refold's mark,
 * visitor, visit or deletion, a reset, a move there and back, a backup put
 * back) the same question is answered as if nothing were kept; so is a reader
 * of an older commit.  Threads may ask at the same time.
 *
 * Guards: a stamp of a day that is the same after it changed.
 */

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/execute/execute.h"
#include "store/account/accounts.h"
#include "store/rows/visits.h"
#include "store/site/copy.h"
#include "store/site/sites.h"
#include "store/words/words.h"
#include "store_probe.h"

#define OTHER_ID "bbbbbbbbbbbb"
#define MINUTE INT64_C(60000)
#define MIDNIGHT ((PROBE_DAY + 1) * GL_DAY_MS)

static struct gl_accounts *pool;
static struct gl_account *account;
static struct gl_shelf *shelf;
static const char *data;

/* ---- questions ---- */

static int
never(void *arg)
{
    (void) arg;
    return 0;
}

static int
text_of(const struct gl_account *of, struct gl_shelf *on, int64_t from_ms,
        char *text, size_t len)
{
    struct gl_account *reader = gl_account_reader(of);
    struct gl_execution run = {.reader = reader, .shelf = on};
    struct gl_question q = {.site = PROBE_SITE,
                            .from_ms = from_ms,
                            .to_ms = MIDNIGHT + GL_DAY_MS,
                            .metrics = UINT32_MAX,
                            .by = {{GL_DIMENSION_PAGE, NULL}},
                            .by_n = 1};
    const struct gl_question *asked[] = {&q};
    struct gl_counted *counted;
    int failed = gl_account_read(reader) != 0 ||
                 gl_execute(&run, asked, 1, &counted) != 0;

    text[0] = '\0';
    for (int i = 0; !failed && i < GL_SUM_N; i++)
        snprintf(text + strlen(text), len - strlen(text), "%llu ",
                 (unsigned long long) counted->all.sums[i]);
    for (guint i = 0; !failed && i < counted->values[0]->len; i++)
        snprintf(text + strlen(text), len - strlen(text), "%s ",
                 (const char *) counted->values[0]->pdata[i]);
    if (!failed)
        gl_counted_free(counted);
    gl_account_reader_free(reader);
    return failed ? -1 : 0;
}

#define FIRST_MS (PROBE_DAY * GL_DAY_MS)

static char before[256];

static void
ask_before(void)
{
    if (text_of(account, shelf, FIRST_MS, before, sizeof before) != 0)
        tap_bail("a question is not answered");
}

/* It is another answer now, and one of an empty shelf is the same. */
static void
changed_by(const char *what)
{
    struct gl_shelf *none = gl_shelf_new(0);
    char kept[256], made[256];

    if (text_of(account, shelf, FIRST_MS, kept, sizeof kept) != 0 ||
        text_of(account, none, FIRST_MS, made, sizeof made) != 0)
        tap_bail("a question is not answered");
    tap_str(kept, made, "%s: answered as without a shelf", what);
    tap_ok(strcmp(before, made) != 0, "%s: it changes the answer", what);
    gl_shelf_free(none);
}

/* ---- changes ---- */

static void
begin(void)
{
    if (gl_file_begin(gl_account_file(account), GL_COMMIT_FULL) != 0)
        tap_bail("begin: %s", gl_account_why(account));
}

static void
commit(void)
{
    if (gl_file_commit(gl_account_file(account)) != 0)
        tap_bail("commit: %s", gl_account_why(account));
}

static int64_t
add(int64_t at_ms, uint64_t visitor)
{
    struct gl_store_event event = probe_event(at_ms, visitor);
    int64_t id;

    gl_account_next_id(account, &id);
    if (gl_account_insert(account, &event) != 0)
        tap_bail("insert: %s", gl_account_why(account));
    return id;
}

static struct gl_visit
add_visit(int64_t at_ms, uint64_t visitor)
{
    struct gl_store_event event = probe_event(at_ms, visitor);
    struct gl_visit visit = {.visitor = visitor,
                             .start_ms = at_ms,
                             .last_ms = at_ms,
                             .seen_ms = at_ms,
                             .pageviews = 1};

    gl_account_next_id(account, &visit.id);
    gl_account_open_visit(account, &visit, &event);
    add(at_ms, visitor);
    return visit;
}

static void
test_changes(void)
{
    struct gl_visit visit, second;
    int64_t row, after;

    begin();
    visit = add_visit(MIDNIGHT - 5 * MINUTE, 1);
    row = add(MIDNIGHT - 4 * MINUTE, 1);
    commit();
    ask_before();
    begin();
    second = add_visit(MIDNIGHT - 3 * MINUTE, 2);
    commit();
    changed_by("a commit");

    ask_before();
    begin();
    after = add(MIDNIGHT + MINUTE, 1);
    commit();
    changed_by("an event after midnight of a visit from before");

    ask_before();
    begin();
    gl_account_set_mark(account, PROBE_SITE, MIDNIGHT + MINUTE, after,
                        GL_MARK_REPEAT);
    commit();
    changed_by("a row gets a mark");

    ask_before();
    begin();
    gl_account_set_visitor(account, PROBE_SITE, MIDNIGHT - 4 * MINUTE, row, 3);
    commit();
    changed_by("a row gets another visitor");

    ask_before();
    begin();
    visit.pageviews = 7;
    gl_account_put_visit(account, PROBE_SITE, &visit, 0);
    commit();
    changed_by("a visit is put");

    ask_before();
    begin();
    gl_account_delete_visit(account, PROBE_SITE, second.start_ms, second.id);
    commit();
    changed_by("a visit is deleted");
}

/* Closing says what the rows do; the set is kept. */
static void
test_close(void)
{
    struct gl_visit visit;
    char after[256];

    begin();
    visit = add_visit(MIDNIGHT - 2 * MINUTE, 5);
    commit();
    ask_before();
    begin();
    gl_account_close_visit(account, &visit);
    commit();
    if (text_of(account, shelf, FIRST_MS, after, sizeof after) != 0)
        tap_bail("a question is not answered");
    tap_str(after, before, "a visit that is closed changes nothing");
}

/* Its set holds whatever else comes after midnight, but not this. */
static void
test_over(void)
{
    struct gl_visit visit;
    int64_t row;

    begin();
    visit = add_visit(MIDNIGHT - 2 * MINUTE, 6);
    row = add(MIDNIGHT + 2 * MINUTE, 6);
    visit.last_ms = visit.seen_ms = MIDNIGHT + 2 * MINUTE;
    visit.pageviews = 2;
    gl_account_close_visit(account, &visit);
    commit();
    ask_before();
    begin();
    gl_account_set_mark(account, PROBE_SITE, MIDNIGHT + 2 * MINUTE, row,
                        GL_MARK_REPEAT);
    commit();
    changed_by("a row after midnight, of a visit that is over, gets a mark");
    begin();
    gl_account_set_mark(account, PROBE_SITE, MIDNIGHT + 2 * MINUTE, row, 0);
    commit();
    ask_before();
    begin();
    gl_account_set_visitor(account, PROBE_SITE, MIDNIGHT + 2 * MINUTE, row, 8);
    commit();
    changed_by("it gets another visitor");
}

static void
delete_all(struct gl_account *of)
{
    struct gl_deleted deleted = {0};

    while (gl_account_delete_site(of, PROBE_SITE, 1000, &deleted) == 1)
        ;
}

/* The same rowids and days, other rows. */
static void
test_reset(void)
{
    int64_t first;

    ask_before();
    delete_all(account);
    changed_by("a site is reset");
    gl_file_close(gl_account_file(account)); /* it knew the greatest rowid */
    begin();
    first = add_visit(MIDNIGHT - 9 * MINUTE, 1).id;
    add(MIDNIGHT - 8 * MINUTE, 1);
    commit();
    ask_before();
    delete_all(account);
    gl_file_close(gl_account_file(account));
    begin();
    tap_int(add_visit(MIDNIGHT - 9 * MINUTE, 1).id, first,
            "a rowid comes again");
    add(MIDNIGHT - 8 * MINUTE, 2);
    commit();
    changed_by("rows come again after a reset");
}

static void
add_page(const char *path)
{
    struct gl_store_event event = probe_event(MIDNIGHT - 9 * MINUTE, 1);
    struct gl_visit visit = {.visitor = 1, .start_ms = event.at_ms};

    gl_account_word(account, GL_WORD_PATH, PROBE_SITE, PROBE_DAY,
                    probe_word(path), &event.path);
    gl_account_next_id(account, &visit.id);
    gl_account_open_visit(account, &visit, &event);
    gl_account_insert(account, &event);
}

/* Another word gets the code of one that was erased. */
static void
test_words(void)
{
    char path[512], why[256];

    delete_all(account);
    begin();
    add_page("/a");
    commit();
    ask_before();
    begin();
    add_page("/b");
    commit();
    changed_by("a word comes");
    ask_before();
    delete_all(account);
    gl_file_close(gl_account_file(account));
    snprintf(path, sizeof path, "%s", gl_account_path(account));
    if (gl_account_erase(path, never, NULL, why, sizeof why) != 0)
        tap_bail("erase: %s", why);
    begin();
    add_page("/c");
    add_page("/b");
    commit();
    tap_int(probe_int(path, "SELECT code FROM paths WHERE text = '/c'"), 1,
            "a code comes again");
    changed_by("words are erased");
}

static void
copy(struct gl_account *to, struct gl_account *from)
{
    struct gl_copy *one = gl_copy_new(to, from, PROBE_SITE);
    int rc;

    do
        rc = gl_copy_step(one, 1000);
    while (rc == 1);
    if (rc != 0 || gl_copy_finish(one) != 0)
        tap_bail("copy: %s", gl_account_why(to));
    gl_copy_free(one);
    delete_all(from);
}

/* There a visit is folded anew; it comes back with the rowids it had. */
static void
test_move(void)
{
    struct gl_account *home = account, *other;
    struct gl_visit visit;

    delete_all(account);
    begin();
    visit = add_visit(MIDNIGHT - 9 * MINUTE, 1);
    gl_account_close_visit(account, &visit);
    commit();
    ask_before();
    if (gl_accounts_create(pool, OTHER_ID) != 0)
        tap_bail("no second account");
    other = gl_accounts_get(pool, OTHER_ID);
    copy(other, home);
    account = other;
    begin();
    visit.id = probe_int(gl_account_path(other), "SELECT id FROM sessions");
    visit.pageviews = 9;
    gl_account_put_visit(other, PROBE_SITE, &visit, 0);
    commit();
    changed_by("a visit is put where the site was moved to");
    account = home;
    copy(home, other);
    changed_by("the site is back");
}

/* A backup is put in the file's place, and other rows follow it. */
static void
test_backup(void)
{
    char command[1200];

    gl_accounts_free(pool);
    snprintf(command, sizeof command, "cp %s %s.backup", probe_file(data),
             probe_file(data));
    if (system(command) != 0)
        tap_bail("no backup");
    pool = probe_pool(data, 0, &account);
    begin();
    add_visit(MIDNIGHT - 3 * MINUTE, 20);
    commit();
    ask_before();
    gl_accounts_free(pool);
    snprintf(command, sizeof command, "mv %s.backup %s", probe_file(data),
             probe_file(data));
    if (system(command) != 0)
        tap_bail("no backup");
    pool = probe_pool(data, 0, &account);
    changed_by("a backup is put back");
    begin();
    add_visit(MIDNIGHT - 3 * MINUTE, 20);
    add(MIDNIGHT - 2 * MINUTE, 20);
    commit();
    changed_by("rows after the backup");
}

/* ---- threads ---- */

#define THREADS 4

static atomic_int asking;

/* Days of several commits, on a shelf that has not room for all. */
static void *
ask_on(void *arg)
{
    struct gl_shelf *small = arg;
    char text[256];
    int64_t from_ms = FIRST_MS;

    while (atomic_load(&asking)) {
        from_ms = from_ms == FIRST_MS ? FIRST_MS + GL_DAY_MS : FIRST_MS;
        if (text_of(account, small, from_ms, text, sizeof text) != 0)
            return small;
    }
    return NULL;
}

static void
test_threads(void)
{
    struct gl_shelf *small = gl_shelf_new(3000);
    pthread_t threads[THREADS];
    void *failed;
    int failed_n = 0;

    atomic_store(&asking, 1);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, ask_on, small);
    for (int i = 0; i < 200; i++) {
        begin();
        add_visit(FIRST_MS + i % 3 * GL_DAY_MS + i, 100 + (uint64_t) i);
        commit();
    }
    atomic_store(&asking, 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &failed);
        failed_n += failed != NULL;
    }
    tap_int(failed_n, 0, "threads ask while rows come");
    ask_before();
    begin();
    add_visit(MIDNIGHT - 1, 999);
    commit();
    gl_shelf_free(shelf);
    shelf = small;
    changed_by("what they left");
}

int
main(void)
{
    data = tap_dir();
    pool = probe_pool(data, 0, &account);
    shelf = gl_shelf_new(1 << 20);
    test_changes();
    test_close();
    test_over();
    test_reset();
    test_words();
    test_move();
    test_backup();
    test_threads();
    gl_shelf_free(shelf);
    gl_accounts_free(pool);
    return tap_done();
}
