/* The spool opened: its directory and lock, the folder of copies. */

#include "spool/spool_internal.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_NAME "aggregator.lock"
#define BAD_NAME "bad"

/* bad/ must be ours: in a directory that workers can write, anything else of
 * that name could lead our copies elsewhere. */
static void
open_bad(struct gl_spool *spool)
{
    struct stat st;

    (void) mkdirat(spool->dirfd, BAD_NAME, 0700);
    spool->bad_dirfd = openat(spool->dirfd, BAD_NAME,
                              O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (spool->bad_dirfd != -1 && fstat(spool->bad_dirfd, &st) == 0 &&
        st.st_uid == geteuid())
        return;
    gl_spool_note_(spool, "bad/ is not a directory of ours: no copies of "
                          "damaged segments are kept");
    if (spool->bad_dirfd != -1)
        close(spool->bad_dirfd);
    spool->bad_dirfd = -1;
}

static int
take_lock(struct gl_spool *spool, const char *path, char *why, size_t why_len,
          int *busy)
{
    struct stat st;

    spool->lockfd = openat(spool->dirfd, LOCK_NAME,
                           O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (spool->lockfd == -1 || fstat(spool->lockfd, &st) == -1) {
        (void) snprintf(why, why_len, "%s/" LOCK_NAME ": %s", path,
                        strerror(errno));
        return -1;
    }
    if (st.st_uid != geteuid()) {
        (void) snprintf(why, why_len,
                        "%s/" LOCK_NAME " belongs to uid %u: run glintod as "
                        "that user",
                        path, (unsigned) st.st_uid);
        return -1;
    }
    if (flock(spool->lockfd, LOCK_EX | LOCK_NB) == 0)
        return 0;
    *busy = errno == EWOULDBLOCK;
    (void) snprintf(why, why_len, "%s: %s", path,
                    *busy ? "another glintod has this spool"
                          : strerror(errno));
    return -1;
}

static int
open_directory(struct gl_spool *spool, const char *path, char *why,
               size_t why_len)
{
    const char *network;

    spool->dirfd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (spool->dirfd == -1) {
        (void) snprintf(why, why_len, "spool %s: %s", path, strerror(errno));
        return -1;
    }
    network = gl_spool_network_filesystem(spool->dirfd);
    if (network == NULL)
        return 0;
    (void) snprintf(why, why_len,
                    "%s lies on %s: locks and syncs of a network filesystem "
                    "cannot be trusted, use a local one",
                    path, network);
    return -1;
}

static struct gl_spool *
allocate(const struct gl_spool_options *options)
{
    struct gl_spool *spool = calloc(1, sizeof *spool);

    if (spool == NULL)
        return NULL;
    spool->dirfd = spool->lockfd = spool->bad_dirfd = -1;
    spool->unlisted = spool->dir_changed = 1; /* as far as anybody knows */
    spool->removed = g_byte_array_new();
    spool->most = GL_SPOOL_ROUND_FRAMES;
    spool->calls =
        options->calls != NULL ? options->calls : &gl_spool_system_calls;
    spool->note = options->note;
    spool->alarm = options->alarm != NULL ? options->alarm : options->note;
    spool->arg = options->arg;
    spool->uids_n = options->uids_n;
    spool->uids = calloc(options->uids_n + 1, sizeof *spool->uids);
    spool->frames = calloc(GL_SPOOL_ROUND_FRAMES, sizeof *spool->frames);
    spool->sorted = calloc(GL_SPOOL_ROUND_FRAMES, sizeof *spool->sorted);
    if (spool->uids == NULL || spool->frames == NULL ||
        spool->sorted == NULL) {
        gl_spool_close(spool);
        return NULL;
    }
    memcpy(spool->uids, options->uids, options->uids_n * sizeof(uid_t));
    return spool;
}

struct gl_spool *
gl_spool_open(const struct gl_spool_options *options, char *why,
              size_t why_len, int *busy)
{
    struct gl_spool *spool = allocate(options);

    *busy = 0;
    if (spool == NULL) {
        (void) snprintf(why, why_len, "out of memory");
        return NULL;
    }
    if (open_directory(spool, options->path, why, why_len) == -1 ||
        take_lock(spool, options->path, why, why_len, busy) == -1) {
        gl_spool_close(spool);
        return NULL;
    }
    open_bad(spool);
    return spool;
}
