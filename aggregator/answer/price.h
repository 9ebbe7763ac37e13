/* An amount of revenue as people read it, in English.  Pure. */

#ifndef GL_ANSWER_PRICE_H
#define GL_ANSWER_PRICE_H

#include <stddef.h>
#include <stdint.h>

#define GL_PRICE_MAX 64 /* bytes of one, its end included */

/* "€1,234.50", with as many digits as the currency has. */
void gl_price_long(char text[GL_PRICE_MAX], uint32_t currency, int64_t amount);
/* "€1.2K" */
void gl_price_short(char text[GL_PRICE_MAX], uint32_t currency,
                    int64_t amount);

#endif
