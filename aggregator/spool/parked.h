/*
 * Files of parked frames: DATA/parked/<account>/<segment>.seg.
 *
 * Such a file is a segment without its gaps: the header page of the segment,
 * then those of its frames that are the account's, bytes, ids and indexes
 * unchanged, one behind the other to the end of the file.  It has its name
 * only once it is whole and on the disk.
 *
 * Not here: when one is made or applied (park.c, replay.c).  Any one thread.
 */

#ifndef GL_PARKED_H
#define GL_PARKED_H

#include <glib.h>

#include "segment.h"

#define GL_PARKED_NAME "parked"

/* DATA/parked (ACCOUNT NULL) or DATA/parked/ACCOUNT as a descriptor, -1 with
 * errno.  MAKE: what is missing is made, durably. */
int gl_parked_folder(const char *data, const char *account, int make);
/* Remove DATA/parked/ACCOUNT when no file is in it but halves of one. */
void gl_parked_remove_folder(const char *data, const char *account);
/* Remove it with all its files: 0, or -1 when it is still there. */
int gl_parked_erase(const char *data, const char *account);

/* Names of the files in FOLDER, to be freed with g_ptr_array_free(); NULL with
 * errno. */
GPtrArray *gl_parked_names(int folder);

/* 0; -1 with errno: nothing of it is left; or 1 with errno: it is there whole,
 * but its name may go with a power cut. */
int gl_parked_write(int folder, const struct gl_segment_header *header,
                    const GByteArray *frames);

/* The file NAME of one such folder into another: 0 or -1, also when there is
 * none (any more). */
int gl_parked_copy(int from, int to, const char *name);

struct gl_parked {
    struct gl_segment_header header;
    uint8_t *bytes; /* of the file */
    GArray *frames; /* struct gl_frame, in order */
    int damaged;    /* there are bytes that are no frame */
};

enum gl_parked_result {
    GL_PARKED_OK = 0,  /* frames behind a damage are found too */
    GL_PARKED_GONE,    /* there is no such file */
    GL_PARKED_DAMAGED, /* no parked segment */
    GL_PARKED_LATER,   /* cannot be read now */
    GL_PARKED_NEWER    /* can be by a newer glintod only */
};

/* With a sentence in WHY unless OK. */
enum gl_parked_result gl_parked_read(struct gl_parked *parked, int folder,
                                     const char *name, char *why,
                                     size_t why_len);
void gl_parked_free(struct gl_parked *parked);

/* After it was applied: unlinked, and the folder synced. */
int gl_parked_unlink(int folder, const char *name);
/* Or not all of it could be: kept as NAME.damaged. */
int gl_parked_keep(int folder, const char *name);

#endif
