/*
 * A VFS over SQLite's own.  The connection's file and log are closed and
 * opened here under names of ours; all other calls go through.  Locks of the
 * connection are nothing: it is alone, by the lock that exclusive() takes.
 */

#include "store/db/swap_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the VFS ---- */

static int
on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
        int *told)
{
    struct gl_swap *swap = vfs->pAppData;
    struct gl_swapped *swapped = (struct gl_swapped *) file;
    int rc;

    *swapped = (struct gl_swapped){.swap = swap, .flags = flags};
    swapped->real = sqlite3_malloc(swap->real->szOsFile);
    if (swapped->real == NULL)
        return SQLITE_NOMEM;
    memset(swapped->real, 0, (size_t) swap->real->szOsFile);
    if (flags & SQLITE_OPEN_MAIN_DB)
        rc = gl_swap_open_file_(swapped);
    else if (flags & SQLITE_OPEN_WAL)
        rc = gl_swap_open_log_(swapped);
    else
        rc = gl_swap_open_(swapped, name);
    if (rc != SQLITE_OK) {
        sqlite3_free(swapped->real);
        return rc;
    }
    if (flags & SQLITE_OPEN_MAIN_DB)
        swap->file = swapped;
    if (flags & SQLITE_OPEN_WAL)
        swap->log = swapped;
    swapped->base.pMethods = &gl_swap_methods_;
    if (told != NULL)
        *told = flags;
    return SQLITE_OK;
}

/* The real one's, for what opens no file. */
static int
on_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    struct gl_swap *swap = vfs->pAppData;

    return swap->real->xDelete(swap->real, name, sync);
}

static int
on_access(sqlite3_vfs *vfs, const char *name, int flags, int *found)
{
    struct gl_swap *swap = vfs->pAppData;

    return swap->real->xAccess(swap->real, name, flags, found);
}

static int
on_name(sqlite3_vfs *vfs, const char *name, int len, char *to)
{
    struct gl_swap *swap = vfs->pAppData;

    return swap->real->xFullPathname(swap->real, name, len, to);
}

struct gl_swap *
gl_swap_new(void)
{
    struct gl_swap *swap = calloc(1, sizeof *swap);

    if (swap == NULL)
        return NULL;
    swap->real = sqlite3_vfs_find(NULL);
    if (swap->real == NULL) {
        free(swap);
        return NULL;
    }
    snprintf(swap->name, sizeof swap->name, "glinto-%p", (void *) swap);
    swap->vfs = *swap->real; /* chance, time, sleep, errors */
    swap->vfs.iVersion = 2;
    swap->vfs.pNext = NULL;
    swap->vfs.szOsFile = sizeof(struct gl_swapped);
    swap->vfs.zName = swap->name;
    swap->vfs.pAppData = swap;
    swap->vfs.xOpen = on_open;
    swap->vfs.xDelete = on_delete;
    swap->vfs.xAccess = on_access;
    swap->vfs.xFullPathname = on_name;
    if (sqlite3_vfs_register(&swap->vfs, 0) != SQLITE_OK) {
        free(swap);
        return NULL;
    }
    return swap;
}

void
gl_swap_free(struct gl_swap *swap)
{
    if (swap == NULL)
        return;
    gl_swap_away(swap);
    sqlite3_vfs_unregister(&swap->vfs);
    gl_combine_free(&swap->held);
    free(swap);
}

const char *
gl_swap_vfs(const struct gl_swap *swap)
{
    return swap->name;
}

/* ---- the exchange ---- */

static int
set_names(struct gl_swap *swap, const char *path)
{
    char *names = sqlite3_mprintf("%s-journal", path);
    char *log = sqlite3_mprintf("%s-wal", path);

    if (names != NULL && log != NULL)
        swap->names = sqlite3_create_filename(path, names, log, 0, NULL);
    sqlite3_free(names);
    sqlite3_free(log);
    return swap->names != NULL ? SQLITE_OK : SQLITE_NOMEM;
}

int
gl_swap_to(struct gl_swap *swap, const char *path)
{
    int rc;

    gl_swap_away(swap);
    rc = set_names(swap, path);
    if (rc == SQLITE_OK && swap->file != NULL)
        rc = gl_swap_open_file_(swap->file);
    if (rc == SQLITE_OK && swap->log != NULL)
        rc = gl_swap_open_log_(swap->log);
    if (rc != SQLITE_OK)
        gl_swap_away(swap);
    return rc;
}

void
gl_swap_away(struct gl_swap *swap)
{
    gl_combine_drop(&swap->held);
    gl_swap_close_(swap->log);
    gl_swap_close_(swap->file);
    gl_swap_empty_index_(swap);
    sqlite3_free_filename(swap->names);
    swap->names = NULL;
}

int
gl_swap_head(struct gl_swap *swap, void *to, int len)
{
    sqlite3_file *file = swap->file != NULL ? &swap->file->base : NULL;

    return file != NULL ? file->pMethods->xRead(file, to, len, 0)
                        : SQLITE_IOERR;
}
