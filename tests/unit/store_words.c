/*
 * A word has one code in a file for ever; a site brings at most its cap of new
 * words and of their bytes a UTC day, at whatever door, the next ones are
 * "(other)", and a known word is always itself.  Random words are compared
 * with a table kept beside.
 */

#include <stdio.h>
#include <string.h>

#include "count/count.h"
#include "store/account/accounts.h"
#include "store/rows/rows.h"
#include "store/words/words.h"
#include "store_probe.h"

#define CAP 5

static struct gl_accounts *
capped_pool(const char *data, uint64_t text_max, struct gl_account **account)
{
    char why[256];
    struct gl_accounts_options options = {.data = data, .text_max = text_max};
    for (int kind = 0; kind < GL_WORD_KINDS; kind++)
        options.caps[kind] = CAP;
    struct gl_accounts *pool = gl_accounts_new(&options, why, sizeof why);
    if (pool == NULL || gl_accounts_create(pool, PROBE_ID) != 0)
        tap_bail("no pool");
    *account = gl_accounts_get(pool, PROBE_ID);
    return pool;
}

static uint32_t
path_of(struct gl_account *account, int64_t site, int64_t day, int number)
{
    char text[32];
    uint32_t code = 0;
    snprintf(text, sizeof text, "/%d", number);
    if (gl_account_word(account, GL_WORD_PATH, site, day, probe_word(text),
                        &code) < 0)
        tap_bail("word: %s", gl_account_why(account));
    return code;
}

static void
test_caps(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = capped_pool(data, 0, &account);
    uint32_t codes[20], other;
    int known = 0, others = 0;
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    for (int i = 0; i < CAP; i++)
        codes[i] = path_of(account, 1, 100, i);
    other = path_of(account, 1, 100, CAP);
    for (int i = 0; i < 100; i++)
        others += path_of(account, 1, 100, CAP + i) == other;
    tap_int(others, 100, "beyond the cap: one code");
    for (int i = 0; i < CAP; i++)
        known += path_of(account, 1, 100, i) == codes[i];
    tap_int(known, CAP, "known words are themselves");
    tap_ok(path_of(account, 1, 101, 50) != other, "the next day has room");
    tap_ok(path_of(account, 2, 100, 51) != other, "another site has room");
    tap_ok(path_of(account, 1, 100, 50) != other,
           "a word that came by another day is known");
    tap_int(path_of(account, 1, 100, 52), other, "and this day is still full");
    gl_file_commit(gl_account_file(account));
    gl_accounts_free(pool);
    tap_str(probe_text(probe_file(data), "SELECT text FROM paths WHERE code ="
                                         " (SELECT max(code) - 2 FROM paths)"),
            "(other)", "its text");
    tap_int(probe_int(probe_file(data), "SELECT count(*) FROM paths"), CAP + 3,
            "five, other, and two of other days and sites");

    pool = capped_pool(data, 0, &account);
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    tap_int(path_of(account, 1, 100, 60), other, "the cap outlives a restart");
    tap_int(path_of(account, 1, 100, 2), codes[2], "codes too");
    tap_ok(path_of(account, 1, GL_WORD_UNCAPPED, 70) != other,
           "who has no cap brings as many as come");
    probe_let_go(account);
    gl_accounts_free(pool);
}

static void
test_rollback(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = capped_pool(data, 0, &account);
    uint32_t first, again;
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    first = path_of(account, 9, 100, 1000);
    for (int i = 1; i < CAP; i++)
        path_of(account, 9, 100, 1000 + i);
    probe_let_go(account);
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    /* Another word takes the code that was given back. */
    again = path_of(account, 9, 100, 2000);
    tap_int(again, first, "a code rolled back is free");
    tap_ok(path_of(account, 9, 100, 1000) != first,
           "and the cache does not say otherwise");
    for (int i = 2; i < CAP; i++)
        path_of(account, 9, 100, 2000 + i);
    tap_ok(path_of(account, 9, 100, 2002) != path_of(account, 9, 100, 3000),
           "the cap was rolled back too");
    gl_account_savepoint(account);
    first = path_of(account, 10, 100, 4000);
    gl_account_undo(account);
    again = path_of(account, 10, 100, 4001);
    tap_int(again, first, "the same after undo");
    gl_file_commit(gl_account_file(account));
    tap_int(probe_int(probe_file(data), "SELECT n FROM new_words WHERE "
                                        "site = 9 AND kind = 2"),
            CAP, "the file counts five");
    gl_accounts_free(pool);
}

static uint32_t
referrer(struct gl_account *account, const char *url, const char *source,
         const char *channel, const char *campaign)
{
    struct gl_store_referrer all = {.referrer = probe_word(url),
                                    .source = probe_word(source),
                                    .channel = probe_word(channel),
                                    .utm_campaign = probe_word(campaign)};
    uint32_t code = 0;
    if (gl_account_referrer(account, 1, 100, &all, &code) < 0)
        tap_bail("referrer: %s", gl_account_why(account));
    return code;
}

static void
test_combinations(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = capped_pool(data, 0, &account);
    char url[32];
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    tap_int(referrer(account, "", "", "Direct", ""), 0, "direct is no word");
    tap_int(referrer(account, "", "", "", ""), 0, "nor is nothing");
    tap_ok(referrer(account, "", "", "Email", "") != 0,
           "a channel alone is one");
    tap_ok(referrer(account, "ab", "c", "", "") !=
               referrer(account, "a", "bc", "", ""),
           "texts do not run into each other");
    for (int i = 0; i < 50; i++) {
        snprintf(url, sizeof url, "x.example/%d", i);
        referrer(account, url, url, i % 2 ? "Referral" : "Email", "");
    }
    uint32_t one = referrer(account, "z", "z", "Referral", "");
    gl_file_commit(gl_account_file(account));
    gl_accounts_free(pool);
    char sql[128];
    snprintf(sql, sizeof sql,
             "SELECT referrer || source || channel || utm_campaign FROM "
             "referrers WHERE code = %u",
             one);
    tap_str(probe_text(probe_file(data), sql), "(other)(other)Referral",
            "beyond the cap the channel stays, empty stays empty");
    tap_int(probe_int(probe_file(data), "SELECT count(*) FROM referrers"),
            CAP + 2, "one other for each channel");
}

static void
test_agents_and_places(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = capped_pool(data, 0, &account);
    struct gl_store_agent agent = {.device = probe_word("Desktop")};
    struct gl_store_place place = {.country = probe_word("DE")};
    char text[16];
    uint32_t code;
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    for (int i = 0; i < 3 * CAP; i++) {
        snprintf(text, sizeof text, "v%d", i);
        agent.browser = place.city = probe_word(text);
        gl_account_agent(account, 1, 100, &agent, &code);
        gl_account_place(account, 1, 100, &place, &code);
    }
    agent = (struct gl_store_agent){0};
    gl_account_agent(account, 1, 100, &agent, &code);
    tap_int(code, 0, "an empty agent is none");
    gl_file_commit(gl_account_file(account));
    tap_int(probe_int(probe_file(data),
                      "SELECT count(*) FROM agents WHERE device = 'Desktop'"),
            CAP + 1, "agents are capped, the device stays");
    tap_int(probe_int(probe_file(data),
                      "SELECT count(*) FROM places WHERE country = 'DE'"),
            CAP + 1, "places are capped, the country stays");
    gl_accounts_free(pool);
}

/* A text of LEN bytes that no other NUMBER has. */
static struct gl_text
long_text(int number, uint32_t len)
{
    static char text[4096];
    snprintf(text, sizeof text, "%d", number);
    memset(text + strlen(text), 'x', sizeof text - strlen(text));
    return (struct gl_text){text, len};
}

/* Two of each door's words with LEN bytes, the NUMBERth of its kind. */
static void
bring_text(struct gl_account *account, int number, uint32_t len)
{
    struct gl_text text = long_text(number, len);
    struct gl_store_referrer from = {
        .referrer = text, .utm_term = text, .channel = text};
    struct gl_store_agent agent = {.browser = text, .device = text};
    struct gl_store_place place = {.country = text, .city = text};
    struct gl_prop prop = {text, text};
    struct gl_store_props props;
    uint32_t code;
    for (enum gl_word kind = GL_WORD_HOST; kind <= GL_WORD_SCREEN; kind++)
        gl_account_word(account, kind, 1, 100, text, &code);
    gl_account_referrer(account, 1, 100, &from, &code);
    gl_account_agent(account, 1, 100, &agent, &code);
    gl_account_place(account, 1, 100, &place, &code);
    gl_account_props(account, 1, 100, &prop, 1, &props);
}

static const char text_bytes[] =
    "SELECT (SELECT sum(length(text)) FROM (SELECT text FROM hosts UNION ALL "
    "SELECT text FROM paths UNION ALL SELECT text FROM names UNION ALL "
    "SELECT text FROM titles UNION ALL SELECT text FROM languages UNION ALL "
    "SELECT text FROM screens UNION ALL SELECT text FROM prop_keys UNION ALL "
    "SELECT text FROM prop_values)) + (SELECT sum(length(referrer || "
    "channel || utm_term)) FROM referrers) + (SELECT sum(length(browser || "
    "device)) FROM agents) + (SELECT sum(length(country || city)) FROM "
    "places)";

/* Long words fill a day before its caps of words do, at every door. */
static void
test_bytes(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    uint32_t code, other;
    for (int part = 0; part < 2; part++) { /* with a restart in between */
        gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
        for (int i = 0; i < 500; i++)
            bring_text(account, part * 500 + i, 2000);
        gl_file_commit(gl_account_file(account));
        gl_accounts_free(pool);
        pool = probe_pool(data, 0, &account);
    }
    int64_t bytes = probe_int(probe_file(data), text_bytes);
    tap_ok(bytes > GL_ACCOUNT_TEXT_MAX - 70000 &&
               bytes <= GL_ACCOUNT_TEXT_MAX + 66000,
           "36 MB of text, 4 MiB of it stored: %lld", (long long) bytes);
    tap_ok(probe_int(probe_file(data), "SELECT n FROM new_words WHERE "
                                       "site = 1 AND kind = 0") >= bytes - 200,
           "and counted");

    gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
    gl_account_word(account, GL_WORD_PATH, 1, 100, probe_word("(other)"),
                    &other);
    tap_int(gl_account_word(account, GL_WORD_PATH, 1, 100, probe_word("/new"),
                            &code),
            1, "a short word, too, is one too many");
    tap_int(code, other, "and \"(other)\"");
    gl_account_word(account, GL_WORD_PATH, 1, 100, long_text(0, 2000), &code);
    tap_ok(code != other, "a known one is itself");
    gl_account_word(account, GL_WORD_PATH, 1, 101, probe_word("/new"), &code);
    tap_ok(code != other, "the next day has room");
    gl_account_word(account, GL_WORD_PATH, 2, 100, probe_word("/2"), &code);
    tap_ok(code != other, "another site has room");
    gl_file_commit(gl_account_file(account));
    gl_accounts_free(pool);
}

/* Texts that are kept beyond the cap come from short lists, or end too. */
static void
test_kept(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = capped_pool(data, 100000, &account);
    char channel[32];
    uint32_t code;
    gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
    for (int i = 0; i < 20000; i++) {
        snprintf(channel, sizeof channel, "channel %d", i);
        struct gl_store_referrer from = {.channel = probe_word(channel)};
        gl_account_referrer(account, 1, 100, &from, &code);
    }
    gl_file_commit(gl_account_file(account));
    gl_accounts_free(pool);
    int64_t bytes = probe_int(probe_file(data),
                              "SELECT sum(length(channel)) FROM referrers");
    tap_ok(bytes > 160000 && bytes < 100000 + 65536 + 8,
           "20,000 channels of an import end like all words: %lld bytes",
           (long long) bytes);
    tap_int(probe_int(probe_file(data), "SELECT count(*) FROM referrers WHERE "
                                        "channel = '(other)'"),
            1, "in one other");
}

static uint32_t
count_codes(const struct gl_store_props *props, uint32_t value)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < props->n; i++)
        n += props->codes[i].value == value;
    return n;
}

static void
test_props(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    struct gl_store_event event = probe_event(PROBE_AT, 1);
    static char names[30][16];
    struct gl_prop props[30];
    gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
    for (int i = 0; i < 400; i += 30) {
        for (int k = 0; k < 30; k++) {
            snprintf(names[k], sizeof names[k], "key %d", i + k);
            props[k] = (struct gl_prop){probe_word(names[k]),
                                        probe_word(k % 2 ? names[k] : "v")};
        }
        gl_account_props(account, 1, 100, props, 30, &event.props);
        gl_account_insert(account, &event);
    }
    tap_int(event.props.n, 1, "keys beyond the 200th are one key");
    props[0].key = props[1].key = probe_word("key 3");
    props[1].value = probe_word("last");
    props[2] = (struct gl_prop){probe_word("key 4"), {0}};
    props[3] = (struct gl_prop){{0}, probe_word("v")};
    gl_account_props(account, 1, 100, props, 4, &event.props);
    tap_int(event.props.n, 3, "one that comes twice is there once");
    tap_int(count_codes(&event.props, 0), 1, "an empty value is one");
    gl_account_insert(account, &event);
    gl_file_commit(gl_account_file(account));
    gl_accounts_free(pool);
    tap_str(probe_text(probe_file(data),
                       "SELECT group_concat(key || '=' || value) FROM "
                       "event_props WHERE id = (SELECT max(id) FROM events)"),
            "key 3=last,key 4=,=v", "and SQL reads them");
    tap_int(probe_int(probe_file(data), "SELECT count(*) FROM prop_keys"), 201,
            "200 keys and the other ones");
    tap_str(probe_text(probe_file(data),
                       "SELECT group_concat(DISTINCT value) FROM event_props "
                       "WHERE key = '(other)'"),
            "(other)", "whose values tell nothing");
}

#define TWIN_WORDS 40000 /* more than the cache holds */

/* Every word's code never changes, whatever the cache forgets. */
static void
test_twin(const char *data)
{
    static uint32_t codes[TWIN_WORDS];
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    int wrong = 0;
    for (int i = 0; i < 100000; i++) {
        if (i % 5000 == 0)
            gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
        int word = (int) tap_below(TWIN_WORDS);
        uint32_t code = path_of(account, word % 5, 100, word);
        wrong += codes[word] && codes[word] != code;
        codes[word] = code;
        if (i % 5000 == 4999)
            gl_file_commit(gl_account_file(account));
    }
    tap_int(wrong, 0, "100,000 look-ups: one code a word");
    tap_int(probe_int(probe_file(data), "SELECT count(DISTINCT text) - "
                                        "count(*) FROM paths"),
            0, "one word a code");
    tap_int(probe_int(probe_file(data),
                      "SELECT sum(n) - (SELECT count(*) FROM paths) "
                      "FROM new_words WHERE kind > 0"),
            0, "each counted once as new");
    gl_accounts_free(pool);
}

static void
test_order(const char *data)
{
    static const char *const texts[] = {"/", "/a", "/a/b", "/b", "/\xc3\xa4"};
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    struct gl_words words;
    uint32_t codes[5];
    int wrong = 0;
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    for (int i = 4; i >= 0; i--)
        gl_account_word(account, GL_WORD_PATH, 1, 100, probe_word(texts[i]),
                        &codes[i]);
    gl_account_words(account, &words);
    for (int a = 0; a < 5; a++)
        for (int b = 0; b < 5; b++) {
            int order = words.compare_path(words.arg, codes[a], codes[b]);
            wrong += (order > 0) - (order < 0) != (a > b) - (a < b);
        }
    tap_int(wrong, 0, "order is by text, not by code");
    tap_ok(words.compare_path(words.arg, 0, codes[0]) < 0 &&
               words.compare_path(words.arg, codes[0], 0) > 0,
           "no word comes first");
    gl_file_commit(gl_account_file(account));
    tap_ok(words.compare_path(words.arg, codes[1], codes[0]) > 0,
           "also outside a transaction");
    gl_accounts_free(pool);
}

int
main(void)
{
    const char *data = tap_dir();
    test_caps(data);
    test_rollback(data);
    test_combinations(data);
    test_agents_and_places(data);
    test_bytes(tap_dir());
    test_kept(tap_dir());
    test_props(tap_dir());
    data = tap_dir();
    test_twin(data);
    test_order(data);
    return tap_done();
}
