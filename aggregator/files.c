#include "files.h"

#include "log.h"

#include <glib.h>
#include <sys/resource.h>

/* Workers (1,024), connections of nginx (512) and of the command line (64),
 * segments (128), and to spare. */
#define ELSE 2048
/* Database, log and shared index; and those of two that are busy. */
#define EACH_ACCOUNT 9

/* The limit, raised to WANT if it can be. */
static rlim_t
raise_limit(rlim_t want)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
        return want;
    if (limit.rlim_cur < want) {
        limit.rlim_cur = MIN(want, limit.rlim_max);
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    return limit.rlim_cur;
}

void
gl_files_fit(struct gl_conf *conf)
{
    rlim_t accounts = (rlim_t) conf->accounts_open * EACH_ACCOUNT;
    rlim_t want = ELSE + accounts + conf->watchers_max;
    rlim_t have = raise_limit(want);

    if (have >= want)
        return;
    rlim_t rest = have > 2 * ELSE ? have - ELSE : have / 2;
    accounts = MIN(accounts, rest / 2);
    conf->accounts_open = (uint32_t) MAX(1, accounts / EACH_ACCOUNT);
    conf->watchers_max = (uint32_t) MIN(conf->watchers_max, rest - accounts);
    gl_log(GL_LOG_NOTICE,
           "the limit of open files (%llu) allows %u live watchers and %u "
           "accounts at once",
           (unsigned long long) have, (unsigned) conf->watchers_max,
           (unsigned) conf->accounts_open);
}
