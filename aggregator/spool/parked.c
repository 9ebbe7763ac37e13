/* Files of parked frames: written whole, read with suspicion. */

#include "spool/parked.h"

#include "point.h"
#include "spool/segment_scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- write ---- */

static int
write_all(int fd, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);

        if (n == -1)
            return -1;
        bytes += n;
        len -= (size_t) n;
    }
    return 0;
}

/* The bytes are durable before the name. */
static int
fill_and_rename(int folder, int fd, const char *temp, const char *name,
                const uint8_t *page, const uint8_t *frames, size_t len)
{
    GL_POINT("park_created");
    if (write_all(fd, page, GL_SEGMENT_HEADER_BYTES) == -1 ||
        write_all(fd, frames, len) == -1)
        return -1;
    GL_POINT("park_written");
    if (fdatasync(fd) == -1)
        return -1;
    GL_POINT("park_synced");
    return renameat(folder, temp, folder, name);
}

/* A sync that failed is not tried again: the next try makes a new file.  This
 * one goes, unless it has its name: an unlink may be as lost as the name, and
 * could bring the file back after a power cut. */
static int
write_file(int folder, const char *name, const uint8_t *page,
           const uint8_t *frames, size_t len)
{
    char temp[GL_SEGMENT_NAME_MAX + 2];
    int fd, result = 0, error;

    g_snprintf(temp, sizeof temp, GL_SEGMENT_TEMP_PREFIX "%s", name);
    fd = openat(folder, temp,
                O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd == -1)
        return -1;
    if (fill_and_rename(folder, fd, temp, name, page, frames, len) == -1) {
        error = errno;
        (void) unlinkat(folder, temp, 0);
        result = -1;
    } else {
        GL_POINT("park_renamed");
        if (fsync(folder) == -1)
            result = 1;
        error = errno;
    }
    close(fd);
    errno = error;
    return result;
}

int
gl_parked_write(int folder, const struct gl_segment_header *header,
                const GByteArray *frames)
{
    uint8_t page[GL_SEGMENT_HEADER_BYTES] = {0};
    char name[GL_SEGMENT_NAME_MAX];

    gl_segment_header_write(page, header);
    gl_segment_name(name, header->id);
    return write_file(folder, name, page, frames->data, frames->len);
}

/* ---- read ---- */

static uint8_t *
load(int folder, const char *name, size_t *len)
{
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    uint8_t *bytes = NULL;
    struct stat st;
    int error;

    if (fd == -1)
        return NULL;
    errno = EFBIG;
    if (fstat(fd, &st) == 0 && st.st_size <= GL_SEGMENT_BYTES_MAX) {
        *len = (size_t) st.st_size;
        bytes = g_malloc(*len + 1);
        errno = EIO;
        if (pread(fd, bytes, *len, 0) != st.st_size) {
            g_free(bytes);
            bytes = NULL;
        }
    }
    error = errno;
    close(fd);
    errno = error;
    return bytes;
}

int
gl_parked_copy(int from, int to, const char *name)
{
    size_t len = 0;
    uint8_t *bytes = load(from, name, &len);
    int result = -1;

    if (bytes != NULL && len >= GL_SEGMENT_HEADER_BYTES)
        result = write_file(to, name, bytes, bytes + GL_SEGMENT_HEADER_BYTES,
                            len - GL_SEGMENT_HEADER_BYTES);
    g_free(bytes);
    return result == 0 ? 0 : -1;
}

/* Those of the segment that are the account's: none stood further on than the
 * end of the segment leaves room for what follows it here. */
static void
find_frames(struct gl_parked *parked, size_t len)
{
    size_t segment = parked->header.segment_bytes;
    struct gl_segment_scan scan = {.header = &parked->header,
                                   .bytes = parked->bytes,
                                   .len = len,
                                   .from = segment > len ? segment - len : 0,
                                   .at = GL_SEGMENT_HEADER_BYTES};
    enum gl_frame_result result;
    struct gl_frame frame;

    while ((result = gl_segment_scan(&scan, &frame)) != GL_FRAME_SHORT)
        if (result == GL_FRAME_OK)
            g_array_append_val(parked->frames, frame);
    parked->damaged = scan.damaged;
}

static enum gl_parked_result
refuse(struct gl_parked *parked, enum gl_parked_result result,
       const char *sentence, char *why, size_t why_len)
{
    g_snprintf(why, (gulong) why_len, "%s", sentence);
    gl_parked_free(parked);
    return result;
}

enum gl_parked_result
gl_parked_read(struct gl_parked *parked, int folder, const char *name,
               char *why, size_t why_len)
{
    char right_name[GL_SEGMENT_NAME_MAX];
    size_t len = 0;

    *parked = (struct gl_parked){.bytes = load(folder, name, &len)};
    if (parked->bytes == NULL)
        return refuse(parked,
                      errno == ENOENT ? GL_PARKED_GONE : GL_PARKED_LATER,
                      g_strerror(errno), why, why_len);
    if (len < GL_SEGMENT_HEADER_BYTES ||
        gl_segment_header_read(&parked->header, parked->bytes) != 0)
        return refuse(parked, GL_PARKED_DAMAGED, "its header is damaged", why,
                      why_len);
    if (!gl_segment_is_known(parked->header.major))
        return refuse(parked, GL_PARKED_NEWER,
                      "its format is newer than this glintod", why, why_len);
    gl_segment_name(right_name, parked->header.id);
    if (strcmp(name, right_name) != 0)
        return refuse(parked, GL_PARKED_DAMAGED,
                      "its name is not the id inside", why, why_len);
    parked->frames = g_array_new(FALSE, FALSE, sizeof(struct gl_frame));
    find_frames(parked, len);
    return GL_PARKED_OK;
}

void
gl_parked_free(struct gl_parked *parked)
{
    g_free(parked->bytes);
    if (parked->frames != NULL)
        g_array_free(parked->frames, TRUE);
    *parked = (struct gl_parked){0};
}

int
gl_parked_unlink(int folder, const char *name)
{
    if (unlinkat(folder, name, 0) == -1 && errno != ENOENT)
        return -1;
    return fsync(folder);
}

int
gl_parked_keep(int folder, const char *name)
{
    char kept[GL_SEGMENT_NAME_MAX + 8];

    g_snprintf(kept, sizeof kept, "%s.damaged", name);
    if (renameat(folder, name, folder, kept) == -1)
        return -1;
    return fsync(folder);
}
