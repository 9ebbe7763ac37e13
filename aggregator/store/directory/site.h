/* A site, as meta.db has it. */

#ifndef GL_STORE_DIRECTORY_SITE_H
#define GL_STORE_DIRECTORY_SITE_H

#include <stdint.h>

#include "store/account/account.h"

#define GL_META_HOSTS_MAX 1000 /* bytes of a site's list of hosts */

/* Which of a browser's signals are heeded. */
enum gl_optout { GL_OPTOUT_NO, GL_OPTOUT_BOTH, GL_OPTOUT_GPC, GL_OPTOUT_DNT };

/* Events come late by days, when a disk was full: as long rows are there. */
#define GL_SITE_KEEP_ROWS_MIN_DAYS 7

struct gl_meta_site {
    int64_t id;
    char domain[254]; /* request/host.h */
    char account[GL_ACCOUNT_ID_LEN + 1];
    char timezone[64];
    int is_public;
    int64_t refresh_window_s;
    int optout;                        /* enum gl_optout */
    char hosts[GL_META_HOSTS_MAX + 1]; /* comma list, "" = all */
    int64_t created_ms;
    char umami_id[37];      /* UUID of lower case, "" = none */
    int64_t matomo_id;      /* 0 = none */
    char currency[4];       /* of revenue that names none, "" = none */
    uint32_t left_out;      /* left_out.h */
    uint32_t bots_counted;  /* enrich/verdict.h */
    int count_served;       /* its page shows pages served first */
    int64_t retention_days; /* older rows are erased; 0 = never */
    int64_t keep_rows;      /* days: rows of older sealed days are let go; 0 =
                               never, -1 = no more: some were, perhaps */
};

#endif
