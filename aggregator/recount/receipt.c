/* A receipt for an answer; see receipt.h. */

#include "recount/receipt.h"

#include "calls/answer.h"
#include "clock.h"
#include "answer/asking.h"
#include "recount/receipt_compare.h"
#include "answer/definitions.h"
#include "recount/recount.h"
#include "question/range.h"
#include "calls/recounts.h"
#include "answer/respond.h"
#include "answer/several.h"
#include "store/db/plain.h"

#define AGAIN 0 /* a status: late rows are not yet counted */
#define AGAIN_US 200000

struct receipt {
    const struct gl_receipt_ask *ask;
    struct gl_asking *asking; /* of one commit */
    int64_t begun_us;
    int rows, visits, limit; /* ROWS: of a list */
    int64_t to_ms;           /* of the question */
};

/* ---- how long ---- */

static int
is_late(const struct receipt *receipt)
{
    return g_get_monotonic_time() >
           receipt->begun_us + GL_RECEIPT_S * G_USEC_PER_SEC;
}

static int
stop(void *arg)
{
    const struct receipt *receipt = arg;
    const struct gl_receipt_ask *ask = receipt->ask;

    return is_late(receipt) || *ask->view->stopping ||
           (ask->gone != NULL && *ask->gone);
}

static void
progress(void *arg, int64_t done, int64_t days)
{
    const struct receipt *receipt = arg;

    gl_recounts_note(receipt->ask->view->recounts, receipt->ask->site->account,
                     done, days);
}

static struct gl_recount
recount_of(struct receipt *receipt)
{
    return (struct gl_recount){
        .db = gl_account_plain(gl_asking_reader(receipt->asking)),
        .stop = stop,
        .progress = progress,
        .arg = receipt};
}

/* The status of what was not EXECUTED, with *ANSWER. */
static int
refuse(const struct receipt *receipt, enum gl_executed result,
       const struct gl_recount *run, json_t **answer)
{
    if (result == GL_EXECUTE_BAD || result == GL_EXECUTE_MUCH)
        return gl_verb_refuse_(answer, 400, "%s", run->why);
    if (result == GL_EXECUTE_STORAGE)
        return gl_verb_storage_(answer, run->why);
    return gl_verb_refuse_(answer, 503,
                           is_late(receipt)
                               ? "not recounted within %d s; ask for a "
                                 "shorter \"date_range\""
                               : "nobody waits for this recount any more",
                           GL_RECEIPT_S);
}

/* ---- receipts ---- */

/* Rows, or what is sealed of days whose rows were let go, or both. */
static void
put_source(const struct receipt *receipt, json_t *proof,
           const struct gl_recount *run)
{
    int64_t n = run->sealed.n, last = run->sealed.last;
    int64_t to = (receipt->to_ms - 1) / GL_DAY_MS;
    char *from, *until;

    json_object_set_new(proof, "recounted_from",
                        json_string(n == 0       ? "rows"
                                    : last >= to ? "sealed days"
                                                 : "sealed days and rows"));
    if (n == 0)
        return;
    from = gl_range_date_text(run->sealed.first);
    until = gl_range_date_text(last);
    json_object_set_new(proof, "sealed_days",
                        json_pack("[s, s]", from, until));
    g_free(from);
    g_free(until);
}

static json_t *
receipt_json(const struct receipt *receipt, json_t *proof, json_t *seen,
             const struct gl_recount *run)
{
    double seconds =
        (double) (g_get_monotonic_time() - receipt->begun_us) / G_USEC_PER_SEC;

    json_object_update(proof, seen);
    put_source(receipt, proof, run);
    json_object_set_new(proof, "rows", json_integer((json_int_t) run->rows));
    json_object_set_new(proof, "seconds", json_real(seconds));
    json_decref(seen);
    return proof;
}

/* Both answers, of the same commit. */
static int
tell(struct receipt *receipt, const struct gl_asked *asked,
     struct gl_counted *const counted[4], struct gl_recount *run,
     json_t **answer)
{
    json_t *seen = gl_recount_seen(run, &asked->question);
    json_t *again, *proof;

    if (seen == NULL)
        return gl_verb_storage_(answer, run->why);
    receipt->to_ms = asked->question.to_ms;
    *answer = gl_respond(asked, counted[0], counted[1], 0);
    again = gl_respond(asked, counted[2], counted[3], 0);
    proof = gl_receipt_compare(*answer, again);
    json_object_set_new(json_object_get(*answer, "meta"), "receipt",
                        receipt_json(receipt, proof, seen, run));
    json_decref(again);
    return 200;
}

static enum gl_executed
count_again(void *run, const struct gl_question *const *questions, size_t n,
            struct gl_counted **counted)
{
    return gl_recount(run, questions, n, counted);
}

/* What several questions make one answer is divided and joined as the engine's
 * is; each of them is counted by SQL. */
static int
recount(struct receipt *receipt, const struct gl_asked *asked,
        struct gl_counted *counted[4], json_t **answer)
{
    struct gl_recount run = recount_of(receipt);
    const struct gl_several_counter counter = {count_again, &run};
    const struct gl_several_ask now = {asked, &asked->question};
    const struct gl_several_ask then = {asked, &asked->before};
    enum gl_executed result = gl_several_count(&counter, &now, 1, &counted[2]);

    if (result == GL_EXECUTED && asked->compared)
        result = gl_several_count(&counter, &then, 1, &counted[3]);
    return result != GL_EXECUTED ? refuse(receipt, result, &run, answer)
                                 : tell(receipt, asked, counted, &run, answer);
}

static int
prove(struct receipt *receipt, const struct gl_asked *asked, json_t **answer)
{
    struct gl_counted *counted[4] = {NULL};
    int status = gl_asking_count(receipt->asking, asked, &counted[0],
                                 &counted[1], answer);

    if (status == 200)
        status = recount(receipt, asked, counted, answer);
    for (size_t i = 0; i < G_N_ELEMENTS(counted); i++)
        gl_counted_free(counted[i]);
    return status;
}

/* ---- rows ---- */

static int
list_question(struct receipt *receipt, const struct gl_question *question,
              json_t **answer)
{
    const struct gl_recount_list how = {receipt->visits, receipt->limit,
                                        gl_asking_site(receipt->asking)->zone};
    struct gl_recount run = recount_of(receipt);
    json_t *rows;
    enum gl_executed result = gl_recount_rows(&run, question, &how, &rows);

    if (result == GL_EXECUTED)
        *answer = json_pack("{s:O}", "rows", rows);
    json_decref(rows);
    return result == GL_EXECUTED ? 200 : refuse(receipt, result, &run, answer);
}

/* By goal: those that reached one of them. */
static int
list(struct receipt *receipt, const struct gl_asked *asked, json_t **answer)
{
    struct gl_question question = asked->question;
    struct gl_predicate *any = NULL, both = {.op = GL_PREDICATE_AND};
    int status;

    both.children = g_ptr_array_new();
    if (question.filter != NULL)
        g_ptr_array_add(both.children, question.filter);
    for (size_t i = 0; i < question.by_n; i++)
        if (question.by[i].what == GL_DIMENSION_GOAL)
            any = gl_goals_predicate(asked->goals);
    if (any != NULL)
        g_ptr_array_add(both.children, any);
    question.filter = &both;
    status = list_question(receipt, &question, answer);
    g_ptr_array_free(both.children, TRUE);
    gl_predicate_free(any);
    return status;
}

/* ---- both ---- */

static int
do_asked(struct receipt *receipt, const struct gl_asked *asked,
         json_t **answer)
{
    struct gl_recount run = recount_of(receipt);
    int waits;

    waits = gl_recount_waits(&run, &asked->question);
    if (waits == 0 && asked->compared)
        waits = gl_recount_waits(&run, &asked->before);
    if (waits != 0)
        return waits > 0 ? AGAIN : gl_verb_storage_(answer, run.why);
    return receipt->rows ? list(receipt, asked, answer)
                         : prove(receipt, asked, answer);
}

static int
parse_and_do(struct receipt *receipt, const struct gl_defined *defined,
             json_t **answer)
{
    const struct gl_parse_site site = {
        receipt->ask->site->id, *gl_asking_site(receipt->asking), defined};
    struct gl_asked asked;
    char *why;
    int status;

    if (gl_parse(receipt->ask->query, &site, &asked, &why) == -1)
        return gl_verb_refuse_why_(answer, why);
    status = do_asked(receipt, &asked, answer);
    gl_asked_fini(&asked);
    return status;
}

static int
look(struct receipt *receipt, json_t **answer)
{
    const struct gl_receipt_ask *ask = receipt->ask;
    struct gl_defined *defined;
    int status =
        gl_asking_open(ask->view, ask->site, &receipt->asking, answer);

    if (status != 200)
        return status;
    status = gl_definitions_read(ask->view, ask->site->id, ask->query,
                                 &defined, answer);
    if (status == 0)
        status = parse_and_do(receipt, defined, answer);
    gl_defined_free(defined);
    gl_asking_close(receipt->asking);
    return status;
}

/* Visits with late rows are made again within moments (days/). */
static int
try(struct receipt *receipt, json_t **answer)
{
    int status = look(receipt, answer);

    while (status == AGAIN && !stop(receipt)) {
        g_usleep(AGAIN_US);
        status = look(receipt, answer);
    }
    return status != AGAIN
               ? status
               : gl_verb_refuse_(answer, 503,
                                 "visits of these days are being counted "
                                 "anew; try again in a minute");
}

static int
run(struct receipt *receipt, json_t **answer)
{
    struct gl_recounts *recounts = receipt->ask->view->recounts;
    const char *account = receipt->ask->site->account;
    int status;

    receipt->begun_us = g_get_monotonic_time();
    if (!gl_recounts_begin(recounts, account))
        return gl_verb_refuse_(answer, 409,
                               "another recount of this account is under "
                               "way; try again when it is done");
    status = try(receipt, answer);
    gl_recounts_end(recounts, account);
    return status;
}

int
gl_receipt(const struct gl_receipt_ask *ask, json_t **answer)
{
    struct receipt receipt = {.ask = ask};

    return run(&receipt, answer);
}

int
gl_receipt_rows(const struct gl_receipt_ask *ask, int visits, int limit,
                json_t **answer)
{
    struct receipt receipt = {
        .ask = ask, .rows = 1, .visits = visits, .limit = limit};

    return run(&receipt, answer);
}
