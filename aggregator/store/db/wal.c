/*
 * What a file's log says is believed only once it is on the disk.
 *
 *   an earlier life    may have been killed between write and sync: what is
 *                      in the log is read from memory of the kernel and gone
 *                      at a power cut.  One sync is enough.
 *   a failed sync      the kernel says so once and may then take the pages
 *                      for clean: a second sync, on any handle, succeeds
 *                      without writing.  So the bytes of the log are written
 *                      again, which makes them dirty, and synced on a handle
 *                      that never failed.
 *
 * Until then no position is read from the file (gl_db_open() ends here), so
 * no segment goes because of it.  The database file itself needs nothing: a
 * checkpoint whose sync failed does not count as done, and the next one,
 * after the file was opened anew, writes all its pages again.
 *
 * Not covered: a process that is killed after a failed sync and before its
 * next try, and then a power cut.  Nobody remembers the failure then.
 */

#include "store/db/db.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_BYTES 65536

static int
refuse(struct gl_db *db, const char *what)
{
    char sentence[sizeof db->why];
    snprintf(sentence, sizeof sentence, "log of %s: %s: %s",
             strrchr(db->path, '/') + 1, what, strerror(errno));
    return gl_db_refuse(db, GL_STORE_ENVIRONMENT, sentence);
}

static int
write_again(int fd)
{
    uint8_t block[BLOCK_BYTES];
    ssize_t n;
    for (off_t at = 0; (n = pread(fd, block, sizeof block, at)) > 0; at += n)
        if (pwrite(fd, block, (size_t) n, at) != n)
            return -1;
    return n == 0 ? 0 : -1;
}

/* The log's name is new too, when its file is. */
static int
sync_folder(const struct gl_db *db)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%.*s",
             (int) (strrchr(db->path, '/') - db->path), db->path);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd == -1)
        return -1;
    int result = fsync(fd);
    close(fd);
    return result;
}

static int
make_durable(struct gl_db *db, int fd)
{
    struct stat st;
    if (fstat(fd, &st) == -1)
        return refuse(db, "cannot look");
    if (st.st_size == 0)
        return 0;
    if (db->unsure == GL_DB_FAILED && write_again(fd) == -1)
        return refuse(db, "cannot write again");
    if (fdatasync(fd) == -1 || sync_folder(db) == -1) {
        db->unsure = GL_DB_FAILED;
        return refuse(db, "cannot sync");
    }
    return 0;
}

/* SQLite holds no lock by the log's descriptor: to open and close it here
 * takes none away.  Nobody appends meanwhile: we have the write lock. */
int
gl_db_make_sure_(struct gl_db *db)
{
    char path[PATH_MAX];
    if (!db->unsure)
        return 0;
    int result = gl_db_exec(db, "BEGIN IMMEDIATE");
    if (result != 0)
        return result;
    snprintf(path, sizeof path, "%s-wal", db->path);
    int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (fd == -1 && errno != ENOENT)
        result = refuse(db, "cannot open");
    if (fd != -1) {
        result = make_durable(db, fd);
        close(fd);
    }
    if (result == 0)
        result = gl_db_exec(db, "ROLLBACK");
    if (result == 0)
        db->unsure = 0;
    return result;
}

int
gl_db_log_is_empty_(const struct gl_db *db)
{
    char path[PATH_MAX];
    struct stat st;
    snprintf(path, sizeof path, "%s-wal", db->path);
    return stat(path, &st) == -1 ? errno == ENOENT : st.st_size == 0;
}

/* ---- is it still the file that was opened? ---- */

int
gl_db_in_place(struct gl_db *db)
{
    int moved = 0;
    sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return moved ? gl_db_refuse(db, GL_STORE_ENVIRONMENT,
                                "its file was removed or another is in its "
                                "place")
                 : 0;
}

static uint64_t
mix(uint64_t hash, int64_t value)
{
    return (hash ^ (uint64_t) value) * UINT64_C(0x9e3779b97f4a7c15) ^
           hash >> 29;
}

static uint64_t
look_at(uint64_t hash, const char *path)
{
    struct stat st;
    if (stat(path, &st) == -1)
        return mix(hash, errno);
    hash = mix(hash, (int64_t) st.st_ino);
    hash = mix(hash, (int64_t) st.st_dev);
    hash = mix(hash, st.st_size);
    hash = mix(hash, st.st_mtim.tv_sec);
    hash = mix(hash, st.st_mtim.tv_nsec);
    hash = mix(hash, st.st_ctim.tv_sec);
    return mix(hash, st.st_ctim.tv_nsec);
}

uint64_t
gl_db_look(const struct gl_db *db)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s-wal", db->path);
    return look_at(look_at(1, db->path), path);
}
