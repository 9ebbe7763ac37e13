/*
 * Promise: no cell begins with what a spreadsheet takes for a formula, nor
 * does one that begins within it for a program with another separator; and a
 * cell reads back as it was.
 */

#include "cell.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CELL_MAX 64
#define RANDOM_N 200000

static void
append(void *arg, char c)
{
    char *cell = arg;
    size_t len = strlen(cell);

    cell[len] = c;
    cell[len + 1] = '\0';
}

static void
check(const char *text, const char *want)
{
    char cell[CELL_MAX] = "";

    gl_cell_write(text, append, cell);
    tap_str(cell, want, "%s", want);
}

/* A twin that looks at what was written: 1 = a formula begins somewhere. */
static int
runs(const char *cell)
{
    static const char *const begins[] = {"=", "+", "-", "@", "＝", "＋"};
    int start = 1;

    for (; *cell != '\0'; cell++) {
        for (size_t i = 0; start && i < sizeof begins / sizeof *begins; i++)
            if (strncmp(cell, begins[i], strlen(begins[i])) == 0)
                return 1;
        start = *cell == ';' || *cell == '\t' || *cell == '\n';
    }
    return 0;
}

/* In quotes, with '"' twice, as CSV has it: what is between them. */
static void
unquote(const char *cell, char *text)
{
    for (cell++; cell[1] != '\0'; cell++) {
        cell += *cell == '"';
        *text++ = *cell;
    }
    *text = '\0';
}

static void
make(char *text)
{
    static const char *const parts[] = {"=", "+", "-",  "@",  "\t", "\n",
                                        ";", "'", "\"", "＝", "＋", "a"};
    int n = rand() % 6;

    text[0] = '\0';
    while (n-- > 0)
        strcat(text, parts[(size_t) rand() % (sizeof parts / sizeof *parts)]);
}

int
main(void)
{
    char text[CELL_MAX], cell[CELL_MAX], inside[CELL_MAX];
    int formulas = 0, others = 0;

    check("", "\"\"");
    check("a=b", "\"a=b\"");
    check("=1+1", "\"'=1+1\"");
    check("'=1", "\"''=1\"");
    check("it's", "\"it's\"");
    check("\"=1", "\"\"\"=1\"");
    check("a;=1;", "\"a;'=1;\"");
    check("a\n-1", "\"a\n'-1\"");
    check("＠x", "\"'＠x\"");
    srand(1);
    for (int i = 0; i < RANDOM_N; i++) {
        make(text);
        cell[0] = '\0';
        gl_cell_write(text, append, cell);
        unquote(cell, inside);
        formulas += runs(inside);
        gl_cell_read(inside);
        others += strcmp(inside, text) != 0;
    }
    tap_int(formulas, 0, "of %d cells none is a formula", RANDOM_N);
    tap_int(others, 0, "all read back");
    return tap_done();
}
