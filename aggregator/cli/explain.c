/*
 * glinto explain: an access log beside what Glinto counted, hour by hour, and
 * where the difference went.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/explain.h"
#include "number.h"

static const char help[] =
    "glinto explain - an access log beside what Glinto counted\n"
    "\n"
    "  glinto explain --site DOMAIN --log FILE [--format FORMAT]\n"
    "      --format FORMAT   as of glinto import (default combined)\n"
    "\n"
    "Hour by hour, by the site's clock: what the lines of the log are, the\n"
    "pages in it that people saw, the pageviews that Glinto has, and where "
    "the\n"
    "difference went.  Nothing is imported.  What the columns say:\n"
    "conf/LOGS.md\n"
    "\n"
    "  glinto explain --site example.com --log /var/log/nginx/access.log\n";

struct explain {
    struct gl_cli_log log;
    struct gl_cli_sums sums;
    GPtrArray *hours; /* in order */
    struct gl_cli_hour all;
};

/* ---- the log ---- */

static int
add_lines(struct explain *explain)
{
    struct gl_cli_log *log = &explain->log;
    struct gl_logs_record record;
    struct gl_event event;
    const char *bytes, *why;
    size_t len;
    int more;
    while ((more = gl_cli_log_line(&log->input, &bytes, &len)) == 1) {
        struct gl_text text = {bytes, (uint32_t) len};
        enum gl_logs_class class =
            gl_cli_log_read_line(log, text, &record, &event, &why);
        log->line++;
        if (class == GL_LOGS_IS_UNREADABLE)
            gl_cli_log_odd(log, why, text);
        else
            gl_cli_sums_add(&explain->sums, class, &record);
    }
    return more;
}

/* The domain as it is stored, and its clock. */
static int
find_site(struct explain *explain, struct gl_cli *cli)
{
    struct gl_cli_log *log = &explain->log;
    json_t *site;
    json_auto_t *answer = gl_cli_ask(cli, "site.list", json_object());
    size_t i;
    if (answer == NULL)
        return -1;
    json_array_foreach (json_object_get(answer, "sites"), i, site) {
        if (strcmp(gl_cli_text(site, "domain"), log->domain) != 0)
            continue;
        setenv("TZ", gl_cli_text(site, "timezone"), 1);
        tzset();
        return 0;
    }
    cli->status = GL_CLI_FAILED;
    return -gl_cli_fail("there is no site %s", log->site);
}

/* ---- what Glinto has ---- */

static int
by_label(const void *left, const void *right)
{
    const struct gl_cli_hour *const *a = left, *const *b = right;
    return strcmp((*a)->label, (*b)->label);
}

static json_t *
question(const struct explain *explain)
{
    const struct gl_cli_hour *first = explain->hours->pdata[0];
    const struct gl_cli_hour *last =
        explain->hours->pdata[explain->hours->len - 1];
    return json_pack("{s:{s:s, s:[s%, s%], s:[s], s:[s], s:{s:i}}}", "query",
                     "site_id", explain->log.domain, "date_range",
                     first->label, (size_t) 10, last->label, (size_t) 10,
                     "metrics", "pageviews", "dimensions", "time:hour",
                     "pagination", "limit", 10000);
}

/* Its pageviews, into the hours of the log: it may begin within a day. */
static int
ask_counted(struct explain *explain, struct gl_cli *cli)
{
    json_t *row;
    json_auto_t *answer = gl_cli_ask(cli, "query", question(explain));
    size_t i;
    if (answer == NULL)
        return -1;
    json_array_foreach (json_object_get(answer, "results"), i, row) {
        const char *label = json_string_value(
            json_array_get(json_object_get(row, "dimensions"), 0));
        struct gl_cli_hour *hour =
            label == NULL ? NULL
                          : g_hash_table_lookup(explain->sums.hours, label);
        if (hour != NULL)
            hour->counted += json_integer_value(
                json_array_get(json_object_get(row, "metrics"), 0));
    }
    return 0;
}

/* ---- what is said ---- */

static int64_t
errors(const struct gl_cli_hour *hour)
{
    return hour->counts[GL_LOGS_IS_MISSING] + hour->counts[GL_LOGS_IS_FAILED] +
           hour->counts[GL_LOGS_IS_OTHER];
}

static json_t *
row_of(const struct gl_cli_hour *hour)
{
    const int64_t *n = hour->counts;
    return json_pack(
        "{s:s#, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
        "hour", hour->label, (int) (hour->label[0] == 0 ? 0 : 16), "lines",
        (json_int_t) hour->lines, "hosts", (json_int_t) n[GL_LOGS_IS_HOST],
        "methods", (json_int_t) (n[GL_LOGS_IS_METHOD] + n[GL_LOGS_IS_OWN]),
        "assets", (json_int_t) n[GL_LOGS_IS_ASSET], "redirects",
        (json_int_t) n[GL_LOGS_IS_REDIRECT], "errors",
        (json_int_t) errors(hour), "bots",
        (json_int_t) (n[GL_LOGS_IS_BOT] + n[GL_LOGS_IS_PREFETCH]), "pages",
        (json_int_t) n[GL_LOGS_IS_PAGE], "bare", (json_int_t) hour->bare,
        "counted", (json_int_t) hour->counted, "missing",
        (json_int_t) (n[GL_LOGS_IS_PAGE] - hour->counted));
}

static void
say(int64_t n, const char *what)
{
    char text[GL_NUMBER_MAX];
    if (n <= 0)
        return;
    gl_number(text, n);
    printf("%12s  %s\n", text, what);
}

static void
tell_difference(const struct gl_cli_hour *all)
{
    int64_t missing = 0, more = 0;
    int64_t pages = all->counts[GL_LOGS_IS_PAGE];
    if (pages > all->counted)
        missing = pages - all->counted;
    else
        more = all->counted - pages;
    int64_t bare = all->bare < missing ? all->bare : missing;
    puts("");
    say(all->counts[GL_LOGS_IS_HOST], "lines are of other hosts");
    say(all->counts[GL_LOGS_IS_ASSET], "are files of pages, no pages");
    say(all->counts[GL_LOGS_IS_REDIRECT], "are redirects");
    say(errors(all), "are errors and other answers");
    say(all->counts[GL_LOGS_IS_METHOD] + all->counts[GL_LOGS_IS_OWN],
        "are forms and the like, and Glinto's own pages");
    say(all->counts[GL_LOGS_IS_BOT] + all->counts[GL_LOGS_IS_PREFETCH],
        "are of bots, or were fetched before anybody looked");
    say(pages, "are pages that people saw");
    say(all->counted, "pageviews Glinto counted in these hours");
    say(missing, "pages were not counted:");
    say(bare, "  of clients that look like browsers and fetched nothing else:"
              " rather programs");
    say(missing - bare, "  of browsers: the script was blocked, did not run, "
                        "or is not in these pages");
    say(more, "more were counted than the log has: pages out of caches, "
              "changes within a page, or another server's");
}

static void
print_table(const struct explain *explain)
{
    static const struct gl_cli_column columns[] = {
        {"HOUR", "hour", 0},       {"LINES", "lines", 1},
        {"HOSTS", "hosts", 1},     {"METHODS", "methods", 1},
        {"ASSETS", "assets", 1},   {"REDIRECTS", "redirects", 1},
        {"ERRORS", "errors", 1},   {"BOTS", "bots", 1},
        {"PAGES", "pages", 1},     {"BARE", "bare", 1},
        {"COUNTED", "counted", 1}, {"MISSING", "missing", 1},
        {NULL, NULL, 0},
    };
    json_t *rows = json_array();
    for (guint i = 0; i < explain->hours->len; i++)
        json_array_append_new(rows, row_of(explain->hours->pdata[i]));
    if (explain->log.cli->json) {
        json_auto_t *answer = json_pack(
            "{s:o, s:o, s:I}", "hours", rows, "all", row_of(&explain->all),
            "unreadable", (json_int_t) explain->log.odd.n);
        gl_cli_print_json(answer);
        return;
    }
    gl_cli_table(rows, columns, 12, "");
    json_decref(rows);
    tell_difference(&explain->all);
}

/* ---- the run ---- */

static void
add_up(struct explain *explain)
{
    struct gl_cli_hour *all = &explain->all;
    for (guint i = 0; i < explain->hours->len; i++) {
        const struct gl_cli_hour *hour = explain->hours->pdata[i];
        for (int k = 0; k < GL_LOGS_CLASSES; k++)
            all->counts[k] += hour->counts[k];
        all->lines += hour->lines;
        all->bare += hour->bare;
        all->counted += hour->counted;
    }
}

static int
compare(struct explain *explain, struct gl_cli *cli)
{
    GHashTableIter hours;
    gpointer hour;
    gl_cli_log_tell_odd(&explain->log);
    if (g_hash_table_size(explain->sums.hours) == 0)
        return gl_cli_fail("%s has no line that can be read",
                           explain->log.input.path);
    g_hash_table_iter_init(&hours, explain->sums.hours);
    while (g_hash_table_iter_next(&hours, NULL, &hour))
        g_ptr_array_add(explain->hours, hour);
    g_ptr_array_sort(explain->hours, by_label);
    if (gl_cli_sums_end(&explain->sums, cli) == -1 ||
        ask_counted(explain, cli) == -1)
        return cli->status;
    add_up(explain);
    print_table(explain);
    return GL_CLI_OK;
}

static int
explain_log(struct explain *explain, struct gl_cli *cli, const char *file)
{
    if (gl_cli_log_site(&explain->log) == -1 || find_site(explain, cli) == -1)
        return cli->status;
    if (gl_cli_log_open(&explain->log.input, file) == -1)
        return GL_CLI_FAILED;
    gl_cli_sums_begin(&explain->sums);
    explain->hours = g_ptr_array_new();
    int status =
        add_lines(explain) == -1 ? GL_CLI_FAILED : compare(explain, cli);
    gl_cli_log_close(&explain->log.input);
    g_ptr_array_free(explain->hours, TRUE);
    gl_cli_sums_free(&explain->sums);
    return status;
}

static int
run(struct gl_cli *cli)
{
    static struct explain explain;
    const char *site = NULL, *file = NULL, *format = "combined";
    const struct gl_cli_option options[] = {{"site", &site, NULL},
                                            {"log", &file, NULL},
                                            {"format", &format, NULL},
                                            {0}};
    int n;
    gl_cli_without_verb(cli);
    int status = gl_cli_read_some(cli, options, NULL, 0, &n);
    if (status == GL_CLI_OK && (site == NULL || file == NULL))
        status = gl_cli_misuse("explain needs --site DOMAIN and --log FILE");
    if (status != GL_CLI_OK)
        return status;
    status = gl_cli_log_prepare(&explain.log, cli, site, format);
    if (status == GL_CLI_OK)
        status = explain_log(&explain, cli, file);
    gl_cli_log_free(&explain.log);
    return status;
}

const struct gl_cli_noun gl_cli_explain = {
    .name = "explain", .run = run, .help = help};
