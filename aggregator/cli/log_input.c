/* Lines of access logs; see log_input.h. */

#define _GNU_SOURCE /* memrchr */

#include "cli/log_input.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

#define BLOCK_BYTES (128 * 1024)

static ssize_t
read_some(struct gl_cli_log_input *input, char *to, size_t room)
{
    ssize_t n;
    if (input->fd != -1) {
        n = read(input->fd, to, room);
        if (n == -1)
            gl_cli_fail("cannot read %s: %s", input->path, strerror(errno));
        return n;
    }
    n = archive_read_data(input->archive, to, room);
    if (n < 0)
        gl_cli_fail("cannot read %s: %s", input->path,
                    archive_error_string(input->archive));
    return n < 0 ? -1 : n;
}

/* More behind what is there: 1, 0 at the end, -1 it has been said why. */
static int
fill(struct gl_cli_log_input *input)
{
    size_t left = input->to - input->from;
    if (input->ended)
        return 0;
    memmove(input->bytes, input->bytes + input->from, left);
    input->from = 0;
    input->to = left;
    ssize_t n =
        read_some(input, input->bytes + left, GL_CLI_LOG_BUFFER - left);
    if (n < 0)
        return -1;
    input->to += (size_t) n;
    input->ended = n == 0 && input->fd == -1;
    return n > 0;
}

static int
fail_archive(struct gl_cli_log_input *input)
{
    gl_cli_fail("cannot open %s: %s", input->path,
                archive_error_string(input->archive));
    gl_cli_log_close(input);
    return -1;
}

static int
open_archive(struct gl_cli_log_input *input)
{
    struct archive_entry *entry;
    const char *path = strcmp(input->path, "-") == 0 ? NULL : input->path;
    input->archive = archive_read_new();
    if (input->archive == NULL || input->bytes == NULL) {
        gl_cli_fail("out of memory");
        gl_cli_log_close(input);
        return -1;
    }
    archive_read_support_filter_all(input->archive);
    archive_read_support_format_raw(input->archive);
    archive_read_support_format_empty(input->archive);
    if (archive_read_open_filename(input->archive, path, BLOCK_BYTES) !=
        ARCHIVE_OK)
        return fail_archive(input);
    int result = archive_read_next_header(input->archive, &entry);
    if (result == ARCHIVE_EOF)
        input->ended = 1;
    else if (result < ARCHIVE_WARN)
        return fail_archive(input);
    return 0;
}

/* The beginning, before anybody asks for a line. */
static int
read_head(struct gl_cli_log_input *input)
{
    int more = 1;
    while (more == 1 && input->to < GL_CLI_LOG_HEAD)
        more = fill(input);
    if (more == -1)
        gl_cli_log_close(input);
    return more == -1 ? -1 : 0;
}

int
gl_cli_log_open(struct gl_cli_log_input *input, const char *path)
{
    struct stat st;
    *input = (struct gl_cli_log_input){.path = path, .fd = -1};
    if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
        input->size = st.st_size;
    input->bytes = malloc(GL_CLI_LOG_BUFFER);
    return open_archive(input) == 0 ? read_head(input) : -1;
}

int
gl_cli_log_open_fd(struct gl_cli_log_input *input, const char *path, int fd)
{
    struct stat st;
    *input = (struct gl_cli_log_input){.path = path, .fd = fd};
    if (fstat(fd, &st) == 0)
        input->size = st.st_size;
    input->bytes = malloc(GL_CLI_LOG_BUFFER);
    if (input->bytes != NULL)
        return read_head(input);
    gl_cli_log_close(input);
    gl_cli_fail("out of memory");
    return -1;
}

size_t
gl_cli_log_head(const struct gl_cli_log_input *input)
{
    if (input->to >= GL_CLI_LOG_HEAD)
        return GL_CLI_LOG_HEAD;
    const char *end = memrchr(input->bytes, '\n', input->to);
    return end == NULL ? 0 : (size_t) (end + 1 - input->bytes);
}

static void
take(struct gl_cli_log_input *input, size_t n)
{
    input->from += n;
    input->offset += (int64_t) n;
}

/* The rest of a line that was longer than the buffer. */
static int
skip_line(struct gl_cli_log_input *input)
{
    int more;
    do {
        char *end =
            memchr(input->bytes + input->from, '\n', input->to - input->from);
        if (end != NULL) {
            take(input, (size_t) (end + 1 - (input->bytes + input->from)));
            return 1;
        }
        take(input, input->to - input->from);
    } while ((more = fill(input)) == 1);
    return more;
}

int
gl_cli_log_line(struct gl_cli_log_input *input, const char **text, size_t *len)
{
    for (;;) {
        const char *line = input->bytes + input->from;
        size_t left = input->to - input->from;
        const char *end = left > 0 ? memchr(line, '\n', left) : NULL;
        if (end != NULL) {
            *text = line;
            *len = (size_t) (end - line);
            take(input, *len + 1);
            return 1;
        }
        if (left == GL_CLI_LOG_BUFFER) {
            *text = input->bytes;
            *len = left;
            return skip_line(input);
        }
        int more = fill(input);
        if (more != 1)
            return more;
    }
}

int
gl_cli_log_skip(struct gl_cli_log_input *input, int64_t offset)
{
    while (input->offset < offset) {
        int64_t left = (int64_t) (input->to - input->from);
        int64_t n = offset - input->offset;
        take(input, (size_t) (n < left ? n : left));
        if (input->offset == offset)
            break;
        int more = fill(input);
        if (more != 1)
            return more == 0 ? 1 : -1;
    }
    return 0;
}

int
gl_cli_log_more(struct gl_cli_log_input *input)
{
    return fill(input);
}

int64_t
gl_cli_log_place(const struct gl_cli_log_input *input)
{
    return input->offset + (int64_t) (input->to - input->from);
}

size_t
gl_cli_log_unended(const struct gl_cli_log_input *input)
{
    return input->to - input->from;
}

int64_t
gl_cli_log_read(const struct gl_cli_log_input *input)
{
    if (input->archive == NULL)
        return input->offset;
    return archive_filter_bytes(input->archive, -1);
}

void
gl_cli_log_close(struct gl_cli_log_input *input)
{
    if (input->archive != NULL)
        archive_read_free(input->archive);
    if (input->fd != -1)
        close(input->fd);
    free(input->bytes);
    input->archive = NULL;
    input->bytes = NULL;
    input->fd = -1;
}
