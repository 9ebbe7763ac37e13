/* How much the reader takes at a time, and how long it waits. */

#ifndef GL_SPOOL_LIMITS_H
#define GL_SPOOL_LIMITS_H

#ifndef GL_SPOOL_ROUND_FRAMES       /* lower in tests/faults/sim */
#define GL_SPOOL_ROUND_FRAMES 65536 /* 2.5 MiB of struct gl_spool_frame */
#define GL_SPOOL_OPEN_MAX 128       /* descriptors held between rounds */
#define GL_SPOOL_FILES_MAX 16384    /* segments looked at; others wait */
#endif
#define GL_SPOOL_ROUND_BYTES (32 * 1024 * 1024)
#define GL_SPOOL_BAD_BYTES (64 << 20) /* copies in bad/, oldest out */
#define GL_SPOOL_LIST_MS 1000         /* directory listed at least so often */
#define GL_SPOOL_DEBRIS_MS 60000      /* unlocked t- file: nobody's */
#define GL_SPOOL_SYNC_MS 500          /* unsettled longer: fdatasync */
/* A page that cannot be read for so long, and in so many tries, is given up:
 * longer than a disk, a path to one or a virtual machine takes to recover. */
#define GL_SPOOL_PATIENCE_MS (10 * 60 * 1000)
#define GL_SPOOL_TRIES 10

#endif
