/* HUP: the configuration file is read once more while glintod runs. */

#ifndef GL_REREAD_H
#define GL_REREAD_H

#include "conf.h"

struct gl_reread {
    const char *path;       /* of the file */
    struct gl_conf written; /* as it was read, before files.h looked at it */
};

/* What may change while glintod runs goes into CONF; the log says what did,
 * what waits for the next start, or why all stays as it was.  Loop thread. */
void gl_reread(struct gl_reread *reread, struct gl_conf *conf);

#endif
