/* A link that shows a site to whoever has it, as meta.db has it. */

#ifndef GL_STORE_DIRECTORY_SHARE_H
#define GL_STORE_DIRECTORY_SHARE_H

#include <stdint.h>

#include "store/directory/person.h"

struct gl_meta_share {
    char id[GL_ACCOUNT_ID_LEN + 1];
    int64_t site;
    char name[GL_META_NAME_MAX + 1];
    uint8_t hash[GL_META_HASH_LEN];
    char password[GL_PASSWORD_HASH_MAX]; /* "" = none */
    int64_t segment;                     /* visits in it alone, 0 = all */
    int64_t until_ms;                    /* 0 = until it is taken back */
    int64_t created_ms;
};

#endif
