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

/* What comes after KEY's TEXT (NULL = the first); NULL: said why, and the
 * status is the client's. */
json_t *gl_cli_export_ask(const struct gl_cli_exporting *export,
                          const char *key, const char *text);

/* The exit status; said why. */
int gl_cli_export_events(const struct gl_cli_exporting *export);
int gl_cli_export_tables(const struct gl_cli_exporting *export);

#endif
