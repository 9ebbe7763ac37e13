/* Tokens of forms, tries of names; see form.h. */

#include "access/form.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

#include "access/cookie.h"
#include "clock.h"

/* Names that nobody has are tried, too: so many places for all of them, and
 * nobody knows which names share one. */
#define PLACES 0x4000

_Static_assert(GL_ACCESS_KEY_BYTES == crypto_generichash_KEYBYTES &&
                   GL_ACCESS_KEY_BYTES >= crypto_shorthash_KEYBYTES,
               "libsodium's");

void
gl_form_begin(struct gl_access *access)
{
    randombytes_buf(access->key, sizeof access->key);
}

/* What ONE and OTHER are marked with: nobody else can make it. */
static void
mark(const struct gl_access *access, const char *one, const char *other,
     char token[GL_SECRET_LEN + 1])
{
    unsigned char hash[crypto_generichash_BYTES_MIN]; /* 128 bits */
    g_autofree char *whole = g_strconcat(one, " ", other, NULL);

    crypto_generichash(hash, sizeof hash, (const unsigned char *) whole,
                       strlen(whole), access->key, sizeof access->key);
    sodium_bin2base64(token, GL_SECRET_LEN + 1, hash, sizeof hash,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void
gl_form_token(const struct gl_access *access, const struct gl_asker *asker,
              const struct gl_meta_person *person,
              char token[GL_SECRET_LEN + 1])
{
    mark(access, person->id, asker->session, token);
}

int
gl_form_fits(const struct gl_access *access, const struct gl_asker *asker,
             const struct gl_meta_person *person, const char *token)
{
    char right[GL_SECRET_LEN + 1];

    gl_form_token(access, asker, person, right);
    return token != NULL && strlen(token) == GL_SECRET_LEN &&
           sodium_memcmp(token, right, GL_SECRET_LEN) == 0;
}

void
gl_form_mark(const struct gl_access *access, const struct gl_meta_share *share,
             char name[GL_FORM_MARK_NAME], char text[GL_SECRET_LEN + 1])
{
    g_snprintf(name, GL_FORM_MARK_NAME, "__Host-glinto-%s", share->id);
    mark(access, "link", share->id, text);
}

int
gl_form_opens(const struct gl_access *access,
              const struct gl_meta_share *share, const char *cookies)
{
    char name[GL_FORM_MARK_NAME];
    char right[GL_SECRET_LEN + 1], told[GL_SECRET_LEN + 1];

    gl_form_mark(access, share, name, right);
    return gl_cookie(cookies, name, told, GL_SECRET_LEN) &&
           sodium_memcmp(told, right, GL_SECRET_LEN) == 0;
}

int
gl_form_may_try(const struct gl_access *access, const char *name)
{
    unsigned char hash[crypto_shorthash_BYTES];
    uint32_t place;
    char id[32];

    crypto_shorthash(hash, (const unsigned char *) name, strlen(name),
                     access->key);
    memcpy(&place, hash, sizeof place);
    g_snprintf(id, sizeof id, "name %u", (unsigned) (place % PLACES));
    return gl_rate_take(access->rate, id, GL_FORM_TRIES, GL_FORM_TRIES_MS,
                        gl_clock_boot_ms());
}
