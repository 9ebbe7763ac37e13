/* Codes of words lately seen.  Inside this room only. */

#ifndef GL_STORE_ACCOUNT_CODES_H
#define GL_STORE_ACCOUNT_CODES_H

#include <stddef.h>
#include <stdint.h>

#include "store/account/word.h"

struct gl_account;

struct gl_code {
    uint64_t hash[2]; /* keyed, 128 bits: no text is kept or compared */
    uint32_t code;    /* 0 = free */
};
struct gl_codes {
    struct gl_code *slots;
    size_t size; /* power of two, 0 at first */
    size_t used;
};

/* Where the code of (KIND, BYTES) is or belongs; NULL without memory for a
 * first table.  Valid until the next call. */
struct gl_code *gl_codes_slot_(struct gl_account *account, enum gl_word kind,
                               const void *bytes, size_t len);
void gl_codes_put_(struct gl_account *account, struct gl_code *slot,
                   uint32_t code);
void gl_codes_clear_(struct gl_codes *codes);

#endif
