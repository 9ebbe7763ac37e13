/*
 * What guards the forms of who has signed in: a token that no other page can
 * know, of one person and one session, until glintod starts again; and how
 * often a name may be tried.  Loop thread.
 */

#ifndef GL_ACCESS_FORM_H
#define GL_ACCESS_FORM_H

#include "access/access.h"

/* Five at once, then one in three minutes: 20 an hour for each name. */
#define GL_FORM_TRIES 5
#define GL_FORM_TRIES_MS (15 * 60000)

/* Draws the keys of ACCESS. */
void gl_form_begin(struct gl_access *access);

/* Of PERSON, as ASKER has signed in. */
void gl_form_token(const struct gl_access *access,
                   const struct gl_asker *asker,
                   const struct gl_meta_person *person,
                   char token[GL_SECRET_LEN + 1]);
/* 1: TOKEN, NULL = there is none, is that one. */
int gl_form_fits(const struct gl_access *access, const struct gl_asker *asker,
                 const struct gl_meta_person *person, const char *token);

/* Who has told SHARE's password has this cookie from then on. */
#define GL_FORM_MARK_NAME (sizeof "__Host-glinto-" + GL_ACCOUNT_ID_LEN)
void gl_form_mark(const struct gl_access *access,
                  const struct gl_meta_share *share,
                  char name[GL_FORM_MARK_NAME], char mark[GL_SECRET_LEN + 1]);
/* 1: it is among COOKIES, a header. */
int gl_form_opens(const struct gl_access *access,
                  const struct gl_meta_share *share, const char *cookies);

/* 1: somebody may try to sign in as NAME (any text), or 0: not for a while. */
int gl_form_may_try(const struct gl_access *access, const char *name);

#endif
