/*
 * Text and numbers as HTML.
 */

#include "dashboard/render_internal.h"

#include "number.h"

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
    char text[GL_NUMBER_MAX];
    gl_number(text, n);
    fputs(text, out);
}
