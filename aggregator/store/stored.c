/* What is stored; see stored.h.  Any thread, with a reader of its own. */

#include "store/stored.h"

#include "store/account/reader.h"
#include "store/meta/meta_internal.h"

#include <arpa/inet.h>
#include <glib.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define LOOK_OPS 10000 /* of SQLite's machine, less than a millisecond */
#define ADDRESS "0123456789abcdefABCDEF:."

/* All texts of a file but hosts, which are the site's own; of a referrer the
 * host is another site's. */
static const struct {
    const char *table;
    const char *sql;
} texts[] = {
    {"paths", "SELECT text FROM paths ORDER BY code"},
    {"served_pages", "SELECT path FROM served_pages ORDER BY site, day, path"},
    {"served_bots", "SELECT path FROM served_bots ORDER BY site, day, family,"
                    " reason, path"},
    {"names", "SELECT text FROM names ORDER BY code"},
    {"titles", "SELECT text FROM titles ORDER BY code"},
    {"languages", "SELECT text FROM languages ORDER BY code"},
    {"screens", "SELECT text FROM screens ORDER BY code"},
    {"prop_keys", "SELECT text FROM prop_keys ORDER BY code"},
    {"prop_values", "SELECT text FROM prop_values ORDER BY code"},
    {"referrers", "SELECT substr(referrer, instr(referrer || '/', '/')) || ' '"
                  " || utm_source || ' ' || utm_medium || ' ' ||"
                  " utm_campaign || ' ' || utm_content || ' ' || utm_term"
                  " || ' ' || click_id FROM referrers ORDER BY code"},
    {"places", "SELECT country || ' ' || region || ' ' || city FROM places"
               " ORDER BY code"},
    {"agents", "SELECT browser || ' ' || os || ' ' || device FROM agents"
               " ORDER BY code"},
};

static const char rows[] =
    "SELECT count(*), ifnull(min(at), 0), total(props IS NOT NULL), "
    "total(referrer IN (SELECT code FROM referrers WHERE utm_source || "
    "utm_medium || utm_campaign || utm_content || utm_term || click_id "
    "<> '')) FROM events WHERE site = ?1";
static const char links[] =
    "SELECT (SELECT count(*) FROM midnight WHERE site = ?1 AND day < ?2 AND "
    "NOT EXISTS (SELECT 1 FROM dirty_days)) + (SELECT count(*) FROM sessions "
    "WHERE site = ?1 AND alias IS NOT NULL AND open = 0)";

/* "a::b" is a name of a program rather than an address: a group of three
 * digits, or four colons. */
static int
is_long(const char *text)
{
    int digits = 0, colons = 0;

    for (; *text != '\0' && digits < 3 && colons < 4; text++) {
        digits = *text == ':' ? 0 : digits + 1;
        colons += *text == ':';
    }
    return digits >= 3 || colons >= 4;
}

static int
is_address(const char *word, size_t len)
{
    char text[INET6_ADDRSTRLEN];
    unsigned char bytes[16];

    while (len > 0 &&
           (word[len - 1] == '.' ||
            (len > 2 && word[len - 1] == ':' && word[len - 2] != ':')))
        len--;
    if (len >= sizeof text || len < sizeof "::1" - 1)
        return 0;
    memcpy(text, word, len);
    text[len] = '\0';
    return inet_pton(AF_INET, text, bytes) == 1 ||
           (inet_pton(AF_INET6, text, bytes) == 1 && is_long(text));
}

/* 1 = TEXT has an IPv4 or IPv6 address in it, as a word. */
static int
has_address(const char *text)
{
    for (const char *at = text; *at != '\0';) {
        size_t len = strspn(at, ADDRESS);
        int begins = at == text || !g_ascii_isalnum(at[-1]);

        if (len > 0 && begins && !g_ascii_isalnum(at[len]) &&
            is_address(at, len))
            return 1;
        at += len > 0 ? len : 1;
    }
    return 0;
}

/* A line of what was read. */
static void
hash_line(crypto_hash_sha256_state *hash, const char *line)
{
    crypto_hash_sha256_update(hash, (const unsigned char *) line,
                              strlen(line));
    crypto_hash_sha256_update(hash, (const unsigned char *) "\n", 1);
}

static int
look_for_addresses(sqlite3 *file, struct gl_stored *stored,
                   crypto_hash_sha256_state *hash)
{
    int rc = SQLITE_DONE;

    for (size_t i = 0; i < G_N_ELEMENTS(texts) && rc == SQLITE_DONE; i++) {
        sqlite3_stmt *ask = NULL;

        rc = sqlite3_prepare_v2(file, texts[i].sql, -1, &ask, NULL);
        if (rc != SQLITE_OK)
            return -1;
        hash_line(hash, texts[i].table);
        while ((rc = sqlite3_step(ask)) == SQLITE_ROW) {
            const char *text = (const char *) sqlite3_column_text(ask, 0);

            hash_line(hash, text == NULL ? "" : text);
            if (text == NULL || !has_address(text))
                continue;
            stored->addresses++;
            g_strlcpy(stored->where, texts[i].table, sizeof stored->where);
        }
        sqlite3_finalize(ask);
    }
    return rc == SQLITE_DONE ? 0 : -1;
}

static sqlite3_stmt *
row_of(sqlite3 *file, const char *sql, int64_t site, int64_t day)
{
    sqlite3_stmt *ask = NULL;

    if (sqlite3_prepare_v2(file, sql, -1, &ask, NULL) == SQLITE_OK &&
        sqlite3_bind_int64(ask, 1, site) == SQLITE_OK &&
        (sqlite3_bind_parameter_count(ask) < 2 ||
         sqlite3_bind_int64(ask, 2, day) == SQLITE_OK) &&
        sqlite3_step(ask) == SQLITE_ROW)
        return ask;
    sqlite3_finalize(ask);
    return NULL;
}

static int
look_at_rows(sqlite3 *file, int64_t site, int64_t now_ms,
             struct gl_stored *stored)
{
    sqlite3_stmt *ask = row_of(file, rows, site, 0);

    if (ask == NULL)
        return -1;
    stored->events = sqlite3_column_int64(ask, 0);
    stored->first_ms = sqlite3_column_int64(ask, 1);
    stored->props = sqlite3_column_int64(ask, 2);
    stored->campaigns = sqlite3_column_int64(ask, 3);
    sqlite3_finalize(ask);
    /* of this night some may be needed yet */
    ask = row_of(file, links, site, now_ms / DAY_MS);
    if (ask == NULL)
        return -1;
    stored->links = sqlite3_column_int64(ask, 0);
    sqlite3_finalize(ask);
    return 0;
}

/* Numbers and texts, and the hash of both. */
static int
look(sqlite3 *file, int64_t site, int64_t now_ms, struct gl_stored *stored)
{
    crypto_hash_sha256_state hash;
    unsigned char sum[crypto_hash_sha256_BYTES];
    char numbers[160];

    _Static_assert(sizeof stored->sha256 == 2 * sizeof sum + 1, "in hex");
    if (look_at_rows(file, site, now_ms, stored) != 0)
        return -1;
    snprintf(numbers, sizeof numbers, "%lld %lld %lld %lld %lld",
             (long long) stored->events, (long long) stored->first_ms,
             (long long) stored->campaigns, (long long) stored->props,
             (long long) stored->links);
    crypto_hash_sha256_init(&hash);
    hash_line(&hash, numbers);
    if (look_for_addresses(file, stored, &hash) != 0)
        return -1;
    crypto_hash_sha256_final(&hash, sum);
    sodium_bin2hex(stored->sha256, sizeof stored->sha256, sum, sizeof sum);
    return 0;
}

static int
stops(void *arg)
{
    return atomic_load((const atomic_int *) arg);
}

int
gl_stored_read(const struct gl_meta *meta, const char *account, int64_t site,
               int64_t now_ms, const atomic_int *stopping,
               struct gl_stored *stored)
{
    sqlite3 *file = gl_meta_open_account_(meta, account);
    int result = -1;

    memset(stored, 0, sizeof *stored);
    if (file != NULL) {
        sqlite3_progress_handler(file, LOOK_OPS, stops,
                                 (void *) (uintptr_t) stopping);
        result = look(file, site, now_ms, stored);
        sqlite3_progress_handler(file, 0, NULL, NULL);
    }
    gl_reader_close_(file);
    return result;
}
