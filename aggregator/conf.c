/*
 * The configuration file: one "key value" a line, # comments, blank lines.
 * One table of keys; a value is checked where it is read, and the first
 * mistake is told with file and line.  It opens nothing but the file.
 *
 * Called once at start; any thread.
 */

#include "conf_internal.h"

#include "log.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048 /* a key and a path of GL_CONF_PATH_MAX */
/* Distinct paths are what an attacker makes grow. */
#define PATHS_PER_DAY_DEFAULT 10000
#define WATCHERS_DEFAULT 10000
/* A tenth: whoever opens all that one site may have leaves the
 * others theirs. */
#define WATCHERS_SITE_DEFAULT 1000
/* A report of a hundred sites and six questions each, once a minute. */
#define TOKEN_REQUESTS_DEFAULT 600
/* A file that fails so long is no passing trouble; a quarter of the budget in
 * conf/nginx/http.conf. */
#define PARK_AFTER_S_DEFAULT 900
#define PARK_MIB_DEFAULT 64
/* As much as workers' spool takes by default. */
#define LANE_MIB_DEFAULT 1024
/* 100 KiB each.  Longer than two minutes nobody should wait who looks into
 * the files. */
#define ACCOUNTS_OPEN_DEFAULT 500
#define GATHER_S_DEFAULT 600

#define AT(member) offsetof(struct gl_conf, member)
#define STATE "/var/lib/glinto/"
#define RUN "/run/glinto/"

static const struct gl_conf_key keys[] = {
    {"data", KEY_PATH, AT(data), STATE "data", 0, 0},
    {"spool", KEY_PATH, AT(spool), STATE "spool", 0, 0},
    {"salt", KEY_PATH, AT(salt), RUN "salt", 0, 0},
    {"sites", KEY_PATH, AT(sites), STATE "sites", 0, 0},
    {"pages", KEY_PATH, AT(pages), RUN "pages", 0, 0},
    {"enrich", KEY_PATH, AT(enrich), "/usr/share/glinto/enrich", 0, 0},
    {"bot_keys", KEY_PATH, AT(bot_keys), "/etc/glinto/keys", 0, 0},
    {"outbox", KEY_PATH, AT(outbox), NULL, 0, 0},
    {"mail_journal", KEY_PATH, AT(mail_journal), "/var/lib/glinto-mail", 0, 0},
    {"mail_command", KEY_COMMAND, AT(mail_command), "/usr/sbin/sendmail", 0,
     1},
    {"summary_command", KEY_COMMAND, AT(summary_command), NULL, 0, 1},
    {"notify_command", KEY_COMMAND, AT(notify_command), NULL, 0, 0},
    {"mail_from", KEY_TEXT, AT(mail_from), "Glinto <glinto@localhost>", 0, 1},
    {"public_url", KEY_TEXT, AT(public_url), NULL, 0, 0},
    {"events_socket", KEY_SOCKET, AT(events_socket), RUN "events.sock", 0, 0},
    {"admin_socket", KEY_SOCKET, AT(admin_socket), RUN "admin.sock", 0, 0},
    {"dashboard_socket", KEY_SOCKET, AT(dashboard_socket),
     RUN "dashboard.sock", 0, 0},
    {"workers", KEY_WORKERS, 0, NULL, 0, 0},
    {"dashboard_hosts", KEY_HOSTS, 0, NULL, 0, 1},
    {"access_header", KEY_HEADER, AT(access_header), NULL, 0, 0},
    {"log", KEY_CONNINFO, AT(log), NULL, 0, 0},
    {"follow", KEY_CONNINFO, AT(follow), NULL, 0, 0},
    {"cluster", KEY_CLUSTER, 0, NULL, 0, 0},
    {"primary", KEY_PRIMARY, 0, NULL, 0, 0},
    {"followed", KEY_PATH, AT(followed), STATE "followed", 0, 0},
    {"machine", KEY_HEADER, AT(machine), NULL, 0, 0},
    {"language", KEY_LANGUAGE, 0, NULL, 0, 1},
    {"log_level", KEY_LEVEL, 0, "notice", 0, 1},
    {"paths_per_day", KEY_NUMBER, AT(paths_per_day), NULL, 100000000, 0},
    {"park_after_s", KEY_NUMBER, AT(park_after_s), NULL, 31536000, 1},
    {"park_mib", KEY_NUMBER, AT(park_mib), NULL, 1048576, 1},
    {"lane_mib", KEY_NUMBER, AT(lane_mib), NULL, 1048576, 0},
    {"accounts_open", KEY_NUMBER, AT(accounts_open), NULL, 100000, 0},
    {"gather_s", KEY_NUMBER, AT(gather_s), NULL, 3600, 1},
    {"watchers_max", KEY_NUMBER, AT(watchers_max), NULL, 100000, 1},
    {"watchers_per_site", KEY_NUMBER, AT(watchers_per_site), NULL, 100000, 1},
    {"token_requests_per_minute", KEY_NUMBER, AT(token_requests_per_minute),
     NULL, 1000000, 1},
};
#define KEYS_N ((int) (sizeof keys / sizeof keys[0]))

/* nginx of Debian runs its workers as www-data; the user that runs us may
 * test by hand. */
static void
set_defaults(struct gl_conf_reader *r)
{
    struct gl_conf *conf = r->conf;

    memset(conf, 0, sizeof *conf);
    for (int i = 0; i < KEYS_N; i++)
        if (keys[i].fallback != NULL) {
            char value[64];

            snprintf(value, sizeof value, "%s", keys[i].fallback);
            gl_conf_set_(r, &keys[i], value);
        }
    conf->paths_per_day = PATHS_PER_DAY_DEFAULT;
    conf->watchers_max = WATCHERS_DEFAULT;
    conf->watchers_per_site = WATCHERS_SITE_DEFAULT;
    conf->token_requests_per_minute = TOKEN_REQUESTS_DEFAULT;
    conf->park_after_s = PARK_AFTER_S_DEFAULT;
    conf->park_mib = PARK_MIB_DEFAULT;
    conf->lane_mib = LANE_MIB_DEFAULT;
    conf->accounts_open = ACCOUNTS_OPEN_DEFAULT;
    conf->gather_s = GATHER_S_DEFAULT;
    if (gl_conf_user_("www-data", &conf->workers[0]) == 0)
        conf->workers_n = 1;
    conf->workers[conf->workers_n++] = geteuid();
}

/* LINE may be written into.  SEEN: bit of each key there was. */
static int
read_line(struct gl_conf_reader *r, char *line, uint64_t *seen)
{
    char *key = line + strspn(line, " \t");

    line[strcspn(line, "\r\n")] = '\0';
    if (*key == '\0' || *key == '#')
        return 0;
    char *value = key + strcspn(key, " \t");
    if (*value != '\0')
        *value++ = '\0';
    value += strspn(value, " \t");
    for (size_t n = strlen(value);
         n > 0 && strchr(" \t", value[n - 1]) != NULL; n--)
        value[n - 1] = '\0';

    for (int i = 0; i < KEYS_N; i++) {
        if (strcmp(key, keys[i].name) != 0)
            continue;
        if (*value == '\0')
            return gl_conf_refuse_(r, "no value for", key);
        if (*seen & UINT64_C(1) << i)
            return gl_conf_refuse_(r, "a second", key);
        *seen |= UINT64_C(1) << i;
        return gl_conf_set_(r, &keys[i], value);
    }
    return gl_conf_refuse_(r, "unknown key", key);
}

static int
read_lines(struct gl_conf_reader *r, FILE *file, int *number)
{
    char line[LINE_MAX_BYTES];
    uint64_t seen = 0;

    while (fgets(line, sizeof line, file) != NULL) {
        ++*number;
        if (strchr(line, '\n') == NULL && !feof(file)) {
            snprintf(r->why, r->why_len, "line is too long");
            return -1;
        }
        if (read_line(r, line, &seen) != 0)
            return -1;
    }
    return 0;
}

/* What several keys say together. */
static int
finish(struct gl_conf_reader *r)
{
    struct gl_conf *conf = r->conf;
    const char *what = NULL;

    if (conf->cluster.n == 0 && conf->log_is_cluster)
        what = "log is \"cluster\", and no cluster is named";
    else if (conf->cluster.n == 0 && conf->primary[0] != '\0')
        what = "there is a primary, and no cluster is named";
    else if (conf->cluster.n > 0 && conf->log[0] != '\0')
        what = "where there is a cluster, log is \"cluster\"";
    else if (conf->cluster.n > 0 && !conf->log_is_cluster &&
             conf->follow[0] == '\0')
        what = "there is a cluster, and neither log nor follow";
    else if (conf->cluster.n > 0 && gl_conf_primary(conf) == -1)
        return gl_conf_refuse_(r, "the cluster has no primary", conf->primary);
    if (what != NULL) {
        snprintf(r->why, r->why_len, "%s", what);
        return -1;
    }
    if (conf->log_is_cluster)
        strcpy(conf->log, conf->cluster.primaries[0].conninfo);
    return 0;
}

/* FOLDER gets the absolute folder of PATH: the process may change its own. */
static int
folder_of(const char *path, char *folder)
{
    char *real = realpath(path, NULL);

    if (real == NULL)
        return -1;
    char *slash = strrchr(real, '/');
    *slash = '\0';
    int fits = strlen(real) < GL_CONF_PATH_MAX;
    if (fits)
        strcpy(folder, real);
    free(real);
    return fits ? 0 : -1;
}

int
gl_conf_read(struct gl_conf *conf, const char *path, char *why, size_t why_len)
{
    char folder[GL_CONF_PATH_MAX], sentence[512] = "";
    struct gl_conf_reader reader = {conf, folder, sentence, sizeof sentence};
    const char *name =
        strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
    int number = 0;
    FILE *file = fopen(path, "re");

    if (file == NULL || folder_of(path, folder) != 0) {
        snprintf(why, why_len, "cannot open %s: %s", path, strerror(errno));
        if (file != NULL)
            fclose(file);
        return -1;
    }
    set_defaults(&reader);
    int result = read_lines(&reader, file, &number);
    if (result != 0) {
        snprintf(why, why_len, "%s:%d: %s", name, number, sentence);
    } else if (ferror(file)) { /* no line to name: a folder, for one */
        snprintf(why, why_len, "cannot read %s: %s", path, strerror(errno));
        result = -1;
    } else if (finish(&reader) != 0) {
        snprintf(why, why_len, "%s: %s", name, sentence);
        result = -1;
    }
    fclose(file);
    return result;
}

/* ---- what HUP changes ---- */

static int
is_same(const struct gl_conf_key *key, const struct gl_conf *one,
        const struct gl_conf *other)
{
    const char *a = (const char *) one + key->at;
    const char *b = (const char *) other + key->at;

    switch (key->type) {
    case KEY_PATH:
    case KEY_SOCKET:
    case KEY_COMMAND:
    case KEY_TEXT:
    case KEY_HEADER:
    case KEY_CONNINFO:
        return strcmp(a, b) == 0;
    case KEY_NUMBER:
        return memcmp(a, b, sizeof(uint32_t)) == 0;
    case KEY_LEVEL:
        return one->log_level == other->log_level;
    case KEY_WORKERS:
        return one->workers_n == other->workers_n &&
               memcmp(one->workers, other->workers,
                      (size_t) one->workers_n * sizeof(uid_t)) == 0;
    case KEY_HOSTS:
        return memcmp(&one->dashboard_hosts, &other->dashboard_hosts,
                      sizeof one->dashboard_hosts) == 0;
    case KEY_CLUSTER:
        return memcmp(&one->cluster, &other->cluster, sizeof one->cluster) ==
               0;
    case KEY_PRIMARY:
        return strcmp(one->primary, other->primary) == 0;
    case KEY_LANGUAGE:
        return strcmp(one->language, other->language) == 0;
    }
    return 1;
}

void
gl_conf_differences(const struct gl_conf *one, const struct gl_conf *other,
                    void (*each)(void *arg, const char *key, int runs),
                    void *arg)
{
    for (int i = 0; i < KEYS_N; i++)
        if (!is_same(&keys[i], one, other))
            each(arg, keys[i].name, keys[i].runs);
}

void
gl_conf_take(struct gl_conf *to, const struct gl_conf *from)
{
    to->log_level = from->log_level;
    to->dashboard_hosts = from->dashboard_hosts;
    memcpy(to->language, from->language, sizeof to->language);
    for (int i = 0; i < KEYS_N; i++)
        if (keys[i].runs && keys[i].type == KEY_NUMBER)
            __atomic_store_n(
                (uint32_t *) (void *) ((char *) to + keys[i].at),
                *(const uint32_t *) (const void *) ((const char *) from +
                                                    keys[i].at),
                __ATOMIC_RELAXED);
}
