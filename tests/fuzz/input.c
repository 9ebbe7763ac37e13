/* An input taken to pieces, and files for doors that read files. */

#include "fuzz.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

static struct gl_text
copy_of(const uint8_t *data, size_t len)
{
    char *copy = malloc(len == 0 ? 1 : len);

    if (copy == NULL)
        abort();
    if (len > 0)
        memcpy(copy, data, len);
    return (struct gl_text){copy, (uint32_t) len};
}

void
fuzz_lines_split(struct fuzz_lines *lines, int n, const uint8_t *data,
                 size_t size)
{
    const uint8_t *end;
    size_t len;
    int i;

    memset(lines, 0, sizeof *lines);
    for (i = 0; i < n; i++) {
        end = i + 1 < n && size > 0 ? memchr(data, '\n', size) : NULL;
        len = end != NULL ? (size_t) (end - data) : size;
        lines->line[i] = copy_of(data, len);
        if (end != NULL)
            len++;
        data += len;
        size -= len;
    }
}

void
fuzz_lines_free(struct fuzz_lines *lines)
{
    int i;

    for (i = 0; i < FUZZ_LINES_MAX; i++)
        free((void *) (uintptr_t) lines->line[i].data);
}

uint8_t
fuzz_take(struct fuzz_bytes *bytes)
{
    if (bytes->left == 0)
        return 0;
    bytes->left--;
    return *bytes->at++;
}

uint16_t
fuzz_take16(struct fuzz_bytes *bytes)
{
    uint16_t low = fuzz_take(bytes);

    return (uint16_t) (low | fuzz_take(bytes) << 8);
}

const uint8_t *
fuzz_take_some(struct fuzz_bytes *bytes, size_t len, size_t *got)
{
    const uint8_t *at = bytes->at;

    *got = len < bytes->left ? len : bytes->left;
    bytes->at += *got;
    bytes->left -= *got;
    return at;
}

void
fuzz_store(const char *path, const uint8_t *data, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);

    if (fd == -1 || write(fd, data, size) != (ssize_t) size) {
        perror(path);
        abort();
    }
    close(fd);
}

void
fuzz_data_dir(char *dir)
{
    char self[PATH_MAX - 16], *slash;
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

    FUZZ_MUST(len > 0);
    self[len] = '\0';
    slash = strrchr(self, '/');
    *slash = '\0';
    snprintf(dir, PATH_MAX, "%s/../../enrich", self);
}
