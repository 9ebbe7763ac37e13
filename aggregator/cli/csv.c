/* Cells of a table for spreadsheets. */

#include "cli/question.h"

#include <stdio.h>
#include <stdlib.h>

#include "cell.h"

static void
put_char(void *file, char c)
{
    putc(c, file);
}

void
gl_cli_csv_cell(const char *text, int last)
{
    gl_cell_write(text, put_char, stdout);
    fputs(last ? "\r\n" : ",", stdout);
}

void
gl_cli_csv_value(const json_t *value, int last)
{
    if (json_is_string(value)) {
        gl_cli_csv_cell(json_string_value(value), last);
        return;
    }
    /* Of an amount of money its number: the currency is in the question. */
    if (json_is_object(value))
        value = json_object_get(value, "value");
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    printf("\"%s\"%s", text == NULL || json_is_null(value) ? "" : text,
           last ? "\r\n" : ",");
    free(text);
}
