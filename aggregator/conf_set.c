/* Values of the configuration file; see conf_internal.h. */

#include "conf_internal.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PASSWD_BYTES 16384 /* longest entry getpwnam_r may need */

int
gl_conf_refuse_(struct gl_conf_reader *r, const char *what, const char *value)
{
    snprintf(r->why, r->why_len, "%s \"%.200s\"", what, value);
    return -1;
}

static int
put_path(struct gl_conf_reader *r, const struct gl_conf_key *key, char *path,
         int size, const char *value)
{
    int n;

    if (value[0] == '/')
        n = snprintf(path, (size_t) size, "%s", value);
    else
        n = snprintf(path, (size_t) size, "%s/%s", r->folder, value);
    if (n < size)
        return 0;
    snprintf(r->why, r->why_len,
             "the path of %s has %d bytes, %d are allowed: \"%.200s\"",
             key->name, n, size - 1, value);
    return -1;
}

static int
set_path(struct gl_conf_reader *r, const struct gl_conf_key *key,
         const char *value)
{
    int size = key->type == KEY_SOCKET ? GL_CONF_SOCKET_MAX : GL_CONF_PATH_MAX;

    return put_path(r, key, (char *) r->conf + key->at, size, value);
}

/* What the file says is kept, not where it is. */
static int
set_cluster(struct gl_conf_reader *r, const struct gl_conf_key *key,
            const char *value)
{
    char path[GL_CONF_PATH_MAX];

    if (put_path(r, key, path, sizeof path, value) != 0)
        return -1;
    return gl_cluster_read(&r->conf->cluster, path, r->why, r->why_len);
}

static int
set_primary(struct gl_conf_reader *r, const char *value)
{
    if (!gl_cluster_is_name(value))
        return gl_conf_refuse_(r, "primary is no name of one:", value);
    strcpy(r->conf->primary, value);
    return 0;
}

static int
set_number(struct gl_conf_reader *r, const struct gl_conf_key *key,
           const char *value)
{
    char *end;

    errno = 0;
    unsigned long number = strtoul(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end != '\0' || errno != 0 ||
        number < 1 || number > key->most) {
        snprintf(r->why, r->why_len,
                 "%s must be a number from 1 to %u, not \"%.200s\"", key->name,
                 key->most, value);
        return -1;
    }
    *(uint32_t *) (void *) ((char *) r->conf + key->at) = (uint32_t) number;
    return 0;
}

static int
set_level(struct gl_conf_reader *r, const char *value)
{
    static const char *const names[] = {"error", "notice", "debug"};

    for (int i = 0; i < 3; i++)
        if (strcmp(value, names[i]) == 0) {
            r->conf->log_level = i;
            return 0;
        }
    return gl_conf_refuse_(r, "log_level is error, notice or debug, not",
                           value);
}

/* A command, or another text, as it is. */
static int
set_text(struct gl_conf_reader *r, const struct gl_conf_key *key,
         const char *value)
{
    size_t size = key->type == KEY_TEXT ? GL_CONF_TEXT_MAX : GL_CONF_PATH_MAX;

    if ((size_t) snprintf((char *) r->conf + key->at, size, "%s", value) <
        size)
        return 0;
    return gl_conf_refuse_(r, "too long is", value);
}

/* NAME is a user's name or number. */
int
gl_conf_user_(const char *name, uid_t *uid)
{
    char memory[PASSWD_BYTES], *end;
    struct passwd entry, *found = NULL;
    unsigned long number = strtoul(name, &end, 10);

    if (name[0] >= '0' && name[0] <= '9' && *end == '\0' &&
        number < UINT_MAX) {
        *uid = (uid_t) number;
        return 0;
    }
    if (getpwnam_r(name, &entry, memory, sizeof memory, &found) != 0 ||
        found == NULL)
        return -1;
    *uid = entry.pw_uid;
    return 0;
}

static int
set_workers(struct gl_conf_reader *r, char *value)
{
    char *rest, *name = strtok_r(value, " \t,", &rest);

    r->conf->workers_n = 0;
    for (; name != NULL; name = strtok_r(NULL, " \t,", &rest)) {
        if (r->conf->workers_n == GL_CONF_WORKERS_MAX)
            return gl_conf_refuse_(r, "too many users in workers, from", name);
        if (gl_conf_user_(name, &r->conf->workers[r->conf->workers_n]) != 0)
            return gl_conf_refuse_(
                r, "workers names a user that is not here:", name);
        r->conf->workers_n++;
    }
    return 0;
}

static int
set_hosts(struct gl_conf_reader *r, char *value)
{
    struct gl_conf_hosts *hosts = &r->conf->dashboard_hosts;
    char *rest, *name = strtok_r(value, " \t,", &rest);

    for (; name != NULL; name = strtok_r(NULL, " \t,", &rest)) {
        if (hosts->n == GL_CONF_HOSTS_MAX)
            return gl_conf_refuse_(
                r, "too many hosts in dashboard_hosts, from", name);
        if (gl_domain(name, hosts->names[hosts->n]) != 0)
            return gl_conf_refuse_(
                r, "dashboard_hosts names what is not a host:", name);
        hosts->n++;
    }
    return 0;
}

/* Which there are the pages know: two letters here. */
static int
set_language(struct gl_conf_reader *r, const char *value)
{
    if (strspn(value, "abcdefghijklmnopqrstuvwxyz") != 2 || value[2] != '\0')
        return gl_conf_refuse_(
            r, "language is no code of one, such as de:", value);
    strcpy(r->conf->language, value);
    return 0;
}

static int
set_header(struct gl_conf_reader *r, const struct gl_conf_key *key,
           const char *value)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    size_t len = strspn(value, letters);

    if (value[len] == '\0' && len < GL_CONF_HEADER_MAX) {
        strcpy((char *) r->conf + key->at, value);
        return 0;
    }
    snprintf(r->why, r->why_len,
             "%s takes letters, digits and \"-\": \"%.200s\"", key->name,
             value);
    return -1;
}

/* Whether it connects is known to who has libpq. */
static int
set_conninfo(struct gl_conf_reader *r, const struct gl_conf_key *key,
             const char *value)
{
    static const char kind[] = "postgresql ";

    if (key->at == offsetof(struct gl_conf, log) &&
        strcmp(value, "cluster") == 0) {
        r->conf->log_is_cluster = 1;
        return 0;
    }
    if (strncmp(value, kind, sizeof kind - 1) == 0 &&
        strlen(value) - (sizeof kind - 1) < GL_CONF_CONNINFO_MAX) {
        strcpy((char *) r->conf + key->at, value + sizeof kind - 1);
        return 0;
    }
    snprintf(r->why, r->why_len,
             "%s is \"postgresql\" and how to connect, not \"%.200s\"",
             key->name, value);
    return -1;
}

int
gl_conf_set_(struct gl_conf_reader *r, const struct gl_conf_key *key,
             char *value)
{
    switch (key->type) {
    case KEY_PATH:
    case KEY_SOCKET:
        return set_path(r, key, value);
    case KEY_COMMAND:
    case KEY_TEXT:
        return set_text(r, key, value);
    case KEY_NUMBER:
        return set_number(r, key, value);
    case KEY_LEVEL:
        return set_level(r, value);
    case KEY_WORKERS:
        return set_workers(r, value);
    case KEY_HOSTS:
        return set_hosts(r, value);
    case KEY_HEADER:
        return set_header(r, key, value);
    case KEY_CONNINFO:
        return set_conninfo(r, key, value);
    case KEY_CLUSTER:
        return set_cluster(r, key, value);
    case KEY_PRIMARY:
        return set_primary(r, value);
    case KEY_LANGUAGE:
        return set_language(r, value);
    }
    return -1;
}
