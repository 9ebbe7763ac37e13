/*
 * The file of an import.  It is read twice: once for its hash, by which a
 * second run knows how far the first came, once to be sent.
 */

#define _GNU_SOURCE /* memrchr */
#include "cli/import_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin/table.h"
#include "cli/cli.h"

static int
make_hash(struct gl_cli_file *file)
{
    crypto_hash_sha256_state state;
    uint8_t hash[crypto_hash_sha256_BYTES];
    ssize_t n;
    crypto_hash_sha256_init(&state);
    while ((n = read(file->fd, file->chunk, GL_IMPORT_CHUNK_MAX)) > 0) {
        crypto_hash_sha256_update(&state, (const uint8_t *) file->chunk,
                                  (unsigned long long) n);
    }
    if (n == -1) {
        gl_cli_fail("cannot read %s: %s", file->path, strerror(errno));
        return -1;
    }
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(file->hash, sizeof file->hash, hash, sizeof hash);
    return 0;
}

int
gl_cli_file_take(struct gl_cli_file *file, const char *path, int fd)
{
    struct stat st;
    file->path = path;
    file->fd = fd;
    file->chunk = malloc(GL_IMPORT_CHUNK_MAX);
    if (fd == -1) {
        /* said why */
    } else if (fstat(fd, &st) == -1) {
        gl_cli_fail("cannot open %s: %s", path, strerror(errno));
    } else if (!S_ISREG(st.st_mode)) {
        gl_cli_fail("%s is not a regular file. An import that was stopped "
                    "reads its file again from where it stopped",
                    path);
    } else if (file->chunk == NULL || sodium_init() == -1) {
        gl_cli_fail("out of memory");
    } else {
        file->bytes = st.st_size;
        if (lseek(fd, 0, SEEK_SET) == 0 && make_hash(file) == 0)
            return 0;
    }
    gl_cli_file_close(file);
    return -1;
}

int
gl_cli_file_open(struct gl_cli_file *file, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        gl_cli_fail("cannot open %s: %s", path, strerror(errno));
    return gl_cli_file_take(file, path, fd);
}

int64_t
gl_cli_file_chunk(struct gl_cli_file *file, int64_t offset)
{
    size_t len = 0;
    while (len < GL_IMPORT_CHUNK_MAX) {
        ssize_t n = pread(file->fd, file->chunk + len,
                          GL_IMPORT_CHUNK_MAX - len, offset + (off_t) len);
        if (n == -1) {
            gl_cli_fail("cannot read %s: %s", file->path, strerror(errno));
            return -1;
        }
        if (n == 0)
            break;
        len += (size_t) n;
    }
    if (offset + (int64_t) len >= file->bytes)
        return (int64_t) len;
    const char *end = memrchr(file->chunk, '\n', len);
    if (end == NULL) {
        gl_cli_fail("%s: the line at byte %lld is longer than %d bytes",
                    file->path, (long long) offset, GL_IMPORT_CHUNK_MAX);
        return -1;
    }
    return end - file->chunk + 1;
}

void
gl_cli_file_close(struct gl_cli_file *file)
{
    if (file->fd != -1)
        close(file->fd);
    free(file->chunk);
    file->fd = -1;
    file->chunk = NULL;
}
