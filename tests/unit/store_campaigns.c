/*
 * Of each utm_ key a site brings at most its cap of new values a UTC day; the
 * next are "(other)", each on its own: the other keys and the referrer stay,
 * and a source that was made of such a utm_source goes with it.  A known value
 * is always itself.  Random combinations are compared with lists kept beside.
 */

#include <stdio.h>
#include <string.h>

#include "store/account/accounts.h"
#include "store/rows/rows.h"
#include "store/words/words.h"
#include "store_probe.h"

#define CAP 20
#define VALUES 60 /* a key */
#define SITES 2
#define DAYS 3
#define LOOKS 8000
#define LINE 160

static struct gl_accounts *
pool_of(const char *data, struct gl_account **account)
{
    char why[256];
    struct gl_accounts_options options = {.data = data};
    for (int key = 0; key < GL_WORD_UTM_N; key++)
        options.caps[GL_WORD_UTM + key] = CAP;
    options.caps[GL_WORD_REFERRER] = 1000000;
    struct gl_accounts *pool = gl_accounts_new(&options, why, sizeof why);
    if (pool == NULL)
        tap_bail("no pool: %s", why);
    int rc = gl_accounts_create(pool, PROBE_ID);
    if (rc != 0)
        tap_bail("no account");
    *account = gl_accounts_get(pool, PROBE_ID);
    return pool;
}

static uint32_t
code_of(struct gl_account *account, int64_t site, int64_t day,
        char texts[GL_WORD_UTM_N][16], int *turned)
{
    struct gl_store_referrer all = {.referrer = probe_word("r.example/x"),
                                    .source = probe_word(texts[0]),
                                    .channel = probe_word("Email"),
                                    .utm_source = probe_word(texts[0]),
                                    .utm_medium = probe_word(texts[1]),
                                    .utm_campaign = probe_word(texts[2]),
                                    .utm_content = probe_word(texts[3]),
                                    .utm_term = probe_word(texts[4])};
    uint32_t code = 0;
    *turned = gl_account_referrer(account, site, day, &all, &code);
    if (*turned < 0)
        tap_bail("referrer: %s", gl_account_why(account));
    return code;
}

/* ---- the second version: lists of what is known ---- */

static char known[GL_WORD_UTM_N][VALUES];
static int news[SITES][DAYS][GL_WORD_UTM_N];
static char combinations[LOOKS][LINE];
static uint32_t codes[LOOKS], combinations_n;

static void
join(char line[LINE], char texts[GL_WORD_UTM_N][16])
{
    snprintf(line, LINE,
             "r.example/x,%.15s,Email,%.15s,%.15s,%.15s,%.15s,%.15s", texts[0],
             texts[0], texts[1], texts[2], texts[3], texts[4]);
}

static int
at_of(const char *line)
{
    for (uint32_t i = 0; i < combinations_n; i++)
        if (strcmp(combinations[i], line) == 0)
            return (int) i;
    return -1;
}

/* What TEXTS become: 1 = not what they were. */
static int
expect(int site, int day, const int *numbers, char texts[GL_WORD_UTM_N][16],
       char line[LINE])
{
    int turned = 0;
    join(line, texts);
    if (at_of(line) != -1)
        return 0;
    for (int key = 0; key < GL_WORD_UTM_N; key++) {
        if (numbers[key] == 0 || known[key][numbers[key]])
            continue;
        if (news[site][day][key] == CAP) {
            strcpy(texts[key], "(other)");
            turned = 1;
        } else {
            news[site][day][key]++;
            known[key][numbers[key]] = 1;
        }
    }
    join(line, texts);
    return turned;
}

/* Draw one and ask for it: 1 = code or answer is wrong. */
static int
look(struct gl_account *account)
{
    char texts[GL_WORD_UTM_N][16] = {{0}}, plain[GL_WORD_UTM_N][16],
         line[LINE];
    int numbers[GL_WORD_UTM_N], turned;
    int site = (int) tap_below(SITES), day = (int) tap_below(DAYS);
    for (int key = 0; key < GL_WORD_UTM_N; key++) {
        numbers[key] = (int) tap_below(key < 2 ? VALUES : 3); /* 0 = none */
        if (numbers[key] != 0)
            snprintf(texts[key], sizeof texts[key], "v%d", numbers[key]);
    }
    memcpy(plain, texts, sizeof plain);
    int wanted = expect(site, day, numbers, texts, line);
    uint32_t code = code_of(account, site + 1, day + 100, plain, &turned);
    int at = at_of(line);
    if (at == -1) {
        at = (int) combinations_n++;
        strcpy(combinations[at], line);
        codes[at] = code;
    }
    return turned != wanted || codes[at] != code;
}

static void
test_twin(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = pool_of(data, &account);
    int wrong = 0;
    for (int i = 0; i < LOOKS; i++) {
        if (i % 1000 == 0)
            gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
        wrong += look(account);
        if (i % 1000 != 999)
            continue;
        gl_file_commit(gl_account_file(account));
        if (i % 5000 == 4999) { /* and a restart */
            gl_accounts_free(pool);
            pool = pool_of(data, &account);
        }
    }
    tap_int(wrong, 0, "%d combinations, %u different: each is as it must be",
            LOOKS, combinations_n);
    gl_accounts_free(pool);
    for (uint32_t i = 0; i < combinations_n; i++) {
        char sql[256];
        snprintf(sql, sizeof sql,
                 "SELECT concat FROM (SELECT referrer || ',' || source || ',' "
                 "|| channel || ',' || utm_source || ',' || utm_medium || ',' "
                 "|| utm_campaign || ',' || utm_content || ',' || utm_term AS "
                 "concat FROM referrers WHERE code = %u)",
                 codes[i]);
        wrong += i % 50 == 0 && strcmp(probe_text(probe_file(data), sql),
                                       combinations[i]) != 0;
    }
    tap_int(wrong, 0, "and so it is in the file");
}

int
main(void)
{
    test_twin(tap_dir());
    return tap_done();
}
