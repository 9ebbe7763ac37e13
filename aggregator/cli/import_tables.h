/*
 * CSV files of other products, one, or those in a folder or a ZIP, as lines of
 * JSON: what glintod reads.  Which columns there may be is its business.
 */

#ifndef GL_CLI_IMPORT_TABLES_H
#define GL_CLI_IMPORT_TABLES_H

#include <stdint.h>

enum gl_cli_dates {
    GL_CLI_DATES_NONE,
    GL_CLI_DATES_ISO, /* each row has a "date", 2026-11-28 */
    /* "Date", 20261128, becomes such; lines of # before the first are for
     * people, and so is a row of the "Grand total" */
    GL_CLI_DATES_GOOGLE
};

struct gl_cli_tables {
    char first[16], last[16]; /* the dates that come, "" = none */
    enum gl_cli_dates dates;
    int64_t rows;
};

/* The lines of all tables of PATH, a file that has no name any more: its
 * descriptor, or -1; then it has been said why. */
int gl_cli_tables_read(const char *path, enum gl_cli_dates dates,
                       struct gl_cli_tables *tables);

#endif
