/*
 * What a version is made of: version.c finds in it, directory.c makes the
 * next one.
 */

#ifndef GL_STORE_DIRECTORY_VERSION_INTERNAL_H
#define GL_STORE_DIRECTORY_VERSION_INTERNAL_H

#include "store/directory/sorted.h"
#include "store/directory/version.h"

struct gl_version_site {
    struct gl_meta_site site;
    char shown[]; /* its domain as people read it */
};

enum gl_order {
    GL_SITES_BY_DOMAIN,
    GL_SITES_BY_ID,
    GL_SITES_BY_ACCOUNT,
    GL_SITES_SHOWN, /* the public ones */
    GL_OLD_NAMES,
    GL_ACCOUNTS_BY_NAME,
    GL_ACCOUNTS_BY_ID,
    GL_TOKENS_BY_AGE,
    GL_TOKENS_BY_ID,
    GL_TOKENS_BY_HASH,
    GL_PEOPLE_BY_NAME,
    GL_PEOPLE_BY_ID,
    GL_ROLES, /* a person's stand together */
    GL_KEYS_BY_HASH,
    GL_SHARES_BY_ID,
    GL_SHARES_BY_HASH,
    GL_ORDERS
};

struct gl_version {
    uint64_t commits;
    size_t sites_n;
    struct gl_sorted sorted[GL_ORDERS];
};

extern const struct gl_sorted_order gl_version_orders_[GL_ORDERS];

/* NAME(version, each, arg): EACH of the rows of ORDER, which are TYPE, in that
 * order until one is not 0; that one. */
#define GL_VERSION_EACH_(name, order, type)                                   \
    int name(const struct gl_version *version,                                \
             int (*each)(void *arg, const struct type *row), void *arg)       \
    {                                                                         \
        struct gl_sorted_at at = gl_sorted_first(&version->sorted[order]);    \
        const struct type *row;                                               \
        int stop = 0;                                                         \
                                                                              \
        while (stop == 0 && (row = gl_sorted_next(&at)) != NULL)              \
            stop = each(arg, row);                                            \
        return stop;                                                          \
    }

/* By the key of ORDER; NULL = there is none. */
void *gl_version_find_(const struct gl_version *version, enum gl_order order,
                       const void *key);
/* As gl_sorted_from(). */
struct gl_sorted_at gl_version_from_(const struct gl_version *version,
                                     enum gl_order order, const void *key);

#endif
