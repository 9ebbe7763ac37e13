/* Answers for human eyes: tables, times, sizes. */

#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "domain.h"
#include "number.h"

#define GL_CLI_CELL_MAX 512

void
gl_cli_count(char *text, size_t size, int64_t n, const char *one)
{
    char number[GL_NUMBER_MAX];
    gl_number(number, n);
    snprintf(text, size, "%s %s%s", number, one, n == 1 ? "" : "s");
}

void
gl_cli_bytes(char *text, size_t size, int64_t bytes)
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
    double n = (double) bytes;
    size_t unit = 0;
    while (n >= 1000 && unit + 1 < sizeof units / sizeof units[0]) {
        n /= 1000;
        unit++;
    }
    snprintf(text, size, unit == 0 ? "%.0f %s" : "%.1f %s", n, units[unit]);
}

static int
ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);
    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static void
put_time(char *text, size_t size, int64_t at_ms)
{
    time_t at_s = (time_t) (at_ms / 1000);
    struct tm tm;
    if (at_ms == 0 || gmtime_r(&at_s, &tm) == NULL) {
        snprintf(text, size, "-");
        return;
    }
    strftime(text, size, "%Y-%m-%d %H:%M:%S UTC", &tm);
}

static void
put_integer(char *text, size_t size, const char *key, int64_t n)
{
    if (strcmp(key, "created") == 0 || strcmp(key, "at") == 0 ||
        ends_with(key, "_at") || ends_with(key, "_at_ms")) {
        put_time(text, size, n);
    } else if (strstr(key, "bytes") != NULL) {
        gl_cli_bytes(text, size, n);
    } else {
        char number[GL_NUMBER_MAX];
        gl_number(number, n);
        const char *unit =
            ends_with(key, "_ms")      ? " ms"
            : ends_with(key, "_us")    ? " µs"
            : ends_with(key, "_per_s") ? ""
            : ends_with(key, "_s") || strcmp(key, "refresh_window") == 0 ? " s"
                                                                         : "";
        snprintf(text, size, "%s%s", number, unit);
    }
}

static void
put_string(char *text, size_t size, const char *from)
{
    snprintf(text, size, "%s", from);
    gl_cli_tame(text);
}

/* A comma list of domains, each as people read it. */
static void
put_domains(char *text, size_t size, const char *list)
{
    char domain[GL_DOMAIN_BYTES], shown[GL_DOMAIN_BYTES];
    size_t len, at = 0;
    for (;; list += len + 1) {
        len = strcspn(list, ",");
        snprintf(domain, sizeof domain, "%.*s", (int) len, list);
        gl_domain_show(domain, shown);
        put_string(text + at, size - at, shown);
        at += strlen(text + at);
        if (list[len] == '\0' || at + 2 > size)
            return;
        text[at++] = ',';
        text[at] = '\0';
    }
}

static void
put_text(char *text, size_t size, const char *key, const char *from)
{
    char *shown = gl_domain_begins(key) ? gl_domain_shown(from) : NULL;
    if (strcmp(key, "domain") == 0 || strcmp(key, "hosts") == 0)
        put_domains(text, size, from);
    else
        put_string(text, size, shown != NULL ? shown : from);
    free(shown);
}

const char *
gl_cli_text(const json_t *args, const char *key)
{
    const char *text = json_string_value(json_object_get(args, key));
    return text == NULL ? "" : text;
}

int64_t
gl_cli_number(const json_t *args, const char *key)
{
    return json_integer_value(json_object_get(args, key));
}

static void
put_list(char *text, size_t size, const json_t *list)
{
    size_t at = 0;
    snprintf(text, size, "none");
    for (size_t i = 0; i < json_array_size(list) && at + 2 < size; i++) {
        if (i > 0)
            at += (size_t) snprintf(text + at, size - at, ", ");
        gl_cli_value(text + at, size - at, "", json_array_get(list, i));
        at += strlen(text + at);
    }
}

void
gl_cli_value(char *text, size_t size, const char *key, const json_t *value)
{
    switch (value == NULL ? JSON_NULL : json_typeof(value)) {
    case JSON_STRING:
        put_text(text, size, key, json_string_value(value));
        break;
    case JSON_INTEGER:
        put_integer(text, size, key, json_integer_value(value));
        break;
    case JSON_REAL:
        snprintf(text, size, "%.2f", json_real_value(value));
        break;
    case JSON_TRUE:
        snprintf(text, size, "yes");
        break;
    case JSON_FALSE:
        snprintf(text, size, "no");
        break;
    case JSON_ARRAY:
        put_list(text, size, value);
        break;
    case JSON_OBJECT:
        if (json_object_get(value, "long") != NULL) /* an amount */
            put_string(text, size, gl_cli_text(value, "long"));
        else
            snprintf(text, size, json_object_size(value) == 0 ? "none" : "-");
        break;
    case JSON_NULL:
        snprintf(text, size, "-");
        break;
    }
}

/* Columns a text takes on a terminal: one for each UTF-8 character. */
static int
width(const char *text)
{
    int n = 0;
    for (; *text != '\0'; text++)
        n += ((unsigned char) *text & 0xc0) != 0x80;
    return n;
}

static void
put_cell(const char *text, int columns, int right, int last)
{
    int pad = columns - width(text);
    if (right)
        printf("%*s%s", pad, "", text);
    else if (last)
        fputs(text, stdout);
    else
        printf("%s%*s", text, pad, "");
    fputs(last ? "\n" : "  ", stdout);
}

void
gl_cli_table(const json_t *rows, const struct gl_cli_column *columns,
             int columns_n, const char *none)
{
    int widths[GL_CLI_COLUMNS_MAX];
    char cell[GL_CLI_CELL_MAX];
    size_t i;
    json_t *row;
    if (json_array_size(rows) == 0) {
        puts(none);
        return;
    }
    for (int k = 0; k < columns_n; k++) {
        widths[k] = width(columns[k].title);
        json_array_foreach (rows, i, row) {
            gl_cli_value(cell, sizeof cell, columns[k].key,
                         json_object_get(row, columns[k].key));
            int w = width(cell);
            widths[k] = w > widths[k] ? w : widths[k];
        }
    }
    for (int k = 0; k < columns_n; k++) {
        put_cell(columns[k].title, widths[k], columns[k].right,
                 k == columns_n - 1);
    }
    json_array_foreach (rows, i, row) {
        for (int k = 0; k < columns_n; k++) {
            gl_cli_value(cell, sizeof cell, columns[k].key,
                         json_object_get(row, columns[k].key));
            put_cell(cell, widths[k], columns[k].right, k == columns_n - 1);
        }
    }
}
