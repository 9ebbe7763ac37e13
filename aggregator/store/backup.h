/*
 * A copy of one database file, as it was at one commit, made while others
 * write to it.  The copy has its name only once it is whole and on the disk.
 *
 * Not here: which files there are.  Any one thread.
 */

#ifndef GL_STORE_BACKUP_H
#define GL_STORE_BACKUP_H

#include <stddef.h>
#include <stdint.h>

struct gl_backup_file {
    const char *from; /* path of the database */
    int folder;       /* descriptor of the folder the copy goes to */
    const char *path; /* of that folder, absolute, no links */
    const char *name; /* of the copy */
};

/* After each step (4 MiB): BYTES of the file are done.  Other than 0 ends the
 * backup. */
typedef int gl_backup_stepped(void *arg, uint64_t bytes);

/* 0, or -1 with a sentence in WHY; what was begun is removed then. */
int gl_backup_run(const struct gl_backup_file *file,
                  gl_backup_stepped *stepped, void *arg, char *why,
                  size_t why_len);

#endif
