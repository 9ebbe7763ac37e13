/*
 * Of several primaries (cluster.h) a machine has the numbers of the accounts
 * of one.  What it knows of the others it says instead: never a zero that
 * nobody counted.  Events that come all the same are rows, so that a wrong
 * "primary" in glinto.conf loses none.  Any thread.
 */

#ifndef GL_ACCESS_ELSEWHERE_H
#define GL_ACCESS_ELSEWHERE_H

#include "conf.h"
#include "store/directory/directory.h"

/* HTTP: this machine cannot answer that; another can. */
#define GL_ELSEWHERE_STATUS 421

struct gl_elsewhere {
    char primary[GL_CLUSTER_NAME_MAX];
    char pages[GL_CLUSTER_PAGES_MAX]; /* "" = where they are is not known */
};

/* 1 = the numbers of ACCOUNT are on another machine, 0 = here. */
int gl_elsewhere_account(const struct gl_conf *conf,
                         const struct gl_meta_account *account);
/* Those of SITE, one of VERSION, and *WHERE, which may be NULL. */
int gl_elsewhere_site(const struct gl_conf *conf,
                      const struct gl_version *version,
                      const struct gl_meta_site *site,
                      struct gl_elsewhere *where);
/* Its page there, the caller's; NULL = not known. */
char *gl_elsewhere_address(const struct gl_elsewhere *where,
                           const struct gl_meta_site *site);
/* What a program is told of SITE, the caller's; NULL = they are here. */
char *gl_elsewhere_sentence(const struct gl_conf *conf,
                            const struct gl_version *version,
                            const struct gl_meta_site *site);

#endif
