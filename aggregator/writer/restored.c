/*
 * Segments of a backup; see restored.h.
 *
 *   DATA/waiting ─► the spool's segments go ─► DATA/waiting.taken ─► copied
 *                                                     └─ goes, with its files
 *
 * Killed at any moment it is done again from where nothing of it is lost.
 */

#include "writer/restored.h"

#include "log.h"
#include "spool/parked.h"
#include "store/hold.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FOLDER (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

/* Also those that were handed over by half: 0, or -1 with errno. */
static int
remove_segments(int spool)
{
    int fd = openat(spool, ".", FOLDER), result = 0;
    DIR *list = fd == -1 ? NULL : fdopendir(fd);
    const struct dirent *entry;

    if (list == NULL)
        return -1;
    while (result == 0 && (errno = 0, entry = readdir(list)) != NULL)
        if (gl_segment_name_ends(entry->d_name))
            result = unlinkat(spool, entry->d_name, 0);
    if (result == 0 && errno != 0)
        result = -1;
    closedir(list);
    return result == 0 ? fsync(spool) : -1;
}

static int
begin(struct gl_ingest *in, int data, int spool)
{
    if (faccessat(data, GL_HOLD_WAITING, F_OK, 0) == -1)
        return errno == ENOENT ? 0 : -1;
    in->restored = 1;
    gl_log(GL_LOG_NOTICE, "this data came from a backup: what the log has "
                          "since comes again");
    if (remove_segments(spool) == -1 ||
        renameat(data, GL_HOLD_WAITING, data, GL_HOLD_TAKEN) == -1)
        return -1;
    return fsync(data);
}

/* Each is on the disk twice, and then there alone. */
static int
take_all(int taken, int spool, GPtrArray *names)
{
    int result = 0;

    for (guint i = 0; i < names->len && result == 0; i++)
        result = gl_parked_copy(taken, spool, names->pdata[i]);
    for (guint i = 0; i < names->len && result == 0; i++)
        result = unlinkat(taken, names->pdata[i], 0);
    return result;
}

static int
finish(int data, int spool)
{
    int taken = openat(data, GL_HOLD_TAKEN, FOLDER | O_NOFOLLOW), result = -1;
    GPtrArray *names = taken == -1 ? NULL : gl_parked_names(taken);

    if (taken == -1)
        return errno == ENOENT ? 0 : -1;
    if (names != NULL) {
        result = take_all(taken, spool, names);
        g_ptr_array_free(names, TRUE);
    }
    close(taken);
    return result == 0 ? unlinkat(data, GL_HOLD_TAKEN, AT_REMOVEDIR) : -1;
}

int
gl_writer_restored_(struct gl_ingest *in, char *why, size_t why_len)
{
    const struct gl_conf *conf = in->conf;
    int data, spool, result = -1;

    if (conf->follow[0] == '\0')
        return 0;
    data = open(conf->data, FOLDER);
    spool = open(conf->followed, FOLDER);
    if (data != -1 && spool != -1 && begin(in, data, spool) == 0)
        result = finish(data, spool);
    if (result == -1)
        snprintf(why, why_len, "%s/" GL_HOLD_WAITING ", of a backup: %s",
                 conf->data, strerror(errno));
    if (data != -1)
        close(data);
    if (spool != -1)
        close(spool);
    return result;
}
