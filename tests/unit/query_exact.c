/*
 * Promise: an answer is exact.  Whatever happened on a site, in whatever order
 * it came, late rows folded or not, a day half written, visits open, days
 * sealed and changed again, the engine's sums are those of one plain SQL
 * statement over what happened.
 *
 * Guards: visits over midnight, visitors of two ids, imported ids on several
 * days, refreshes within the window, events of one millisecond, filters of
 * events on sums of visits, entry pages, how far was scrolled, revenue.
 *
 * QUERY_EXACT=N asks at least N questions.
 */

#include "query/execute/execute.h"
#include "calls/query.h"
#include "query/sums/seal_sums.h"

#include "../lib/query_world.h"
#include "../lib/query_reference.h"
#include "../lib/seal_now.h"
#include "../lib/query_sql.h"

#define QUESTIONS 1200
#define AT_ONCE 3
#define SETTLED 8 /* times a site is folded and asked when all is over */

/* Of the sites: Kathmandu's, in UTC. */
#define ZONE "Asia/Kathmandu"
#define ZONE_MIDNIGHT ((18 * 60 + 15) * MINUTE)

static int asked_n, differ_n, sealed_n;
static struct gl_directory *directory;
static struct gl_shelf *shelf;

/* ---- random questions ---- */

static struct gl_by
some_by(unsigned time)
{
    struct gl_by by = {
        .what = (enum gl_dimension) tap_below(GL_DIMENSION_TIME + time)};

    if (tap_below(5) == 0) /* the one with a meaning for visits */
        by.what = GL_DIMENSION_PAGE;
    if (by.what == GL_DIMENSION_PROP)
        by.prop = g_strdup(keys[tap_below(N(keys))]);
    return by;
}

static const char *
some_value(enum gl_predicate_op op)
{
    static const char *const texts[] = {
        "",       "/a",        "/",    "/B",       "Google",
        "signup", "buy",       "pro",  "pageview", "Direct",
        "DE",     "Firefox",   "11",   "Mobile",   "free",
        "berlin", "a.example", "news", "Germany",  "Organic Search"};

    return op == GL_PREDICATE_MATCHES
               ? patterns[tap_below(N(patterns))].pattern
               : texts[tap_below(N(texts))];
}

static struct gl_predicate *
some_filter(int depth)
{
    struct gl_predicate *p = g_new0(struct gl_predicate, 1);
    size_t n = 1 + tap_below(3);

    if (tap_below(12) == 0) {
        p->op = GL_PREDICATE_SCROLLED;
        p->by.what = GL_DIMENSION_NAME;
        p->scroll = (uint32_t) (1 + tap_below(100));
        return p;
    }
    p->op = depth == 0 || tap_below(2)
                ? GL_PREDICATE_IS + (enum gl_predicate_op) tap_below(3)
                : (enum gl_predicate_op) tap_below(4);
    if (p->op >= GL_PREDICATE_IS) {
        p->by = some_by(0);
        p->any_case = p->op != GL_PREDICATE_MATCHES && tap_below(3) == 0;
        p->values = g_ptr_array_new();
        for (size_t i = 0; i < n; i++)
            g_ptr_array_add(p->values,
                            (gpointer) (uintptr_t) some_value(p->op));
        return p;
    }
    if (p->op == GL_PREDICATE_NOT || p->op == GL_PREDICATE_HAS_DONE)
        n = 1;
    p->children = g_ptr_array_new();
    for (size_t i = 0; i < n; i++)
        g_ptr_array_add(p->children, some_filter(depth - 1));
    return p;
}

static void
free_filter(struct gl_predicate *p)
{
    for (guint i = 0; p->children != NULL && i < p->children->len; i++)
        free_filter(p->children->pdata[i]);
    if (p->children != NULL)
        g_ptr_array_free(p->children, TRUE);
    if (p->values != NULL)
        g_ptr_array_free(p->values, TRUE);
    g_free(p->by.prop);
    g_free(p);
}

/* Of an hour, or of a day in UTC or where the sites are. */
static void
make_buckets(struct gl_question *q, int64_t midnight)
{
    int64_t step = tap_below(2) ? 60 * MINUTE : GL_DAY_MS;
    int64_t at = q->from_ms;

    q->time.edges = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_array_append_val(q->time.edges, at);
    for (at -= (at - midnight) % step; at < q->to_ms;) {
        at += step;
        at = MIN(at, q->to_ms);
        if (at > q->from_ms)
            g_array_append_val(q->time.edges, at);
    }
    run_sql("DELETE FROM b");
    for (guint i = 0; i + 1 < q->time.edges->len; i++) {
        char *sql =
            g_strdup_printf("INSERT INTO b VALUES (%u, %" G_GINT64_FORMAT
                            ", %" G_GINT64_FORMAT ")",
                            i, g_array_index(q->time.edges, int64_t, i),
                            g_array_index(q->time.edges, int64_t, i + 1));

        run_sql(sql);
        g_free(sql);
    }
}

static void
choose_bys(struct gl_question *q)
{
    q->by_n = tap_below(4);
    for (size_t i = 0; i < q->by_n; i++)
        q->by[i] = some_by(1);
}

/* When local days begin, in UTC: of the sites' zone, of UTC, of any other,
 * where no sums of days begin or end. */
static int64_t
some_midnight(void)
{
    if (tap_below(2))
        return (int64_t) tap_below(24 * 4) * 15 * MINUTE;
    return tap_below(2) ? ZONE_MIDNIGHT : 0;
}

static struct gl_question
some_question(int64_t site)
{
    struct gl_question q = {.site = site, .metrics = UINT32_MAX};
    int64_t midnight = some_midnight();
    int whole = 0;

    q.from_ms = START + (int64_t) tap_below(3 * 24 * 4) * 15 * MINUTE;
    q.to_ms = q.from_ms + (int64_t) (1 + tap_below(4 * 24 * 4)) * 15 * MINUTE;
    if (tap_below(4) == 0) {
        q.from_ms = START - GL_DAY_MS;
        q.to_ms = START + 9 * GL_DAY_MS;
    }
    if (tap_below(2)) {
        whole = 1; /* days */
        q.from_ms += midnight - q.from_ms % GL_DAY_MS;
        q.to_ms = q.from_ms + (int64_t) (1 + tap_below(5)) * GL_DAY_MS;
    }
    choose_bys(&q);
    if (tap_below(3 - whole)) /* a half of them without: days have sums */
        q.filter = some_filter(3);
    else if (tap_below(4)) /* sums of days tell no more */
        q.metrics &= ~GL_METRICS_OF_MORE;
    make_buckets(&q, midnight);
    if (tap_below(3))
        q.currency = gl_currency(currencies[tap_below(N(currencies))]);
    return q;
}

static void
free_bys(struct gl_question *q)
{
    for (size_t i = 0; i < q->by_n; i++)
        g_free(q->by[i].prop);
}

static void
question_end(struct gl_question *q)
{
    free_bys(q);
    if (q->filter != NULL)
        free_filter(q->filter);
    g_array_free(q->time.edges, TRUE);
}

/* ---- both answers as sorted lines ---- */

static int
by_text(const void *left, const void *right)
{
    return strcmp(*(char *const *) left, *(char *const *) right);
}

static char *
join(GPtrArray *lines)
{
    char *text;

    if (lines->len > 0)
        qsort(lines->pdata, lines->len, sizeof *lines->pdata, by_text);
    g_ptr_array_add(lines, NULL);
    text = g_strjoinv("\n", (char **) (void *) lines->pdata);
    g_ptr_array_free(lines, TRUE);
    return text;
}

/* The first fields of LINE: what is asked for. */
static char *
only_asked(const struct gl_question *q, const char *line)
{
    size_t fields = q->by_n + GL_SUM_N;
    const char *at = line;

    if (q->metrics & GL_METRICS_OF_MORE)
        return g_strdup(line);
    for (; *at != '\0' && fields > 0; at++)
        fields -= *at == '|';
    return g_strndup(line, (gsize) (at - line));
}

static char *
slow_answer(const struct gl_question *q)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    char *sql = question_sql(q);
    sqlite3_stmt *ask;

    if (sqlite3_prepare_v2(reference, sql, -1, &ask, NULL) != SQLITE_OK)
        tap_bail("%s: %s", sqlite3_errmsg(reference), sql);
    while (sqlite3_step(ask) == SQLITE_ROW)
        g_ptr_array_add(
            lines, only_asked(q, (const char *) sqlite3_column_text(ask, 0)));
    sqlite3_finalize(ask);
    g_free(sql);
    return join(lines);
}

static char *
line_of(const struct gl_question *q, const struct gl_counted *counted,
        const struct gl_group *group)
{
    GString *line = g_string_new(NULL);
    const struct gl_more *more;
    char *asked;

    for (size_t i = 0; i < q->by_n; i++)
        if (counted->values[i] == NULL)
            g_string_append_printf(line, "%u|", group->keys[i]);
        else
            g_string_append_printf(
                line, "%s|",
                (const char *) counted->values[i]->pdata[group->keys[i]]);
    for (int i = 0; i < GL_SUM_N; i++)
        g_string_append_printf(line, "%s%" G_GUINT64_FORMAT, i > 0 ? "|" : "",
                               group->sums[i]);
    more = &g_array_index(counted->more, struct gl_more, group->more);
    g_string_append_printf(line, "|%" G_GUINT64_FORMAT "|%" G_GINT64_FORMAT,
                           more->paid, more->amount);
    for (size_t i = 0; i < 4; i++)
        g_string_append_printf(
            line, "|%" G_GUINT64_FORMAT,
            (const uint64_t[]){more->engaged_ms, more->engaged_visits,
                               more->depth, more->depth_visits}[i]);
    asked = only_asked(q, line->str);
    g_string_free(line, TRUE);
    return asked;
}

static char *
text_of(const struct gl_question *q, const struct gl_counted *counted)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

    if (q->by_n == 0)
        g_ptr_array_add(lines, line_of(q, counted, &counted->all));
    for (guint i = 0; i < counted->groups->len; i++)
        g_ptr_array_add(lines, line_of(q, counted,
                                       &g_array_index(counted->groups,
                                                      struct gl_group, i)));
    return join(lines);
}

/* N questions at once. */
static void
fast_answers(struct gl_account *reader,
             const struct gl_question *const *questions, size_t n,
             char **texts)
{
    struct gl_execution run = {
        .reader = reader, .rules = rules, .shelf = shelf};
    struct gl_counted *counted[AT_ONCE];

    if (gl_execute(&run, questions, n, counted) != GL_EXECUTED)
        tap_bail("not executed: %s", run.why);
    for (size_t i = 0; i < n; i++) {
        texts[i] = text_of(questions[i], counted[i]);
        gl_counted_free(counted[i]);
    }
}

static void
compare(const struct gl_question *q, const char *fast)
{
    char *slow = slow_answer(q);

    asked_n++;
    if (strcmp(fast, slow) != 0 && differ_n++ < 3) {
        char *sql = question_sql(q);

        tap_diag("question %d: %s\nis:\n%s\nmust be:\n%s", asked_n, sql, fast,
                 slow);
        g_free(sql);
    }
    g_free(slow);
}

/* Some of one filter and range; COMPARED or in vain. */
static void
ask_some(struct life *life, struct gl_account *reader, int compared)
{
    struct gl_question questions[AT_ONCE];
    const struct gl_question *list[AT_ONCE];
    char *texts[AT_ONCE];
    size_t n = 1 + tap_below(AT_ONCE);

    for (size_t i = 0; i < n; i++) {
        list[i] = &questions[i];
        if (i == 0) {
            questions[0] = some_question(life->site);
            if (!compared)
                questions[0].metrics &= (uint32_t) tap_random();
            continue;
        }
        questions[i] = questions[0];
        choose_bys(&questions[i]);
    }
    fast_answers(reader, list, n, texts);
    for (size_t i = 0; i < n; i++) {
        if (compared)
            compare(list[i], texts[i]);
        g_free(texts[i]);
    }
    for (size_t i = 1; i < n; i++)
        free_bys(&questions[i]);
    question_end(&questions[0]);
}

static struct gl_account *
read_now(void)
{
    struct gl_account *reader = gl_account_reader(account);

    if (gl_account_read(reader) != 0)
        tap_bail("%s", gl_account_why(reader));
    return reader;
}

static void
ask(struct life *life)
{
    struct gl_account *reader = read_now();

    fill_reference(life);
    for (int i = 0; i < 3; i++)
        ask_some(life, reader, 1);
    gl_account_reader_free(reader);
}

/* While days are folded: more lives say more than more questions. */
static void
ask_sometimes(struct life *life)
{
    if (tap_below(6) == 0)
        ask(life);
}

/* So that sets of each moment are kept, and of some when they no longer hold.
 */
static void
ask_in_vain(struct life *life)
{
    struct gl_account *reader = read_now();

    ask_some(life, reader, 0);
    gl_account_reader_free(reader);
}

/* ---- lives ---- */

static void
settle(int64_t site)
{
    struct gl_meta_site where = {.id = site, .timezone = ZONE};

    snprintf(where.domain, sizeof where.domain, "%d.example", (int) site);
    gl_directory_put_site(directory, &where);
    gl_directory_commit(directory);
}

/* What is over at this moment, of any site, and asked with an empty shelf. */
static void
seal_some(void)
{
    struct gl_query_view view = {.shelf = shelf, .directory = directory};
    int sealed;

    seal_sums = (struct gl_seal_sums){gl_seal_sums_add, &view};
    sealed =
        seal_now(account, lives[0].now_ms / GL_DAY_MS, 1 + tap_below(4000));
    if (sealed < 0)
        tap_bail("not sealed: %s", gl_account_why(account));
    sealed_n += sealed;
    gl_shelf_free(shelf);
    shelf = gl_shelf_new(1 << 20);
}

static void
live(void)
{
    static size_t imported[SITES];
    static int lived;
    int more = 1, imports = lived++ % 2; /* days with imports have no sums */

    memset(imported, 0, sizeof imported);
    while (more) {
        more = 0;
        for (int i = 0; i < SITES; i++) {
            struct life *life = &lives[i];

            more |= life_go_on(life);
            if (imports && tap_below(90) == 0 && imported[i] < EVENTS) {
                import_some(life, imported[i], imported[i] + EVENTS / 4);
                imported[i] += EVENTS / 4;
            }
            for (int n = (int) tap_below(30); n >= 26; n--)
                refold(life, ask_sometimes);
            if (tap_below(80) == 0)
                rebuild(life);
            if (tap_below(300) == 0)
                change_rules();
            if (tap_below(4) == 0)
                ask_in_vain(life);
            if (tap_below(40) == 0)
                seal_some();
            if (tap_below(60) == 0)
                ask(life);
        }
    }
    for (int n = 0; n < SITES * SETTLED; n++)
        refold(&lives[n % SITES], ask_in_vain);
    seal_some();
    for (int n = 0; n < SITES * SETTLED; n++)
        ask(&lives[n % SITES]);
}

int
main(void)
{
    const char *more = getenv("QUERY_EXACT");
    int questions = more != NULL ? atoi(more) : QUESTIONS;
    const char *data = tap_dir();

    pool = probe_pool(data, 0, &account);
    gl_account_words(account, &words);
    rules.refresh_window_ms = MINUTE;
    shelf = gl_shelf_new(1 << 20);
    directory = gl_directory_new();
    open_reference();
    add_all_words();
    for (int64_t site = PROBE_SITE; asked_n < questions; site += SITES) {
        for (int i = 0; i < SITES; i++) {
            life_begin(&lives[i], site + i);
            settle(site + i);
        }
        live();
    }
    tap_int(differ_n, 0, "of %d answers differ from plain SQL's", asked_n);
    tap_ok(sealed_n > 0, "%d days were sealed meanwhile", sealed_n);
    for (int i = 0; i < SITES; i++)
        gl_site_free(lives[i].object);
    gl_shelf_free(shelf);
    gl_directory_free(directory);
    sqlite3_close(reference);
    gl_accounts_free(pool);
    return tap_done();
}
