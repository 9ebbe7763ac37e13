/* Numbers as people read them: a comma before each three digits. */

#include "number.h"

#include <inttypes.h>
#include <stdio.h>

void
gl_number(char text[GL_NUMBER_MAX], int64_t n)
{
    char digits[GL_NUMBER_MAX];
    int len = snprintf(digits, sizeof digits, "%" PRId64, n), at = 0;

    for (int i = 0; i < len; i++) {
        text[at++] = digits[i];
        if ((len - 1 - i) % 3 == 0 && i < len - 1 && digits[i] != '-')
            text[at++] = ',';
    }
    text[at] = '\0';
}
