/* Cells of tables; see cell.h. */

#include "cell.h"

#include <string.h>

/* The last four are full-width forms, which some programs take for the first
 * four. */
static int
begins_formula(const char *text)
{
    static const char *const wide[] = {"＝", "＋", "－", "＠"};

    if (text[0] != '\0' && strchr("=+-@\t\r\n", text[0]) != NULL)
        return 1;
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        if (strncmp(text, wide[i], strlen(wide[i])) == 0)
            return 1;
    return 0;
}

/* 1 = before byte AT of CELL, in writing, comes a '; in reading, it is one. */
static int
is_marked(const char *cell, size_t at)
{
    const char *text = cell + at;

    if (at > 0 && strchr(";\t\r\n", text[-1]) == NULL)
        return 0;
    return begins_formula(text + strspn(text, "'"));
}

void
gl_cell_write(const char *text, void (*put)(void *arg, char c), void *arg)
{
    put(arg, '"');
    for (size_t at = 0; text[at] != '\0'; at++) {
        if (is_marked(text, at))
            put(arg, '\'');
        if (text[at] == '"')
            put(arg, '"');
        put(arg, text[at]);
    }
    put(arg, '"');
}

void
gl_cell_read(char *text)
{
    size_t to = 0;

    for (size_t at = 0; text[at] != '\0'; at++)
        if (text[at] != '\'' || !is_marked(text, at))
            text[to++] = text[at];
    text[to] = '\0';
}
