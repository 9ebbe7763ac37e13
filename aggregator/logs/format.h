/*
 * Formats of access logs.  One is a list of pieces: what stands before a
 * value, and which value it is, by the name of nginx's variable.
 *
 *   $remote_addr - $remote_user [$time_local] "$request" $status ...
 *               ^^^            ^^           ^^^
 *
 * Pure.
 */

#ifndef GL_LOGS_FORMAT_H
#define GL_LOGS_FORMAT_H

#include "logs/record.h"

#define GL_LOGS_PIECES_MAX 64
#define GL_LOGS_FORMAT_MAX 8192 /* bytes of a format's text */

enum gl_logs_field {
    GL_LOGS_SKIPPED = 0, /* nothing is made of it */
    GL_LOGS_ADDRESS,
    GL_LOGS_FORWARDED,
    GL_LOGS_TIME_LOCAL, /* 10/Oct/2026:13:55:36 +0000 */
    GL_LOGS_TIME_ISO,   /* 2026-10-10T13:55:36+00:00 */
    GL_LOGS_TIME_UNIX,  /* 1791640536.123 */
    GL_LOGS_REQUEST,    /* GET /a HTTP/1.1 */
    GL_LOGS_METHOD,
    GL_LOGS_URI,
    GL_LOGS_PATH,
    GL_LOGS_ARGS,
    GL_LOGS_PROTOCOL,
    GL_LOGS_STATUS,
    GL_LOGS_HOST,
    GL_LOGS_TYPE,
    GL_LOGS_COUNTRY,
    GL_LOGS_REGION,
    GL_LOGS_CITY,
    GL_LOGS_HEADER /* .name says which */
};

struct gl_logs_piece {
    struct gl_text before; /* of JSON: where it is, "request.headers.Host" */
    enum gl_logs_field field;
    struct gl_text name; /* of a header: in lower case, with "-" */
};

enum gl_logs_kind { GL_LOGS_TEXT = 0, GL_LOGS_JSON, GL_LOGS_CADDY };

struct gl_logs_format {
    enum gl_logs_kind kind;
    struct gl_logs_piece pieces[GL_LOGS_PIECES_MAX];
    int pieces_n;
    struct gl_text after; /* behind the last; more may follow */
    int has_agent;
    int has_evidence; /* Accept-Language or Accept-Encoding is logged */

    char _text[GL_LOGS_FORMAT_MAX]; /* memory of the texts above */
    size_t _used;
};

/*
 * TEXT is "combined", "common", "vcombined", "caddy", "json:FIELD=PATH,..." or
 * what stands in nginx's log_format, with or without "log_format NAME" and
 * quotes.  0, or -1 with a sentence in WHY.
 */
int gl_logs_format_read(struct gl_logs_format *format, const char *text,
                        char *why, size_t why_len);

/* 1: TEXT is meant to be one of these. */
int gl_logs_format_is(const char *text);

/* The value of a variable of nginx: PIECE's field and name.  *MEMORY, of the
 * length of NAME, is where a header's name goes. */
void gl_logs_piece_of(struct gl_logs_piece *piece, struct gl_text name,
                      char *memory);

#endif
