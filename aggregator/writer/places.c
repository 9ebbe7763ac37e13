/* A look at all places, for "glintod -t"; see places.h. */

#include "writer/places.h"

#include "enrich/enrich.h"
#include "spool/spool.h"
#include "store/inspect.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define USER_BYTES 64
#define SENTENCE_MAX (GL_CONF_PATH_MAX + 256)

struct look {
    void (*tell)(void *arg, const char *sentence);
    void *arg;
};

static void
tell(const struct look *look, const char *key, const char *path,
     const char *what)
{
    char sentence[SENTENCE_MAX];

    snprintf(sentence, sizeof sentence, "%s %s: %s", key, path, what);
    look->tell(look->arg, sentence);
}

/* PARENT gets the folder of PATH, which is absolute. */
static void
parent_of(const char *path, char parent[GL_CONF_PATH_MAX])
{
    char *slash;

    snprintf(parent, GL_CONF_PATH_MAX, "%s", path);
    slash = strrchr(parent, '/');
    slash[slash == parent] = '\0';
}

/* 1 = PATH is a folder in which this user may make files.  The effective user:
 * root looks as another. */
static int
look_at_folder(const struct look *look, const char *key, const char *path)
{
    char text[256];
    struct stat st;

    if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode)) {
        tell(look, key, path, "is not a folder");
        return 0;
    }
    if (faccessat(AT_FDCWD, path, R_OK | W_OK | X_OK, AT_EACCESS) == -1) {
        snprintf(text, sizeof text, "%s", strerror(errno));
        tell(look, key, path, text);
        return 0;
    }
    return 1;
}

/* One that a start makes when it is not there. */
static int
look_at_own_folder(const struct look *look, const char *key, const char *path)
{
    char parent[GL_CONF_PATH_MAX];

    if (access(path, F_OK) == 0 || errno != ENOENT)
        return look_at_folder(look, key, path);
    parent_of(path, parent);
    look_at_folder(look, key, parent);
    return 0;
}

static void
look_at_spool(const struct look *look, const char *path)
{
    const char *network;
    char text[256];
    int fd;

    if (!look_at_folder(look, "spool", path))
        return;
    fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    network = fd == -1 ? NULL : gl_spool_network_filesystem(fd);
    if (network != NULL) {
        snprintf(text, sizeof text,
                 "lies on %s, a network filesystem; use a local one", network);
        tell(look, "spool", path, text);
    }
    if (fd != -1)
        close(fd);
}

/* A file or socket that a start makes, in place of an old one. */
static void
look_at_name(const struct look *look, const char *key, const char *path,
             mode_t type, const char *what)
{
    char parent[GL_CONF_PATH_MAX];
    struct stat st;

    parent_of(path, parent);
    if (look_at_folder(look, key, parent) && lstat(path, &st) == 0 &&
        (st.st_mode & S_IFMT) != type)
        tell(look, key, path, what);
}

static void
look_at_enrich(const struct look *look, const char *path)
{
    const char *why = "";
    struct gl_enrich *enrich = gl_enrich_new(path, &why);

    if (enrich == NULL)
        tell(look, "enrich", path, why);
    gl_enrich_free(enrich);
}

/* As UID, with its groups; 0, or -1. */
static int
become(uid_t uid, char user[USER_BYTES])
{
    struct passwd *entry = getpwuid(uid);

    if (entry == NULL)
        snprintf(user, USER_BYTES, "%u", (unsigned) uid);
    else
        snprintf(user, USER_BYTES, "%s", entry->pw_name);
    if (entry != NULL && (initgroups(entry->pw_name, entry->pw_gid) == -1 ||
                          setegid(entry->pw_gid) == -1))
        return -1;
    return seteuid(uid);
}

static void
look_as_owner(const struct look *look, const char *data, char user[USER_BYTES])
{
    struct stat st;

    user[0] = '\0';
    if (geteuid() == 0 && stat(data, &st) == 0 && st.st_uid != 0 &&
        become(st.st_uid, user) == -1)
        tell(look, "data", data, "nobody can become its owner");
}

void
gl_places_look(const struct gl_conf *conf,
               void (*told)(void *arg, const char *sentence), void *arg,
               char user[USER_BYTES])
{
    const struct look look = {told, arg};
    const char *socket = "exists and is not a socket";

    look_as_owner(&look, conf->data, user);
    if (look_at_own_folder(&look, "data", conf->data))
        gl_data_inspect(conf->data, told, arg);
    look_at_spool(&look, conf->spool);
    if (gl_conf_spool(conf) != conf->spool)
        look_at_own_folder(&look, "followed", conf->followed);
    look_at_own_folder(&look, "salt", conf->salt);
    look_at_own_folder(&look, "pages", conf->pages);
    look_at_name(&look, "sites", conf->sites, S_IFREG, "is there and no file");
    look_at_name(&look, "events_socket", conf->events_socket, S_IFSOCK,
                 socket);
    look_at_name(&look, "admin_socket", conf->admin_socket, S_IFSOCK, socket);
    look_at_name(&look, "dashboard_socket", conf->dashboard_socket, S_IFSOCK,
                 socket);
    look_at_enrich(&look, conf->enrich);
}
