/*
 * Links that let a person in once, to choose a password: of the first owner,
 * of who is new, of who has forgotten it.  Writer thread.
 */

#ifndef GL_ACCESS_LINK_H
#define GL_ACCESS_LINK_H

#include "store/meta/people.h"

#define GL_LINK_DAYS 7 /* one that waits for long lies about */
#define GL_SESSION_S (30 * 86400)
#define GL_LINK_PATH "/glinto/welcome/"

struct gl_link {
    char path[sizeof GL_LINK_PATH + GL_SECRET_LEN];
    int64_t until_ms;
};

/* In a transaction of META: 0 and *LINK for PERSON (an id), or
 * -enum gl_store_error. */
int gl_link_make(struct gl_meta *meta, const char *person, int64_t now_ms,
                 struct gl_link *link);
/* SECRET lets PERSON in until it signs out; the same. */
int gl_session_make(struct gl_meta *meta, const char *person,
                    const char *secret, int64_t now_ms);

/* As gl_link_make(), for an owner of ACCOUNT, who is made; there is nobody
 * yet. */
int gl_link_first_owner(struct gl_meta *meta, const char *account,
                        int64_t now_ms, struct gl_link *link);

#endif
