/* What a directory is made of, for the files that change it: directory.c has
 * versions, sites, accounts and tokens, directory_people.c the rest. */

#ifndef GL_STORE_DIRECTORY_DIRECTORY_INTERNAL_H
#define GL_STORE_DIRECTORY_DIRECTORY_INTERNAL_H

#include <stdatomic.h>

#include "store/directory/directory.h"
#include "store/directory/version_internal.h"

struct gl_directory {
    _Atomic(struct gl_version *) now;
    atomic_uint readers;
    struct gl_version next;         /* this and what follows: the writer's */
    struct gl_sorted_change change; /* by which it is another than NOW */
    GPtrArray *garbage;
};

/* ITEM (taken), which is made, or goes, in the orders FIRST to LAST. */
void gl_directory_put_(struct gl_directory *directory, enum gl_order first,
                       enum gl_order last, void *item);
void gl_directory_take_(struct gl_directory *directory, enum gl_order first,
                        enum gl_order last, void *item);

#endif
