/*
 * glinto usage: events and storage by account and month, or day, and what
 * that costs by a file of prices.  Months and days are of UTC.
 */

#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/prices.h"

#define MONTHS_MAX 36
#define COLUMNS_MAX 8

static const char help[] =
    "glinto usage - what accounts use, by month or day (UTC)\n"
    "\n"
    "  glinto usage [--account NAME] [--month 2026-11] [--months N] [--days]\n"
    "               [--prices FILE] [--json]\n"
    "\n"
    "      --account NAME   of one account\n"
    "      --month MONTH    the last month (default: this one)\n"
    "      --months N       so many months up to it (default 1)\n"
    "      --days           a line a day\n"
    "      --prices FILE    what it costs\n"
    "\n"
    "Events are pageviews, refreshes among them, and custom events; what was\n"
    "imported stands beside them and costs nothing.  What was erased is not\n"
    "there any more.  Storage is the account's file at the end of the month "
    "or\n"
    "day, noted each hour.  Beside them stands the quota of an account that "
    "has\n"
    "one (glinto account quota).  A file of prices:\n"
    "\n"
    "  currency EUR\n"
    "  base 9               # a month\n"
    "  events 10000 0       # up to so many in a month, for each 1,000\n"
    "  events 1000000 0.05\n"
    "  events more 0.02\n"
    "  storage 0.10         # for each GB\n"
    "\n"
    "  glinto usage --months 12 --prices /etc/glinto/prices --json\n";

struct wants {
    const char *account, *month, *months, *prices;
    int days;
    struct tm first; /* of the first month */
    int n;           /* months */
    char today[16];  /* a date */
    struct gl_prices list;
};

/* ---- which months ---- */

static int
read_months(struct wants *wants)
{
    time_t now = time(NULL);
    struct tm tm;
    char *end = NULL;
    gmtime_r(&now, &tm);
    strftime(wants->today, sizeof wants->today, "%Y-%m-%d", &tm);
    if (wants->month != NULL) {
        int year, month, used = 0;
        if (sscanf(wants->month, "%4d-%2d%n", &year, &month, &used) != 2 ||
            wants->month[used] != '\0' || strlen(wants->month) != 7 ||
            month < 1 || month > 12 || year < 1970)
            return gl_cli_misuse("--month is one such as 2026-11; not \"%s\"",
                                 wants->month);
        tm.tm_year = year - 1900;
        tm.tm_mon = month - 1;
    }
    long n = wants->months == NULL ? 1 : strtol(wants->months, &end, 10);
    if (n < 1 || n > MONTHS_MAX || (end != NULL && *end != '\0'))
        return gl_cli_misuse("--months is 1 to %d; not \"%s\"", MONTHS_MAX,
                             wants->months);
    wants->n = (int) n;
    wants->first = (struct tm){.tm_year = tm.tm_year,
                               .tm_mon = tm.tm_mon - wants->n + 1,
                               .tm_mday = 1};
    timegm(&wants->first);
    return GL_CLI_OK;
}

/* The first day of month N of those wanted, DAYS later. */
static void
put_date(const struct wants *wants, int n, int days, char text[16])
{
    struct tm tm = {.tm_year = wants->first.tm_year,
                    .tm_mon = wants->first.tm_mon + n,
                    .tm_mday = 1 + days};
    timegm(&tm);
    strftime(text, 16, "%Y-%m-%d", &tm);
}

/* ---- rows ---- */

/* How large the account was at the end of DAY, a date: what was noted last by
 * then, and on TODAY or later what it is.  NULL: nothing is known. */
static const json_t *
size_at(const json_t *account, const char *day, const char *today)
{
    const json_t *size, *last = NULL;
    size_t i;
    if (strcmp(day, today) >= 0)
        return json_object_get(account, "bytes");
    json_array_foreach (json_object_get(account, "sizes"), i, size)
        if (strcmp(gl_cli_text(size, "day"), day) <= 0)
            last = json_object_get(size, "bytes");
    return last;
}

static void
set_price(const struct wants *wants, json_t *row, int64_t events,
          const json_t *bytes)
{
    char price[48];
    int64_t sum =
        gl_prices_month(&wants->list, events, json_integer_value(bytes));
    snprintf(price, sizeof price, "%lld.%02lld", (long long) (sum / 100),
             (long long) (sum % 100));
    json_object_set_new(row, "price", json_string(price));
    json_object_set_new(row, "currency", json_string(wants->list.currency));
}

/* What the account may use, where that is said: 0 is any number. */
static void
set_quota(const json_t *account, json_t *row)
{
    const json_t *quota = json_object_get(account, "quota");
    json_t *events = json_object_get(quota, "events");
    json_t *bytes = json_object_get(quota, "bytes");
    if (json_integer_value(events) > 0)
        json_object_set(row, "quota_events", events);
    if (json_integer_value(bytes) > 0)
        json_object_set(row, "quota_bytes", bytes);
}

/* One row: of a month, or a day, of an account, which ends with LAST. */
static json_t *
row_of(const struct wants *wants, const json_t *account, const char *when,
       const char *last, int64_t events, int64_t imported)
{
    const json_t *bytes = size_at(account, last, wants->today);
    int unread = json_is_true(json_object_get(account, "unread"));
    json_t *row = json_pack("{s:O, s:s}", "account",
                            json_object_get(account, "account"), "when", when);
    json_object_set_new(row, "events",
                        unread ? json_null()
                               : json_integer((json_int_t) events));
    json_object_set_new(row, "imported",
                        unread ? json_null()
                               : json_integer((json_int_t) imported));
    json_object_set_new(
        row, "storage_bytes",
        bytes == NULL ? json_null() : json_integer(json_integer_value(bytes)));
    if (wants->prices != NULL && !wants->days && !unread)
        set_price(wants, row, events, bytes);
    set_quota(account, row);
    return row;
}

/* The day of LIST after the first *I is DAY: 1, and past it. */
static int
is_next(const json_t *list, size_t *i, const char *day)
{
    const json_t *one = json_array_get(list, *i);
    if (one == NULL || strcmp(gl_cli_text(one, "day"), day) != 0)
        return 0;
    (*i)++;
    return 1;
}

/* A day with events, or of which a size was noted. */
static void
add_days(const struct wants *wants, const json_t *account, json_t *rows)
{
    const json_t *days = json_object_get(account, "days");
    const json_t *sizes = json_object_get(account, "sizes");
    size_t day_i = 0, size_i = 0;
    char date[16], end[16];
    put_date(wants, wants->n, -1, end);
    put_date(wants, 0, 0, date);
    while (json_array_get(sizes, size_i) != NULL &&
           strcmp(gl_cli_text(json_array_get(sizes, size_i), "day"), date) < 0)
        size_i++;
    for (int n = 0; strcmp(date, end) <= 0; put_date(wants, 0, ++n, date)) {
        const json_t *day = json_array_get(days, day_i);
        int has = is_next(days, &day_i, date);
        if (!is_next(sizes, &size_i, date) && !has)
            continue;
        json_array_append_new(
            rows, row_of(wants, account, date, date,
                         has ? gl_cli_number(day, "events") : 0,
                         has ? gl_cli_number(day, "imported") : 0));
    }
}

static void
add_months(const struct wants *wants, const json_t *account, json_t *rows)
{
    for (int n = 0; n < wants->n; n++) {
        const json_t *day;
        int64_t events = 0, imported = 0;
        char month[16], last[16];
        size_t i;
        put_date(wants, n, 0, month);
        month[sizeof "YYYY-MM" - 1] = '\0';
        put_date(wants, n + 1, -1, last);
        json_array_foreach (json_object_get(account, "days"), i, day) {
            if (strncmp(gl_cli_text(day, "day"), month, strlen(month)) != 0)
                continue;
            events += gl_cli_number(day, "events");
            imported += gl_cli_number(day, "imported");
        }
        json_array_append_new(
            rows, row_of(wants, account, month, last, events, imported));
    }
}

/* ---- the answer ---- */

/* Some row has KEY. */
static int
has(const json_t *rows, const char *key)
{
    const json_t *row;
    size_t i;
    json_array_foreach (rows, i, row)
        if (json_object_get(row, key) != NULL)
            return 1;
    return 0;
}

static void
print_rows(const struct wants *wants, const json_t *rows)
{
    struct gl_cli_column columns[COLUMNS_MAX] = {
        {"ACCOUNT", "account", 0},
        {wants->days ? "DAY" : "MONTH", "when", 0},
        {"EVENTS", "events", 1},
        {"IMPORTED", "imported", 1}};
    int n = 4;
    if (!wants->days && has(rows, "quota_events"))
        columns[n++] = (struct gl_cli_column){"OF EVENTS", "quota_events", 1};
    columns[n++] = (struct gl_cli_column){"STORAGE", "storage_bytes", 1};
    if (!wants->days && has(rows, "quota_bytes"))
        columns[n++] = (struct gl_cli_column){"OF STORAGE", "quota_bytes", 1};
    if (!wants->days && wants->prices != NULL)
        columns[n++] =
            (struct gl_cli_column){wants->list.currency, "price", 1};
    gl_cli_table(rows, columns, n, "Nothing was used.");
}

static int
ask(struct gl_cli *cli, const struct wants *wants)
{
    char from[16], to[16];
    put_date(wants, 0, 0, from);
    put_date(wants, wants->n, -1, to);
    json_t *args = json_pack("{s:s, s:s, s:s*}", "from", from, "to", to,
                             "account", wants->account);
    json_t *account;
    json_auto_t *answer = gl_cli_ask(cli, "usage", args);
    size_t i;
    if (answer == NULL)
        return cli->status;
    json_auto_t *rows = json_array();
    json_array_foreach (json_object_get(answer, "accounts"), i, account)
        if (wants->days)
            add_days(wants, account, rows);
        else
            add_months(wants, account, rows);
    if (cli->json) {
        json_auto_t *all =
            json_pack("{s:O, s:o}", "at", json_object_get(answer, "at"),
                      "usage", json_incref(rows));
        gl_cli_print_json(all);
    } else {
        print_rows(wants, rows);
    }
    return GL_CLI_OK;
}

static int
run(struct gl_cli *cli)
{
    struct wants wants = {0};
    const struct gl_cli_option options[] = {
        {"account", &wants.account, NULL}, {"month", &wants.month, NULL},
        {"months", &wants.months, NULL},   {"prices", &wants.prices, NULL},
        {"days", NULL, &wants.days},       {0}};
    gl_cli_without_verb(cli);
    int status = gl_cli_read(cli, options, NULL, 0);
    if (status == GL_CLI_OK)
        status = read_months(&wants);
    if (status != GL_CLI_OK)
        return status;
    if (wants.prices != NULL && gl_prices_read(wants.prices, &wants.list) != 0)
        return GL_CLI_FAILED;
    return ask(cli, &wants);
}

const struct gl_cli_noun gl_cli_usage = {
    .name = "usage", .run = run, .help = help};
