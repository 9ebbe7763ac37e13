/* A notice holds, or does not: told once.  Writer thread. */

#ifndef GL_WRITER_TELLING_H
#define GL_WRITER_TELLING_H

#include "ingest/state.h"
#include "notices/notices.h"

/* What a notice is about. */
struct gl_telling {
    struct gl_notice notice;
    char key[64];        /* in meta.db: id of the site or account, a folder */
    int64_t site;        /* 0 = none */
    const char *account; /* id, of ACCOUNT and SITE; NULL = none */
};

/* It HOLDS now, or not: told, or forgotten, unless that was done. */
void gl_telling_(struct gl_ingest *in, const struct gl_telling *telling,
                 int holds);

#endif
