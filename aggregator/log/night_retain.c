/*
 * Packs without what is older than sites keep it; see night_retain.h.
 *
 * The table "kept" says for each site which day was too old last, and is
 * written when all is done.
 */

#include "log/night_retain.h"

#include "clock.h"
#include "domain.h"
#include "log.h"
#include "store/made.h"

#include <stdio.h>
#include <stdlib.h>

#define DAY_MS INT64_C(86400000)
/* As in cities (move/retention.c). */
#define NIGHT_MS (3 * INT64_C(3600000))
#define WHY_MAX 512
/* Rows of a pack each are many of its TOAST table. */
#define GONE_AT_ONCE 100
#define ALL_OLD INT64_MIN

struct kept {
    int64_t site, since; /* UTC day, the first that is kept */
    char domain[GL_DOMAIN_BYTES];
};

struct keeping {
    int64_t day;  /* today */
    int64_t upto; /* changes that were made here */
    GArray *kept; /* struct kept, of sites with retention_days */
    int64_t since_first, since_last;
    int keeps_all;         /* some site does */
    GHashTable *known;     /* site -> .since of the last night */
    GHashTable *ranges;    /* those in the arrays */
    GString *from, *until; /* UTC ms: what is too old now and was not then */
};

/* What a site with retention_days has since when. */
static void
take_site(void *arg, int64_t site, const char *domain, int64_t days)
{
    struct keeping *k = arg;
    struct kept kept = {.site = site, .since = k->day - days};

    if (days <= 0) {
        k->keeps_all = 1;
        return;
    }
    g_strlcpy(kept.domain, domain, sizeof kept.domain);
    g_array_append_val(k->kept, kept);
    k->since_first = MIN(k->since_first, kept.since);
    k->since_last = MAX(k->since_last, kept.since);
}

/* ---- packs that nobody wants ---- */

static int
drop_old(struct gl_rewrite *r, const struct keeping *k, uint64_t *packs)
{
    int gone = GONE_AT_ONCE;

    while (gone == GONE_AT_ONCE) {
        PGresult *result = gl_rewrite_ask(
            r,
            "DELETE FROM pack WHERE last IN (SELECT last FROM pack WHERE "
            "newest < $1::bigint AND slot <= (SELECT packed FROM night) ORDER "
            "BY pack.last LIMIT " G_STRINGIFY(GONE_AT_ONCE) ")",
            k->since_first * DAY_MS);

        gone = result == NULL ? -1 : atoi(PQcmdTuples(result));
        PQclear(result);
        *packs += (uint64_t) MAX(gone, 0);
    }
    return gone < 0 ? -1 : 0;
}

/* ---- packs to be looked at ---- */

static int
ask_known(struct gl_rewrite *r, struct keeping *k)
{
    PGresult *rows =
        gl_server_ask(r->server, "SELECT site, since FROM kept", 0, NULL, 0);

    for (int i = 0; i < PQntuples(rows); i++) {
        struct kept *one = g_new0(struct kept, 1);

        one->site = strtoll(PQgetvalue(rows, i, 0), NULL, 10);
        one->since = strtoll(PQgetvalue(rows, i, 1), NULL, 10);
        g_hash_table_insert(k->known, &one->site, one);
    }
    int result = rows == NULL ? -1 : 0;
    PQclear(rows);
    return result;
}

static void
add_number(GString *array, int64_t number)
{
    g_string_append_printf(array, "%s%" G_GINT64_FORMAT,
                           array->len > 1 ? "," : "", number);
}

/* Many sites have the same. */
static void
add_range(struct keeping *k, const struct kept *kept)
{
    const struct kept *known = g_hash_table_lookup(k->known, &kept->site);
    int64_t from = known == NULL ? ALL_OLD : known->since;

    if (from >= kept->since ||
        !g_hash_table_add(k->ranges, g_strdup_printf("%" G_GINT64_FORMAT
                                                     " %" G_GINT64_FORMAT,
                                                     from, kept->since)))
        return;
    add_number(k->from, from == ALL_OLD ? ALL_OLD : from * DAY_MS);
    add_number(k->until, kept->since * DAY_MS);
}

static int
write_again(struct gl_rewrite *r, struct keeping *k)
{
    char last[24];
    uint64_t from, until;

    for (guint i = 0; i < k->kept->len; i++) {
        const struct kept *kept = &g_array_index(k->kept, struct kept, i);

        add_range(k, kept);
        gl_names_expire(r->names, kept->domain, kept->since * DAY_MS);
    }
    g_string_append_c(k->from, '}');
    g_string_append_c(k->until, '}');
    snprintf(last, sizeof last, "%" G_GINT64_FORMAT, k->since_last * DAY_MS);
    const char *values[] = {NULL, k->from->str, k->until->str, last};
    gl_names_range(r->names, &from, &until);
    return gl_rewrite_packs(
        r,
        GL_REWRITE_SELECT(
            "(EXISTS (SELECT FROM unnest($2::bigint[], $3::bigint[]) r (lo, "
            "hi) WHERE oldest < hi AND newest >= lo) OR (oldest < $4::bigint "
            "AND slot > (SELECT kept FROM night)))"),
        4, values, from, until);
}

/* ---- the job ---- */

/* All of it is done: 0, or -1. */
static int
note_kept(struct gl_rewrite *r, const struct keeping *k)
{
    g_autoptr(GString) sites = g_string_new("{"), since = g_string_new("{");
    const char *values[2];
    PGresult *result;

    for (guint i = 0; i < k->kept->len; i++) {
        const struct kept *kept = &g_array_index(k->kept, struct kept, i);

        add_number(sites, kept->site);
        add_number(since, kept->since);
    }
    g_string_append_c(sites, '}');
    g_string_append_c(since, '}');
    values[0] = sites->str;
    values[1] = since->str;
    result = gl_server_ask(
        r->server,
        "WITH gone AS (DELETE FROM kept WHERE site <> ALL ($1::bigint[])), "
        "upto AS (UPDATE night SET kept = packed) INSERT INTO kept (site, "
        "since) SELECT * FROM unnest($1::bigint[], $2::integer[]) ON CONFLICT "
        "(site) DO UPDATE SET since = excluded.since",
        2, values, 0);
    PQclear(result);
    return result == NULL ? -1 : 0;
}

static int
retain(struct gl_rewrite *r, struct keeping *k, uint64_t *packs)
{
    if (k->kept->len > 0 && !k->keeps_all && drop_old(r, k, packs) != 0)
        return -1;
    if (k->kept->len > 0 &&
        (ask_known(r, k) != 0 || gl_rewrite_names(r, k->upto, 0) != 0 ||
         write_again(r, k) != 0))
        return -1;
    return note_kept(r, k);
}

/* 1 = some site was changed since, 0 = none was, -1 with .why. */
static int
is_behind(struct gl_rewrite *r, const struct keeping *k)
{
    PGresult *row = gl_rewrite_ask(
        r,
        "SELECT EXISTS (SELECT FROM change WHERE id > $1::bigint AND verb "
        "LIKE 'site.%')::int",
        k->upto);
    int behind = row == NULL ? -1 : atoi(PQgetvalue(row, 0, 0));

    PQclear(row);
    return behind;
}

int
gl_night_retain(struct gl_rewrite *r, const char *data, uint64_t *packs)
{
    struct keeping k = {.day = (gl_clock_now_ms() - NIGHT_MS) / DAY_MS,
                        .since_first = INT64_MAX,
                        .since_last = INT64_MIN};
    char why[WHY_MAX] = "this machine has not made all changes of sites";
    int result;

    k.kept = g_array_new(FALSE, FALSE, sizeof(struct kept));
    k.known = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    k.ranges = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    k.from = g_string_new("{");
    k.until = g_string_new("{");
    result = gl_made_kept(data, &k.upto, take_site, &k, why, sizeof why) == 0
                 ? is_behind(r, &k)
                 : 1;
    if (result == 1)
        gl_log(GL_LOG_ERROR,
               "what is older than sites keep it stays in the log until the "
               "next night: %s",
               why);
    else if (result == 0)
        result = retain(r, &k, packs);
    g_string_free(k.from, TRUE);
    g_string_free(k.until, TRUE);
    g_hash_table_destroy(k.ranges);
    g_hash_table_destroy(k.known);
    g_array_free(k.kept, TRUE);
    return MIN(result, 0);
}
