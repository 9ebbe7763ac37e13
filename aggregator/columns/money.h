/* Amounts of revenue as numbers that can be summed up.  Pure. */

#ifndef GL_COLUMNS_MONEY_H
#define GL_COLUMNS_MONEY_H

#include <stdint.h>

/* Ten times what a state spends in a year: 9,000 of them fit a sum. */
#define GL_MONEY_MAX INT64_C(1000000000000000) /* thousandths */

struct gl_money {
    uint32_t currency; /* gl_currency(), 0 = none */
    int64_t amount;    /* thousandths, as Plausible keeps them */
};

/* "EUR" as a number; 0: three capital letters it is not. */
uint32_t gl_currency(const char *code);
void gl_currency_code(uint32_t currency, char code[4]);

/* A decimal number, "-12.5", halves away from 0: 1 and *AMOUNT, or 0: it is
 * none, or one beyond GL_MONEY_MAX. */
int gl_money_read(const char *text, int64_t *amount);

#endif
