/*
 * An access log as lines: a file, plain or compressed (what libarchive opens:
 * gzip, zstd, xz, bzip2), or standard input, "-".  Offsets are of what is
 * inside, so a compressed copy has those of the log.
 */

#ifndef GL_CLI_LOG_INPUT_H
#define GL_CLI_LOG_INPUT_H

#include <stddef.h>
#include <stdint.h>

struct archive;

/* By so much of its beginning a log is known again. */
#define GL_CLI_LOG_HEAD 1024
#define GL_CLI_LOG_BUFFER (1 << 20) /* bytes; more than the longest line */

struct gl_cli_log_input {
    const char *path;
    struct archive *archive;
    int fd;          /* of a log that is followed: read as it is; else -1 */
    char *bytes;     /* GL_CLI_LOG_BUFFER */
    size_t from, to; /* what of them nobody has taken yet */
    int64_t offset;  /* of bytes[from] */
    int64_t size;    /* of the file as it lies there; 0 = not known */
    int ended;       /* nothing follows bytes[to] */
};

/* Open PATH and read its beginning.  0, or -1; then it has been said why. */
int gl_cli_log_open(struct gl_cli_log_input *input, const char *path);
/* The same of FD, which is taken, as it is: it may grow. */
int gl_cli_log_open_fd(struct gl_cli_log_input *input, const char *path,
                       int fd);

/* How much of the beginning there is, whole lines, at most GL_CLI_LOG_HEAD;
 * before anything was taken. */
size_t gl_cli_log_head(const struct gl_cli_log_input *input);

/* The next line without its end.  1; 0: there is none, or it has no end yet;
 * -1: it has been said why.  Of a line that is longer than the buffer only
 * that much comes. */
int gl_cli_log_line(struct gl_cli_log_input *input, const char **text,
                    size_t *len);
/* Leave out what lies before OFFSET: 0; 1: the log is shorter; or -1. */
int gl_cli_log_skip(struct gl_cli_log_input *input, int64_t offset);
/* Read what has come since, without taking it: 1, 0 nothing, or -1. */
int gl_cli_log_more(struct gl_cli_log_input *input);
/* How many bytes of the log have been read, taken or not. */
int64_t gl_cli_log_place(const struct gl_cli_log_input *input);
/* Bytes of the last line, which has no end. */
size_t gl_cli_log_unended(const struct gl_cli_log_input *input);

/* How much of .size has been read. */
int64_t gl_cli_log_read(const struct gl_cli_log_input *input);

void gl_cli_log_close(struct gl_cli_log_input *input);

#endif
