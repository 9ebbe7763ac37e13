/*
 * Configuration of glintod: "key value" lines, # comments; see
 * conf/glinto.conf for every key.  Relative paths are relative to the
 * configuration file's folder.
 */

#ifndef GL_CONF_H
#define GL_CONF_H

#include <stdint.h>
#include <sys/types.h>

#include "cluster.h"
#include "domain.h"

#define GL_CONF_PATH_MAX 1024
#define GL_CONF_TEXT_MAX 256
#define GL_CONF_SOCKET_MAX 108 /* of struct sockaddr_un */
#define GL_CONF_WORKERS_MAX 8
#define GL_CONF_HOSTS_MAX 16
#define GL_CONF_HEADER_MAX 64
#define GL_CONF_CONNINFO_MAX GL_CLUSTER_CONNINFO_MAX

/* Names of hosts, each in the one form of request/host.h. */
struct gl_conf_hosts {
    char names[GL_CONF_HOSTS_MAX][GL_DOMAIN_BYTES];
    int n;
};

struct gl_conf {
    char data[GL_CONF_PATH_MAX];     /* meta.db, acct/, parked/ */
    char spool[GL_CONF_PATH_MAX];    /* segments, bad/, aggregator.lock */
    char salt[GL_CONF_PATH_MAX];     /* one file a UTC day */
    char sites[GL_CONF_PATH_MAX];    /* the sites file for the workers */
    char pages[GL_CONF_PATH_MAX];    /* what nginx shows by itself */
    char enrich[GL_CONF_PATH_MAX];   /* data files of aggregator/enrich */
    char bot_keys[GL_CONF_PATH_MAX]; /* keys of crawlers' signatures */
    char outbox[GL_CONF_PATH_MAX];   /* mails that are to be sent, "" = none */
    char mail_journal[GL_CONF_PATH_MAX];    /* what became of them */
    char mail_command[GL_CONF_PATH_MAX];    /* sendmail */
    char summary_command[GL_CONF_PATH_MAX]; /* writes summaries, "" = we do */
    char notify_command[GL_CONF_PATH_MAX];  /* is told of notices, "" = none */
    char mail_from[GL_CONF_TEXT_MAX];
    char public_url[GL_CONF_TEXT_MAX]; /* of pages in mails, "" = each site's
                                          own host */
    /* Of several machines (log/), how libpq connects; "" = there is one. */
    char log[GL_CONF_CONNINFO_MAX], follow[GL_CONF_CONNINFO_MAX];
    /* Of several primaries ("log cluster": then log is the first's), whose
     * accounts are here: a name, "" = the first. */
    struct gl_cluster cluster;
    char primary[GL_CLUSTER_NAME_MAX];
    int log_is_cluster;
    char followed[GL_CONF_PATH_MAX];  /* then the spool of glintod */
    char machine[GL_CONF_HEADER_MAX]; /* its name there, "" = the host's */
    char events_socket[GL_CONF_SOCKET_MAX];
    char admin_socket[GL_CONF_SOCKET_MAX];
    char dashboard_socket[GL_CONF_SOCKET_MAX];
    uid_t workers[GL_CONF_WORKERS_MAX]; /* may send hints, own segments */
    int workers_n;
    struct gl_conf_hosts dashboard_hosts; /* show every site; loop thread */
    /* in which nginx says who has signed in, "" = in none */
    char access_header[GL_CONF_HEADER_MAX];
    char language[3];           /* of all pages, "" = each reader's; loop
                                   thread */
    int log_level;              /* 0 error, 1 notice, 2 debug */
    uint32_t paths_per_day;     /* cap of distinct new paths a site and day */
    uint32_t watchers_max;      /* WebSockets in all, default 10000 */
    uint32_t watchers_per_site; /* of one site, default 1000 */
    uint32_t token_requests_per_minute; /* of the API, default 600 */
    uint32_t park_after_s;  /* a failing account holds the spool so long... */
    uint32_t park_mib;      /* ...or so much of it */
    uint32_t lane_mib;      /* so much waits for each primary that is away */
    uint32_t accounts_open; /* databases open at once; of more that are active
                               at a time... */
    uint32_t gather_s;      /* ...events wait in the spool, at most so long */
};

/* 0, or -1 with a sentence ("glinto.conf:3: unknown key \"dta\"") in WHY. */
int gl_conf_read(struct gl_conf *conf, const char *path, char *why,
                 size_t why_len);

/* The spool that glintod reads: with a log, workers write for the log. */
static inline const char *
gl_conf_spool(const struct gl_conf *conf)
{
    return conf->log[0] != '\0' || conf->follow[0] != '\0' ? conf->followed
                                                           : conf->spool;
}

/* The primary of this machine's accounts among those of .cluster; -1 = there
 * is one primary. */
static inline int
gl_conf_primary(const struct gl_conf *conf)
{
    return gl_cluster_find(&conf->cluster, conf->primary);
}

/* How libpq connects to where changes are asked. */
static inline const char *
gl_conf_changes(const struct gl_conf *conf)
{
    if (conf->cluster.n > 0)
        return conf->cluster.primaries[0].conninfo;
    return conf->log[0] != '\0' ? conf->log : conf->follow;
}

/* EACH is told the keys whose values are not the same; RUNS: glintod takes
 * them over while it runs, the others at its next start. */
void gl_conf_differences(const struct gl_conf *one,
                         const struct gl_conf *other,
                         void (*each)(void *arg, const char *key, int runs),
                         void *arg);
/* The values that may change while glintod runs, from FROM into TO, which
 * other threads read. */
void gl_conf_take(struct gl_conf *to, const struct gl_conf *from);
/* One of these, in a thread that gl_conf_take() may surprise. */
static inline uint32_t
gl_conf_number(const uint32_t *number)
{
    return __atomic_load_n(number, __ATOMIC_RELAXED);
}

#endif
