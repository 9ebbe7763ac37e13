/*
 * The faults of store_probe.h: SQLite's system VFS opens a file, then its
 * table of methods is replaced by a copy whose calls count and may fail.
 * There is one table for files with locks and one for those without.
 */

#include "store_probe.h"

#include "store/db/db.h"

static struct {
    sqlite3_vfs vfs, *real;
    struct {
        const sqlite3_io_methods *real;
        sqlite3_io_methods ours;
    } tables[4];
    int tables_n;
    unsigned kinds; /* of calls that count */
    int nth, rc, lasting, calls;
    sqlite3_mem_methods memory; /* the system's */
    int memory_nth, allocations;
} faults = {.kinds = PROBE_WRITE | PROBE_SYNC};

static const sqlite3_io_methods *
real_methods(const sqlite3_file *file)
{
    for (int i = 0; i < faults.tables_n; i++)
        if (file->pMethods == &faults.tables[i].ours)
            return faults.tables[i].real;
    tap_bail("a file that was not opened here");
}

static int
fails(unsigned kind)
{
    if (!(faults.kinds & kind))
        return 0;
    int call = ++faults.calls;
    return call >= faults.nth && call - faults.nth < faults.lasting;
}

/* SQLITE_IOERR stands for the code of the call that failed. */
static int
code(int exact)
{
    return faults.rc == SQLITE_IOERR ? exact : faults.rc;
}

/* ---- files ---- */

static int
fault_read(sqlite3_file *file, void *bytes, int n, sqlite3_int64 at)
{
    return fails(PROBE_READ) ? code(SQLITE_IOERR_READ)
                             : real_methods(file)->xRead(file, bytes, n, at);
}

static int
fault_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
    const sqlite3_io_methods *real = real_methods(file);
    if (!fails(PROBE_WRITE))
        return real->xWrite(file, bytes, n, at);
    /* A write that fails may have written half. */
    real->xWrite(file, bytes, n / 2, at);
    return code(SQLITE_IOERR_WRITE);
}

static int
fault_sync(sqlite3_file *file, int flags)
{
    return fails(PROBE_SYNC) ? code(SQLITE_IOERR_FSYNC)
                             : real_methods(file)->xSync(file, flags);
}

static int
fault_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return fails(PROBE_CUT) ? code(SQLITE_IOERR_TRUNCATE)
                            : real_methods(file)->xTruncate(file, size);
}

static int
fault_file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return fails(PROBE_READ) ? code(SQLITE_IOERR_FSTAT)
                             : real_methods(file)->xFileSize(file, size);
}

static int
fault_lock(sqlite3_file *file, int lock)
{
    return fails(PROBE_LOCK) ? code(SQLITE_IOERR_LOCK)
                             : real_methods(file)->xLock(file, lock);
}

static int
fault_shm_map(sqlite3_file *file, int page, int bytes, int extend,
              void volatile **out)
{
    if (fails(PROBE_MAP))
        return code(SQLITE_IOERR_SHMMAP);
    return real_methods(file)->xShmMap(file, page, bytes, extend, out);
}

static int
fault_shm_lock(sqlite3_file *file, int from, int n, int flags)
{
    if (flags & SQLITE_SHM_LOCK && fails(PROBE_LOCK))
        return code(SQLITE_IOERR_SHMLOCK);
    return real_methods(file)->xShmLock(file, from, n, flags);
}

static void
wrap(sqlite3_io_methods *ours)
{
    ours->xRead = fault_read;
    ours->xWrite = fault_write;
    ours->xSync = fault_sync;
    ours->xTruncate = fault_truncate;
    ours->xFileSize = fault_file_size;
    ours->xLock = fault_lock;
    if (ours->iVersion >= 2 && ours->xShmMap != NULL) {
        ours->xShmMap = fault_shm_map;
        ours->xShmLock = fault_shm_lock;
    }
}

/* ---- the VFS ---- */

static int
fault_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
           int *out)
{
    (void) vfs;
    file->pMethods = NULL;
    if (fails(PROBE_OPEN))
        return SQLITE_CANTOPEN;
    int rc = faults.real->xOpen(faults.real, name, file, flags, out);
    int i = 0;
    if (rc != SQLITE_OK || file->pMethods == NULL)
        return rc;
    while (i < faults.tables_n && faults.tables[i].real != file->pMethods)
        i++;
    if (i == faults.tables_n) {
        if (i == sizeof faults.tables / sizeof faults.tables[0])
            tap_bail("more kinds of files than known");
        faults.tables[i].real = file->pMethods;
        faults.tables[i].ours = *file->pMethods;
        wrap(&faults.tables[i].ours);
        faults.tables_n++;
    }
    file->pMethods = &faults.tables[i].ours;
    return rc;
}

static int
fault_delete(sqlite3_vfs *vfs, const char *name, int sync_dir)
{
    (void) vfs;
    return fails(PROBE_OPEN)
               ? code(SQLITE_IOERR_DELETE)
               : faults.real->xDelete(faults.real, name, sync_dir);
}

static int
fault_access(sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
    (void) vfs;
    return fails(PROBE_OPEN)
               ? code(SQLITE_IOERR_ACCESS)
               : faults.real->xAccess(faults.real, name, flags, result);
}

/* Whoever waits for a lock has waited: a fault is counted in calls. */
static int
fault_sleep(sqlite3_vfs *vfs, int us)
{
    (void) vfs;
    return us;
}

/* ---- memory ---- */

static void *
fault_malloc(int bytes)
{
    return ++faults.allocations == faults.memory_nth
               ? NULL
               : faults.memory.xMalloc(bytes);
}

static void *
fault_realloc(void *old, int bytes)
{
    return ++faults.allocations == faults.memory_nth
               ? NULL
               : faults.memory.xRealloc(old, bytes);
}

void
probe_faults(void)
{
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &faults.memory);
    sqlite3_mem_methods ours = faults.memory;
    ours.xMalloc = fault_malloc;
    ours.xRealloc = fault_realloc;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) != SQLITE_OK)
        tap_bail("the allocator is refused");
    sqlite3_initialize();
    faults.real = sqlite3_vfs_find(NULL);
    faults.vfs = *faults.real;
    faults.vfs.zName = "faults";
    faults.vfs.xOpen = fault_open;
    faults.vfs.xDelete = fault_delete;
    faults.vfs.xAccess = fault_access;
    faults.vfs.xSleep = fault_sleep;
    if (sqlite3_vfs_register(&faults.vfs, 1) != SQLITE_OK)
        tap_bail("the VFS is refused");
}

void
probe_fail(int nth, int rc, int lasting)
{
    faults.nth = nth;
    faults.rc = rc;
    faults.lasting = lasting;
    faults.calls = 0;
}

void
probe_fail_kinds(unsigned kinds)
{
    faults.kinds = kinds;
}

int
probe_calls(void)
{
    return faults.calls;
}

void
probe_fail_memory(int nth)
{
    faults.memory_nth = nth;
    faults.allocations = 0;
}

int
probe_allocations(void)
{
    return faults.allocations;
}
