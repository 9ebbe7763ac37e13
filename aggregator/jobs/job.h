/*
 * Long work on files at rest or in use that must not hold up a round: a
 * backup of all data, a check of all data.  One at a time, in a thread of its
 * own with read-only connections; the ingest thread starts it and asks how
 * far it is.
 *
 * While one runs no account and no site comes, goes or changes its file: every
 * row is then in one file, and once, and meta.db knows the files.
 */

#ifndef GL_ERRAND_H
#define GL_ERRAND_H

#include <jansson.h>
#include <stddef.h>

enum gl_errand_kind { GL_ERRAND_BACKUP = 1, GL_ERRAND_CHECK = 2 };

struct gl_errand;

/*
 * Begin.  DATA is the folder of meta.db; IDS the N accounts; TO the new or
 * empty folder of a backup, absolute, made here.  NULL with a sentence in WHY.
 */
struct gl_errand *gl_errand_start(enum gl_errand_kind kind, const char *data,
                                  char *const *ids, size_t n, const char *to,
                                  char *why, size_t why_len);
/* End it where it is, and free it. */
void gl_errand_free(struct gl_errand *errand);

int gl_errand_running(struct gl_errand *errand);
enum gl_errand_kind gl_errand_kind(const struct gl_errand *errand);
/* {running, files, files_done, bytes, bytes_done, error?,
 *  faults: [{file, fault}]}; the caller's. */
json_t *gl_errand_json(struct gl_errand *errand);

#endif
