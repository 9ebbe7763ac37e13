/*
 * What the doors' targets share.  A target is one fuzz_DOOR.c: it takes any
 * bytes, puts them in at the door as a stranger would, and looks at what comes
 * out.  The same file runs under libFuzzer ("make fuzz") and, with replay.c as
 * its main, over the corpus in "make test".
 *
 * Not for: judging an answer in detail; that is the unit tests' business.
 * Here only what must hold of every input.  Single thread.
 */

#ifndef GL_FUZZ_H
#define GL_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "event.h"

/* The two names libFuzzer looks for; the second is left out by most. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* What must hold; when not, the input is a finding. */
#define FUZZ_MUST(cond)                                                       \
    ((cond) ? (void) 0 : fuzz_broken(#cond, __FILE__, __LINE__))

static inline void
fuzz_broken(const char *cond, const char *file, int line)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, cond);
    abort();
}

/*
 * An input of several texts: lines.  Each is a block of memory of its own
 * length, so that a read past its end is seen; the last one takes the rest.
 */
#define FUZZ_LINES_MAX 16

struct fuzz_lines {
    struct gl_text line[FUZZ_LINES_MAX];
};

/* At most N lines of DATA; those that are not there are empty. */
void fuzz_lines_split(struct fuzz_lines *lines, int n, const uint8_t *data,
                      size_t size);
void fuzz_lines_free(struct fuzz_lines *lines);

/*
 * A cursor over bytes for inputs that are a script of steps.  At the end all
 * answers are 0.
 */
struct fuzz_bytes {
    const uint8_t *at;
    size_t left;
};

uint8_t fuzz_take(struct fuzz_bytes *bytes);
uint16_t fuzz_take16(struct fuzz_bytes *bytes); /* little endian */
/* At most LEN bytes; *GOT how many there are. */
const uint8_t *fuzz_take_some(struct fuzz_bytes *bytes, size_t len,
                              size_t *got);

/* FILE gets DATA, or the program ends. */
void fuzz_store(const char *path, const uint8_t *data, size_t size);

/* "enrich" beside this program's build: DIR has room for PATH_MAX bytes. */
void fuzz_data_dir(char *dir);

#endif
