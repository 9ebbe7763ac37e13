/*
 * What a row costs, printed and not judged (machines differ): rows by the
 * thousand in durable commits, with words as a site has them.  Judged is only
 * that every row arrived.
 */

#include <stdio.h>
#include <time.h>

#include "count/count.h"
#include "store/account/accounts.h"
#include "store/db/db.h"
#include "store/rows/rows.h"
#include "store/rows/visits.h"
#include "store/words/words.h"
#include "store_probe.h"

#define ROWS 200000
#define BATCH 1000

static double
cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double) now.tv_sec * 1e6 + (double) now.tv_nsec / 1e3;
}

static void
words(struct gl_account *account, struct gl_store_event *event)
{
    char path[64];
    struct gl_store_referrer referrer = {.referrer = probe_word("a.example/b"),
                                         .source = probe_word("a.example"),
                                         .channel = probe_word("Referral")};
    struct gl_store_agent agent = {.browser = probe_word("Firefox"),
                                   .browser_version = probe_word("133"),
                                   .os = probe_word("Linux"),
                                   .device = probe_word("Desktop")};
    struct gl_store_place place = {.country = probe_word("DE"),
                                   .region = probe_word("DE-BE"),
                                   .city = probe_word("2950159")};
    snprintf(path, sizeof path, "/some/folder/page-%03d",
             (int) tap_below(500));
    gl_account_word(account, GL_WORD_HOST, PROBE_SITE, PROBE_DAY,
                    probe_word("www.example"), &event->host);
    gl_account_word(account, GL_WORD_PATH, PROBE_SITE, PROBE_DAY,
                    probe_word(path), &event->path);
    gl_account_word(account, GL_WORD_LANGUAGE, PROBE_SITE, PROBE_DAY,
                    probe_word("de-DE"), &event->language);
    gl_account_word(account, GL_WORD_SCREEN, PROBE_SITE, PROBE_DAY,
                    probe_word("1920x1080"), &event->screen);
    gl_account_referrer(account, PROBE_SITE, PROBE_DAY, &referrer,
                        &event->referrer);
    gl_account_agent(account, PROBE_SITE, PROBE_DAY, &agent, &event->agent);
    gl_account_place(account, PROBE_SITE, PROBE_DAY, &place, &event->place);
}

static void
run(const char *what, int with_words, int with_visits)
{
    const char *data = tap_dir();
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    struct gl_store_event event = probe_event(PROBE_AT, 1);
    struct gl_visit visit = {.visitor = 1, .start_ms = PROBE_AT};
    double start_us = cpu_us();
    for (int i = 0; i < ROWS; i++) {
        if (i % BATCH == 0)
            gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
        event.at_ms = PROBE_AT + i;
        event.visitor = tap_random() & GL_VISITOR_MASK;
        event.evidence = 7;
        if (with_words)
            words(account, &event);
        if (with_visits && i % 4 == 0) {
            gl_account_next_id(account, &visit.id);
            gl_account_open_visit(account, &visit, &event);
        }
        gl_account_insert(account, &event);
        if (with_visits && i % 4 == 3)
            gl_account_close_visit(account, &visit);
        if (i % BATCH == BATCH - 1) {
            gl_file_commit(gl_account_file(account));
            gl_accounts_shorten_logs(pool, i);
        }
    }
    double took_us = cpu_us() - start_us;
    tap_int(probe_int(probe_file(data), "SELECT count(*) FROM events"), ROWS,
            "every row arrived: %s", what);
    tap_diag("%s: %.2f us CPU a row", what, took_us / ROWS);
    gl_accounts_free(pool);
}

int
main(void)
{
    run("rows", 0, 0);
    run("rows and words", 1, 0);
    run("rows, words, a visit every four", 1, 1);
    return tap_done();
}
