/* Amounts of revenue; see money.h. */

#include "columns/money.h"

#include <stddef.h>

uint32_t
gl_currency(const char *code)
{
    uint32_t currency = 0;

    for (int i = 0; i < 3; i++) {
        if (code[i] < 'A' || code[i] > 'Z')
            return 0;
        currency = currency << 8 | (uint32_t) code[i];
    }
    return code[3] == '\0' ? currency : 0;
}

void
gl_currency_code(uint32_t currency, char code[4])
{
    for (int i = 2; i >= 0; i--, currency >>= 8)
        code[i] = (char) (currency & 0xff);
    code[3] = '\0';
}

static int
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The digits of *TEXT, MOST of them at most, behind AMOUNT: how many, or -1
 * when it grows too large. */
static int
read_digits(const char **text, int most, int64_t *amount)
{
    int n = 0;

    for (; is_digit(**text) && n < most; n++, (*text)++) {
        *amount = 10 * *amount + (**text - '0');
        if (*amount > GL_MONEY_MAX)
            return -1;
    }
    return n;
}

/* What follows the point, as thousandths. */
static int
read_thousandths(const char *text, int64_t *amount)
{
    int n = read_digits(&text, 3, amount);

    for (; n >= 0 && n < 3; n++)
        *amount *= 10;
    if (is_digit(*text))
        *amount += *text >= '5';
    while (is_digit(*text))
        text++;
    return n >= 0 && *amount <= GL_MONEY_MAX && *text == '\0';
}

int
gl_money_read(const char *text, int64_t *amount)
{
    int negative = *text == '-';

    *amount = 0;
    text += negative;
    if (read_digits(&text, 32, amount) < 0 ||
        !read_thousandths(*text == '.' ? text + 1 : text, amount))
        return 0;
    if (negative)
        *amount = -*amount;
    return 1;
}
