/*
 * Text and numbers as HTML.
 */

#include "dashboard/render_internal.h"

void
gl_render_escape_(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\'':
            fputs("&#39;", out);
            break;
        default:
            fputc(*text, out);
        }
    }
}

void
gl_render_number_(FILE *out, int64_t n)
{
    char digits[24];
    int len = snprintf(digits, sizeof(digits), "%lld", (long long) n);
    for (int i = 0; i < len; i++) {
        fputc(digits[i], out);
        if ((len - 1 - i) % 3 == 0 && i < len - 1 && digits[i] != '-') {
            fputc(',', out);
        }
    }
}
