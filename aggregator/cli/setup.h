/*
 * "glinto setup": Glinto's lines in nginx's configuration.  Where they go is
 * decided in setup_lines.c; setup_write.c writes them, and takes them back.
 */

#ifndef GL_CLI_SETUP_H
#define GL_CLI_SETUP_H

#include <glib.h>

#include "cli/cli.h"
#include "deploy/nginx.h"

/* Ends each line that setup wrote, so that it is found again. */
#define GL_SETUP_MARK "# glinto setup"

/* A file that gets lines. */
struct gl_setup_edit {
    char *path; /* no link */
    char *before, *after;
};

/* What to count. */
struct gl_setup_site {
    const char *domain;
    const struct gl_nginx_word *server;
    int inject; /* nginx puts the script into pages */
};

/* ---- programs: setup_run.c ---- */

/* Run NAME (a program's, or what $GLINTO_NGINX says for "nginx", and
 * $GLINTO_POSTGRESQL for "glinto-postgresql") with ARGS, ended by NULL:
 * its exit status, -1 when it could not be run.  *SAID, where SAID is not
 * NULL, is all of standard output, *ERRORS of standard error; the caller frees
 * them. */
int gl_setup_run(const char *name, const char *const *args, char **said,
                 char **errors);

/* nginx's configuration; NULL, and it has been said why. */
struct gl_nginx *gl_setup_nginx(void);

/* "start" or "reload" SERVICE by systemd, else by its init script; with
 * $GLINTO_NGINX nginx is reloaded by itself.  An exit status. */
int gl_setup_service(const char *service, const char *what);

/* ---- where: setup_lines.c ---- */

/* Servers that answer pages, of struct gl_nginx_word *; others redirect. */
GPtrArray *gl_setup_servers(const struct gl_nginx *nginx);
/* The one for DOMAIN: it names it, best with TLS; else the default one.  NULL
 * = there is none. */
const struct gl_nginx_word *gl_setup_server(GPtrArray *servers,
                                            const char *domain);
/* The first host that SERVER names, "" when it names none. */
const char *gl_setup_host(const struct gl_nginx_word *server);
/* "https://example.com:8443", for the caller to free. */
char *gl_setup_origin(const struct gl_setup_site *site);
/* The edits that NGINX lacks for SITE, of struct gl_setup_edit *; none when
 * all is there. */
GPtrArray *gl_setup_edits(const struct gl_nginx *nginx,
                          const struct gl_setup_site *site);

/* ---- writing: setup_write.c ---- */

/* Show the differences on standard output.  The exit status; a failure is
 * said. */
int gl_setup_show(const GPtrArray *edits);
/* Write EDITS, with copies of the files in a new folder of COPIES, and test.
 * What nginx does not take is taken back.  An exit status; said why. */
int gl_setup_write(const GPtrArray *edits, const char *copies);
/* Take the lines out of all files that COPIES says were written. */
int gl_setup_take_back(const char *copies);

#endif
