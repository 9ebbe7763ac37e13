/*
 * Imports of event lines, and of rows of day totals (totals.h): import.start,
 * import.chunk, import.finish.
 *
 * A chunk's rows, the days they make dirty and how far the file has come are
 * one transaction: an import that was killed goes on where it was, and one
 * repeated adds nothing.  Visits are made once, at the end, by the same fold
 * that makes any dirty day again.
 *
 * Visitor texts are hashed with one key of the site, with the bit that no live
 * visitor has: in two files one text is one person.  The text itself is stored
 * nowhere.
 *
 * Writer thread.
 */

#include "import/import.h"

#include "admin/table.h"
#include "calls/answer.h"
#include "days/dirty.h"
#include "import/event_line.h"
#include "import/event_text.h"
#include "import/foreign.h"
#include "import/import_internal.h"
#include "import/let_go.h"
#include "import/totals.h"
#include "ingest/apply.h"
#include "ingest/batch.h"
#include "question/range.h"
#include "store/rows/rows.h"
#include "store/rows/tallies.h"
#include "store/rows/totals.h"

#include <sodium.h>
#include <string.h>

struct chunk {
    struct gl_ingest *in;
    struct gl_ingest_site *site;
    struct gl_store_import import;
    struct gl_total_import totals;    /* .id 0: an import of events */
    const struct gl_foreign *foreign; /* of another product's; or NULL */
    const struct gl_product *product; /* whose TOTALS are not as ours */
    GHashTable *days;                 /* UTC days marked by this chunk */
    char why[512];
};

static json_t *
progress(const struct gl_store_import *import)
{
    return json_pack("{s:I, s:I}", "offset", (json_int_t) import->offset,
                     "lines", (json_int_t) import->lines);
}

static int
is_of_totals(const char *format)
{
    return strcmp(format, "plausible-csv") == 0 ||
           gl_product_by_name(format) != NULL;
}

/* It was not heard of before. */
static int
begin(struct gl_ingest *in, struct gl_ingest_site *site,
      const struct gl_call *call, struct gl_store_import *import,
      json_t **answer)
{
    const char *hash = gl_verb_text_(call, "hash", NULL);
    int of_totals = is_of_totals(gl_verb_text_(call, "format", NULL));
    struct gl_total_import totals;
    int error, status = 0;

    json_decref(*answer);
    *answer = NULL;
    if (of_totals)
        status = gl_import_totals_begin_(in, site, call, &totals, answer);
    if (status != 0)
        return status;
    g_strlcpy(totals.hash, hash, sizeof totals.hash);
    error = gl_import_begin_(in, site, hash, import);
    return error < 0 ? gl_import_storage_(in, site->account, error, answer)
                     : gl_import_commit_(in, site, import,
                                         of_totals ? &totals : NULL, answer);
}

/* Of tables: up to which day they are taken, where that is not the last. */
static int
tell_until(struct gl_ingest *in, struct gl_ingest_site *site,
           const struct gl_call *call, json_t **answer)
{
    struct gl_account *account = site->account->store;
    struct gl_total_import totals;
    char *until;
    int found = gl_account_total_import(
        account, site->id, gl_verb_text_(call, "hash", NULL), &totals);

    if (found < 0)
        return gl_import_storage_(in, site->account, found, answer);
    until = found == 0 ? NULL : gl_range_date_text(totals.last);
    if (g_strcmp0(until, gl_verb_text_(call, "last", NULL)) < 0 &&
        until != NULL)
        json_object_set_new(*answer, "until", json_string(until));
    g_free(until);
    return 200;
}

int
gl_verb_import_start_(struct gl_ingest *in, const struct gl_call *call,
                      json_t **answer)
{
    const char *hash = gl_verb_text_(call, "hash", NULL);
    const char *format = gl_verb_text_(call, "format", NULL);
    struct gl_ingest_site *site;
    struct gl_store_import import = {0};
    int status = gl_import_site_(in, call, &site, answer);

    if (status != 0)
        return status;
    if (strcmp(format, "events") != 0 && !is_of_totals(format) &&
        gl_foreign_by_name(format) == NULL)
        return gl_verb_refuse_(answer, 400, "there is no import format \"%s\"",
                               format);
    status = gl_import_find_(in, site, hash, &import, answer);
    if (status == 404)
        status = begin(in, site, call, &import, answer);
    if (status != 0)
        return status;
    *answer = progress(&import);
    json_object_set_new(*answer, "done", json_boolean(import.done));
    return is_of_totals(format) ? tell_until(in, site, call, answer) : 200;
}

/* ---- chunk ---- */

static uint64_t
hash_visitor(const struct gl_store_import *import, struct gl_text text)
{
    uint64_t hash;

    crypto_shorthash((unsigned char *) &hash,
                     (const unsigned char *) text.data, text.len, import->key);
    return hash | GL_VISITOR_IMPORTED;
}

static int
mark_day(struct chunk *chunk, int64_t at_ms)
{
    int64_t day = at_ms / GL_DAY_MS;

    if (g_hash_table_contains(chunk->days, &day))
        return 0;
    g_hash_table_add(chunk->days, g_memdup2(&day, sizeof day));
    return gl_account_add_dirty(chunk->site->account->store, chunk->site->id,
                                day);
}

/* Why the line's codes are none, a static sentence, or NULL. */
static const char *
unlisted(const struct chunk *chunk, const struct gl_event *event)
{
    const struct {
        enum gl_code_list list;
        struct gl_text code;
        const char *sentence;
    } codes[] = {
        {GL_CODE_COUNTRY, event->country,
         "\"country\" is not a code of ISO 3166-1"},
        {GL_CODE_REGION, event->region,
         "\"region\" is not a code of ISO 3166-2"},
        {GL_CODE_CURRENCY, event->currency,
         "\"revenue\" has a currency that is not a code of ISO 4217"},
    };

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (!gl_import_is_other_(codes[i].code) &&
            gl_enrich_code(chunk->in->enrich, codes[i].list, codes[i].code)
                    .len != codes[i].code.len)
            return codes[i].sentence;
    return NULL;
}

static int
store_line(struct chunk *chunk, struct gl_import_line *line)
{
    struct gl_ingest_given given = {line->source, line->channel, line->agent};
    struct gl_store_event row;
    int result =
        gl_import_let_go_(chunk->in, chunk->site, chunk->import.lines,
                          line->event.at_ms, chunk->why, sizeof chunk->why);

    if (result != 0)
        return result;
    line->event.visitor = hash_visitor(&chunk->import, line->visitor_text);
    result =
        gl_ingest_row_(chunk->in, chunk->site, &line->event, &given, &row);
    if (result != 0)
        return result < 0 ? result : 0;
    result = gl_account_insert_more(chunk->site->account->store, &row);
    return result < 0 ? result : mark_day(chunk, row.at_ms);
}

/* A line of ours: 0, or 1 = refused (chunk->why). */
static int
read_line(struct chunk *chunk, struct gl_import_line *line, const char *text,
          size_t len)
{
    const char *wrong;
    char why[256] = "";

    if (gl_import_line_read(line, text, len, chunk->site->domain,
                            chunk->in->now_ms, why, sizeof why) == 0) {
        wrong = unlisted(chunk, &line->event);
        snprintf(why, sizeof why, "%s", wrong != NULL ? wrong : "");
    }
    if (why[0] == '\0')
        return 0;
    snprintf(chunk->why, sizeof chunk->why, "line %lld: %s",
             (long long) chunk->import.lines, why);
    return 1;
}

/* 1 = refused, 2 = it is no event. */
static int
read_foreign(struct chunk *chunk, struct gl_import_line *line,
             const char *text, size_t len)
{
    const struct gl_enrich *enrich = chunk->in->enrich;
    struct gl_event *event = &line->event;
    int result =
        gl_foreign_read(chunk->foreign, line, text, len, chunk->site->domain,
                        chunk->in->now_ms, chunk->why, sizeof chunk->why);

    event->country = gl_enrich_code(enrich, GL_CODE_COUNTRY, event->country);
    event->region = gl_enrich_code(enrich, GL_CODE_REGION, event->region);
    return result == -1 ? 1 : 2 * result;
}

/* 0, 1 = the line is refused (chunk->why), or -enum gl_store_error. */
static int
take_line(struct chunk *chunk, const char *text, size_t len)
{
    struct gl_import_line line;
    int result;

    chunk->import.lines++;
    if (len > 0 && text[len - 1] == '\r')
        len--;
    if (len == 0)
        return 0;
    if (chunk->totals.id != 0)
        return gl_import_totals_line_(
            chunk->in, chunk->site, &chunk->totals, chunk->product,
            chunk->import.lines, text, len, chunk->why, sizeof chunk->why);
    result = chunk->foreign != NULL ? read_foreign(chunk, &line, text, len)
                                    : read_line(chunk, &line, text, len);
    if (result == 0)
        result = store_line(chunk, &line);
    gl_import_line_clear(&line);
    return result == 2 ? 0 : result;
}

static int
take_lines(struct chunk *chunk, const char *text, size_t len)
{
    const char *end = text + len;
    int result = 0;

    while (text < end && result == 0) {
        const char *newline = memchr(text, '\n', (size_t) (end - text));
        const char *line_end = newline != NULL ? newline : end;

        result = take_line(chunk, text, (size_t) (line_end - text));
        text = line_end + 1;
    }
    return result;
}

static int
apply_chunk(struct gl_ingest *in, struct chunk *chunk,
            const struct gl_call *call, json_t **answer)
{
    struct gl_ingest_account *account = chunk->site->account;
    int result;

    result = gl_account_total_import(account->store, chunk->site->id,
                                     chunk->import.hash, &chunk->totals);
    if (result < 0)
        return gl_import_storage_(in, account, result, answer);
    if (gl_ingest_begin_(in, account) != 0)
        return gl_verb_cannot_write_(in, account->store, answer);
    gl_days_refold_stop_(in, account);
    chunk->days =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    result = take_lines(chunk, call->body, call->body_len);
    g_hash_table_destroy(chunk->days);
    if (result == 1) {
        gl_ingest_cancel_(in, account);
        return gl_verb_refuse_(answer, 400, "%s", chunk->why);
    }
    if (result < 0)
        return gl_import_storage_(in, account, result, answer);
    chunk->import.offset += (int64_t) call->body_len;
    chunk->import.at_ms = in->now_ms;
    gl_ingest_refold_at_(in, account, in->boot_ms + GL_IMPORT_SILENCE_MS);
    return gl_import_commit_(in, chunk->site, &chunk->import, NULL, answer);
}

int
gl_verb_import_chunk_(struct gl_ingest *in, const struct gl_call *call,
                      json_t **answer)
{
    const char *hash = gl_verb_text_(call, "hash", NULL);
    json_int_t offset =
        json_integer_value(json_object_get(call->args, "offset"));
    const char *format = gl_verb_text_(call, "format", "");
    struct chunk work = {.in = in,
                         .foreign = gl_foreign_by_name(format),
                         .product = gl_product_by_name(format)};
    int status;

    if ((status = gl_import_site_(in, call, &work.site, answer)) != 0 ||
        (status =
             gl_import_find_(in, work.site, hash, &work.import, answer)) != 0)
        return status;
    if (call->body == NULL || call->body_len > GL_IMPORT_CHUNK_MAX)
        return gl_verb_refuse_(answer, 400,
                               "a chunk has a body of at most %d bytes",
                               GL_IMPORT_CHUNK_MAX);
    if (work.import.done || offset != work.import.offset)
        return gl_verb_refuse_(
            answer, 409, "this import stands at byte %lld, not %lld",
            (long long) work.import.offset, (long long) offset);
    status = apply_chunk(in, &work, call, answer);
    if (status != 0)
        return status;
    *answer = progress(&work.import);
    return 200;
}

/* ---- finish ---- */

/* All days are folded: 200, or a status. */
static int
end_import(struct gl_ingest *in, struct gl_ingest_site *site,
           const struct gl_call *call, json_t **answer)
{
    struct gl_store_import import;
    uint32_t visits = 0;
    int status = gl_import_find_(in, site, gl_verb_text_(call, "hash", NULL),
                                 &import, answer);

    if (status != 0)
        return status;
    import.done = 1;
    import.at_ms = in->now_ms;
    status = gl_import_commit_(in, site, &import, NULL, answer);
    if (status == 0)
        status = gl_import_visits_(in, site, &visits, answer);
    if (status != 0)
        return status;
    *answer = json_pack("{s:I, s:I}", "lines", (json_int_t) import.lines,
                        "visits", (json_int_t) visits);
    return 200;
}

static int
finish_piece(struct gl_ingest *in)
{
    return gl_import_end_piece_(in, end_import);
}

int
gl_verb_import_finish_(struct gl_ingest *in, const struct gl_call *call,
                       json_t **answer)
{
    const char *hash = gl_verb_text_(call, "hash", NULL);
    struct gl_ingest_site *site;
    struct gl_store_import import;
    int status;

    if ((status = gl_import_site_(in, call, &site, answer)) != 0 ||
        (status = gl_import_find_(in, site, hash, &import, answer)) != 0)
        return status;
    in->work.site = site->id;
    in->work.step = finish_piece;
    return GL_VERB_LATER;
}
