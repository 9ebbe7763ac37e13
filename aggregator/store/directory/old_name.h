/* A name that a site had, as meta.db has it. */

#ifndef GL_STORE_DIRECTORY_OLD_NAME_H
#define GL_STORE_DIRECTORY_OLD_NAME_H

#include <stdint.h>

struct gl_meta_old_name {
    char domain[254]; /* as a site's */
    int64_t site;
    int64_t until_ms; /* then it is nobody's */
};

#endif
