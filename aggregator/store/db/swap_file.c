/* A file of SQLite's behind which another one may be put; see swap.c. */

#include "store/db/swap_internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- the real file ---- */

static int
is_open(const struct gl_swapped *file)
{
    return file->real->pMethods != NULL;
}

void
gl_swap_close_(struct gl_swapped *file)
{
    if (file != NULL && is_open(file))
        file->real->pMethods->xClose(file->real);
    if (file != NULL)
        file->real->pMethods = NULL;
}

/* For writing, or not at all. */
int
gl_swap_open_(struct gl_swapped *file, const char *name)
{
    int flags = 0;
    int rc = file->swap->real->xOpen(file->swap->real, name, file->real,
                                     file->flags, &flags);

    if (rc == SQLITE_OK && (flags & SQLITE_OPEN_READONLY))
        rc = SQLITE_READONLY;
    if (rc != SQLITE_OK)
        gl_swap_close_(file);
    return rc;
}

static int
exclusive(struct gl_swapped *file)
{
    const sqlite3_io_methods *of = file->real->pMethods;
    int rc = of->xLock(file->real, SQLITE_LOCK_SHARED);

    return rc == SQLITE_OK ? of->xLock(file->real, SQLITE_LOCK_EXCLUSIVE) : rc;
}

int
gl_swap_open_file_(struct gl_swapped *file)
{
    int rc = gl_swap_open_(file, file->swap->names);

    if (rc == SQLITE_OK)
        rc = exclusive(file);
    if (rc != SQLITE_OK)
        gl_swap_close_(file);
    return rc;
}

int
gl_swap_open_log_(struct gl_swapped *log)
{
    return gl_swap_open_(log, sqlite3_filename_wal(log->swap->names));
}

/* ---- what SQLite calls for a file ---- */

#define REAL(file) (((struct gl_swapped *) (file))->real)
#define CALL(file, call, ...)                                                 \
    (REAL(file)->pMethods != NULL                                             \
         ? REAL(file)->pMethods->call(REAL(file), __VA_ARGS__)                \
         : SQLITE_IOERR)

/* Nothing is held back any more, if FILE is the log. */
static int
flush(sqlite3_file *file)
{
    struct gl_swapped *swapped = (struct gl_swapped *) file;
    struct gl_swap *swap = swapped->swap;

    return swapped == swap->log && is_open(swapped)
               ? gl_combine_flush(&swap->held, swapped->real)
               : SQLITE_OK;
}

/* What is held of a log that is closed was never committed. */
static int
on_close(sqlite3_file *file)
{
    struct gl_swapped *swapped = (struct gl_swapped *) file;
    struct gl_swap *swap = swapped->swap;

    if (swapped == swap->log)
        gl_combine_drop(&swap->held);
    gl_swap_close_(swapped);
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
    struct gl_swapped *swapped = (struct gl_swapped *) file;

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
    return is_open((struct gl_swapped *) file) ? SQLITE_OK : SQLITE_IOERR;
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
    struct gl_swap *swap = ((struct gl_swapped *) file)->swap;
    int rc = what == SQLITE_FCNTL_COMMIT_PHASETWO && swap->log != NULL
                 ? flush(&swap->log->base)
                 : SQLITE_OK;

    if (rc != SQLITE_OK)
        return rc;
    return is_open((struct gl_swapped *) file)
               ? CALL(file, xFileControl, what, arg)
               : SQLITE_NOTFOUND;
}

static int
on_sector(sqlite3_file *file)
{
    struct gl_swapped *swapped = (struct gl_swapped *) file;

    return is_open(swapped)
               ? swapped->real->pMethods->xSectorSize(swapped->real)
               : 4096;
}

static int
on_traits(sqlite3_file *file)
{
    struct gl_swapped *swapped = (struct gl_swapped *) file;

    return is_open(swapped)
               ? swapped->real->pMethods->xDeviceCharacteristics(swapped->real)
               : 0;
}

/* ---- the index of the log ---- */

static int
on_map(sqlite3_file *file, int region, int bytes, int make, void volatile **to)
{
    struct gl_swap *swap = ((struct gl_swapped *) file)->swap;

    *to = NULL;
    if (region >= GL_SWAP_REGIONS_MAX)
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
    struct gl_swap *swap = ((struct gl_swapped *) file)->swap;

    (void) delete;
    for (int i = 0; i < GL_SWAP_REGIONS_MAX; i++) {
        free(swap->regions[i]);
        swap->regions[i] = NULL;
    }
    return SQLITE_OK;
}

/* Whoever looks at it next reads the log. */
void
gl_swap_empty_index_(struct gl_swap *swap)
{
    for (int i = 0; i < GL_SWAP_REGIONS_MAX; i++)
        if (swap->regions[i] != NULL)
            memset(swap->regions[i], 0, (size_t) swap->region_bytes);
}

const sqlite3_io_methods gl_swap_methods_ = {
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
