/* glinto rows: the rows behind a number. */

#include "cli/question.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "glinto rows - the rows behind a number\n"
    "\n"
    "  glinto rows FILE.json     the events that the question counts, by "
    "time\n"
    "  glinto rows <FILE.json    the same from standard input\n"
    "      --visits              the visits that it counts\n"
    "      --limit N             so many (default 1000, at most 10000)\n"
    "      --format csv          for spreadsheets (default: JSON lines)\n"
    "      --json                one JSON object\n"
    "\n"
    "FILE.json is a question as for \"glinto query\": its site_id, "
    "date_range\n"
    "and filters say which rows.  Times are those of the site's zone.\n"
    "\n"
    "  glinto rows --visits <<'END'\n"
    "  {\"site_id\": \"example.com\", \"date_range\": \"7d\", "
    "\"metrics\": [\"visits\"],\n"
    "   \"filters\": [[\"is\", \"visit:source\", [\"Google\"]]]}\n"
    "  END\n";

/* ---- CSV ---- */

/* The title of every member that some row has, in the order of the first that
 * has them. */
static json_t *
titles(const json_t *rows)
{
    json_t *all = json_object(), *row, *value;
    const char *key;
    size_t i;
    json_array_foreach (rows, i, row) {
        json_object_foreach (row, key, value)
            if (json_object_get(all, key) == NULL)
                json_object_set_new(all, key, json_true());
    }
    return all;
}

/* Properties, an object, are one cell. */
static void
print_value(const json_t *value, int last)
{
    char *text =
        json_is_object(value) ? json_dumps(value, JSON_COMPACT) : NULL;
    if (text != NULL)
        gl_cli_csv_cell(text, last);
    else
        gl_cli_csv_value(value, last);
    free(text);
}

static void
print_csv(const json_t *rows)
{
    json_t *row, *value;
    json_auto_t *all = titles(rows);
    const char *key;
    size_t n = json_object_size(all), at = 0, i;
    json_object_foreach (all, key, value)
        gl_cli_csv_cell(key, ++at == n);
    json_array_foreach (rows, i, row) {
        at = 0;
        json_object_foreach (all, key, value)
            print_value(json_object_get(row, key), ++at == n);
    }
}

/* ---- the question ---- */

static void
print_lines(const json_t *rows)
{
    json_t *row;
    size_t i;
    json_array_foreach (rows, i, row) {
        json_dumpf(row, stdout, JSON_COMPACT);
        putchar('\n');
    }
}

/* 0 and *N, or the exit status; said. */
static int
read_limit(const char *text, json_int_t *n)
{
    char *end;
    *n = text == NULL ? 1000 : strtoll(text, &end, 10);
    if (text == NULL || (*end == '\0' && *n >= 1 && *n <= 10000))
        return 0;
    return gl_cli_misuse("--limit is a number from 1 to 10000");
}

static int
run(struct gl_cli *cli)
{
    const char *format = NULL, *limit = NULL;
    int visits = 0, done;
    const struct gl_cli_option options[] = {{"format", &format, NULL},
                                            {"limit", &limit, NULL},
                                            {"visits", NULL, &visits},
                                            {0}};
    json_t *question;
    json_auto_t *answer = NULL;
    json_int_t n = 0;
    int status = gl_cli_read_question(cli, options, &question);
    if (status != GL_CLI_OK)
        return status;
    if (format != NULL && strcmp(format, "csv") != 0)
        status = gl_cli_misuse("there is no format \"%s\"", format);
    else
        status = read_limit(limit, &n);
    if (status != GL_CLI_OK) {
        json_decref(question);
        return status;
    }
    gl_cli_wait_for(cli, question);
    answer =
        gl_cli_ask_and_print(cli, "rows",
                             json_pack("{s:o, s:b, s:I}", "query", question,
                                       "visits", visits, "limit", n),
                             &done, &status);
    if (done)
        return status;
    if (format != NULL)
        print_csv(json_object_get(answer, "rows"));
    else
        print_lines(json_object_get(answer, "rows"));
    return status;
}

const struct gl_cli_noun gl_cli_rows = {
    .name = "rows", .run = run, .help = help};
