/*
 * The folder a backup goes to: made here or found empty, 0700, with acct/ in
 * it.  It is laid out like the data folder, so that a restore is a copy.
 */

#ifndef GL_JOBS_FOLDER_H
#define GL_JOBS_FOLDER_H

#include <stddef.h>

#include "store/backup.h"

struct gl_job_folder {
    int top, acct;              /* descriptors, -1 = none */
    char *top_path, *acct_path; /* absolute, no links */
};

/* TO is absolute and not inside DATA (a real path): 0, or -1 with a sentence
 * in WHY. */
int gl_job_folder_make(struct gl_job_folder *folder, const char *to,
                       const char *data, char *why, size_t why_len);
void gl_job_folder_close(struct gl_job_folder *folder);

/* Where COPY goes: into acct/ or the top. */
void gl_job_folder_of(const struct gl_job_folder *folder, int acct,
                      struct gl_backup_file *copy);

#endif
