/*
 * Promise: a file of parked frames is there whole or not at all, says what was
 * put into it, byte for byte, and a damage costs no frame but those it hit.
 * An index that no frame of the segment can have is no frame's.
 */

#include "spool/parked.h"
#include "tap.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ACCOUNT "aaaaaaaaaaaa"
#define FRAMES 5

static const struct gl_segment_header header = {
    .major = GL_SEGMENT_MAJOR,
    .id = {0xab, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0xcd},
    .wall_ms = INT64_C(1800000000000),
    .segment_bytes = GL_SEGMENT_BYTES_MIN,
};
#define OTHER_NAME "bb0102030405060708090a0b0c0d0ecd.seg"
#define NAME "ab0102030405060708090a0b0c0d0ecd.seg"

/* Frames 2, 4, 6 ...: parked ones have gaps. */
static GByteArray *
make_frames(void)
{
    GByteArray *frames = g_byte_array_new();
    uint8_t frame[256] = {0};

    for (uint32_t i = 1; i <= FRAMES; i++) {
        size_t len;

        memset(frame + GL_FRAME_HEADER_BYTES, (int) i, 100);
        len = gl_frame_write(frame, header.id, 100, 2 * i, i * 10,
                             GL_FRAME_EVENT);
        g_byte_array_append(frames, frame, (guint) len);
    }
    return frames;
}

static guint
count(int folder)
{
    GPtrArray *names = gl_parked_names(folder);
    guint n = names == NULL ? 99 : names->len;

    if (names != NULL)
        g_ptr_array_free(names, TRUE);
    return n;
}

/* Indexes in the file, as a number of decimal digits; -1 = refused. */
static long
indexes(int folder, int *damaged)
{
    struct gl_parked parked;
    char why[128];
    long all = 0;

    if (gl_parked_read(&parked, folder, NAME, why, sizeof why) != GL_PARKED_OK)
        return -1;
    for (guint i = 0; i < parked.frames->len; i++)
        all =
            all * 100 + g_array_index(parked.frames, struct gl_frame, i).index;
    *damaged = parked.damaged;
    gl_parked_free(&parked);
    return all;
}

static void
scribble(int folder, off_t at, const char *bytes, size_t len)
{
    int fd = openat(folder, NAME, O_WRONLY);

    if (fd == -1 || pwrite(fd, bytes, len, at) != (ssize_t) len)
        tap_bail("cannot damage " NAME);
    close(fd);
}

static void
test_write(const char *data, const GByteArray *frames)
{
    int folder = gl_parked_folder(data, ACCOUNT, 0), damaged = 1;
    struct stat st;

    tap_int(folder, -1, "no folder before it is needed");
    folder = gl_parked_folder(data, ACCOUNT, 1);
    tap_ok(folder != -1, "made");
    tap_int(gl_parked_write(folder, &header, frames), 0, "written");
    tap_int(gl_parked_write(folder, &header, frames), 0, "and once more");
    tap_int(count(folder), 1, "one file");
    tap_int(fstatat(folder, NAME, &st, 0), 0, "of the segment's name");
    tap_int(st.st_mode & 07777, 0600, "for nobody else");
    tap_int(indexes(folder, &damaged), 204060810, "all frames, in order");
    tap_int(damaged, 0, "nothing else");
    close(folder);
}

static void
test_refused(const char *data, const GByteArray *frames)
{
    int folder = gl_parked_folder(data, ACCOUNT, 0);
    struct gl_parked parked;
    char why[128] = "";

    tap_int(gl_parked_read(&parked, folder, "0" NAME, why, sizeof why),
            GL_PARKED_GONE, "no such file: %s", why);
    scribble(folder, 20, "other", 5);
    tap_int(gl_parked_read(&parked, folder, NAME, why, sizeof why),
            GL_PARKED_DAMAGED, "another header: %s", why);
    gl_parked_write(folder, &header, frames);
    tap_int(renameat(folder, NAME, folder, OTHER_NAME), 0,
            "under another name");
    tap_int(gl_parked_read(&parked, folder, OTHER_NAME, why, sizeof why),
            GL_PARKED_DAMAGED, "refused: %s", why);
    unlinkat(folder, OTHER_NAME, 0);
    tap_int(symlinkat("/etc/passwd", folder, NAME), 0, "a link");
    tap_int(gl_parked_read(&parked, folder, NAME, why, sizeof why),
            GL_PARKED_LATER, "is not followed: %s", why);
    tap_int(gl_parked_write(folder, &header, frames), 0,
            "a new file takes its place");
    close(folder);
}

/* Every byte of the frames, one at a time. */
static void
test_damage(const char *data, const GByteArray *frames)
{
    int folder = gl_parked_folder(data, ACCOUNT, 0), wrong = 0, unseen = 0;

    for (guint at = 0; at < frames->len; at++) {
        guint hit = at / (frames->len / FRAMES) + 1;
        char byte = (char) (frames->data[at] ^ 0x5a);
        long want = 0;
        int damaged = 0;

        for (guint i = 1; i <= FRAMES; i++)
            want = i == hit ? want : want * 100 + 2 * i;
        scribble(folder, GL_SEGMENT_HEADER_BYTES + at, &byte, 1);
        long found = indexes(folder, &damaged);
        /* padding is no part of a frame */
        wrong += found != want && found != 204060810;
        unseen += found != 204060810 && !damaged;
        byte = (char) frames->data[at];
        scribble(folder, GL_SEGMENT_HEADER_BYTES + at, &byte, 1);
    }
    tap_int(wrong, 0, "a damaged byte costs its frame at most");
    tap_int(unseen, 0, "and is told");
    tap_int(gl_parked_keep(folder, NAME), 0, "kept for whoever wants to know");
    tap_int(count(folder), 0, "no longer among those to be applied");
    unlinkat(folder, NAME ".damaged", 0);
    close(folder);
}

/* The index found in a file of one frame that says it has INDEX, 0 = none. */
static long
found_as(int folder, uint32_t index)
{
    uint8_t frame[256] = {0};
    GByteArray *frames = g_byte_array_new();
    int damaged = 0;
    long found;

    memset(frame + GL_FRAME_HEADER_BYTES, 7, 100);
    g_byte_array_append(frames, frame,
                        (guint) gl_frame_write(frame, header.id, 100, index, 0,
                                               GL_FRAME_EVENT));
    gl_parked_write(folder, &header, frames);
    g_byte_array_free(frames, TRUE);
    found = indexes(folder, &damaged);
    return found == 0 && !damaged ? -1 : found;
}

/* Whoever may write here can make checksums, too. */
static void
test_forged(const char *data)
{
    int folder = gl_parked_folder(data, ACCOUNT, 1);
    uint32_t room = GL_SEGMENT_BYTES_MIN - GL_SEGMENT_HEADER_BYTES -
                    (uint32_t) GL_FRAME_BYTES(100);
    uint32_t last = room / gl_frame_least_bytes(GL_SEGMENT_MAJOR) + 1;

    tap_int(found_as(folder, last), last, "the segment's last frame alone");
    tap_int(found_as(folder, last + 1), 0, "one more has no room there");
    tap_int(found_as(folder, UINT32_MAX), 0, "nor has the last of all");
    gl_parked_unlink(folder, NAME);
    close(folder);
}

static void
test_folder(const char *data, const GByteArray *frames)
{
    int folder = gl_parked_folder(data, ACCOUNT, 0), other;
    char path[600];

    gl_parked_write(folder, &header, frames);
    close(openat(folder, "t-" NAME, O_CREAT | O_WRONLY, 0600));
    other = gl_parked_folder(data, "bbbbbbbbbbbb", 1);
    tap_int(gl_parked_copy(folder, other, NAME), 0, "copied");
    tap_int(count(other), 1, "to the other folder");
    close(other);
    gl_parked_remove_folder(data, ACCOUNT);
    tap_int(count(folder), 1, "a folder with a parked segment stays");
    tap_int(gl_parked_unlink(folder, NAME), 0, "applied: unlinked");
    tap_int(gl_parked_unlink(folder, NAME), 0, "which may be done again");
    close(folder);
    gl_parked_remove_folder(data, ACCOUNT);
    snprintf(path, sizeof path, "%s/parked/" ACCOUNT, data);
    tap_ok(access(path, F_OK) == -1, "an empty one goes");
    tap_int(gl_parked_erase(data, ACCOUNT), 0, "nothing is left to erase");
    folder = gl_parked_folder(data, ACCOUNT, 1);
    gl_parked_write(folder, &header, frames);
    tap_int(gl_parked_keep(folder, NAME), 0, "a damaged one is kept");
    gl_parked_write(folder, &header, frames);
    close(folder);
    gl_parked_remove_folder(data, ACCOUNT);
    tap_ok(access(path, F_OK) == 0, "it holds its folder");
    tap_int(gl_parked_erase(data, ACCOUNT), 0, "until all is erased");
    tap_ok(access(path, F_OK) == -1, "the folder too");
}

int
main(void)
{
    const char *data = tap_dir();
    GByteArray *frames = make_frames();

    test_write(data, frames);
    test_refused(data, frames);
    test_damage(data, frames);
    test_forged(data);
    test_folder(data, frames);
    g_byte_array_free(frames, TRUE);
    return tap_done();
}
