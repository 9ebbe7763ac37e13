/* Folders of parked files; see parked.h. */

#include "spool/parked.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* ---- folders ---- */

/* NAME below PARENT, which is closed. */
static int
enter(int parent, const char *name, int make)
{
    int fd = -1, error;

    if (parent == -1)
        return -1;
    if (!make || ((mkdirat(parent, name, 0700) == 0 || errno == EEXIST) &&
                  fsync(parent) == 0))
        fd = openat(parent, name, FOLDER);
    error = errno;
    close(parent);
    errno = error;
    return fd;
}

int
gl_parked_folder(const char *data, const char *account, int make)
{
    int fd = open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    fd = enter(fd, GL_PARKED_NAME, make);
    return account != NULL ? enter(fd, account, make) : fd;
}

static int
is_segment_name(const char *name)
{
    uint8_t id[GL_SEGMENT_ID_BYTES];

    return gl_segment_name_read(id, name) == 0;
}

static int
is_half(const char *name)
{
    size_t prefix = sizeof GL_SEGMENT_TEMP_PREFIX - 1;

    return strncmp(name, GL_SEGMENT_TEMP_PREFIX, prefix) == 0 &&
           is_segment_name(name + prefix);
}

/* Names in FOLDER for which WANTED is 1; NULL with errno unless all were
 * seen. */
static GPtrArray *
names_of(int folder, int (*wanted)(const char *name))
{
    int fd = openat(folder, ".", FOLDER);
    DIR *dir = fd == -1 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    GPtrArray *names;
    int error;

    if (dir == NULL) {
        if (fd != -1)
            close(fd);
        return NULL;
    }
    names = g_ptr_array_new_with_free_func(g_free);
    while ((errno = 0, entry = readdir(dir)) != NULL)
        if (wanted(entry->d_name))
            g_ptr_array_add(names, g_strdup(entry->d_name));
    error = errno;
    closedir(dir);
    if (error == 0)
        return names;
    g_ptr_array_free(names, TRUE);
    errno = error;
    return NULL;
}

GPtrArray *
gl_parked_names(int folder)
{
    return names_of(folder, is_segment_name);
}

static int
is_file(const char *name)
{
    return strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

/* Remove DATA/parked/ACCOUNT with the files for which WANTED is 1: 0, or -1
 * with errno when it is still there. */
static int
remove_folder(const char *data, const char *account,
              int (*wanted)(const char *name))
{
    int folder = gl_parked_folder(data, account, 0), parent, result;
    GPtrArray *names = folder == -1 ? NULL : names_of(folder, wanted);

    for (guint i = 0; names != NULL && i < names->len; i++)
        (void) unlinkat(folder, names->pdata[i], 0);
    if (names != NULL)
        g_ptr_array_free(names, TRUE);
    if (folder == -1)
        return errno == ENOENT ? 0 : -1;
    close(folder);
    parent = gl_parked_folder(data, NULL, 0);
    if (parent == -1)
        return -1;
    result = unlinkat(parent, account, AT_REMOVEDIR);
    close(parent);
    return result;
}

void
gl_parked_remove_folder(const char *data, const char *account)
{
    (void) remove_folder(data, account, is_half);
}

int
gl_parked_erase(const char *data, const char *account)
{
    return remove_folder(data, account, is_file);
}
