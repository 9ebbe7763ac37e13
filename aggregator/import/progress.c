/*
 * How far an import of lines or of access logs has come: found, begun,
 * committed, ended.  Writer thread.
 */

#include "import/import_internal.h"

#include "calls/answer.h"
#include "days/dirty.h"
#include "ingest/batch.h"
#include "ingest/sites.h"
#include "store/rows/totals.h"
#include "store/rows/visits.h"

#include <sodium.h>
#include <string.h>

int
gl_import_storage_(struct gl_ingest *in, struct gl_ingest_account *account,
                   int error, json_t **answer)
{
    gl_verb_cannot_write_(in, account->store, answer);
    if (gl_ingest_works_(account))
        gl_ingest_fail_(in, account, error);
    return 507;
}

int
gl_import_site_(struct gl_ingest *in, const struct gl_call *call,
                struct gl_ingest_site **site, json_t **answer)
{
    struct gl_meta_site *meta;
    int status =
        gl_verb_site_(in, gl_verb_text_(call, "site", NULL), &meta, answer);

    if (status != 0)
        return status;
    *site = gl_ingest_site_by_id_(in, meta->id);
    g_free(meta);
    return *site != NULL ? 0 : gl_verb_refuse_(answer, 500, "out of memory");
}

static int
is_hash(const char *hash)
{
    return strlen(hash) == 64 && strspn(hash, "0123456789abcdef") == 64;
}

int
gl_import_find_(struct gl_ingest *in, struct gl_ingest_site *site,
                const char *hash, struct gl_store_import *import,
                json_t **answer)
{
    int found;

    if (!is_hash(hash))
        return gl_verb_refuse_(answer, 400,
                               "hash is the SHA-256 of the file in hex");
    found = gl_account_import(site->account->store, hash, site->id, import);
    if (found < 0)
        return gl_import_storage_(in, site->account, found, answer);
    if (found == 0)
        return gl_verb_refuse_(
            answer, 404, "this import was not started for %s", site->domain);
    return 0;
}

/* TOTALS, which begin: no other import of such is under way. */
static int
put_totals(struct gl_account *store, const struct gl_total_import *totals)
{
    int error = gl_account_drop_totals(store, totals->site);

    return error < 0 ? error : gl_account_put_total_import(store, totals);
}

int
gl_import_commit_(struct gl_ingest *in, struct gl_ingest_site *site,
                  const struct gl_store_import *import,
                  const struct gl_total_import *totals, json_t **answer)
{
    struct gl_ingest_account *account = site->account;
    int error;

    if (gl_ingest_begin_(in, account) != 0)
        return gl_verb_cannot_write_(in, account->store, answer);
    error = totals != NULL ? put_totals(account->store, totals) : 0;
    if (error == 0)
        error = gl_account_put_import(account->store, import);
    if (error < 0)
        return gl_import_storage_(in, account, error, answer);
    if (gl_ingest_commit_(in, account) != 0)
        return gl_verb_cannot_write_(in, account->store, answer);
    return 0;
}

int
gl_import_begin_(struct gl_ingest *in, struct gl_ingest_site *site,
                 const char *hash, struct gl_store_import *import)
{
    int found;

    memset(import, 0, sizeof *import);
    g_strlcpy(import->hash, hash, sizeof import->hash);
    import->site = site->id;
    import->at_ms = in->now_ms;
    found = gl_account_import_key(site->account->store, site->id, import->key);
    if (found == 0)
        randombytes_buf(import->key, sizeof import->key);
    return found < 0 ? found : 0;
}

/* ---- the end ---- */

int
gl_import_end_piece_(struct gl_ingest *in,
                     int (*end)(struct gl_ingest *in,
                                struct gl_ingest_site *site,
                                const struct gl_call *call, json_t **answer))
{
    struct gl_ingest_site *site = gl_ingest_site_by_id_(in, in->work.site);
    json_t *answer = NULL;
    int status, error = gl_days_refold_(in, site);

    if (error == 1)
        return 0; /* dirty.c says when to come again */
    status = error < 0 ? gl_import_storage_(in, site->account, error, &answer)
                       : end(in, site, in->work.call, &answer);
    in->work.step = NULL;
    gl_call_answer_(in, status, answer);
    return 1;
}

int
gl_import_visits_(struct gl_ingest *in, struct gl_ingest_site *site,
                  uint32_t *visits, json_t **answer)
{
    int error;

    /* its rows may be of today, even of now: counted again when asked */
    gl_ingest_drop_(in, site);
    site->changed = 1;
    /* its days are sealed now, however short ago others of the account were */
    site->account->seal_at_ms = MIN(site->account->seal_at_ms, in->boot_ms);
    error = gl_account_count_visits(site->account->store, site->id, 0,
                                    INT64_MAX, visits);
    return error < 0 ? gl_import_storage_(in, site->account, error, answer)
                     : 0;
}
