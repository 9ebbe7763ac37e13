/*
 * Door: questions of the Stats API, both versions.  Input: JSON, the body of a
 * question, or the parameters of one of version 1 as an object.
 *
 * Each is refused with a sentence, or answered; the answer of the engine is
 * that of plain SQL over the rows.
 */

#include "fuzz.h"
#include "question/parse.h"
#include "recount/receipt_compare.h"
#include "recount/recount.h"
#include "answer/respond.h"
#include "answer/several.h"
#include "question/v1.h"
#include "store/db/plain.h"
#include "store_probe.h"

#define DAYS_MAX 62 /* a longer range is read, but not counted */

/* Three visits, one over midnight; revenue, engagement, a reload. */
static const char rows[] =
    "INSERT INTO hosts VALUES (1, 'a.example'), (2, 'b.example');"
    "INSERT INTO paths VALUES (1, '/'), (2, '/blog/a'), (3, '/buy');"
    "INSERT INTO names VALUES (1, 'Buy'), (2, 'Signup');"
    "INSERT INTO prop_keys VALUES (1, 'plan');"
    "INSERT INTO prop_values VALUES (1, 'pro'), (2, 'free');"
    "INSERT INTO referrers VALUES (1, 'g.example/x', 'Google',"
    " 'Organic Search', 'news', 'mail', 'May', 'c', 't', '');"
    "INSERT INTO agents VALUES (1, 'Firefox', '1', 'Mac', '2', 'Desktop');"
    "INSERT INTO places VALUES (1, 'DE', 'DE-BE', '2950159');"
    "INSERT INTO screens VALUES (1, '1920x1080');"
    "INSERT INTO languages VALUES (1, 'de-AT');"
    "INSERT INTO sessions (id, site, visitor, start, referrer, agent, place,"
    " screen, open, last, seen, pageviews, refreshes, events, interactive,"
    " engagement, entry_host, entry_path, exit_host, exit_path) VALUES"
    " (1, 7, 1, 1728003600000, 1, 1, 1, 1, 0, 1728003720000, 1728003720000,"
    "  2, 1, 1, 1, 5000, 1, 1, 1, 3),"
    " (7, 7, 2, 1728003600000, NULL, 1, NULL, NULL, 0, 1728003600000,"
    "  1728003600000, 1, 0, 0, 0, 0, 2, 2, 2, 2),"
    " (8, 7, 3, 1728086390000, 1, NULL, 1, NULL, 0, 1728086410000,"
    "  1728086410000, 1, 0, 1, 0, 0, 1, 3, 1, 3);"
    "INSERT INTO events (id, site, at, kind, visitor, mark, host, path, name,"
    " scroll_depth, engagement, passive, amount, currency, props) VALUES"
    " (1, 7, 1728003600000, 1, 1, NULL, 1, 1, NULL, NULL, NULL, NULL, NULL,"
    "  NULL, NULL),"
    " (2, 7, 1728003601000, 1, 1, 3, 1, 1, NULL, NULL, NULL, NULL, NULL,"
    "  NULL, NULL),"
    " (3, 7, 1728003602000, 3, 1, NULL, 1, 1, NULL, 80, 3000, NULL, NULL,"
    "  NULL, NULL),"
    " (4, 7, 1728003660000, 1, 1, NULL, 1, 3, NULL, NULL, NULL, NULL, NULL,"
    "  NULL, '{\"1\": 1}'),"
    " (5, 7, 1728003700000, 3, 1, NULL, 1, 3, NULL, NULL, 2000, NULL, NULL,"
    "  NULL, NULL),"
    " (6, 7, 1728003720000, 2, 1, NULL, 1, 3, 1, NULL, NULL, NULL, '9.99',"
    "  'EUR', '{\"1\": 2}'),"
    " (7, 7, 1728003600000, 1, 2, NULL, 2, 2, NULL, NULL, NULL, NULL, NULL,"
    "  NULL, NULL),"
    " (8, 7, 1728086390000, 1, 3, NULL, 1, 3, NULL, NULL, NULL, NULL, NULL,"
    "  NULL, NULL),"
    " (9, 7, 1728086410000, 2, 3, NULL, 1, 3, 2, NULL, NULL, 1, NULL, NULL,"
    "  NULL);"
    "UPDATE sessions SET language = 1 WHERE visitor < 3;"
    "UPDATE events SET (referrer, agent, place, screen, language) = (SELECT"
    " referrer, agent, place, screen, language FROM sessions s WHERE "
    "s.visitor = events.visitor);"
    "INSERT INTO day_rows (site, day, first_id, last_id, token) VALUES"
    " (7, 20000, 1, 8, 1), (7, 20001, 9, 9, 2)";

static const char *const goals[][2] = {
    {"Buy", "{\"event\": \"Buy\", \"currency\": \"EUR\"}"},
    {"Blog", "{\"page\": \"/blog/**\"}"},
    {"Read", "{\"page\": \"/\", \"scroll\": 50}"},
    {"Free", "{\"event\": \"Buy\", \"props\": {\"plan\": \"free\"}}"},
};

static struct gl_account *account;
static struct gl_shelf *shelf;
static struct gl_parse_site site;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct gl_defined *defined = gl_defined_new();
    const char *data = tap_dir();

    (void) argc;
    (void) argv;
    probe_pool(data, 0, &account);
    probe_exec(probe_file(data), rows);
    shelf = gl_shelf_new(1 << 20);
    for (size_t i = 0; i < G_N_ELEMENTS(goals); i++)
        gl_defined_add(defined, (int64_t) i + 1, "goal", goals[i][0],
                       goals[i][1]);
    gl_defined_add(defined, 9, "segment", "s",
                   "{\"filters\": [[\"is\", \"visit:country\", [\"DE\"]]]}");
    site = (struct gl_parse_site){PROBE_SITE,
                                  {gl_zone_new("Europe/Berlin"),
                                   (PROBE_DAY + 2) * GL_DAY_MS,
                                   PROBE_DAY * GL_DAY_MS},
                                  defined};
    return 0;
}

/* ---- both answers ---- */

static int
never(void *arg)
{
    (void) arg;
    return 0;
}

static void
no_progress(void *arg, int64_t done, int64_t days)
{
    (void) arg;
    FUZZ_MUST(done <= days);
}

static enum gl_executed
execute(void *run, const struct gl_question *const *questions, size_t n,
        struct gl_counted **counted)
{
    return gl_execute(run, questions, n, counted);
}

static enum gl_executed
recount(void *run, const struct gl_question *const *questions, size_t n,
        struct gl_counted **counted)
{
    return gl_recount(run, questions, n, counted);
}

static void
compare(const struct gl_asked *asked, const struct gl_counted *one,
        const struct gl_counted *two)
{
    json_t *told = gl_respond(asked, one, NULL, 0);
    json_t *again = gl_respond(asked, two, NULL, 0);
    json_t *proof = gl_receipt_compare(told, again);

    if (!json_is_true(json_object_get(proof, "equal")))
        json_dumpf(proof, stderr, JSON_INDENT(1));
    FUZZ_MUST(json_is_true(json_object_get(proof, "equal")));
    json_decref(told);
    json_decref(again);
    json_decref(proof);
}

static void
answer(const struct gl_asked *asked)
{
    struct gl_account *reader = gl_account_reader(account);
    struct gl_execution run = {.reader = reader, .shelf = shelf};
    struct gl_recount again = {.db = gl_account_plain(reader),
                               .stop = never,
                               .progress = no_progress};
    const struct gl_several_counter counters[] = {{execute, &run},
                                                  {recount, &again}};
    const struct gl_several_ask ask = {asked, &asked->question};
    struct gl_counted *counted[2] = {NULL};

    FUZZ_MUST(gl_account_read(reader) == 0);
    again.db = gl_account_plain(reader);
    if (gl_several_count(&counters[0], &ask, 1, &counted[0]) == GL_EXECUTED) {
        FUZZ_MUST(gl_several_count(&counters[1], &ask, 1, &counted[1]) ==
                  GL_EXECUTED);
        compare(asked, counted[0], counted[1]);
        gl_counted_free(counted[1]);
    } else {
        FUZZ_MUST(run.why[0] != '\0');
    }
    gl_counted_free(counted[0]);
    gl_account_reader_free(reader);
}

/* ---- questions ---- */

static void
check_why(char *why)
{
    FUZZ_MUST(why != NULL && why[0] != '\0');
    g_free(why);
}

static void
check(const struct gl_asked *asked)
{
    const struct gl_question *question = &asked->question;

    FUZZ_MUST(asked->metrics_n > 0 && question->from_ms <= question->to_ms);
    FUZZ_MUST(question->by_n <= GL_PARSE_DIMENSIONS_MAX);
    FUZZ_MUST(asked->limit <= GL_PARSE_LIMIT_MAX);
    if (question->to_ms - question->from_ms <= DAYS_MAX * GL_DAY_MS)
        answer(asked);
}

static void
read_query(json_t *query)
{
    struct gl_asked_all *all = g_new0(struct gl_asked_all, 1);
    char *why = NULL;

    if (gl_parse_all(query, &site, all, &why) == -1) {
        check_why(why);
    } else {
        for (size_t i = 0; i < all->n; i++)
            check(&all->one[i]);
        gl_asked_all_fini(all);
    }
    g_free(all);
}

static void
read_v1(json_t *params)
{
    json_t *value;
    const char *key;

    json_object_foreach (params, key, value)
        if (!json_is_string(value))
            return;
    for (int kind = 0; kind < GL_V1_N; kind++) {
        char *why = NULL;
        json_t *query =
            gl_v1_query((enum gl_v1) kind, params, &site.range, &why);

        if (query == NULL)
            check_why(why);
        else
            read_query(query);
        json_decref(query);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *json =
        json_loadb((const char *) data, size, JSON_REJECT_DUPLICATES, NULL);

    if (json_is_object(json)) {
        read_query(json);
        read_v1(json);
    }
    json_decref(json);
    return 0;
}
