/*
 * SQLite's backup API from a connection that holds one commit.  The copy is
 * written without a journal as NAME.part; a crash leaves that and no NAME.
 */

#include "point.h"
#include "store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/account/reader.h"
#include "store/db/create.h"
#include "store/db/db.h"

/* 4 MiB: some milliseconds between two looks at the order to stop. */
#define STEP_PAGES 1024
#define NAME_MAX_LEN 64
#define PATH_LEN 4096

struct copy {
    const struct gl_backup_file *file;
    char part[NAME_MAX_LEN];
    char *why;
    size_t why_len;
};

static int
failed(struct copy *copy, const char *sentence)
{
    snprintf(copy->why, copy->why_len, "cannot write %s/%s: %s",
             copy->file->path, copy->file->name, sentence);
    return -1;
}

static int
run_steps(struct copy *copy, sqlite3_backup *backup,
          gl_backup_stepped *stepped, void *arg)
{
    for (;;) {
        int rc = sqlite3_backup_step(backup, STEP_PAGES);
        int pages = sqlite3_backup_pagecount(backup) -
                    sqlite3_backup_remaining(backup);
        if (rc == SQLITE_DONE)
            return 0;
        if (rc != SQLITE_OK)
            return failed(copy, sqlite3_errstr(rc));
        if (stepped(arg, (uint64_t) pages * GL_DB_PAGE_BYTES) != 0)
            return failed(copy, "glintod is stopping");
    }
}

/* From READER to WRITER, whose file is new. */
static int
copy_pages(struct copy *copy, sqlite3 *reader, sqlite3 *writer,
           gl_backup_stepped *stepped, void *arg)
{
    sqlite3_exec(writer, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF",
                 NULL, NULL, NULL);
    sqlite3_backup *backup =
        sqlite3_backup_init(writer, "main", reader, "main");
    if (backup == NULL)
        return failed(copy, sqlite3_errmsg(writer));
    int result = run_steps(copy, backup, stepped, arg);
    int rc = sqlite3_backup_finish(backup);
    return result == 0 && rc != SQLITE_OK ? failed(copy, sqlite3_errstr(rc))
                                          : result;
}

static int
write_part(struct copy *copy, sqlite3 *reader, gl_backup_stepped *stepped,
           void *arg)
{
    char path[PATH_LEN];
    sqlite3 *writer = NULL;
    if (snprintf(path, sizeof path, "%s/%s", copy->file->path, copy->part) >=
        (int) sizeof path)
        return failed(copy, "the path is too long");
    if (gl_db_create_file(copy->file->folder, copy->part) == -1)
        return failed(copy, strerror(errno));
    int rc =
        sqlite3_open_v2(path, &writer,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                            SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE,
                        NULL);
    int result = rc == SQLITE_OK
                     ? copy_pages(copy, reader, writer, stepped, arg)
                     : failed(copy, sqlite3_errstr(rc));
    sqlite3_close(writer);
    return result;
}

/* Durable, then the name, then the name durable. */
static int
publish(struct copy *copy)
{
    int folder = copy->file->folder;
    int fd = openat(folder, copy->part, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    int rc = fd == -1 ? -1 : fsync(fd);
    if (rc == 0)
        rc = renameat(folder, copy->part, folder, copy->file->name);
    GL_POINT("backup_renamed");
    if (rc == 0)
        rc = fsync(folder);
    int result = rc == 0 ? 0 : failed(copy, strerror(errno));
    if (fd != -1)
        close(fd);
    return result;
}

int
gl_backup_run(const struct gl_backup_file *file, gl_backup_stepped *stepped,
              void *arg, char *why, size_t why_len)
{
    struct copy copy = {.file = file, .why = why, .why_len = why_len};
    snprintf(copy.part, sizeof copy.part, "%s.part", file->name);
    sqlite3 *reader = gl_reader_open_(file->from, why, why_len);
    if (reader == NULL)
        return -1;
    int result = write_part(&copy, reader, stepped, arg);
    GL_POINT("backup_copied");
    gl_reader_close_(reader);
    if (result == 0)
        result = publish(&copy);
    if (result != 0)
        unlinkat(file->folder, copy.part, 0);
    return result;
}
