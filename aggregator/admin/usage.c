/* usage: events by day and bytes, by account.  A thread that counts rows. */

#include "admin/verbs_internal.h"

#include "calls/answer.h"
#include "clock.h"
#include "access/elsewhere.h"
#include "question/range.h"
#include "store/meta/meta.h"
#include "store/meta/notices.h"
#include "store/meta/sizes.h"
#include "store/usage.h"

#define DAY_MS INT64_C(86400000)
#define DAYS_MAX 1100 /* three years */

struct asked {
    const char *name; /* of the one account; NULL = all */
    int64_t first, last;
};

static int
read_day(const struct gl_call *call, const char *key, int64_t other,
         int64_t *day, json_t **answer)
{
    const char *text = gl_verb_text_(call, key, NULL);

    *day = other;
    if (text != NULL && !gl_range_read_date(text, day))
        return gl_verb_refuse_(answer, 400, "\"%s\" is a date: 2026-11-28",
                               key);
    return 0;
}

static void
put_date(char text[32], int64_t day)
{
    time_t noon = (time_t) (day * (DAY_MS / 1000) + 43200);
    struct tm tm;

    gmtime_r(&noon, &tm);
    strftime(text, 32, "%Y-%m-%d", &tm);
}

static void
add_size(void *arg, int64_t day, int64_t bytes)
{
    char text[32];

    put_date(text, day);
    json_array_append_new(arg, json_pack("{s:s, s:I}", "day", text, "bytes",
                                         (json_int_t) bytes));
}

static void
add_day(void *arg, const struct gl_usage_day *day)
{
    char text[32];

    put_date(text, day->day);
    json_array_append_new(arg,
                          json_pack("{s:s, s:I, s:I}", "day", text, "events",
                                    (json_int_t) day->events, "imported",
                                    (json_int_t) day->imported));
}

struct listing {
    const struct gl_conf *conf;
    const struct asked *asked;
    GArray *accounts; /* struct gl_meta_account */
    int elsewhere;    /* the one that is asked for */
};

static int
take(void *arg, const struct gl_meta_account *account)
{
    struct listing *listing = arg;

    if (listing->asked->name != NULL &&
        strcmp(listing->asked->name, account->name) != 0)
        return 0;
    listing->elsewhere = gl_elsewhere_account(listing->conf, account);
    if (!listing->elsewhere)
        g_array_append_val(listing->accounts, *account);
    return 0;
}

/* While meta.db cannot be read there are none. */
static json_t *
sizes_json(const struct gl_query_view *view, const struct asked *asked,
           const char *id)
{
    char why[256];
    struct gl_meta *reader = gl_meta_reader(view->meta, why, sizeof why);
    json_t *sizes = json_array();

    if (reader != NULL)
        gl_meta_sizes(reader, id, asked->first, asked->last, add_size, sizes);
    gl_meta_reader_free(reader);
    return sizes;
}

/* "quota" into ONE, where there is one. */
static void
add_quota(const struct gl_query_view *view, const char *id, json_t *one)
{
    struct gl_meta_quota quota;
    char why[256];
    struct gl_meta *reader = gl_meta_reader(view->meta, why, sizeof why);

    if (reader != NULL && gl_meta_quota(reader, id, &quota) >= 0 &&
        (quota.events > 0 || quota.bytes > 0))
        json_object_set_new(one, "quota",
                            json_pack("{s:I, s:I, s:b}", "events",
                                      (json_int_t) quota.events, "bytes",
                                      (json_int_t) quota.bytes, "used_up",
                                      quota.month != 0 || quota.full));
    gl_meta_reader_free(reader);
}

static json_t *
usage_json(const struct gl_query_view *view, const struct asked *asked,
           const struct gl_meta_account *account)
{
    json_t *days = json_array();
    int read = gl_usage_read(view->meta, account->id, asked->first,
                             asked->last, view->stopping, add_day, days);

    json_t *one =
        json_pack("{s:s, s:s, s:o, s:o, s:I}", "account", account->name, "id",
                  account->id, "days", days, "sizes",
                  sizes_json(view, asked, account->id), "bytes",
                  (json_int_t) gl_meta_size_now(view->meta, account->id));
    add_quota(view, account->id, one);
    if (read != 0)
        json_object_set_new(one, "unread", json_true());
    return one;
}

int
gl_verb_usage_(const struct gl_query_view *view, const struct gl_call *call,
               json_t **answer)
{
    int64_t today = gl_clock_now_ms() / DAY_MS;
    struct asked asked = {gl_verb_text_(call, "account", NULL), 0, 0};
    struct listing listing = {
        view->conf, &asked,
        g_array_new(FALSE, FALSE, sizeof(struct gl_meta_account)), 0};
    int status = read_day(call, "to", today, &asked.last, answer);

    if (status == 0)
        status = read_day(call, "from", asked.last, &asked.first, answer);
    if (status == 0 &&
        (asked.first > asked.last || asked.last - asked.first > DAYS_MAX))
        status = gl_verb_refuse_(answer, 400,
                                 "\"from\" is not after \"to\", and at most "
                                 "%d days before",
                                 DAYS_MAX);
    if (status == 0) {
        gl_version_accounts(gl_directory_enter(view->directory), take,
                            &listing);
        gl_directory_leave(view->directory);
        if (asked.name != NULL && listing.elsewhere)
            status = gl_verb_refuse_(answer, GL_ELSEWHERE_STATUS,
                                     "the numbers of account \"%s\" are on "
                                     "another machine",
                                     asked.name);
        else if (asked.name != NULL && listing.accounts->len == 0)
            status = gl_verb_refuse_(answer, 404, "there is no account \"%s\"",
                                     asked.name);
    }
    if (status == 0) {
        json_t *list = json_array();
        for (guint i = 0; i < listing.accounts->len &&
                          (call->gone == NULL || !atomic_load(call->gone));
             i++)
            json_array_append_new(
                list, usage_json(view, &asked,
                                 &g_array_index(listing.accounts,
                                                struct gl_meta_account, i)));
        *answer = json_pack("{s:I, s:o}", "at", (json_int_t) gl_clock_now_ms(),
                            "accounts", list);
    }
    g_array_free(listing.accounts, TRUE);
    return status == 0 ? 200 : status;
}
