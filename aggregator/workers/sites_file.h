/*
 * The file that tells nginx workers which sites there are: one line a site,
 * sorted by domain, then one a name that a site had; replaced as a whole
 * (temporary file, rename).
 *
 *   DOMAIN [optout=1|gpc|dnt] [hosts=A,B] [alias=UUID] [alias=matomo:N]
 *          [currency=EUR] [left_out=referrer,agent] [block_KIND=A,B]
 *          [account=ID]
 *
 * The account is told where it has tokens that may write events.
 * What a site turns away is percent-encoded, text by text.
 */

#ifndef GL_SITES_FILE_H
#define GL_SITES_FILE_H

#include "store/meta/meta.h"

/* 0, or -1 with a sentence in WHY and the old file as it was. */
int gl_sites_file_write(const char *path, struct gl_meta *meta, char *why,
                        size_t why_len);

#endif
