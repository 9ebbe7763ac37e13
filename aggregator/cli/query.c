/* glinto query: any question about a site's visits. */

#include "cli/question.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "glinto query - any question about a site's visits\n"
    "\n"
    "  glinto query FILE.json    the question, as the Stats API has it\n"
    "  glinto query <FILE.json   the same from standard input\n"
    "      --json                the answer as it is\n"
    "      --receipt             each number counted again from the rows\n"
    "                            beside it; exit status 1 unless equal\n"
    "      --format csv          the answer as a table for spreadsheets\n"
    "\n"
    "  glinto query <<'END'\n"
    "  {\"site_id\": \"example.com\", \"date_range\": \"7d\",\n"
    "   \"metrics\": [\"visitors\", \"pageviews\", \"bounce_rate\"],\n"
    "   \"dimensions\": [\"visit:source\"],\n"
    "   \"filters\": [[\"contains\", \"event:page\", [\"/blog\"]]],\n"
    "   \"pagination\": {\"limit\": 10}}\n"
    "  END\n"
    "\n"
    "metrics     visitors visits pageviews events views_per_visit\n"
    "            bounce_rate visit_duration percentage conversions\n"
    "            conversion_rate group_conversion_rate total_revenue\n"
    "            average_revenue time_on_page scroll_depth exit_rate\n"
    "date_range  realtime realtime_30m day 24h 7d 28d 30d 91d month 6mo 12mo\n"
    "            year all, or two dates\n"
    "dimensions  time:minute time:hour time:day time:week time:month\n"
    "            event:page visit:source visit:country and so on\n"
    "queries     several at once: [{\"metrics\": ..., \"dimensions\": ...}, "
    "...]\n"
    "funnel, journey, retention   in the place of metrics and dimensions\n"
    "conf/API.md has all of it.\n";

/* ---- a table ---- */

/* An answer's row: its dimensions, its metrics and, beside an earlier time,
 * those of that time and how they changed. */
static json_t *
cells(const json_t *row)
{
    const json_t *then = json_object_get(row, "comparison");
    json_t *all = json_array();

    json_array_extend(all, json_object_get(row, "dimensions"));
    json_array_extend(all, json_object_get(row, "metrics"));
    json_array_extend(all, json_object_get(row, "recounted"));
    json_array_extend(all, json_object_get(then, "metrics"));
    json_array_extend(all, json_object_get(then, "change"));
    return all;
}

/* METRICS, each followed by WHEN. */
static void
add_titles(json_t *all, const json_t *metrics, const char *when)
{
    size_t i;
    json_t *metric;

    json_array_foreach (metrics, i, metric) {
        json_array_append_new(
            all, json_sprintf("%s %s", json_string_value(metric), when));
    }
}

/* The titles of all columns, the caller's. */
static json_t *
titles(const json_t *answer)
{
    const json_t *query = json_object_get(answer, "query");
    const json_t *metrics = json_object_get(query, "metrics");
    const json_t *include = json_object_get(query, "include");
    json_t *all = json_array();

    json_array_extend(all, json_object_get(query, "dimensions"));
    json_array_extend(all, (json_t *) (uintptr_t) metrics);
    if (json_is_true(json_object_get(include, "receipt")))
        add_titles(all, metrics, "recounted");
    if (json_object_get(include, "comparisons") != NULL) {
        add_titles(all, metrics, "before");
        add_titles(all, metrics, "change");
    }
    return all;
}

static const char *
title(const json_t *all, size_t column)
{
    const char *text = json_string_value(json_array_get(all, column));
    return text == NULL ? "" : text;
}

/* Rows as objects, a member a column. */
static json_t *
rows_by_title(const json_t *answer, const json_t *all)
{
    json_t *rows = json_array(), *row;
    size_t i;
    json_array_foreach (json_object_get(answer, "results"), i, row) {
        json_t *object = json_object();
        json_auto_t *values = cells(row);
        for (size_t k = 0; k < json_array_size(values); k++)
            json_object_set(object, title(all, k), json_array_get(values, k));
        json_array_append_new(rows, object);
    }
    return rows;
}

static void
print_table(const json_t *answer)
{
    struct gl_cli_column columns[GL_CLI_COLUMNS_MAX] = {{0}};
    json_t *query = json_object_get(answer, "query");
    size_t dimensions = json_array_size(json_object_get(query, "dimensions"));
    json_auto_t *all = titles(answer);
    json_t *value;
    json_auto_t *rows = rows_by_title(answer, all);
    int n = 0;
    const char *key;
    for (; n < GL_CLI_COLUMNS_MAX && (size_t) n < json_array_size(all); n++) {
        columns[n].title = columns[n].key = title(all, (size_t) n);
        columns[n].right = (size_t) n >= dimensions;
    }
    gl_cli_table(rows, columns, n, "Nothing was counted.");
    json_object_foreach (json_object_get(answer, "meta"), key, value) {
        char text[64];
        gl_cli_value(text, sizeof text, "", value);
        if (json_is_number(value) || json_is_string(value))
            printf("%s: %s\n", key, text);
    }
}

/* ---- CSV ---- */

static void
print_csv(const json_t *answer)
{
    json_t *row;
    json_auto_t *all = titles(answer);
    size_t n = json_array_size(all), i;
    for (size_t k = 0; k < n; k++)
        gl_cli_csv_cell(title(all, k), k + 1 == n);
    json_array_foreach (json_object_get(answer, "results"), i, row) {
        json_auto_t *values = cells(row);
        for (size_t k = 0; k < n; k++)
            gl_cli_csv_value(json_array_get(values, k), k + 1 == n);
    }
}

/* ---- one, or several ---- */

static void
print_all(const json_t *answer, void (*print)(const json_t *answer))
{
    const json_t *answers = json_object_get(answer, "answers"), *one;
    size_t i;
    if (answers == NULL)
        print(answer);
    json_array_foreach (answers, i, one) {
        if (i > 0)
            putchar('\n');
        print(one);
    }
}

/* ---- the question ---- */

/* QUESTION with a receipt. */
static void
want_receipt(json_t *question)
{
    json_t *include = json_object_get(question, "include");
    if (include == NULL) {
        include = json_object();
        json_object_set_new(question, "include", include);
    }
    json_object_set_new(include, "receipt", json_true());
}

static int
wants_receipt(const json_t *question)
{
    const json_t *include = json_object_get(question, "include");
    return json_is_true(json_object_get(include, "receipt"));
}

static void
print(const char *format, const json_t *answer)
{
    print_all(answer, format != NULL ? print_csv : print_table);
}

/* QUESTION is taken.  The exit status. */
static int
ask(struct gl_cli *cli, const char *format, json_t *question)
{
    int receipt = wants_receipt(question);
    if (receipt)
        gl_cli_wait_for(cli, question);
    json_auto_t *answer = gl_cli_ask(cli, receipt ? "receipt" : "query",
                                     json_pack("{s:o}", "query", question));
    if (answer == NULL)
        return cli->status;
    if (cli->json)
        gl_cli_print_json(answer);
    else
        print(format, answer);
    return !receipt                      ? GL_CLI_OK
           : cli->json || format != NULL ? gl_cli_receipt_status(answer)
                                         : gl_cli_receipt(answer);
}

static int
run(struct gl_cli *cli)
{
    const char *format = NULL;
    int receipt = 0;
    const struct gl_cli_option options[] = {
        {"format", &format, NULL}, {"receipt", NULL, &receipt}, {0}};
    json_t *question;
    int status = gl_cli_read_question(cli, options, &question);
    if (status != GL_CLI_OK)
        return status;
    if (format != NULL && strcmp(format, "csv") != 0) {
        json_decref(question);
        return gl_cli_misuse("there is no format \"%s\"", format);
    }
    if (receipt)
        want_receipt(question);
    return ask(cli, format, question);
}

const struct gl_cli_noun gl_cli_query = {
    .name = "query", .run = run, .help = help};
