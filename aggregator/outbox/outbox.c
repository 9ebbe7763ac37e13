/* One file a mail; see outbox.h. */

#include "outbox/outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MODE 0640 /* the folder's group reads it */
#define WRITING ".writing"

int
gl_outbox_sync_(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result = fd == -1 ? -1 : fsync(fd);

    if (fd != -1)
        close(fd);
    return result;
}

static int
write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, text, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        text += n;
        len -= (size_t) n;
    }
    return 0;
}

/* TEXT in the file PATH, which is made anew, on the disk. */
static int
write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                  FILE_MODE);

    if (fd == -1)
        return -1;
    int result = fchmod(fd, FILE_MODE) == 0 &&
                         write_all(fd, text, strlen(text)) == 0 &&
                         fsync(fd) == 0
                     ? 0
                     : -1;
    close(fd);
    return result;
}

int
gl_outbox_put(const char *folder, const char *id, const json_t *mail)
{
    char *writing = g_build_filename(folder, WRITING, NULL);
    char *path = g_build_filename(folder, id, NULL);
    char *text = json_dumps(mail, JSON_COMPACT);
    int result = -1;

    if (text == NULL)
        errno = ENOMEM;
    else if (write_file(writing, text) == 0 &&
             (link(writing, path) == 0 || errno == EEXIST))
        result = gl_outbox_sync_(folder);
    unlink(writing);
    free(text);
    g_free(path);
    g_free(writing);
    return result;
}

json_t *
gl_outbox_get(const char *folder, const char *id)
{
    g_autofree char *path = g_build_filename(folder, id, NULL);
    return json_load_file(path, 0, NULL);
}

int
gl_outbox_has(const char *folder, const char *id)
{
    g_autofree char *path = g_build_filename(folder, id, NULL);
    return access(path, F_OK) == 0;
}

int
gl_outbox_remove(const char *folder, const char *id)
{
    char *path = g_build_filename(folder, id, NULL);
    int result = unlink(path) == 0 || errno == ENOENT ? 0 : -1;

    g_free(path);
    return result;
}

static gint
by_name(gconstpointer left, gconstpointer right)
{
    return strcmp(*(const char *const *) left, *(const char *const *) right);
}

GPtrArray *
gl_outbox_list(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    if (dir == NULL)
        return NULL;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    while ((name = g_dir_read_name(dir)) != NULL)
        if (name[0] != '.')
            g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, by_name);
    return names;
}
