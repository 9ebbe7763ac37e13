/*
 * Tables of day totals, in a folder or a ZIP, as lines of JSON: what glintod
 * reads.  Which columns there may be is its business.
 */

#ifndef GL_CLI_IMPORT_TABLES_H
#define GL_CLI_IMPORT_TABLES_H

struct gl_cli_tables {
    char first[16], last[16]; /* the dates that come, "" = none */
    int rows;
};

/* The lines of all tables of PATH, a file that has no name any more: its
 * descriptor, or -1; then it has been said why. */
int gl_cli_tables_read(const char *path, struct gl_cli_tables *tables);

#endif
