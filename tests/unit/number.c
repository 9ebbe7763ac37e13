/*
 * Promise: a number has a comma before each three digits and nowhere else,
 * whatever its length and sign.
 */

#include "number.h"
#include "tap.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void
check(int64_t n, const char *want)
{
    char text[GL_NUMBER_MAX];

    gl_number(text, n);
    tap_str(text, want, "%" PRId64, n);
}

/* Read back: groups of three behind the first, and the same number. */
static int
reads_back(int64_t n)
{
    char text[GL_NUMBER_MAX], digits[GL_NUMBER_MAX], want[GL_NUMBER_MAX];
    size_t at = 0, len;

    gl_number(text, n);
    len = strlen(text);
    for (size_t i = 0; i < len; i++) {
        if ((text[i] == ',') != ((len - i) % 4 == 0 && i > (size_t) (n < 0)))
            return 0;
        if (text[i] != ',')
            digits[at++] = text[i];
    }
    digits[at] = '\0';
    snprintf(want, sizeof want, "%" PRId64, n);
    return strcmp(digits, want) == 0;
}

int
main(void)
{
    int wrong = 0;

    check(0, "0");
    check(999, "999");
    check(1000, "1,000");
    check(-1, "-1");
    check(-999, "-999");
    check(-1000, "-1,000");
    check(1234567, "1,234,567");
    check(INT64_MAX, "9,223,372,036,854,775,807");
    check(INT64_MIN, "-9,223,372,036,854,775,808");
    for (int64_t n = 1; n > 0 && n < INT64_MAX / 3; n *= 3)
        wrong += !reads_back(n) + !reads_back(-n);
    tap_int(wrong, 0, "powers of three read back");
    return tap_done();
}
