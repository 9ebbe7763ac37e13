/* What is stored; see stored.h.  Any thread, with a reader of its own. */

#include "store/stored.h"

#include "store/account/account_internal.h"
#include "store/meta/meta_internal.h"

#include <arpa/inet.h>
#include <glib.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define ADDRESS "0123456789abcdefABCDEF:."

/* All texts of a file but hosts, which are the site's own. */
static const struct {
    const char *table;
    int number; /* of the statement */
} texts[] = {
    {"paths", GL_SQL_TEXTS_PATHS},
    {"served_pages", GL_SQL_TEXTS_SERVED_PAGES},
    {"served_bots", GL_SQL_TEXTS_SERVED_BOTS},
    {"names", GL_SQL_TEXTS_NAMES},
    {"titles", GL_SQL_TEXTS_TITLES},
    {"languages", GL_SQL_TEXTS_LANGUAGES},
    {"screens", GL_SQL_TEXTS_SCREENS},
    {"prop_keys", GL_SQL_TEXTS_PROP_KEYS},
    {"prop_values", GL_SQL_TEXTS_PROP_VALUES},
    {"referrers", GL_SQL_TEXTS_REFERRERS},
    {"places", GL_SQL_TEXTS_PLACES},
    {"agents", GL_SQL_TEXTS_AGENTS},
};

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
look_for_addresses(struct gl_account *file, struct gl_stored *stored,
                   crypto_hash_sha256_state *hash)
{
    int rc = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(texts) && rc == 0; i++) {
        sqlite3_stmt *ask = gl_account_ask_(file, texts[i].number, NULL);

        hash_line(hash, texts[i].table);
        while ((rc = gl_db_step(&file->db, ask)) == 1) {
            const char *text = gl_db_column_text(ask, 0);

            hash_line(hash, text);
            if (!has_address(text))
                continue;
            stored->addresses++;
            g_strlcpy(stored->where, texts[i].table, sizeof stored->where);
        }
    }
    return rc;
}

static int
look_at_rows(struct gl_account *file, int64_t site, int64_t now_ms,
             struct gl_stored *stored)
{
    sqlite3_stmt *ask =
        gl_account_ask_(file, GL_SQL_STORED_ROWS, GL_VALUES(gl_as_int(site)));

    if (gl_db_step(&file->db, ask) != 1)
        return -1;
    stored->events = sqlite3_column_int64(ask, 0);
    stored->first_ms = sqlite3_column_int64(ask, 1);
    stored->props = sqlite3_column_int64(ask, 2);
    stored->campaigns = sqlite3_column_int64(ask, 3);
    sqlite3_reset(ask);
    /* of this night some may be needed yet */
    ask = gl_account_ask_(
        file, GL_SQL_STORED_LINKS,
        GL_VALUES(gl_as_int(site), gl_as_int(now_ms / DAY_MS)));
    return gl_db_first(&file->db, ask, &stored->links) == 1 ? 0 : -1;
}

/* Numbers and texts, and the hash of both. */
static int
look(struct gl_account *file, int64_t site, int64_t now_ms,
     struct gl_stored *stored)
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

int
gl_stored_read(const struct gl_meta *meta, const char *account, int64_t site,
               int64_t now_ms, const atomic_int *stopping,
               struct gl_stored *stored)
{
    struct gl_account *file = gl_meta_open_account_(meta, account, stopping);
    int result;

    memset(stored, 0, sizeof *stored);
    if (file == NULL)
        return -1;
    result = look(file, site, now_ms, stored);
    gl_account_reader_free(file);
    return result;
}
