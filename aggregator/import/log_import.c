/*
 * Access logs: log.start, log.key, log.chunk, log.end.  The glinto command
 * reads the lines (logs/) and hashes who they are of; what comes here are
 * events as a worker makes them, and how far the log has been read.
 *
 * A log is known by the hash of its beginning, so a rotated or compressed copy
 * is the same log, and stands where it stood.  A chunk's rows, the days they
 * make dirty and the offset are one transaction.  A log is never done: it may
 * grow.
 *
 * Writer thread.
 */

#include "import/import.h"

#include "admin/table.h"
#include "calls/answer.h"
#include "days/dirty.h"
#include "import/event_line.h"
#include "import/let_go.h"
#include "import/import_internal.h"
#include "ingest/apply.h"
#include "ingest/batch.h"
#include "logs/chunk.h"
#include "reasons.h"
#include "store/rows/midnight.h"
#include "store/rows/rows.h"
#include "workers/log_keys.h"

#include <sodium.h>
#include <string.h>

/* What of a log's lines a chunk may say it has. */
#define LINES_MAX INT64_C(1000000000)
#define AGENTS_MAX 100

struct chunk {
    struct gl_ingest *in;
    struct gl_ingest_site *site;
    struct gl_store_import import;
    int64_t dirty; /* the day marked last */
    int64_t rows, bots, spam;
    char why[256];
};

static json_t *
progress(const struct gl_store_import *import)
{
    return json_pack("{s:I, s:I, s:I, s:s}", "offset",
                     (json_int_t) import->offset, "lines",
                     (json_int_t) import->lines, "at_ms",
                     (json_int_t) import->at_ms, "hash", import->hash);
}

/* ---- start ---- */

/* One of WAS, the longest first, that was read: 0 and *IMPORT, 404, or another
 * status. */
static int
find_shorter(struct gl_ingest *in, struct gl_ingest_site *site,
             const json_t *was, struct gl_store_import *import,
             json_t **answer)
{
    int status = 404;

    for (size_t i = 0; status == 404 && i < json_array_size(was); i++) {
        const char *hash = json_string_value(json_array_get(was, i));

        json_decref(*answer);
        *answer = NULL;
        status = gl_import_find_(in, site, hash == NULL ? "" : hash, import,
                                 answer);
    }
    return status;
}

/* It was not read before, or as one of "was": begin it. */
static int
begin(struct gl_ingest *in, struct gl_ingest_site *site,
      const struct gl_call *call, struct gl_store_import *import, int *known,
      json_t **answer)
{
    struct gl_store_import shorter;
    int error,
        status = find_shorter(in, site, json_object_get(call->args, "was"),
                              &shorter, answer);

    if (status != 0 && status != 404)
        return status;
    json_decref(*answer);
    *answer = NULL;
    *known = status == 0;
    error =
        gl_import_begin_(in, site, gl_verb_text_(call, "hash", NULL), import);
    if (error < 0)
        return gl_import_storage_(in, site->account, error, answer);
    import->offset = *known ? shorter.offset : 0;
    import->lines = *known ? shorter.lines : 0;
    import->at_ms = *known ? shorter.at_ms : in->now_ms;
    if (!*known && json_is_true(json_object_get(call->args, "look")))
        return 0;
    return gl_import_commit_(in, site, import, NULL, answer);
}

int
gl_verb_log_start_(struct gl_ingest *in, const struct gl_call *call,
                   json_t **answer)
{
    const char *hash = gl_verb_text_(call, "hash", NULL);
    struct gl_ingest_site *site;
    struct gl_store_import import;
    int known = 1, status = gl_import_site_(in, call, &site, answer);

    if (status != 0)
        return status;
    status = gl_import_find_(in, site, hash, &import, answer);
    if (status == 404)
        status = begin(in, site, call, &import, &known, answer);
    if (status != 0)
        return status;
    *answer = progress(&import);
    json_object_set_new(*answer, "domain", json_string(site->domain));
    json_object_set_new(*answer, "known", json_boolean(known));
    return 200;
}

int
gl_verb_log_key_(struct gl_ingest *in, const struct gl_call *call,
                 json_t **answer)
{
    json_int_t day = json_integer_value(json_object_get(call->args, "day"));
    uint8_t key[GL_LOG_KEY_BYTES];
    char hex[2 * sizeof key + 1], why[256];
    struct gl_ingest_site *site;
    int made, status = gl_import_site_(in, call, &site, answer);

    if (status != 0)
        return status;
    if (day < 0 || day > (in->now_ms + GL_IMPORT_AHEAD_MS) / GL_DAY_MS)
        return gl_verb_refuse_(answer, 400, "day is not one of a log");
    made = gl_log_key(in->conf->salt, site->id, day, key, why, sizeof why);
    if (made < 0)
        return gl_verb_refuse_(answer, 507, "%s", why);
    sodium_bin2hex(hex, sizeof hex, key, sizeof key);
    *answer = json_pack("{s:s, s:b}", "key", hex, "made", made);
    sodium_memzero(key, sizeof key);
    return 200;
}

int
gl_verb_log_agents_(struct gl_ingest *in, const struct gl_call *call,
                    json_t **answer)
{
    const json_t *agents = json_object_get(call->args, "agents"), *agent;
    json_t *bots;
    size_t i;

    if (!json_is_array(agents) || json_array_size(agents) > AGENTS_MAX)
        return gl_verb_refuse_(
            answer, 400, "agents are a list of at most %d texts", AGENTS_MAX);
    bots = json_array();
    json_array_foreach (agents, i, agent) {
        struct gl_text text = {json_string_value(agent),
                               (uint32_t) json_string_length(agent)};

        json_array_append_new(
            bots, json_string(gl_enrich_agent(in->enrich, text)->bot));
    }
    *answer = json_pack("{s:o}", "bots", bots);
    return 200;
}

/* ---- chunk ---- */

static int
mark_day(struct chunk *chunk, int64_t at_ms)
{
    int64_t day = at_ms / GL_DAY_MS;

    if (day == chunk->dirty)
        return 0;
    chunk->dirty = day;
    return gl_account_add_dirty(chunk->site->account->store, chunk->site->id,
                                day);
}

/* The two ids of a visitor whose visit may go over midnight. */
static int
store_link(struct chunk *chunk, const struct gl_event *event)
{
    struct gl_link link = {event->visitor, event->visitor_before,
                           event->at_ms / GL_DAY_MS};

    if (event->visitor_before == 0)
        return 0;
    gl_ingest_note_night_(chunk->in, chunk->site->account);
    return gl_account_add_link(chunk->site->account->store, chunk->site->id,
                               &link);
}

static int
store_event(struct chunk *chunk, struct gl_event *event)
{
    struct gl_store_event row;
    uint64_t bots = chunk->in->counters.bots;
    int result = gl_import_let_go_(chunk->in, chunk->site, 0, event->at_ms,
                                   chunk->why, sizeof chunk->why);

    if (result != 0)
        return result;
    result = gl_ingest_row_(chunk->in, chunk->site, event, NULL, &row);
    if (result == 1) {
        if (chunk->in->counters.bots > bots)
            chunk->bots++;
        else
            chunk->spam++;
        return 0;
    }
    if (result < 0 || (result = store_link(chunk, event)) < 0 ||
        (result = gl_account_insert_more(chunk->site->account->store, &row)) <
            0)
        return result;
    chunk->rows++;
    return mark_day(chunk, row.at_ms);
}

static int
store_drop(struct chunk *chunk, const struct gl_logs_item *item)
{
    const struct gl_text word = gl_reason_word(GL_REASON_PREFETCH);
    int early = item->reason.len == word.len &&
                memcmp(item->reason.data, word.data, word.len) == 0;

    return gl_account_add_drop(
        chunk->site->account->store, chunk->site->id, item->at_ms / GL_DAY_MS,
        gl_reason_word(early ? GL_REASON_PREFETCH : GL_REASON_BOT_HEADERS),
        item->n);
}

/* 0, 1 = refused (chunk->why), or -enum gl_store_error. */
static int
take_item(struct chunk *chunk, const struct gl_logs_item *item)
{
    struct gl_event event;
    const char *why;

    if (item->at_ms < 0 ||
        item->at_ms > chunk->in->now_ms + GL_IMPORT_AHEAD_MS)
        return 1;
    if (item->kind == GL_LOGS_DROP)
        return store_drop(chunk, item);
    if (gl_event_decode(chunk->in->decoder, &event, item->payload,
                        item->payload_len, &why) != 0 ||
        !(event.visitor & GL_VISITOR_IMPORTED) || event.kind != GL_PAGEVIEW)
        return 1;
    event.at_ms = item->at_ms;
    return store_event(chunk, &event);
}

static int
take_items(struct chunk *chunk, const struct gl_call *call)
{
    const uint8_t *bytes = (const uint8_t *) call->body;
    size_t len = call->body_len;
    struct gl_logs_item item;
    int more, result = 0, first = 1;

    while (result == 0 &&
           (more = gl_logs_chunk_next(&bytes, &len, first, &item)) != 0) {
        result = more < 0 ? 1 : take_item(chunk, &item);
        first = 0;
    }
    return result;
}

static int
apply(struct chunk *chunk, const struct gl_call *call, json_t **answer)
{
    struct gl_ingest *in = chunk->in;
    struct gl_ingest_account *account = chunk->site->account;
    int result;

    if (gl_ingest_begin_(in, account) != 0)
        return gl_verb_cannot_write_(in, account->store, answer);
    gl_days_refold_stop_(in, account);
    g_strlcpy(chunk->why, "the body is no chunk of a log", sizeof chunk->why);
    result = take_items(chunk, call);
    if (result == 1) {
        gl_ingest_cancel_(in, account);
        return gl_verb_refuse_(answer, 400, "%s", chunk->why);
    }
    if (result < 0)
        return gl_import_storage_(in, account, result, answer);
    if (chunk->rows > 0)
        gl_ingest_refold_at_(in, account, in->boot_ms + GL_IMPORT_SILENCE_MS);
    return gl_import_commit_(in, chunk->site, &chunk->import, NULL, answer);
}

static json_int_t
number(const struct gl_call *call, const char *key)
{
    return json_integer_value(json_object_get(call->args, key));
}

int
gl_verb_log_chunk_(struct gl_ingest *in, const struct gl_call *call,
                   json_t **answer)
{
    struct chunk chunk = {.in = in, .dirty = -1};
    json_int_t to = number(call, "to"), lines = number(call, "lines");
    int status = gl_import_site_(in, call, &chunk.site, answer);

    if (status == 0)
        status =
            gl_import_find_(in, chunk.site, gl_verb_text_(call, "hash", NULL),
                            &chunk.import, answer);
    if (status != 0)
        return status;
    if (call->body == NULL || call->body_len > GL_LOG_CHUNK_MAX ||
        to < chunk.import.offset || lines < 0 || lines > LINES_MAX)
        return gl_verb_refuse_(answer, 400, "this is no chunk of a log");
    if (number(call, "offset") != chunk.import.offset)
        return gl_verb_refuse_(answer, 409,
                               "this log has been read up to byte %lld, not "
                               "%lld; is another glinto reading it?",
                               (long long) chunk.import.offset,
                               (long long) number(call, "offset"));
    chunk.import.offset = to;
    chunk.import.lines += lines;
    chunk.import.at_ms = in->now_ms;
    status = apply(&chunk, call, answer);
    if (status != 0)
        return status;
    *answer = progress(&chunk.import);
    json_object_set_new(*answer, "pageviews", json_integer(chunk.rows));
    json_object_set_new(*answer, "bots", json_integer(chunk.bots));
    json_object_set_new(*answer, "spam", json_integer(chunk.spam));
    return 200;
}

/* ---- end ---- */

static int
end_run(struct gl_ingest *in, struct gl_ingest_site *site,
        const struct gl_call *call, json_t **answer)
{
    char why[256];
    uint32_t visits = 0;
    int status;

    if (json_is_true(json_object_get(call->args, "keys")) &&
        gl_log_keys_end(in->conf->salt, site->id, in->now_ms, why,
                        sizeof why) != 0)
        return gl_verb_refuse_(answer, 507, "%s", why);
    status = gl_import_visits_(in, site, &visits, answer);
    if (status != 0)
        return status;
    *answer = json_pack("{s:I}", "visits", (json_int_t) visits);
    return 200;
}

static int
end_piece(struct gl_ingest *in)
{
    return gl_import_end_piece_(in, end_run);
}

int
gl_verb_log_end_(struct gl_ingest *in, const struct gl_call *call,
                 json_t **answer)
{
    struct gl_ingest_site *site;
    int status = gl_import_site_(in, call, &site, answer);

    if (status != 0)
        return status;
    in->work.site = site->id;
    in->work.step = end_piece;
    return GL_VERB_LATER;
}
