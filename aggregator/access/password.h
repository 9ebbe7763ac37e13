/*
 * Passwords: argon2id by libsodium, which takes long and much memory on
 * purpose.  A thread for this alone (PROVES of admin/verbs.def), never the
 * loop's or the writer's.
 */

#ifndef GL_ACCESS_PASSWORD_H
#define GL_ACCESS_PASSWORD_H

#include "store/meta/people.h"

/* NIST SP 800-63B, 5.1.1.2: at least 8; long ones are taken whole. */
#define GL_PASSWORD_MIN 8   /* characters */
#define GL_PASSWORD_MAX 256 /* bytes */

/* NULL, or why PASSWORD cannot be one. */
const char *gl_password_fault(const char *password);
/* What is kept of PASSWORD: 0, or -1: out of memory. */
int gl_password_hash(const char *password, char hash[GL_PASSWORD_HASH_MAX]);
/* 1: HASH is PASSWORD's; "" is nobody's, which takes as long to tell. */
int gl_password_fits(const char *hash, const char *password);

#endif
