/*
 * Lines of a log to glintod: pages as events, and how far the log was read.
 * What an address is hashed with comes from glintod, a key for each UTC day;
 * the address itself stays here.
 */

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "admin/table.h"
#include "cli/log.h"
#include "logs/page.h"

#define DAY_MS INT64_C(86400000)
/* So long after midnight one visit may go on from the day before. */
#define NIGHT_MS (30 * INT64_C(60000))
/* Without a page: how far a log is read is told all the same. */
#define LINES_MAX 200000

/* ---- which log it is ---- */

static void
hash_of(char hash[65], const char *head, size_t len)
{
    static const char what[] = "access log";
    uint8_t bytes[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const uint8_t *) what, sizeof what);
    crypto_hash_sha256_update(&state, (const uint8_t *) head, len);
    crypto_hash_sha256_final(&state, bytes);
    sodium_bin2hex(hash, 65, bytes, sizeof bytes);
}

/* Hashes of its shorter beginnings, whole lines: it may have been so short
 * when it was read last. */
static json_t *
shorter(const char *head, size_t len)
{
    json_t *hashes = json_array();
    char hash[65];
    for (size_t n = len > 0 ? len - 1 : 0; n > 0; n--)
        if (head[n - 1] == '\n') {
            hash_of(hash, head, n);
            json_array_append_new(hashes, json_string(hash));
        }
    return hashes;
}

int
gl_cli_log_begin(struct gl_cli_log *log, int only_look)
{
    size_t len = gl_cli_log_head(&log->input);
    hash_of(log->hash, log->input.bytes, len);
    json_auto_t *answer = gl_cli_ask(
        log->cli, "log.start",
        json_pack("{s:s, s:s, s:o, s:b}", "site", log->site, "hash", log->hash,
                  "was", shorter(log->input.bytes, len), "look", only_look));
    if (answer == NULL)
        return -1;
    log->known = json_is_true(json_object_get(answer, "known"));
    log->offset = gl_cli_number(answer, "offset");
    log->first_line = gl_cli_number(answer, "lines");
    snprintf(log->domain, sizeof log->domain, "%s",
             gl_cli_text(answer, "domain"));
    log->line = log->lines = 0;
    log->resumed = log->offset > 0;
    log->earlier =
        log->resumed && gl_cli_number(answer, "at_ms") < log->began_ms;
    log->resumed_day = -1;
    gl_logs_chunk_begin(&log->chunk);
    log->drops_n = 0;
    return 0;
}

int
gl_cli_log_site(struct gl_cli_log *log)
{
    hash_of(log->hash, "", 0);
    json_auto_t *answer =
        gl_cli_ask(log->cli, "log.start",
                   json_pack("{s:s, s:s, s:b}", "site", log->site, "hash",
                             log->hash, "look", 1));
    if (answer == NULL)
        return -1;
    snprintf(log->domain, sizeof log->domain, "%s",
             gl_cli_text(answer, "domain"));
    return 0;
}

int
gl_cli_log_until(struct gl_cli_log *log)
{
    json_auto_t *answer = gl_cli_ask(log->cli, "log.first",
                                     json_pack("{s:s}", "site", log->site));
    const json_t *first = json_object_get(answer, "first");
    if (answer == NULL)
        return -1;
    if (json_is_integer(first))
        log->until_ms = json_integer_value(first);
    return 0;
}

/* ---- chunks ---- */

static struct gl_text word_of(enum gl_logs_class class)
{
    const char *word =
        class == GL_LOGS_IS_PREFETCH ? "prefetch" : "bot_headers";
    return (struct gl_text){word, (uint32_t) strlen(word)};
}

/* There is always room for them: DROPS_BYTES are kept free. */
#define DROPS_BYTES (GL_CLI_LOG_DROPS * 64)

static void
put_drops(struct gl_cli_log *log)
{
    log->chunk.size += DROPS_BYTES;
    for (int i = 0; i < log->drops_n; i++)
        (void) gl_logs_chunk_drop(&log->chunk, log->drops[i].day * DAY_MS,
                                  word_of(log->drops[i].class),
                                  log->drops[i].n);
    log->chunk.size -= DROPS_BYTES;
    log->drops_n = 0;
}

static json_t *
post(struct gl_cli_log *log)
{
    char path[1024];
    char *site = gl_cli_encode(log->site);
    int status;
    snprintf(path, sizeof path,
             "/v1/log/chunk?hash=%s&offset=%lld&to=%lld&lines=%lld&site=%s",
             log->hash, (long long) log->offset, (long long) log->input.offset,
             (long long) log->lines, site);
    free(site);
    json_t *answer = gl_cli_post_again(
        log->cli, path, (char *) log->chunk.bytes, log->chunk.used, &status);
    if (status == 200)
        return answer;
    gl_cli_log_progress(log, -1);
    if (status != 0)
        gl_cli_fail("%s: %s", log->input.path,
                    json_is_object(answer) ? gl_cli_text(answer, "error")
                                           : "glintod refused a chunk");
    json_decref(answer);
    return NULL;
}

/* What was taken is committed; 0 or -1. */
static int
flush(struct gl_cli_log *log)
{
    if (log->lines == 0)
        return 0;
    put_drops(log);
    json_auto_t *answer = post(log);
    if (answer == NULL)
        return -1;
    log->offset = gl_cli_number(answer, "offset");
    log->counts[GL_LOGS_IS_PAGE] += gl_cli_number(answer, "pageviews");
    log->counts[GL_LOGS_IS_BOT] += gl_cli_number(answer, "bots");
    log->spam += gl_cli_number(answer, "spam");
    log->lines = 0;
    gl_logs_chunk_begin(&log->chunk);
    gl_cli_log_progress(log, 0);
    return 0;
}

/* ---- keys ---- */

static int
add_day(struct gl_cli_log *log, int64_t day)
{
    struct gl_cli_log_day *days;
    json_auto_t *answer = gl_cli_ask(
        log->cli, "log.key",
        json_pack("{s:s, s:I}", "site", log->site, "day", (json_int_t) day));
    const char *hex = gl_cli_text(answer, "key");
    if (answer == NULL)
        return -1;
    days = realloc(log->days, (log->days_n + 1) * sizeof *days);
    if (days == NULL)
        return gl_cli_fail("out of memory") * -1;
    log->days = days;
    days[log->days_n] = (struct gl_cli_log_day){
        .day = day, .made = json_is_true(json_object_get(answer, "made"))};
    sodium_hex2bin(days[log->days_n].key, GL_CLI_LOG_KEY, hex, strlen(hex),
                   NULL, NULL, NULL);
    log->day = log->days_n++;
    return 0;
}

/* The key of DAY, NULL: it has been said why. */
static const uint8_t *
key_of(struct gl_cli_log *log, int64_t day)
{
    if (log->days_n > 0 && log->days[log->day].day == day)
        return log->days[log->day].key;
    for (size_t i = 0; i < log->days_n; i++)
        if (log->days[i].day == day) {
            log->day = i;
            return log->days[i].key;
        }
    return add_day(log, day) == 0 ? log->days[log->day].key : NULL;
}

static int
set_visitor(struct gl_cli_log *log, const struct gl_logs_record *record,
            struct gl_event *event)
{
    char bytes[GL_VISITOR_BYTES_MAX];
    size_t len = gl_logs_visitor_bytes(bytes, record, event);
    int64_t day = event->at_ms / DAY_MS;
    const uint8_t *key;
    uint64_t hash;
    if (log->resumed_day == -1)
        log->resumed_day = day;
    /* the day at which a run goes on may have been folded since */
    if (day > 0 && (event->at_ms % DAY_MS < NIGHT_MS ||
                    (log->resumed && day == log->resumed_day))) {
        if ((key = key_of(log, day - 1)) == NULL)
            return -1;
        crypto_shorthash((uint8_t *) &hash, (uint8_t *) bytes, len, key);
        event->visitor_before = hash | GL_VISITOR_IMPORTED;
    }
    if ((key = key_of(log, day)) == NULL)
        return -1;
    crypto_shorthash((uint8_t *) &hash, (uint8_t *) bytes, len, key);
    event->visitor = hash | GL_VISITOR_IMPORTED;
    log->days[log->day].pages = 1;
    if (log->earlier && day == log->resumed_day)
        log->days[log->day].before = 1;
    return 0;
}

/* ---- lines ---- */

/* One drop more of that day: 0, or -1: there is no room. */
static int
add_drop(struct gl_cli_log *log, int64_t day, enum gl_logs_class class)
{
    int i = log->drops_n;
    while (i > 0 &&
           (log->drops[i - 1].day != day || log->drops[i - 1].class != class))
        i--;
    if (i > 0) {
        log->drops[i - 1].n++;
        return 0;
    }
    if (log->drops_n == GL_CLI_LOG_DROPS)
        return -1;
    log->drops[log->drops_n++] = (struct gl_cli_log_drop){day, class, 1};
    return 0;
}

/* What was read before goes, when there is no room for this one. */
static int
flush_before(struct gl_cli_log *log, int64_t after)
{
    log->input.offset -= after;
    int result = flush(log);
    log->input.offset += after;
    return result;
}

static int
take_page(struct gl_cli_log *log, const struct gl_logs_record *record,
          struct gl_event *event, int64_t after)
{
    if (set_visitor(log, record, event) != 0)
        return -1;
    if (gl_logs_chunk_event(&log->chunk, event) == 0)
        return 0;
    if (flush_before(log, after) != 0)
        return -1;
    if (gl_logs_chunk_event(&log->chunk, event) == 0)
        return 0;
    return -gl_cli_fail("%s: a line is too long", log->input.path);
}

/* TEXT, the next line; 0 or -1. */
static int
take_line(struct gl_cli_log *log, struct gl_text text)
{
    struct gl_logs_record record;
    struct gl_event event;
    const char *why;
    int64_t after = (int64_t) text.len + 1;
    enum gl_logs_class class =
        gl_cli_log_read_line(log, text, &record, &event, &why);
    if (class == GL_LOGS_IS_PAGE && record.at_ms >= log->until_ms)
        class = GL_LOGS_IS_COUNTED;
    log->line++;
    log->all_lines++;
    if (class == GL_LOGS_IS_UNREADABLE)
        gl_cli_log_odd(log, why, text);
    else if (class == GL_LOGS_IS_PAGE &&
             take_page(log, &record, &event, after) != 0)
        return -1;
    if (class == GL_LOGS_IS_BOT || class == GL_LOGS_IS_PREFETCH) {
        int64_t day = record.at_ms / DAY_MS;
        if (add_drop(log, day, class) != 0 &&
            (flush_before(log, after) != 0 || add_drop(log, day, class) != 0))
            return -1;
    }
    if (class != GL_LOGS_IS_PAGE)
        log->counts[class]++;
    return ++log->lines < LINES_MAX ? 0 : flush(log);
}

/* Nothing has come to it since an earlier run: the last line of that is of the
 * day at which it was written. */
static void
note_read(struct gl_cli_log *log)
{
    struct stat st;
    if (!log->earlier || log->line > 0 || stat(log->input.path, &st) == -1)
        return;
    int64_t day = (int64_t) st.st_mtime * 1000 / DAY_MS;
    if (S_ISREG(st.st_mode) && day > log->read_day)
        log->read_day = day;
}

int
gl_cli_log_take_all(struct gl_cli_log *log)
{
    const char *text;
    size_t len;
    int more;
    while ((more = gl_cli_log_line(&log->input, &text, &len)) == 1)
        if (take_line(log, (struct gl_text){text, (uint32_t) len}) != 0)
            return -1;
    note_read(log);
    return more == -1 ? -1 : flush(log);
}

int64_t
gl_cli_log_end(struct gl_cli_log *log, int keys)
{
    json_auto_t *answer =
        gl_cli_ask(log->cli, "log.end",
                   json_pack("{s:s, s:b}", "site", log->site, "keys", keys));
    int64_t visits = gl_cli_number(answer, "visits");
    if (answer == NULL)
        return -1;
    return visits;
}
