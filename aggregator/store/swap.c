/*
 * A VFS over SQLite's own.  The connection's file and log are closed and
 * opened here under names of ours; all other calls go through.  Locks of the
 * connection are nothing: it is alone, by the lock that exclusive() takes.
 */

#include "store/swap.h"

#include "store/combine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Parts of the index of a log, 4,096 pages of it each: a log is cut long
 * before that (store/db.h). */
#define REGIONS_MAX 16
#define NAME_LEN 32

/* What SQLite holds for a file. */
struct swapped {
    sqlite3_file base;
    struct gl_swap *swap;
    sqlite3_file *real; /* of swap->real; owned; not open: no methods */
    int flags;          /* of open */
};

struct gl_swap {
    sqlite3_vfs vfs, *real;
    char name[NAME_LEN];
    const char *names;          /* of the file and its log; NULL = none */
    struct swapped *file, *log; /* SQLite's; NULL = not open */
    struct gl_combine held;     /* of the log */
    void *regions[REGIONS_MAX];
    int region_bytes;
};

/* ---- the real file ---- */

static int
is_open(const struct swapped *file)
{
    return file->real->pMethods != NULL;
}

static void
close_real(struct swapped *file)
{
    if (file != NULL && is_open(file))
        file->real->pMethods->xClose(file->real);
    if (file != NULL)
        file->real->pMethods = NULL;
}

/* For writing, or not at all. */
static int
open_real(struct swapped *file, const char *name)
{
    int flags = 0;
    int rc = file->swap->real->xOpen(file->swap->real, name, file->real,
                                     file->flags, &flags);

    if (rc == SQLITE_OK && (flags & SQLITE_OPEN_READONLY))
        rc = SQLITE_READONLY;
    if (rc != SQLITE_OK)
        close_real(file);
    return rc;
}

static int
exclusive(struct swapped *file)
{
    const sqlite3_io_methods *of = file->real->pMethods;
    int rc = of->xLock(file->real, SQLITE_LOCK_SHARED);

    return rc == SQLITE_OK ? of->xLock(file->real, SQLITE_LOCK_EXCLUSIVE) : rc;
}

static int
open_file(struct swapped *file)
{
    int rc = open_real(file, file->swap->names);

    if (rc == SQLITE_OK)
        rc = exclusive(file);
    if (rc != SQLITE_OK)
        close_real(file);
    return rc;
}

static int
open_log(struct swapped *log)
{
    return open_real(log, sqlite3_filename_wal(log->swap->names));
}

/* ---- what SQLite calls for a file ---- */

#define REAL(file) (((struct swapped *) (file))->real)
#define CALL(file, call, ...)                                                 \
    (REAL(file)->pMethods != NULL                                             \
         ? REAL(file)->pMethods->call(REAL(file), __VA_ARGS__)                \
         : SQLITE_IOERR)

/* Nothing is held back any more, if FILE is the log. */
static int
flush(sqlite3_file *file)
{
    struct swapped *swapped = (struct swapped *) file;
    struct gl_swap *swap = swapped->swap;

    return swapped == swap->log && is_open(swapped)
               ? gl_combine_flush(&swap->held, swapped->real)
               : SQLITE_OK;
}

/* What is held of a log that is closed was never committed. */
static int
on_close(sqlite3_file *file)
{
    struct swapped *swapped = (struct swapped *) file;
    struct gl_swap *swap = swapped->swap;

    if (swapped == swap->log)
        gl_combine_drop(&swap->held);
    close_real(swapped);
    sqlite3_free(swapped->real);
    swapped->real = NULL;
    if (swap->file == swapped)
        swap->file = NULL;
    if (swap->log == swapped)
        swap->log = NULL;
    return SQLITE_OK;
}

static int
on_read(sqlite3_file *file, void *to, int len, sqlite3_int64 at)
{
    int rc = flush(file);

    return rc == SQLITE_OK ? CALL(file, xRead, to, len, at) : rc;
}

static int
on_write(sqlite3_file *file, const void *from, int len, sqlite3_int64 at)
{
    struct swapped *swapped = (struct swapped *) file;

    return swapped == swapped->swap->log && is_open(swapped)
               ? gl_combine_write(&swapped->swap->held, swapped->real, from,
                                  len, at)
               : CALL(file, xWrite, from, len, at);
}

static int
on_truncate(sqlite3_file *file, sqlite3_int64 len)
{
    int rc = flush(file);

    return rc == SQLITE_OK ? CALL(file, xTruncate, len) : rc;
}

static int
on_sync(sqlite3_file *file, int flags)
{
    int rc = flush(file);

    return rc == SQLITE_OK ? CALL(file, xSync, flags) : rc;
}

static int
on_size(sqlite3_file *file, sqlite3_int64 *len)
{
    int rc = flush(file);

    return rc == SQLITE_OK ? CALL(file, xFileSize, len) : rc;
}

static int
on_lock(sqlite3_file *file, int lock)
{
    (void) lock;
    return is_open((struct swapped *) file) ? SQLITE_OK : SQLITE_IOERR;
}

static int
on_unlock(sqlite3_file *file, int lock)
{
    (void) file;
    (void) lock;
    return SQLITE_OK;
}

static int
on_reserved(sqlite3_file *file, int *reserved)
{
    (void) file;
    *reserved = 0;
    return SQLITE_OK;
}

/* A commit ends with PHASETWO, asked of the database file: an error there is
 * the commit's. */
static int
on_control(sqlite3_file *file, int what, void *arg)
{
    struct gl_swap *swap = ((struct swapped *) file)->swap;
    int rc = what == SQLITE_FCNTL_COMMIT_PHASETWO && swap->log != NULL
                 ? flush(&swap->log->base)
                 : SQLITE_OK;

    if (rc != SQLITE_OK)
        return rc;
    return is_open((struct swapped *) file)
               ? CALL(file, xFileControl, what, arg)
               : SQLITE_NOTFOUND;
}

static int
on_sector(sqlite3_file *file)
{
    struct swapped *swapped = (struct swapped *) file;

    return is_open(swapped)
               ? swapped->real->pMethods->xSectorSize(swapped->real)
               : 4096;
}

static int
on_traits(sqlite3_file *file)
{
    struct swapped *swapped = (struct swapped *) file;

    return is_open(swapped)
               ? swapped->real->pMethods->xDeviceCharacteristics(swapped->real)
               : 0;
}

/* ---- the index of the log ---- */

static int
on_map(sqlite3_file *file, int region, int bytes, int make, void volatile **to)
{
    struct gl_swap *swap = ((struct swapped *) file)->swap;

    *to = NULL;
    if (region >= REGIONS_MAX)
        return SQLITE_NOMEM;
    if (swap->regions[region] == NULL && make)
        swap->regions[region] = calloc(1, (size_t) bytes);
    swap->region_bytes = bytes;
    *to = swap->regions[region];
    return *to == NULL && make ? SQLITE_NOMEM : SQLITE_OK;
}

static int
on_map_lock(sqlite3_file *file, int at, int n, int flags)
{
    (void) file;
    (void) at;
    (void) n;
    (void) flags;
    return SQLITE_OK;
}

static void
on_barrier(sqlite3_file *file)
{
    (void) file;
}

static int
on_unmap(sqlite3_file *file, int delete)
{
    struct gl_swap *swap = ((struct swapped *) file)->swap;

    (void) delete;
    for (int i = 0; i < REGIONS_MAX; i++) {
        free(swap->regions[i]);
        swap->regions[i] = NULL;
    }
    return SQLITE_OK;
}

/* Whoever looks at it next reads the log. */
static void
empty_index(struct gl_swap *swap)
{
    for (int i = 0; i < REGIONS_MAX; i++)
        if (swap->regions[i] != NULL)
            memset(swap->regions[i], 0, (size_t) swap->region_bytes);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_size,
    .xLock = on_lock,
    .xUnlock = on_unlock,
    .xCheckReservedLock = on_reserved,
    .xFileControl = on_control,
    .xSectorSize = on_sector,
    .xDeviceCharacteristics = on_traits,
    .xShmMap = on_map,
    .xShmLock = on_map_lock,
    .xShmBarrier = on_barrier,
    .xShmUnmap = on_unmap,
};

/* ---- the VFS ---- */

static int
on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
        int *told)
{
    struct gl_swap *swap = vfs->pAppData;
    struct swapped *swapped = (struct swapped *) file;
    int rc;

    *swapped = (struct swapped){.swap = swap, .flags = flags};
    swapped->real = sqlite3_malloc(swap->real->szOsFile);
    if (swapped->real == NULL)
        return SQLITE_NOMEM;
    memset(swapped->real, 0, (size_t) swap->real->szOsFile);
    if (flags & SQLITE_OPEN_MAIN_DB)
        rc = open_file(swapped);
    else if (flags & SQLITE_OPEN_WAL)
        rc = open_log(swapped);
    else
        rc = open_real(swapped, name);
    if (rc != SQLITE_OK) {
        sqlite3_free(swapped->real);
        return rc;
    }
    if (flags & SQLITE_OPEN_MAIN_DB)
        swap->file = swapped;
    if (flags & SQLITE_OPEN_WAL)
        swap->log = swapped;
    swapped->base.pMethods = &methods;
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
    swap->vfs.szOsFile = sizeof(struct swapped);
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
        rc = open_file(swap->file);
    if (rc == SQLITE_OK && swap->log != NULL)
        rc = open_log(swap->log);
    if (rc != SQLITE_OK)
        gl_swap_away(swap);
    return rc;
}

void
gl_swap_away(struct gl_swap *swap)
{
    gl_combine_drop(&swap->held);
    close_real(swap->log);
    close_real(swap->file);
    empty_index(swap);
    sqlite3_free_filename(swap->names);
    swap->names = NULL;
}

int
gl_swap_head(struct gl_swap *swap, void *to, int len)
{
    return swap->file != NULL ? on_read(&swap->file->base, to, len, 0)
                              : SQLITE_IOERR;
}
