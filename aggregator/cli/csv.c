/* Cells of a table for spreadsheets. */

#include "cli/question.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

void
gl_cli_csv_cell(const char *text, int last)
{
    fputs(is_formula(text) ? "\"'" : "\"", stdout);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            putchar('"');
        putchar(*text);
    }
    fputs(last ? "\"\r\n" : "\",", stdout);
}

void
gl_cli_csv_value(const json_t *value, int last)
{
    char *text;
    if (json_is_string(value)) {
        gl_cli_csv_cell(json_string_value(value), last);
        return;
    }
    /* Of an amount of money its number: the currency is in the question. */
    if (json_is_object(value))
        value = json_object_get(value, "value");
    text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    gl_cli_csv_cell(text == NULL || json_is_null(value) ? "" : text, last);
    free(text);
}
