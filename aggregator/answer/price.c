/* Amounts as texts; see price.h. */

#include "answer/price.h"

#include <stdio.h>
#include <string.h>

#include "columns/money.h"
#include "number.h"

/* Those with a sign that all readers of English know; others by their code. */
static const struct {
    char code[4];
    const char *sign;
} signs[] = {
    {"USD", "$"},   {"EUR", "€"},   {"GBP", "£"},   {"JPY", "¥"},
    {"INR", "₹"},   {"KRW", "₩"},   {"CNY", "CN¥"}, {"BRL", "R$"},
    {"CAD", "CA$"}, {"AUD", "A$"},  {"NZD", "NZ$"}, {"MXN", "MX$"},
    {"HKD", "HK$"}, {"TWD", "NT$"}, {"ILS", "₪"},   {"PHP", "₱"},
    {"VND", "₫"},
};

/* Digits after the point, where they are not two: ISO 4217. */
static const char none[] =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
static const char three[] = "BHD IQD JOD KWD LYD OMR TND";

static int
digits(const char *code)
{
    return strstr(none, code) != NULL    ? 0
           : strstr(three, code) != NULL ? 3
                                         : 2;
}

static void
put_sign(char *text, uint32_t currency, int64_t amount)
{
    char code[4];
    size_t i = 0, n = sizeof signs / sizeof signs[0];

    gl_currency_code(currency, code);
    while (i < n && strcmp(signs[i].code, code) != 0)
        i++;
    snprintf(text, GL_PRICE_MAX, "%s%s%s", amount < 0 ? "-" : "",
             i < n ? signs[i].sign : code, i < n ? "" : " ");
}

static uint64_t
size_of(int64_t amount)
{
    return amount < 0 ? -(uint64_t) amount : (uint64_t) amount;
}

void
gl_price_long(char text[GL_PRICE_MAX], uint32_t currency, int64_t amount)
{
    static const uint64_t tens[] = {1, 10, 100, 1000};
    char code[4], number[GL_NUMBER_MAX];
    uint64_t n = size_of(amount), least, whole;
    size_t at;
    int after;

    gl_currency_code(currency, code);
    after = digits(code);
    least = tens[3 - after]; /* what the last digit is worth */
    n = n / least + (2 * (n % least) >= least && least > 1); /* halves up */
    whole = n / tens[after];
    put_sign(text, currency, amount);
    at = strlen(text);
    gl_number(number, (int64_t) whole);
    at += (size_t) snprintf(text + at, GL_PRICE_MAX - at, "%s", number);
    if (after > 0)
        snprintf(text + at, GL_PRICE_MAX - at, ".%0*d", after,
                 (int) (n % tens[after]));
}

void
gl_price_short(char text[GL_PRICE_MAX], uint32_t currency, int64_t amount)
{
    static const char units[] = {0, 'K', 'M', 'B', 'T', 'Q'};
    double n = (double) size_of(amount) / 1000;
    size_t unit = 0, at;

    while (n >= 999.95 && unit + 1 < sizeof units) {
        n /= 1000;
        unit++;
    }
    put_sign(text, currency, amount);
    at = strlen(text);
    snprintf(text + at, GL_PRICE_MAX - at, "%.1f%c", n, units[unit]);
}
