/* Codes of the time; see totp.h. */

#include "access/totp.h"

#include "gl_assert.h"

#include <glib.h>
#include <nettle/hmac.h>
#include <sodium.h>
#include <string.h>

#define STEP_MS 30000
#define DIGITS 6

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void
gl_totp_draw(uint8_t key[GL_TOTP_BYTES])
{
    randombytes_buf(key, GL_TOTP_BYTES);
}

/* 20 bytes are 32 letters of 5 bits. */
void
gl_totp_text(const uint8_t key[GL_TOTP_BYTES], char text[GL_TOTP_TEXT + 1])
{
    for (int i = 0; i < GL_TOTP_TEXT; i++) {
        int bit = i * 5, byte = bit / 8;
        unsigned pair = (unsigned) key[byte] << 8;

        if (byte + 1 < GL_TOTP_BYTES)
            pair |= key[byte + 1];
        text[i] = letters[pair >> (11 - bit % 8) & 31];
    }
    text[GL_TOTP_TEXT] = '\0';
}

int
gl_totp_read(const char *text, uint8_t key[GL_TOTP_BYTES])
{
    unsigned bits = 0;
    int n = 0, at = 0;

    if (strlen(text) != GL_TOTP_TEXT)
        return 0;
    for (int i = 0; i < GL_TOTP_TEXT; i++) {
        const char *letter = strchr(letters, text[i]);

        if (letter == NULL)
            return 0;
        bits = bits << 5 | (unsigned) (letter - letters);
        n += 5;
        if (n < 8)
            continue;
        n -= 8;
        key[at++] = (uint8_t) (bits >> n);
    }
    GL_ASSERT(at == GL_TOTP_BYTES && n == 0);
    return 1;
}

/* The 4 bytes of HASH that its last one points at.  All are read, wherever it
 * points: no time tells where. */
static uint32_t
number_of(const uint8_t hash[SHA1_DIGEST_SIZE])
{
    unsigned at = hash[SHA1_DIGEST_SIZE - 1] & 15;
    uint32_t number = 0;

    for (unsigned i = 0; i < 16; i++) {
        uint32_t is_it = ((i ^ at) - 1u) >> 31; /* 1 where both are the same */
        uint32_t here = (uint32_t) (hash[i] & 127) << 24 |
                        (uint32_t) hash[i + 1] << 16 |
                        (uint32_t) hash[i + 2] << 8 | hash[i + 3];

        number |= here & (0u - is_it);
    }
    return number;
}

/* RFC 4226, section 5.3. */
static void
code_of(const uint8_t key[GL_TOTP_BYTES], int64_t step, char code[DIGITS + 1])
{
    uint8_t counter[8], hash[SHA1_DIGEST_SIZE];
    struct hmac_sha1_ctx hmac;

    for (int i = 0; i < 8; i++)
        counter[i] = (uint8_t) (step >> (56 - 8 * i));
    hmac_sha1_set_key(&hmac, GL_TOTP_BYTES, key);
    hmac_sha1_update(&hmac, sizeof counter, counter);
    hmac_sha1_digest(&hmac, sizeof hash, hash);
    uint32_t number = number_of(hash);
    for (int i = DIGITS - 1; i >= 0; i--, number /= 10)
        code[i] = (char) ('0' + number % 10);
    code[DIGITS] = '\0';
}

int64_t
gl_totp_step(const uint8_t key[GL_TOTP_BYTES], const char *code,
             int64_t now_ms, int64_t last)
{
    int64_t now = now_ms / STEP_MS, found = 0;
    char right[DIGITS + 1];

    if (strlen(code) != DIGITS)
        return 0;
    for (int64_t step = MAX(now - 1, last + 1); step <= now + 1; step++) {
        /* -1: another code, and nothing of it is taken */

        code_of(key, step, right);
        int64_t other = sodium_memcmp(code, right, DIGITS);
        found = (found & other) | (step & ~other);
    }
    return found;
}
