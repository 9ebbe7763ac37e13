/* An export as it was asked for, and its ways. */

#ifndef GL_CLI_EXPORT_H
#define GL_CLI_EXPORT_H

#include "cli/cli.h"

struct gl_cli_exporting {
    struct gl_cli *cli;
    const char *path_asked; /* "/v1/export/chunk" */
    const char *site, *from, *to;
    const char *path; /* NULL = standard output */
    int terminal;     /* show progress */
};

/* Piece by piece: each has at NEXT what KEY is for the one after it.  TAKE
 * returns 0, or the exit status; so does this. */
int gl_cli_export_all(const struct gl_cli_exporting *export, const char *key,
                      const char *next,
                      int (*take)(void *arg, const json_t *answer), void *arg);

/* The exit status; said why. */
int gl_cli_export_events(const struct gl_cli_exporting *export);
int gl_cli_export_tables(const struct gl_cli_exporting *export);

#endif
