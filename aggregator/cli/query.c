/* glinto query: any question about a site's visits. */

#include "cli/cli.h"

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
    "            bounce_rate visit_duration percentage\n"
    "date_range  day 24h 7d 28d 30d 91d month 6mo 12mo year all, or two "
    "dates\n"
    "dimensions  time:hour time:day time:week time:month event:page\n"
    "            visit:source visit:country visit:browser and so on\n"
    "queries     several at once: [{\"metrics\": ..., \"dimensions\": ...}, "
    "...]\n"
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

    json_array_foreach(metrics, i, metric)
    {
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
    json_t *all = json_array();

    json_array_extend(all, json_object_get(query, "dimensions"));
    json_array_extend(all, (json_t *) (uintptr_t) metrics);
    if (json_object_get(json_object_get(query, "include"), "comparisons") !=
        NULL) {
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
    json_array_foreach(json_object_get(answer, "results"), i, row)
    {
        json_t *object = json_object(), *values = cells(row);
        for (size_t k = 0; k < json_array_size(values); k++)
            json_object_set(object, title(all, k), json_array_get(values, k));
        json_array_append_new(rows, object);
        json_decref(values);
    }
    return rows;
}

static void
print_table(const json_t *answer)
{
    struct gl_cli_column columns[GL_CLI_COLUMNS_MAX] = {{0}};
    json_t *query = json_object_get(answer, "query");
    size_t dimensions = json_array_size(json_object_get(query, "dimensions"));
    json_t *all = titles(answer), *rows = rows_by_title(answer, all), *value;
    int n = 0;
    const char *key;
    for (; n < GL_CLI_COLUMNS_MAX && (size_t) n < json_array_size(all); n++) {
        columns[n].title = columns[n].key = title(all, (size_t) n);
        columns[n].right = (size_t) n >= dimensions;
    }
    gl_cli_table(rows, columns, n, "Nothing was counted.");
    json_object_foreach(json_object_get(answer, "meta"), key, value)
    {
        char text[64];
        gl_cli_value(text, sizeof text, "", value);
        if (json_is_number(value))
            printf("%s: %s\n", key, text);
    }
    json_decref(rows);
    json_decref(all);
}

/* ---- CSV ---- */

/* A spreadsheet takes a cell that begins so for a formula. */
static int
is_formula(const char *text)
{
    static const char *const wide[] = {"＝", "＋", "－", "＠"};
    if (text[0] != '\0' && strchr("=+-@\t\r\n", text[0]) != NULL)
        return 1;
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        if (strncmp(text, wide[i], strlen(wide[i])) == 0)
            return 1;
    return 0;
}

static void
print_cell(const char *text, int last)
{
    fputs(is_formula(text) ? "\"'" : "\"", stdout);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            putchar('"');
        putchar(*text);
    }
    fputs(last ? "\"\r\n" : "\",", stdout);
}

static void
print_number(const json_t *value, int last)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    print_cell(text == NULL || json_is_null(value) ? "" : text, last);
    free(text);
}

static void
print_csv(const json_t *answer)
{
    json_t *all = titles(answer), *row;
    size_t n = json_array_size(all), i;
    for (size_t k = 0; k < n; k++)
        print_cell(title(all, k), k + 1 == n);
    json_array_foreach(json_object_get(answer, "results"), i, row)
    {
        json_t *values = cells(row);
        for (size_t k = 0; k < n; k++) {
            const json_t *value = json_array_get(values, k);
            if (json_is_string(value))
                print_cell(json_string_value(value), k + 1 == n);
            else
                print_number(value, k + 1 == n);
        }
        json_decref(values);
    }
    json_decref(all);
}

/* ---- one, or several ---- */

static void
print_all(const json_t *answer, void (*print)(const json_t *answer))
{
    const json_t *answers = json_object_get(answer, "answers"), *one;
    size_t i;
    if (answers == NULL)
        print(answer);
    json_array_foreach(answers, i, one)
    {
        if (i > 0)
            putchar('\n');
        print(one);
    }
}

/* ---- the question ---- */

/* From FILE, NULL = standard input; NULL and it has been said why. */
static json_t *
read_question(const char *file)
{
    json_error_t error;
    json_t *json;
    if (file == NULL && isatty(STDIN_FILENO)) {
        gl_cli_misuse("query needs a file, or a question on standard input");
        return NULL;
    }
    json = file == NULL ? json_loadf(stdin, JSON_REJECT_DUPLICATES, &error)
                        : json_load_file(file, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL)
        gl_cli_misuse("%s: line %d: %s",
                      file == NULL ? "standard input" : file, error.line,
                      error.text);
    return json;
}

static int
run(struct gl_cli *cli)
{
    const char *format = NULL, *file = NULL;
    const struct gl_cli_option options[] = {{"format", &format, NULL}, {0}};
    int done, status;
    /* the noun stands where others have a verb; options come in pairs */
    cli->argc++;
    cli->argv--;
    status = gl_cli_read(cli, options, &file, (cli->argc - 1) % 2);
    if (status != GL_CLI_OK)
        return status;
    if (format != NULL && strcmp(format, "csv") != 0)
        return gl_cli_misuse("there is no format \"%s\"", format);
    json_t *question = read_question(file);
    if (question == NULL)
        return GL_CLI_USAGE;
    json_t *answer = gl_cli_ask_and_print(
        cli, "query", json_pack("{s:o}", "query", question), &done, &status);
    if (done)
        return status;
    print_all(answer, format != NULL ? print_csv : print_table);
    json_decref(answer);
    return status;
}

const struct gl_cli_noun gl_cli_query = {
    .name = "query", .run = run, .help = help};
