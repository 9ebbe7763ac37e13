/* HUP: the configuration file and the patterns are read once more while
 * glintod runs, and the sites file is written once more. */

#ifndef GL_REREAD_H
#define GL_REREAD_H

#include <stddef.h>

#include "conf.h"

struct gl_reread {
    const char *path;       /* of the file */
    struct gl_conf written; /* as it was read, before files.h looked at it */
    /* Has patterns read again and sites written: 0, or -1 with a sentence. */
    int (*patterns)(void *arg, char *why, size_t why_len);
    void *arg;
};

/* What may change while glintod runs goes into CONF; the log says what did,
 * what waits for the next start, or why all stays as it was.  Loop thread. */
void gl_reread(struct gl_reread *reread, struct gl_conf *conf);

#endif
