/*
 * CSV files of other products, one, or those in a folder or a ZIP, as lines of
 * JSON: what glintod reads.  Which columns there may be is its business.
 */

#ifndef GL_CLI_IMPORT_TABLES_H
#define GL_CLI_IMPORT_TABLES_H

#include <stdint.h>

struct gl_cli_tables {
    char first[16], last[16]; /* the dates that come, "" = none */
    int dated;
    int64_t rows;
};

/* The lines of all tables of PATH, a file that has no name any more: its
 * descriptor, or -1; then it has been said why.  DATED: each row has a
 * "date". */
int gl_cli_tables_read(const char *path, int dated,
                       struct gl_cli_tables *tables);

#endif
