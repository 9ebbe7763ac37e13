/*
 * Does all data stay where the policy says?  Each thing looked at is one
 * finding.  It asks the resolver: for the command, never for glintod.
 */

#ifndef GL_DEPLOY_RESIDENCY_H
#define GL_DEPLOY_RESIDENCY_H

#include "deploy/nginx.h"
#include "deploy/policy.h"

enum gl_finding_kind { GL_CHECKED, GL_DECLARED, GL_REFUSED };

struct gl_finding {
    enum gl_finding_kind kind;
    char *where; /* "FILE:LINE", or what was looked at */
    char *says;
};

struct gl_residency {
    const struct gl_policy *policy;
    GPtrArray *findings; /* of struct gl_finding * */
    int refused;
};

struct gl_residency *gl_residency_new(const struct gl_policy *policy);
void gl_residency_free(struct gl_residency *residency);
void gl_residency_add(struct gl_residency *residency,
                      enum gl_finding_kind kind, const char *where, int line,
                      const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* HOST, an address or a name, that WHAT of WHERE sends to: one finding. */
void gl_residency_target(struct gl_residency *residency, const char *where,
                         int line, const char *what, const char *host);
/* VALUE of KEY, a path, or the folder it is to be made in; one that is not
 * absolute is below BASE: one finding. */
void gl_residency_path(struct gl_residency *residency, const char *where,
                       int line, const char *key, const char *value,
                       const char *base);

/* Each thing to look at. */
void gl_residency_here(struct gl_residency *residency);
void gl_residency_conf(struct gl_residency *residency, const char *path,
                       const char *text);
/* Servers of PostgreSQL that it names: each host is a finding, and what proves
 * who answers there. */
void gl_residency_databases(struct gl_residency *residency, const char *path,
                            const char *text);
/* The FILE that the one at PATH names, g_free(). */
char *gl_residency_beside(const char *path, const char *file);
/* 1 = HOST is a Unix socket, or of the machine that names it. */
int gl_residency_is_local(const char *host);
/* What they say themselves: SAID is what "glinto-postgresql servers" prints for
 * this file. */
void gl_residency_servers(struct gl_residency *residency, const char *path,
                          const char *text, const char *said);
void gl_residency_nginx(struct gl_residency *residency,
                        const struct gl_nginx *nginx);
/* The unit, then its drop-ins as systemd reads them: N of them. */
struct gl_unit_file {
    const char *path, *text;
};
void gl_residency_unit(struct gl_residency *residency,
                       const struct gl_unit_file *files, size_t n);
/* What pages and scripts load, by the bytes of PATH: a file, or a folder with
 * all below it.  KIND is what is said of it: "pages". */
void gl_residency_assets(struct gl_residency *residency, const char *path,
                         const char *kind);
/* Network sockets that processes called glintod hold now. */
void gl_residency_sockets(struct gl_residency *residency);

#endif
