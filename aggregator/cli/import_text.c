/* A file's bytes as UTF-8; see import_text.h. */

#include "cli/import_text.h"

#include <errno.h>
#include <string.h>

void
gl_cli_text_init(struct gl_cli_text *text)
{
    text->_begun = text->_is_utf16 = 0;
    text->_rest_n = 0;
}

void
gl_cli_text_fini(struct gl_cli_text *text)
{
    if (text->_is_utf16)
        iconv_close(text->_utf16);
}

/* How long the byte order mark is. */
static size_t
begin(struct gl_cli_text *text, const char *bytes, size_t len)
{
    if (text->_begun)
        return 0;
    text->_begun = 1;
    if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        return 3;
    if (len < 2 || memcmp(bytes, "\xff\xfe", 2) != 0)
        return 0;
    text->_utf16 = iconv_open("UTF-8", "UTF-16LE");
    text->_is_utf16 = text->_utf16 != (iconv_t) -1;
    return 2;
}

/* What was left over and LEN bytes more. */
static int
convert(struct gl_cli_text *text, const char *bytes, size_t len)
{
    char *in = text->_bytes, *out = text->_made;
    size_t in_n = text->_rest_n + len, out_n = sizeof text->_made;
    memcpy(text->_bytes + text->_rest_n, bytes, len);
    if (iconv(text->_utf16, &in, &in_n, &out, &out_n) == (size_t) -1 &&
        errno != EINVAL)
        return -1;
    text->text = text->_made;
    text->len = sizeof text->_made - out_n;
    text->_rest_n = in_n;
    memmove(text->_bytes, in, in_n);
    return 0;
}

int
gl_cli_text_take(struct gl_cli_text *text, const char *bytes, size_t len)
{
    size_t mark = begin(text, bytes, len);
    text->text = bytes + mark;
    text->len = len - mark;
    return text->_is_utf16 ? convert(text, text->text, text->len) : 0;
}

int
gl_cli_text_end(const struct gl_cli_text *text)
{
    return text->_rest_n == 0 ? 0 : -1;
}
