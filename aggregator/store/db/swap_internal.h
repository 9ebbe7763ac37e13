/* Between swap.c, the VFS and the exchange, and swap_file.c, what SQLite does
 * with one file of it. */

#ifndef GL_STORE_DB_SWAP_INTERNAL_H
#define GL_STORE_DB_SWAP_INTERNAL_H

#include <sqlite3.h>

#include "store/db/combine.h"
#include "store/db/swap.h"

/* Parts of the index of a log, 4,096 pages of it each: a log is cut long
 * before that (store/db/db.h). */
#define GL_SWAP_REGIONS_MAX 16
#define GL_SWAP_NAME_LEN 32

/* What SQLite holds for a file. */
struct gl_swapped {
    sqlite3_file base;
    struct gl_swap *swap;
    sqlite3_file *real; /* of swap->real; owned; not open: no methods */
    int flags;          /* of open */
};

struct gl_swap {
    sqlite3_vfs vfs, *real;
    char name[GL_SWAP_NAME_LEN];
    const char *names;             /* of the file and its log; NULL = none */
    struct gl_swapped *file, *log; /* SQLite's; NULL = not open */
    struct gl_combine held;        /* of the log */
    void *regions[GL_SWAP_REGIONS_MAX];
    int region_bytes;
};

extern const sqlite3_io_methods gl_swap_methods_;

/* Codes of SQLite.  For writing, or not at all. */
int gl_swap_open_(struct gl_swapped *file, const char *name);
/* By the swap's names; the file is locked. */
int gl_swap_open_file_(struct gl_swapped *file);
int gl_swap_open_log_(struct gl_swapped *log);
/* NULL is allowed. */
void gl_swap_close_(struct gl_swapped *file);
/* Whoever looks at the log's index next reads the log. */
void gl_swap_empty_index_(struct gl_swap *swap);

#endif
