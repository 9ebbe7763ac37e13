/*
 * Losses as files; see lost_file.h.
 *
 *   AT UNSURE
 *   FROM UPTO N PERHAPS    for each gap
 */

#define _GNU_SOURCE

#include "log/lost_file.h"

#include "clock.h"
#include "log.h"
#include "store/hold.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PREFIX "lost-"
#define FILE_MODE 0640

int
gl_lost_of(struct gl_lost *lost, const struct gl_spool_segment *segment,
           uint32_t before)
{
    if (segment->lost == 0 && !segment->unsure)
        return 0;
    memset(lost, 0, sizeof *lost);
    memcpy(lost->seg, segment->header.id, sizeof lost->seg);
    lost->at_ms = gl_clock_now_ms();
    lost->unsure = segment->unsure;
    for (uint32_t i = 0; i < segment->gaps_n; i++) {
        const struct gl_spool_gap *gap = &segment->gaps[i];
        uint32_t perhaps = gl_spool_gap_perhaps(gap, before);

        lost->gaps[lost->gaps_n++] = (struct gl_lost_gap){
            gap->from, gap->upto, gap->n - perhaps, perhaps};
    }
    return 1;
}

/* ---- write ---- */

static char *
text_of(const struct gl_lost *lost)
{
    GString *text = g_string_new(NULL);

    g_string_append_printf(text, "%" PRId64 " %d\n", lost->at_ms,
                           lost->unsure);
    for (uint32_t i = 0; i < lost->gaps_n; i++) {
        const struct gl_lost_gap *gap = &lost->gaps[i];

        g_string_append_printf(text, "%u %u %u %u\n", gap->from, gap->upto,
                               gap->n, gap->perhaps);
    }
    return g_string_free(text, FALSE);
}

/* What a kill leaves of it goes with half a segment (handover.h).  What an
 * earlier life said of the segment it knew better. */
static int
write_file(int dir, const char *name, const char *text)
{
    g_autofree char *temp = g_strconcat(GL_HOLD_HALF, name, NULL);
    ssize_t len = (ssize_t) strlen(text);
    int fd, whole;

    errno = ENOSPC; /* of a write that is cut short */
    fd = openat(dir, temp,
                O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                FILE_MODE);
    whole =
        fd != -1 && write(fd, text, (size_t) len) == len && fdatasync(fd) == 0;
    if (fd != -1 && close(fd) != 0)
        whole = 0;
    if (!whole)
        return -1;
    if (renameat2(dir, temp, dir, name, RENAME_NOREPLACE) == 0)
        return fsync(dir);
    return errno == EEXIST ? unlinkat(dir, temp, 0) : -1;
}

int
gl_lost_leave(const struct gl_lost *lost, const char *folder)
{
    int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), result;
    g_autofree char *text = text_of(lost);
    char name[sizeof PREFIX + 2 * GL_SEGMENT_ID_BYTES] = PREFIX;

    sodium_bin2hex(name + sizeof PREFIX - 1, sizeof name - sizeof PREFIX + 1,
                   lost->seg, sizeof lost->seg);
    result = dir == -1 ? -1 : write_file(dir, name, text);
    if (dir != -1)
        close(dir);
    return result;
}

/* ---- read ---- */

static int
read_gaps(struct gl_lost *lost, char **lines)
{
    for (; *lines != NULL && **lines != '\0'; lines++) {
        struct gl_lost_gap *gap = &lost->gaps[lost->gaps_n];

        if (lost->gaps_n++ == GL_SPOOL_GAPS_MAX ||
            sscanf(*lines, "%u %u %u %u", &gap->from, &gap->upto, &gap->n,
                   &gap->perhaps) != 4)
            return -1;
    }
    return 0;
}

/* The file PATH, whose name ends with the segment HEX: 0, or -1. */
static int
read_file(struct gl_lost *lost, const char *path, const char *hex)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    memset(lost, 0, sizeof *lost);
    if (strlen(hex) != 2 * sizeof lost->seg ||
        sodium_hex2bin(lost->seg, sizeof lost->seg, hex, strlen(hex), NULL,
                       NULL, NULL) != 0 ||
        !g_file_get_contents(path, &text, NULL, NULL))
        return -1;
    lines = g_strsplit(text, "\n", -1);
    return lines[0] != NULL && sscanf(lines[0], "%" SCNd64 " %d", &lost->at_ms,
                                      &lost->unsure) == 2
               ? read_gaps(lost, lines + 1)
               : -1;
}

/* What cannot be read is left for the operator, by another name. */
static int
take_file(const char *folder, const char *name,
          int (*each)(void *arg, const struct gl_lost *lost), void *arg)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *bad = g_strdup_printf("%s/bad-%s", folder, name);
    struct gl_lost lost;
    int result;

    if (read_file(&lost, path, name + sizeof PREFIX - 1) != 0) {
        gl_log(GL_LOG_ERROR, "%s says nothing of lost frames: it is %s now",
               path, bad);
        return rename(path, bad) == 0 ? 0 : -2;
    }
    result = each(arg, &lost);
    return result == 0 && unlink(path) != 0 ? -2 : result;
}

int
gl_lost_each(const char *folder,
             int (*each)(void *arg, const struct gl_lost *lost), void *arg)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    int result = 0;

    while (dir != NULL && result == 0 && (entry = readdir(dir)) != NULL)
        if (g_str_has_prefix(entry->d_name, PREFIX))
            result = take_file(folder, entry->d_name, each, arg);
    if (dir != NULL)
        closedir(dir);
    return result;
}
