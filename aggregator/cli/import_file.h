/* The file of an import: its name by content, and its lines in chunks. */

#ifndef GL_CLI_IMPORT_FILE_H
#define GL_CLI_IMPORT_FILE_H

#include <stddef.h>
#include <stdint.h>

#define GL_CLI_HASH_LEN 65 /* SHA-256 in hex, with the NUL */

struct gl_cli_file {
    const char *path;
    int fd;
    int64_t bytes;
    char hash[GL_CLI_HASH_LEN];
    char *chunk; /* GL_IMPORT_CHUNK_MAX bytes */
};

/* Open and hash PATH.  0, or -1; then it has been said why. */
int gl_cli_file_open(struct gl_cli_file *file, const char *path);
/* Hash FD (taken, -1 = said why), which is called PATH: as above. */
int gl_cli_file_take(struct gl_cli_file *file, const char *path, int fd);

/*
 * Read the whole lines from OFFSET on that fit into a chunk; the last line of
 * the file needs no end.  Their length, 0 at the end, or -1; then it has been
 * said why.
 */
int64_t gl_cli_file_chunk(struct gl_cli_file *file, int64_t offset);

void gl_cli_file_close(struct gl_cli_file *file);

#endif
