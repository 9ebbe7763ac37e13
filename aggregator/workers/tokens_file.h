/*
 * The file that tells nginx workers which tokens may write events, and of
 * whose sites: SALT/tokens, beside the salts, which workers alone may read; of
 * mode 0640, one line a token, replaced as a whole; none, no file.
 *
 *   SHA-256 of the token in hex, a blank, account
 */

#ifndef GL_TOKENS_FILE_H
#define GL_TOKENS_FILE_H

#include <glib.h>

#include "store/directory/directory.h"

/* A worker compares each with what it was sent. */
#define GL_TOKENS_FILE_MAX 1000

/* Tokens that may write events. */
int gl_tokens_file_n(const struct gl_version *version);
/* The ids of accounts that have some: a set, the caller's; its texts are
 * VERSION's. */
GHashTable *gl_tokens_file_accounts(const struct gl_version *version);
/* 0, or -1 with a sentence in WHY and the old file as it was. */
int gl_tokens_file_write(const char *salt, const struct gl_version *version,
                         char *why, size_t why_len);

#endif
