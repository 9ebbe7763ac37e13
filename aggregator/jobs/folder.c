/* The folder a backup goes to. */

#include "jobs/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder that is there may not be a link: 0700 would hit its target. */
#define FOLDER (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static int
refuse(char *why, size_t why_len, const char *to, const char *sentence)
{
    g_snprintf(why, (gulong) why_len, "%s: %s", to, sentence);
    return -1;
}

/* What ERROR means for whoever asked, who may be another user. */
static const char *
reason(int error)
{
    return error == EACCES || error == EPERM
               ? "glintod's user may not write there"
               : strerror(error);
}

/* 1 = nothing in it, 0 = something, -1 with errno. */
static int
is_empty(int top)
{
    int fd = openat(top, ".", FOLDER), entries = 0;
    DIR *list = fd == -1 ? NULL : fdopendir(fd);
    struct dirent *entry;

    if (list == NULL)
        return -1;
    while ((entry = readdir(list)) != NULL)
        entries += strcmp(entry->d_name, ".") != 0 &&
                   strcmp(entry->d_name, "..") != 0;
    closedir(list);
    return entries == 0;
}

static int
is_inside(const char *path, const char *data)
{
    size_t len = strlen(data);

    return strncmp(path, data, len) == 0 &&
           (path[len] == '/' || path[len] == '\0');
}

static int
open_top(struct gl_job_folder *folder, const char *to, const char *data,
         char *why, size_t why_len)
{
    if (mkdir(to, 0700) == -1 && errno != EEXIST)
        return refuse(why, why_len, to, reason(errno));
    folder->top = open(to, FOLDER);
    if (folder->top == -1)
        return refuse(why, why_len, to, reason(errno));
    folder->top_path = realpath(to, NULL);
    int empty = is_empty(folder->top);
    if (folder->top_path == NULL || empty == -1)
        return refuse(why, why_len, to, reason(errno));
    if (empty == 0)
        return refuse(why, why_len, to,
                      "the folder is not empty; a backup needs a new one");
    if (is_inside(folder->top_path, data)) {
        rmdir(to);
        return refuse(why, why_len, to,
                      "a backup does not go into the data folder");
    }
    return 0;
}

int
gl_job_folder_make(struct gl_job_folder *folder, const char *to,
                   const char *data, char *why, size_t why_len)
{
    if (open_top(folder, to, data, why, why_len) != 0)
        return -1;
    if (fchmod(folder->top, 0700) == -1 ||
        mkdirat(folder->top, "acct", 0700) == -1)
        return refuse(why, why_len, to, reason(errno));
    folder->acct = openat(folder->top, "acct", FOLDER);
    folder->acct_path = g_strdup_printf("%s/acct", folder->top_path);
    return folder->acct == -1 ? refuse(why, why_len, to, reason(errno)) : 0;
}

void
gl_job_folder_close(struct gl_job_folder *folder)
{
    if (folder->top != -1)
        close(folder->top);
    if (folder->acct != -1)
        close(folder->acct);
    free(folder->top_path);
    g_free(folder->acct_path);
}

void
gl_job_folder_of(const struct gl_job_folder *folder, int acct,
                 struct gl_backup_file *copy)
{
    copy->folder = acct ? folder->acct : folder->top;
    copy->path = acct ? folder->acct_path : folder->top_path;
}
