/* Codes that a person's telephone makes anew each 30 s: RFC 6238, six digits,
 * HMAC-SHA-1 by nettle. */

#ifndef GL_ACCESS_TOTP_H
#define GL_ACCESS_TOTP_H

#include "store/meta/people.h"

#define GL_TOTP_TEXT 32 /* letters of a key in base32, RFC 4648 */

void gl_totp_draw(uint8_t key[GL_TOTP_BYTES]);
void gl_totp_text(const uint8_t key[GL_TOTP_BYTES],
                  char text[GL_TOTP_TEXT + 1]);
/* 1 and KEY, or 0: TEXT is none. */
int gl_totp_read(const char *text, uint8_t key[GL_TOTP_BYTES]);

/* The step that CODE is of at NOW_MS: this one, the one before or the one
 * after, as clocks differ, but none up to LAST; 0: it is of none of them. */
int64_t gl_totp_step(const uint8_t key[GL_TOTP_BYTES], const char *code,
                     int64_t now_ms, int64_t last);

#endif
