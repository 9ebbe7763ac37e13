/* What accounts with a quota have used; see quotas.h. */

#include "writer/quotas.h"

#include <string.h>

#include "ingest/apply.h"
#include "question/range.h"
#include "store/directory/directory.h"
#include "store/meta/notices.h"
#include "writer/asked.h"
#include "writer/telling.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS INT64_C(3600000)
#define RARELY 100 /* times what a look took, until the next */
#define NEAR_PERCENT 80
#define MB 1000000

struct gl_writer_quotas {
    int64_t next_ms; /* boot: of the next round */
    int64_t began_ms;
    int64_t today; /* of the question; the answer may come in another month */
    GArray *left;  /* struct gl_meta_quota, of this round */
    struct gl_writer_asked asked;
};

struct gl_writer_quotas *
gl_writer_quotas_new_(void)
{
    struct gl_writer_quotas *quotas = g_new0(struct gl_writer_quotas, 1);

    quotas->left = g_array_new(FALSE, FALSE, sizeof(struct gl_meta_quota));
    return quotas;
}

void
gl_writer_quotas_free_(struct gl_writer_quotas *quotas)
{
    gl_writer_forget_(&quotas->asked);
    g_array_free(quotas->left, TRUE);
    g_free(quotas);
}

/* Events of these are drops from now on, or no more. */
static void
apply(struct gl_ingest *in, const struct gl_meta_quota *quota)
{
    struct gl_ingest_account *account = gl_ingest_account_(in, quota->account);

    if (account == NULL)
        return;
    account->used_month = quota->month;
    account->used_full = quota->full;
}

static void
apply_one(void *arg, const struct gl_meta_quota *quota)
{
    struct gl_ingest *in = arg;

    if (quota->month != 0 || quota->full)
        apply(in, quota);
}

void
gl_writer_quotas_read_(struct gl_ingest *in)
{
    gl_meta_quotas(in->meta, apply_one, in);
}

/* ---- told ---- */

/* The first day of the month of DAY. */
static int64_t
month_begins(int64_t day)
{
    GDateTime *at = g_date_time_new_from_unix_utc(day * 86400);
    int64_t first = day - (g_date_time_get_day_of_month(at) - 1);

    g_date_time_unref(at);
    return first;
}

static void
tell(struct gl_ingest *in, const struct gl_meta_quota *quota,
     enum gl_notice_kind kind, int64_t n, int64_t most, int64_t since_ms,
     int holds)
{
    const struct gl_meta_account *account =
        gl_version_account_id(gl_meta_now(in->meta), quota->account);
    struct gl_telling telling = {
        .notice = {.kind = kind, .n = n, .usual = most, .since_ms = since_ms},
        .account = quota->account};

    if (account == NULL)
        return;
    telling.notice.of = account->name;
    g_strlcpy(telling.key, quota->account, sizeof telling.key);
    gl_telling_(in, &telling, holds);
}

static int
is_near(int64_t n, int64_t most)
{
    return most > 0 &&
           n >= most / 100 * NEAR_PERCENT + most % 100 * NEAR_PERCENT / 100;
}

/* EVENTS of the month of TODAY and BYTES are used. */
static void
judge(struct gl_ingest *in, struct gl_meta_quota *quota, int64_t today,
      int64_t events, int64_t bytes)
{
    int64_t month_ms = month_begins(today) * GL_DAY_MS;
    int64_t day_ms = today * GL_DAY_MS;
    int used = quota->events > 0 && events >= quota->events;
    int full = quota->bytes > 0 && bytes >= quota->bytes;
    int64_t month = used ? gl_ingest_month_(day_ms) : 0;
    int rc = 0;

    if (quota->month != month || quota->full != full) {
        quota->month = month;
        quota->full = full;
        rc = gl_meta_begin(in->meta);
        if (rc >= 0)
            rc = gl_meta_quota_set(in->meta, quota);
        if (rc < 0 || gl_meta_commit(in->meta) < 0) {
            gl_meta_rollback(in->meta);
            return;
        }
    }
    apply(in, quota);
    tell(in, quota, GL_NOTICE_EVENTS_NEAR, events, quota->events, month_ms,
         is_near(events, quota->events));
    tell(in, quota, GL_NOTICE_EVENTS_USED, events, quota->events, month_ms,
         used);
    tell(in, quota, GL_NOTICE_STORAGE_NEAR, bytes / MB, quota->bytes / MB,
         day_ms, is_near(bytes, quota->bytes));
    tell(in, quota, GL_NOTICE_STORAGE_USED, bytes / MB, quota->bytes / MB,
         day_ms, full);
}

/* ---- looked at ---- */

static void
add_left(void *arg, const struct gl_meta_quota *quota)
{
    g_array_append_val(arg, *quota);
}

static int
ask(struct gl_ingest *in, struct gl_writer_quotas *quotas,
    const struct gl_meta_quota *quota)
{
    const struct gl_meta_account *account =
        gl_version_account_id(gl_meta_now(in->meta), quota->account);
    char *first, *last;
    int done;

    if (account == NULL) {
        g_array_set_size(quotas->left, quotas->left->len - 1);
        return 1;
    }
    quotas->today = in->now_ms / GL_DAY_MS;
    first = gl_range_date_text(month_begins(quotas->today));
    last = gl_range_date_text(quotas->today);
    done = gl_writer_ask_(in, &quotas->asked, "usage",
                          json_pack("{s:s, s:s, s:s}", "account",
                                    account->name, "from", first, "to", last));
    g_free(first);
    g_free(last);
    return done;
}

static void
take_answer(struct gl_ingest *in, struct gl_writer_quotas *quotas)
{
    const char *account = g_array_index(quotas->left, struct gl_meta_quota,
                                        quotas->left->len - 1)
                              .account;
    struct gl_meta_quota quota; /* it may have changed since the question */
    const json_t *one =
        json_array_get(json_object_get(quotas->asked.answer, "accounts"), 0);
    const json_t *day;
    int64_t events = 0;
    size_t i;

    if (quotas->asked.status == 200 && one != NULL &&
        !json_is_true(json_object_get(one, "unread"))) {
        json_array_foreach (json_object_get(one, "days"), i, day)
            events += json_integer_value(json_object_get(day, "events"));
        if (gl_meta_quota(in->meta, account, &quota) >= 0)
            judge(in, &quota, quotas->today, events,
                  json_integer_value(json_object_get(one, "bytes")));
    }
    g_array_set_size(quotas->left, quotas->left->len - 1);
    gl_writer_forget_(&quotas->asked);
}

int
gl_writer_quotas_look_(struct gl_ingest *in, struct gl_writer_quotas *quotas)
{
    if (gl_writer_answered_(&quotas->asked)) {
        take_answer(in, quotas);
        return 1;
    }
    if (quotas->asked.asking)
        return 0;
    if (quotas->left->len > 0)
        return ask(in, quotas,
                   &g_array_index(quotas->left, struct gl_meta_quota,
                                  quotas->left->len - 1));
    if (quotas->began_ms != 0) { /* a round is over */
        quotas->next_ms =
            in->boot_ms + CLAMP(RARELY * (in->boot_ms - quotas->began_ms),
                                MINUTE_MS, HOUR_MS);
        quotas->began_ms = 0;
    }
    if (in->boot_ms < quotas->next_ms && !in->quotas_changed)
        return 0;
    in->quotas_changed = 0;
    gl_meta_quotas(in->meta, add_left, quotas->left);
    quotas->next_ms = in->boot_ms + MINUTE_MS;
    if (quotas->left->len > 0)
        quotas->began_ms = in->boot_ms;
    return 0;
}
