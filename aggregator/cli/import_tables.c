/*
 * Tables in a folder or a ZIP become lines; see import_tables.h.  A row is
 *
 *   {"file": "imported_pages_20260101_20260131.csv", "line": 12,
 *    "table": "imported_pages", "row": {COLUMN: TEXT, ...}}
 *
 * libarchive opens the ZIP, libcsv finds the cells.
 */

#define _GNU_SOURCE /* strptime, timegm */

#include "cli/import_tables.h"

#include <archive.h>
#include <archive_entry.h>
#include <csv.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/import_text.h"

/* A file under way. */
struct table {
    struct gl_cli_tables *tables;
    FILE *out;
    char file[256];  /* "imported_pages_20260101_20260131.csv" */
    char name[256];  /* "imported_pages" */
    json_t *columns; /* their names; NULL before the first line */
    json_t *cells;   /* of the row under way */
    long line, lines_in_cells;
    int failed; /* said why */
};

static void
fail_line(struct table *table, const char *why)
{
    if (!table->failed)
        gl_cli_fail("%s, line %ld: %s", table->file, table->line, why);
    table->failed = 1;
}

/* ---- rows ---- */

static void
on_cell(void *bytes, size_t len, void *arg)
{
    struct table *table = arg;
    const char *text = bytes;
    json_t *cell = json_stringn(len > 0 ? text : "", len);
    if (cell == NULL)
        fail_line(table, "is not UTF-8");
    json_array_append_new(table->cells, cell);
    for (size_t i = 0; i < len; i++)
        table->lines_in_cells += text[i] == '\n';
}

/* glintod must know all dates before the first row comes. */
static int
is_date(const char *text)
{
    struct tm tm = {0}, same;
    char again[16];
    const char *end = strptime(text, "%Y-%m-%d", &tm);
    if (end == NULL || *end != '\0')
        return 0;
    time_t at = timegm(&tm);
    return gmtime_r(&at, &same) != NULL &&
           strftime(again, sizeof again, "%Y-%m-%d", &same) == 10 &&
           strcmp(text, again) == 0;
}

/* "20261128" of ROW as a "date". */
static void
make_date(json_t *row)
{
    const char *date = json_string_value(json_object_get(row, "Date"));
    if (date != NULL && strlen(date) == 8 && strspn(date, "0123456789") == 8)
        json_object_set_new(
            row, "date",
            json_sprintf("%.4s-%.2s-%s", date, date + 4, date + 6));
}

static void
note_date(struct table *table, const json_t *row)
{
    struct gl_cli_tables *tables = table->tables;
    const char *date = json_string_value(json_object_get(row, "date"));
    if (date == NULL || !is_date(date)) {
        fail_line(table, tables->dates == GL_CLI_DATES_GOOGLE
                             ? "\"Date\" must be a date, like 20261128"
                             : "\"date\" must be a date, like 2026-11-28");
        return;
    }
    if (tables->first[0] == '\0' || strcmp(date, tables->first) < 0)
        strcpy(tables->first, date);
    if (strcmp(date, tables->last) > 0)
        strcpy(tables->last, date);
}

static json_t *
make_row(struct table *table)
{
    json_t *row = json_object(), *name;
    size_t i;
    json_array_foreach (table->columns, i, name) {
        const char *key = json_string_value(name);
        if (json_object_get(row, key) != NULL)
            fail_line(table, "a column is there twice");
        json_object_set(row, key, json_array_get(table->cells, i));
    }
    return row;
}

static void
put_row(struct table *table)
{
    json_t *row = make_row(table);
    json_auto_t *line =
        json_pack("{s:s, s:I, s:s, s:o}", "file", table->file, "line",
                  (json_int_t) table->line, "table", table->name, "row", row);
    if (table->tables->dates == GL_CLI_DATES_GOOGLE)
        make_date(row);
    if (table->tables->dates != GL_CLI_DATES_NONE)
        note_date(table, row);
    if (json_dumpf(line, table->out, JSON_COMPACT) == -1 ||
        putc('\n', table->out) == EOF)
        fail_line(table, "cannot be written to a temporary file");
    table->tables->rows++;
}

static void
take_columns(struct table *table)
{
    const char *date =
        table->tables->dates == GL_CLI_DATES_GOOGLE ? "Date" : "date";
    json_t *name;
    size_t i;
    int dated = table->tables->dates == GL_CLI_DATES_NONE;
    table->columns = table->cells;
    table->cells = json_array();
    json_array_foreach (table->columns, i, name)
        dated |= strcmp(json_string_value(name), date) == 0;
    if (!dated)
        fail_line(table, date[0] == 'D' ? "\"Date\" is missing"
                                        : "\"date\" is missing");
}

/* What Google Analytics writes for people. */
static int
is_remark(const struct table *table)
{
    size_t n = json_array_size(table->cells);
    const char *first = json_string_value(json_array_get(table->cells, 0));
    const char *last = json_string_value(json_array_get(table->cells, n - 1));
    if (table->tables->dates != GL_CLI_DATES_GOOGLE || n == 0)
        return 0;
    return table->columns == NULL ? first[0] == '#'
                                  : n == json_array_size(table->columns) + 1 &&
                                        strcmp(last, "Grand total") == 0;
}

/* END is the character that ends a line, of "\r\n" one after the other. */
static void
on_row(int end, void *arg)
{
    struct table *table = arg;
    if (json_array_size(table->cells) == 0 || table->failed ||
        is_remark(table))
        json_array_clear(table->cells);
    else if (table->columns == NULL)
        take_columns(table);
    else if (json_array_size(table->cells) != json_array_size(table->columns))
        fail_line(table, "has not as many cells as there are columns");
    else
        put_row(table);
    json_array_clear(table->cells);
    table->line += (end == '\n') + table->lines_in_cells;
    table->lines_in_cells = 0;
}

/* ---- a file ---- */

static int
ends_with(const char *path, const char *end)
{
    size_t len = path == NULL ? 0 : strlen(path), end_len = strlen(end);
    return len > end_len && strcmp(path + len - end_len, end) == 0;
}

/* NAME of a path without ".csv" and the dates: "_20260101_20260131". */
static void
name_table(struct table *table, const char *path)
{
    const char *slash = strrchr(path, '/');
    snprintf(table->file, sizeof table->file, "%s",
             slash == NULL ? path : slash + 1);
    snprintf(table->name, sizeof table->name, "%s", table->file);
    size_t len = strlen(table->name) - strlen(".csv");
    while (len > 0 && (strchr("0123456789_", table->name[len - 1]) != NULL))
        len--;
    table->name[len] = '\0';
}

static int
is_csv(const char *path)
{
    return ends_with(path, ".csv");
}

static void
parse(struct table *table, struct csv_parser *parser,
      const struct gl_cli_text *text)
{
    if (csv_parse(parser, text->text, text->len, on_cell, on_row, table) !=
        text->len)
        fail_line(table, csv_strerror(csv_error(parser)));
}

/* Read by READ until it gives 0: 0, or -1 and it has been said why. */
static int
read_file(struct gl_cli_tables *tables, FILE *out, const char *path,
          ssize_t (*read_more)(void *from, char *bytes, size_t len),
          void *from)
{
    struct table table = {
        .tables = tables, .out = out, .cells = json_array(), .line = 1};
    struct gl_cli_text text;
    struct csv_parser parser;
    char bytes[GL_CLI_TEXT_PIECE];
    ssize_t len = 0;
    name_table(&table, path);
    gl_cli_text_init(&text);
    csv_init(&parser,
             CSV_APPEND_NULL | CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL);
    while (!table.failed && (len = read_more(from, bytes, sizeof bytes)) > 0)
        if (gl_cli_text_take(&text, bytes, (size_t) len) == -1)
            fail_line(&table, "is not UTF-16");
        else
            parse(&table, &parser, &text);
    if (!table.failed && gl_cli_text_end(&text) == -1)
        fail_line(&table, "ends within a character");
    if (!table.failed && csv_fini(&parser, on_cell, on_row, &table) != 0)
        fail_line(&table, csv_strerror(csv_error(&parser)));
    csv_free(&parser);
    gl_cli_text_fini(&text);
    json_decref(table.columns);
    json_decref(table.cells);
    if (len < 0)
        gl_cli_fail("cannot read %s: %s", path, strerror(errno));
    return table.failed || len < 0 ? -1 : 0;
}

/* ---- a folder, a ZIP ---- */

static ssize_t
read_plain(void *from, char *bytes, size_t len)
{
    return read(*(int *) from, bytes, len);
}

static int
read_folder(const char *path, struct gl_cli_tables *tables, FILE *out)
{
    struct dirent **names;
    int result = 0, n = scandir(path, &names, NULL, alphasort);
    if (n == -1) {
        gl_cli_fail("cannot read %s: %s", path, strerror(errno));
        return -1;
    }
    for (int i = 0; i < n; i++) {
        char file[4096];
        snprintf(file, sizeof file, "%s/%s", path, names[i]->d_name);
        if (result == 0 && is_csv(file)) {
            int fd = open(file, O_RDONLY | O_CLOEXEC);
            result =
                fd == -1 ? -1 : read_file(tables, out, file, read_plain, &fd);
            if (fd == -1)
                gl_cli_fail("cannot read %s: %s", file, strerror(errno));
            else
                close(fd);
        }
        free(names[i]);
    }
    free(names);
    return result;
}

static ssize_t
read_packed(void *from, char *bytes, size_t len)
{
    ssize_t n = archive_read_data(from, bytes, len);
    if (n < 0)
        errno = archive_errno(from);
    return n;
}

/* PATH without ".gz", as the file in it is called. */
static void
name_plain(const char *path, char name[4096])
{
    snprintf(name, 4096, "%s", path);
    if (ends_with(name, ".gz"))
        name[strlen(name) - strlen(".gz")] = '\0';
}

/* A ZIP; or PLAIN, one file, perhaps with gzip. */
static int
read_archive(const char *path, int plain, struct gl_cli_tables *tables,
             FILE *out)
{
    struct archive *zip = archive_read_new();
    struct archive_entry *entry;
    char name[4096];
    int result = 0, step = ARCHIVE_FATAL;
    archive_read_support_filter_gzip(zip);
    if (plain)
        archive_read_support_format_raw(zip);
    else
        archive_read_support_format_zip(zip);
    name_plain(path, name);
    if (archive_read_open_filename(zip, path, GL_CLI_TEXT_PIECE) == ARCHIVE_OK)
        while (result == 0 &&
               (step = archive_read_next_header(zip, &entry)) == ARCHIVE_OK) {
            const char *file = plain ? name : archive_entry_pathname(entry);
            if (is_csv(file))
                result = read_file(tables, out, file, read_packed, zip);
        }
    if (result == 0 && step != ARCHIVE_EOF) {
        gl_cli_fail("cannot read %s: %s", path, archive_error_string(zip));
        result = -1;
    }
    archive_read_free(zip);
    return result;
}

static int
read_any(const char *path, struct gl_cli_tables *tables, FILE *out)
{
    struct stat st;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return read_folder(path, tables, out);
    return read_archive(path, is_csv(path) || ends_with(path, ".csv.gz"),
                        tables, out);
}

int
gl_cli_tables_read(const char *path, enum gl_cli_dates dates,
                   struct gl_cli_tables *tables)
{
    FILE *out = tmpfile();
    int fd = -1;
    *tables = (struct gl_cli_tables){.dates = dates};
    if (out == NULL) {
        gl_cli_fail("cannot make a temporary file: %s", strerror(errno));
        return -1;
    }
    int result = read_any(path, tables, out);
    if (result == 0 && fflush(out) != 0)
        result =
            gl_cli_fail("cannot write a temporary file: %s", strerror(errno));
    if (result == 0 && tables->rows == 0)
        result = gl_cli_fail("%s has no table with rows", path);
    if (result == 0)
        fd = fcntl(fileno(out), F_DUPFD_CLOEXEC, 0);
    fclose(out);
    return fd;
}
