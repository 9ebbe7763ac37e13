/* Numbers in a language; see numbers.h. */

#include "language/numbers.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "language/locale.h"

#define SIGN "¤"
#define SPACE "\u00a0" /* between a number and a code of letters */
#define THOUSAND 1000
/* "1,000% more" has to be thought about, "×11" not. */
#define TIMES 11

/* N, not less than 0, with a mark between thousands where there are LEAST
 * digits before the first. */
static char *
digits_text(double n, int digits, int least)
{
    const struct locale *locale = gl_locale_used_();
    char plain[G_ASCII_DTOSTR_BUF_SIZE + 32], format[8];
    GString *text = g_string_new("");

    g_snprintf(format, sizeof format, "%%.%df", digits);
    g_ascii_formatd(plain, sizeof plain, format, n);
    size_t whole = strcspn(plain, ".");
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0 && (int) whole >= least + 3)
            g_string_append(text, locale->group);
        g_string_append_c(text, plain[i]);
    }
    if (digits > 0) {
        g_string_append(text, locale->decimal);
        g_string_append(text, plain + whole + 1);
    }
    return g_string_free(text, FALSE);
}

/* Halves go away from 0, as people round; the machine's go to the even, and
 * 1.005 is a little less than that. */
static double
rounded(double n, int digits)
{
    double power = pow(10, digits);
    double made = round(n * power * (1 + 4e-16)) / power;

    return isfinite(made) ? made : n;
}

char *
gl_number_text(double n, int digits)
{
    const struct locale *locale = gl_locale_used_();
    double made = rounded(n, digits);
    char *text = digits_text(fabs(made), digits, locale->least_group);

    if (!signbit(made) || made == 0)
        return text;
    char *all = g_strconcat(locale->minus, text, NULL);
    g_free(text);
    return all;
}

/* PATTERN with NUMBER for its '0' and SIGN_TEXT for its '¤'; the first comes
 * with a space where letters of the other would touch it. */
static char *
fill(const char *pattern, const char *number, const char *sign)
{
    const char *zero = strchr(pattern, '0'), *at = strstr(pattern, SIGN);
    GString *text = g_string_new("");
    size_t len = strlen(SIGN);
    int before = at != NULL && at + len == zero &&
                 g_ascii_isalpha(sign[strlen(sign) - 1]);
    int after = at != NULL && at == zero + 1 && g_ascii_isalpha(sign[0]);

    for (const char *c = pattern; *c != '\0'; c++) {
        if (c == zero)
            g_string_append(text, number);
        else if (c == at)
            g_string_append_printf(text, "%s%s%s", after ? SPACE : "", sign,
                                   before ? SPACE : "");
        else
            g_string_append_c(text, *c);
        if (c == at)
            c += len - 1;
    }
    return g_string_free(text, FALSE);
}

int
gl_is_times(double now, double was)
{
    return now >= TIMES * was;
}

char *
gl_percent_text(double n, int digits)
{
    g_autofree char *number = gl_number_text(n, digits);
    return fill(gl_locale_used_()->percent, number, "");
}

/* ---- money ---- */

static int
digits_of(const char *code)
{
    const struct currency *currency = gl_locale_currency_(code);

    return currency == NULL ? 2 : currency->digits;
}

static const char *
sign_of(const char *code)
{
    const struct currency *currency = gl_locale_currency_(code);

    return currency == NULL ? code : currency->signs[gl_language_used()];
}

char *
gl_money_text(const char *currency, int64_t thousandths)
{
    const struct locale *locale = gl_locale_used_();
    double n =
        rounded(fabs((double) thousandths / THOUSAND), digits_of(currency));
    g_autofree char *number =
        digits_text(n, digits_of(currency), locale->least_group);
    return fill(thousandths < 0 ? locale->debt : locale->money, number,
                sign_of(currency));
}

/* Of N, at least 1000: which power of ten it is shortened by, and how. */
static const struct compact *
compact_of(double n, int *power)
{
    int size = (int) floor(log10(n) + 1e-12);
    int i = MIN(size - GL_COMPACT_LEAST, GL_COMPACT_N - 1);
    const struct compact *compact = &gl_locale_used_()->compact[i];

    *power = i + GL_COMPACT_LEAST + 1 - compact->digits;
    if (strcmp(compact->pattern, "0") == 0)
        *power = 0;
    return compact;
}

/* Digits behind the point that make two in all, without zeros at the end. */
static int
few_digits(double n)
{
    int digits = n >= 9.95 || n == 0 ? 0 : n >= 0.995 ? 1 : 2;

    while (digits > 0 && rounded(n, digits) == rounded(n, digits - 1))
        digits--;
    return digits;
}

char *
gl_money_short_text(const char *currency, int64_t thousandths)
{
    const struct locale *locale = gl_locale_used_();
    double n = fabs((double) thousandths / THOUSAND), shown = n;
    const char *pattern = thousandths < 0 ? locale->debt : locale->money;
    g_autofree char *number = NULL;
    int power = 0;

    if (rounded(n, 0) >= 1000) {
        const struct compact *compact = compact_of(n, &power);

        shown = n / pow(10, power);
        if (rounded(shown, 0) >= 1000 && power > 0) { /* 999.9 K is 1 M */
            compact = compact_of(rounded(shown, 0) * pow(10, power), &power);
            shown = n / pow(10, power);
        }
        if (power > 0)
            pattern = compact->pattern;
    }
    number =
        digits_text(rounded(shown, few_digits(shown)), few_digits(shown), 2);
    char *text = fill(pattern, number, sign_of(currency));
    if (thousandths >= 0 || power == 0)
        return text;
    char *all = g_strconcat(locale->minus, text, NULL);
    g_free(text);
    return all;
}
