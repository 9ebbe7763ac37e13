/*
 * The spool and the disk: which filesystems will do, and syncing what has not
 * been settled in time (R12).  In daily life everything is committed long
 * before a second is over and nothing is synced here but the directory.
 */

#include "spool/spool_internal.h"

#include "point.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

/* Files synced in one call: a backlog must not stop ingest for long. */
#define SYNC_FILES_MAX 64

/* From statfs(2); only those whose locks or syncs another machine decides, and
 * FUSE, behind which anything may stand. */
static const struct {
    uint32_t magic;
    const char *name;
} network_filesystems[] = {
    {0x6969, "NFS"},        {0xff534d42, "CIFS"},   {0xfe534d42, "SMB"},
    {0x517b, "SMB"},        {0x65735546, "FUSE"},   {0x01021997, "9P"},
    {0x00c36400, "Ceph"},   {0x5346414f, "AFS"},    {0x6b414653, "AFS"},
    {0x73757245, "Coda"},   {0x564c, "NCP"},        {0x0bd00bd0, "Lustre"},
    {0x7461636f, "OCFS2"},  {0x01161970, "GFS2"},   {0x47504653, "GPFS"},
    {0x786f4256, "VBoxSF"}, {0x19830326, "BeeGFS"}, {0x20030528, "OrangeFS"},
};

const char *
gl_spool_network_filesystem(int fd)
{
    struct statfs fs;
    size_t i;

    if (fstatfs(fd, &fs) == -1)
        return NULL;
    for (i = 0; i < sizeof network_filesystems / sizeof *network_filesystems;
         i++)
        if ((uint32_t) fs.f_type == network_filesystems[i].magic)
            return network_filesystems[i].name;
    return NULL;
}

static int
same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* 1 = synced, 0 = nothing new since the last time, -1 = failed. */
static int
sync_file(struct gl_spool *spool, struct gl_spool_file *file)
{
    struct timespec seen = file->seen_mtime;
    struct stat st;

    if (gl_spool_open_(spool, file) == -1 || fstat(file->fd, &st) == -1)
        return 0;
    file->seen_mtime = st.st_mtim;
    if (same_time(st.st_mtim, file->synced_mtime))
        return 0;
    if (spool->calls->fdatasync(file->fd) == -1) {
        gl_spool_note_(spool, "segment %s cannot be synced: %s", file->name,
                       strerror(errno));
        /* a descriptor that failed once may report success ever after */
        gl_spool_shut_(spool, file);
        return -1;
    }
    /* the clock of mtime is coarse: done only when it stood still for
     * a tick */
    if (same_time(st.st_mtim, seen))
        file->synced_mtime = st.st_mtim;
    return 1;
}

int
gl_spool_sync(struct gl_spool *spool, int64_t boot_ms)
{
    size_t i, synced = 0;
    int result, failed = 0;

    for (i = 0; i < spool->files_n && synced < SYNC_FILES_MAX; i++) {
        struct gl_spool_file *file = spool->files[i];

        if (file->unsettled_at_ms == 0 ||
            boot_ms - file->unsettled_at_ms <= GL_SPOOL_SYNC_MS)
            continue;
        result = sync_file(spool, file);
        synced += result == 1;
        failed |= result == -1;
    }
    if (failed)
        return -1;
    if (!spool->dir_changed)
        return 0;
    if (spool->calls->fsync(spool->dirfd) == -1) {
        gl_spool_note_(spool, "the spool directory cannot be synced: %s",
                       strerror(errno));
        return -1;
    }
    GL_POINT("directory_synced");
    spool->dir_changed = 0;
    spool->syncs++;
    g_byte_array_set_size(spool->removed, 0);
    return 1;
}
