/* Drawn at random, once for all machines; see drawn.h. */

#include "store/meta/drawn.h"

#include "store/meta/meta_internal.h"

#include <sodium.h>
#include <string.h>

#define TOKEN_HEAD "gl_"
#define TOKEN_BYTES 32

/* ---- at random ---- */

static void
draw_id(char id[GL_ACCOUNT_ID_LEN + 1])
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";

    for (int i = 0; i < GL_ACCOUNT_ID_LEN; i++)
        id[i] = letters[randombytes_uniform(sizeof letters - 1)];
    id[GL_ACCOUNT_ID_LEN] = '\0';
}

void
gl_secret_draw(char secret[GL_SECRET_LEN + 1])
{
    unsigned char bytes[16]; /* 128 bits */

    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(secret, GL_SECRET_LEN + 1, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

static void
draw_token(char text[GL_META_TOKEN_LEN + 1], uint8_t hash[GL_META_HASH_LEN])
{
    unsigned char secret[TOKEN_BYTES];
    const size_t head = sizeof TOKEN_HEAD - 1;

    randombytes_buf(secret, sizeof secret);
    memcpy(text, TOKEN_HEAD, head);
    sodium_bin2base64(text + head, GL_META_TOKEN_LEN + 1 - head, secret,
                      sizeof secret, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(secret, sizeof secret);
    gl_directory_hash(text, hash);
}

void
gl_drawn_draw(struct gl_drawn *drawn)
{
    draw_id(drawn->id);
    gl_secret_draw(drawn->secret);
    gl_directory_hash(drawn->secret, drawn->secret_hash);
    draw_token(drawn->token, drawn->token_hash);
}

/* ---- as META has it ---- */

void
gl_meta_set_drawn(struct gl_meta *meta, const struct gl_drawn *drawn)
{
    meta->drawn = drawn;
}

void
gl_meta_draw_id_(const struct gl_meta *meta, char id[GL_ACCOUNT_ID_LEN + 1])
{
    if (meta->drawn == NULL)
        draw_id(id);
    else
        memcpy(id, meta->drawn->id, GL_ACCOUNT_ID_LEN + 1);
}

void
gl_meta_draw_token_(const struct gl_meta *meta,
                    char text[GL_META_TOKEN_LEN + 1],
                    uint8_t hash[GL_META_HASH_LEN])
{
    if (meta->drawn == NULL) {
        draw_token(text, hash);
        return;
    }
    memcpy(text, meta->drawn->token, GL_META_TOKEN_LEN + 1);
    memcpy(hash, meta->drawn->token_hash, GL_META_HASH_LEN);
}

void
gl_meta_draw_secret(const struct gl_meta *meta, char secret[GL_SECRET_LEN + 1],
                    uint8_t hash[GL_META_HASH_LEN])
{
    if (meta->drawn == NULL) {
        gl_secret_draw(secret);
        gl_directory_hash(secret, hash);
        return;
    }
    memcpy(secret, meta->drawn->secret, GL_SECRET_LEN + 1);
    memcpy(hash, meta->drawn->secret_hash, GL_META_HASH_LEN);
}

/* ---- which was made ---- */

int
gl_meta_change(struct gl_meta *meta, int64_t *id)
{
    sqlite3_stmt *ask = gl_db_ask(&meta->db, GL_META_SQL_CHANGE, NULL);
    int rc = gl_db_first(&meta->db, ask, id);

    return rc < 0 ? rc : 0;
}

int
gl_meta_set_change(struct gl_meta *meta, int64_t id)
{
    return gl_db_change(&meta->db, GL_META_SQL_SET_CHANGE,
                        GL_VALUES(gl_as_int(id)));
}
