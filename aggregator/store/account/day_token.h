/* What tells whether a thing that was made of a site's day still holds. */

#ifndef GL_STORE_ACCOUNT_DAY_TOKEN_H
#define GL_STORE_ACCOUNT_DAY_TOKEN_H

#include <stdint.h>

/* The token of a day, of those of all its spans in order, from 0 on: odd, and
 * so never 0. */
static inline uint64_t
gl_day_token(uint64_t so_far, uint64_t of_span)
{
    return (so_far * UINT64_C(0x9e3779b97f4a7c15) + of_span) | 1;
}

/* What stands with a day of that TOKEN that is sealed in FORMAT: of another
 * one it is another number.  (The last bit is 1: formats count by two.) */
static inline uint64_t
gl_sealed_token(uint64_t token, uint64_t format)
{
    return gl_day_token(token, format * 2);
}

#endif
