/*
 * The data folder is one glintod's.  A second one, with a spool of its own,
 * would write to the same files.
 */

#ifndef GL_STORE_DB_LOCK_H
#define GL_STORE_DB_LOCK_H

#include <stddef.h>

/*
 * Make DATA if it is missing and lock the folder itself until the descriptor
 * is closed or the process ends.  The descriptor, or -1 with a sentence in
 * WHY; *BUSY 1 = another process has it.
 */
int gl_data_lock(const char *data, char *why, size_t why_len, int *busy);

#endif
