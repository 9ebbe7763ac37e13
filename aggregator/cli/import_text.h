/*
 * A file's bytes as UTF-8, piece by piece: without its byte order mark, and of
 * UTF-16 little endian, as Matomo writes it, turned into it.
 */

#ifndef GL_CLI_IMPORT_TEXT_H
#define GL_CLI_IMPORT_TEXT_H

#include <iconv.h>
#include <stddef.h>

#define GL_CLI_TEXT_PIECE 65536 /* bytes at once */

struct gl_cli_text {
    const char *text; /* of the last piece */
    size_t len;

    int _begun, _is_utf16;
    iconv_t _utf16;
    size_t _rest_n; /* of _bytes: what is half a character */
    char _bytes[GL_CLI_TEXT_PIECE + 4];
    char _made[2 * GL_CLI_TEXT_PIECE]; /* two bytes become three at most */
};

void gl_cli_text_init(struct gl_cli_text *text);
void gl_cli_text_fini(struct gl_cli_text *text);
/* LEN <= GL_CLI_TEXT_PIECE BYTES more: 0, or -1: they are no UTF-16. */
int gl_cli_text_take(struct gl_cli_text *text, const char *bytes, size_t len);
/* 0, or -1: it ended within a character. */
int gl_cli_text_end(const struct gl_cli_text *text);

#endif
