/*
 * People who sign in, what lets them in, and what they may do, in meta.db and
 * in memory as of the last commit.  A secret is never stored, but its hash.
 */

#ifndef GL_STORE_META_PEOPLE_H
#define GL_STORE_META_PEOPLE_H

#include <stdint.h>

#include "store/directory/person.h"

struct gl_meta;

/* A secret (gl_secret_draw()) in URLs and cookies: 22 letters. */
#define GL_SECRET_LEN 22
void gl_secret_draw(char secret[GL_SECRET_LEN + 1]);

/* ---- changes ---- */

/* PERSON has a name alone; the rest is filled in.  1 made, 0 when the name is
 * taken. */
int gl_meta_person_add(struct gl_meta *meta, struct gl_meta_person *person);
/* Its password, its key of codes and the step of the last one. */
int gl_meta_person_set(struct gl_meta *meta,
                       const struct gl_meta_person *person);
/* With roles and keys.  1, or 0 = there is none. */
int gl_meta_person_remove(struct gl_meta *meta, const char *id);

/* GL_ROLE_NONE takes it away. */
int gl_meta_role_set(struct gl_meta *meta, const struct gl_meta_role *role);
/* All of SITE are TO's; 0: they go. */
int gl_meta_roles_hand_on(struct gl_meta *meta, int64_t site, int64_t to);

/* Others of its kind, whose time is over at NOW, go. */
int gl_meta_key_add(struct gl_meta *meta, const struct gl_meta_key *key,
                    int64_t now_ms);
/* 1, or 0 = there is none. */
int gl_meta_key_remove(struct gl_meta *meta,
                       const uint8_t hash[GL_META_HASH_LEN]);
/* All of PERSON. */
int gl_meta_keys_remove(struct gl_meta *meta, const char *person);

#endif
