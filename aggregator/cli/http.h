/*
 * HTTP over the admin socket, one question a connection.  As HTTP/1.0: a
 * stream then is lines and no chunks, and nobody waits for a next question.
 * What an answer says is read by http-parser.
 */

#ifndef GL_CLI_HTTP_H
#define GL_CLI_HTTP_H

#include <http_parser.h>
#include <stddef.h>

#include "cli/cli.h"

/* An answer under way. */
struct gl_cli_answer {
    int fd;
    http_parser parser;
    int status;            /* 100 ... 599; 0 as long as there is no head */
    struct evbuffer *body; /* what of it nobody has taken out yet */
    int whole;             /* it has come to the end that its head says */
    int ended;             /* nothing comes any more */
};

/*
 * Ask PATH of CLI's glintod and read the head of the answer.  BODY NULL: a
 * GET.  0, or -1; then it has been said why, and nothing is left to end.
 */
int gl_cli_begin(struct gl_cli *cli, struct gl_cli_answer *answer,
                 const char *path, const char *body, size_t len);

/* 1, or 0 when nothing comes any more. */
int gl_cli_read_more(struct gl_cli_answer *answer);

/* The next line of the body, the caller's, without its end; NULL when there is
 * no whole one any more. */
char *gl_cli_read_line(struct gl_cli_answer *answer, size_t *len);

void gl_cli_end(struct gl_cli_answer *answer);

#endif
