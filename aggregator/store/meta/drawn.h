/*
 * What is drawn at random for one change: an id, and a secret of which only
 * the hash is kept.  Where all machines make a change it is drawn once, so
 * that ids are the same everywhere; the secret is known to the machine that
 * was asked, and its hash to all.
 */

#ifndef GL_STORE_META_DRAWN_H
#define GL_STORE_META_DRAWN_H

#include "store/meta/people.h"

struct gl_drawn {
    char id[GL_ACCOUNT_ID_LEN + 1];
    char secret[GL_SECRET_LEN + 1];    /* of a link; "" = another has it */
    char token[GL_META_TOKEN_LEN + 1]; /* the same of a token */
    uint8_t secret_hash[GL_META_HASH_LEN], token_hash[GL_META_HASH_LEN];
};

void gl_drawn_draw(struct gl_drawn *drawn);

/* From now on META draws what is in DRAWN; NULL: at random.  DRAWN is the
 * caller's, and stays until then. */
void gl_meta_set_drawn(struct gl_meta *meta, const struct gl_drawn *drawn);
/* A secret for a link, and its hash. */
void gl_meta_draw_secret(const struct gl_meta *meta,
                         char secret[GL_SECRET_LEN + 1],
                         uint8_t hash[GL_META_HASH_LEN]);

/* The last change of all machines that was made here, 0 = none: 0 and *ID, or
 * -enum gl_store_error. */
int gl_meta_change(struct gl_meta *meta, int64_t *id);
int gl_meta_set_change(struct gl_meta *meta, int64_t id);

#endif
