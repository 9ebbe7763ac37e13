/*
 * Codes of words lately seen by one account: an open table from the keyed
 * 128-bit hash of a word to its code.
 *
 *   slots  [hash hash code] [hash hash code] [free] ...   24 bytes each
 *
 * No text is kept: with 128 bits under a random key, two words with one hash
 * are less likely than a fault of the machine, and nobody can aim for one.
 * Grows to CODES_MAX slots (1.5 MiB: each of 40,000 sites brings its host),
 * then starts anew; gone with the connection and at every rollback.
 */

#include "store/account/account_internal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define CODES_FIRST 64
#define CODES_MAX 65536

void
gl_codes_clear_(struct gl_codes *codes)
{
    free(codes->slots);
    *codes = (struct gl_codes){0};
}

static struct gl_code *
find(const struct gl_codes *codes, const uint64_t hash[2])
{
    size_t at = hash[0] & (codes->size - 1);
    while (codes->slots[at].code && (codes->slots[at].hash[0] != hash[0] ||
                                     codes->slots[at].hash[1] != hash[1]))
        at = (at + 1) & (codes->size - 1);
    return &codes->slots[at];
}

static void
grow(struct gl_codes *codes)
{
    struct gl_codes more = {.size =
                                codes->size ? codes->size * 2 : CODES_FIRST};
    more.slots = calloc(more.size, sizeof *more.slots);
    if (more.slots == NULL)
        return;
    for (size_t i = 0; i < codes->size; i++)
        if (codes->slots[i].code)
            *find(&more, codes->slots[i].hash) = codes->slots[i];
    more.used = codes->used;
    free(codes->slots);
    *codes = more;
}

/* At most three quarters full, so that a search ends. */
static void
make_room(struct gl_codes *codes)
{
    if (codes->used + 1 <= codes->size / 4 * 3)
        return;
    if (codes->size < CODES_MAX)
        grow(codes);
    if (codes->size && codes->used + 1 > codes->size / 4 * 3) {
        memset(codes->slots, 0, codes->size * sizeof *codes->slots);
        codes->used = 0;
    }
}

struct gl_code *
gl_codes_slot_(struct gl_account *account, enum gl_word kind,
               const void *bytes, size_t len)
{
    uint64_t hash[2];
    make_room(&account->codes);
    if (!account->codes.size)
        return NULL;
    _Static_assert(sizeof hash == crypto_shorthash_siphashx24_BYTES,
                   "the hash has 128 bits");
    crypto_shorthash_siphashx24((unsigned char *) hash, bytes, len,
                                account->pool->keys[kind]);
    struct gl_code *slot = find(&account->codes, hash);
    if (!slot->code)
        memcpy(slot->hash, hash, sizeof hash);
    return slot;
}

void
gl_codes_put_(struct gl_account *account, struct gl_code *slot, uint32_t code)
{
    if (slot == NULL)
        return;
    slot->code = code;
    account->codes.used++;
}
