/* Files for nginx; see folder.h.  Loop thread. */

#include "serve/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "language/language.h"
#include "log.h"

#define FOLDER_MODE 02750 /* its group, the workers', is handed on */
#define FILE_MODE 0640
#define NAME_MAX_BYTES 253    /* of a host; ".html.gz" fits behind it */
#define PATH_MAX_BYTES 600    /* "sites/HOST/SITE/now.html.gz.new" */
#define FILE_MAX_BYTES 32     /* "now.de.html.gz.new" */
#define GZIP_WINDOW (15 + 16) /* the largest, in gzip's format */
#define GZIP_LEVEL 6
#define GZIP_MEMORY 8

struct gl_folder {
    int fd;     /* -1 = there is none */
    int failed; /* said so */
};

static int
fail(struct gl_folder *folder, const char *what)
{
    if (!folder->failed)
        gl_log(GL_LOG_ERROR, "pages: %s: %s; nginx asks for each page", what,
               strerror(errno));
    folder->failed = 1;
    return -1;
}

static int
make_folder(const struct gl_folder *folder, const char *path)
{
    if (mkdirat(folder->fd, path, FOLDER_MODE) == -1)
        return errno == EEXIST ? 0 : -1;
    return fchmodat(folder->fd, path, FOLDER_MODE, 0);
}

struct gl_folder *
gl_folder_open(const char *path)
{
    struct gl_folder *folder = g_new0(struct gl_folder, 1);

    if (mkdir(path, FOLDER_MODE) == 0 && chmod(path, FOLDER_MODE) == -1)
        fail(folder, path);
    folder->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->fd == -1 || make_folder(folder, "sites") == -1 ||
        make_folder(folder, "assets") == -1 ||
        make_folder(folder, "asides") == -1)
        fail(folder, path);
    return folder;
}

void
gl_folder_free(struct gl_folder *folder)
{
    if (folder == NULL)
        return;
    if (folder->fd != -1)
        close(folder->fd);
    g_free(folder);
}

/* ---- names ---- */

static int
is_name(const char *name)
{
    size_t len = strlen(name);

    return len > 0 && len <= NAME_MAX_BYTES && name[0] != '.' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-._") == len;
}

int
gl_folder_fits(const char *host, const char *site)
{
    return is_name(host) && is_name(site);
}

/* FILE "" = the folder of SITE. */
static void
path_of(char path[PATH_MAX_BYTES], const char *host, const char *site,
        const char *file)
{
    snprintf(path, PATH_MAX_BYTES, "sites/%s/%s%s%s", host, site,
             file[0] == '\0' ? "" : "/", file);
}

/* ---- one file ---- */

static int
write_all(int fd, const void *data, size_t len)
{
    const char *at = data;

    while (len > 0) {
        ssize_t n = write(fd, at, len);

        if (n == -1 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        at += n;
        len -= (size_t) n;
    }
    return 0;
}

static int
put_file(const struct gl_folder *folder, const char *path, const void *data,
         size_t len)
{
    char new[PATH_MAX_BYTES];

    snprintf(new, sizeof new, "%s.new", path);
    int fd = openat(folder->fd, new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                    FILE_MODE);
    if (fd == -1)
        return -1;
    int bad = write_all(fd, data, len) == -1 || fchmod(fd, FILE_MODE) == -1;
    close(fd);
    if (!bad && renameat(folder->fd, new, folder->fd, path) == 0)
        return 0;
    unlinkat(folder->fd, new, 0);
    return -1;
}

/* DATA as gzip has it, the caller's, or NULL. */
static unsigned char *
compress_text(const char *data, size_t len, size_t *packed_len)
{
    z_stream stream = {.next_in = (unsigned char *) (uintptr_t) data,
                       .avail_in = (unsigned) len};

    if (deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    uLong room = deflateBound(&stream, (uLong) len);
    unsigned char *packed = malloc(room);
    stream.next_out = packed;
    stream.avail_out = (unsigned) room;
    if (packed != NULL && deflate(&stream, Z_FINISH) != Z_STREAM_END) {
        free(packed);
        packed = NULL;
    }
    *packed_len = stream.total_out;
    deflateEnd(&stream);
    return packed;
}

/* PATH, and beside it PATH.gz for whoever takes that. */
static int
put_both(const struct gl_folder *folder, const char *path, const char *data,
         size_t len)
{
    char gz[PATH_MAX_BYTES];
    size_t packed_len = 0;
    unsigned char *packed = compress_text(data, len, &packed_len);

    snprintf(gz, sizeof gz, "%s.gz", path);
    int bad = packed == NULL ||
              put_file(folder, gz, packed, packed_len) == -1 ||
              put_file(folder, path, data, len) == -1;
    free(packed);
    return bad ? -1 : 0;
}

int
gl_folder_put_asset(struct gl_folder *folder, const char *name,
                    const char *data, size_t len)
{
    char path[PATH_MAX_BYTES];

    if (folder->fd == -1)
        return -1;
    snprintf(path, sizeof path, "assets/%s", name);
    return put_both(folder, path, data, len) == 0 ? 0 : fail(folder, path);
}

int
gl_folder_put_aside(struct gl_folder *folder, const char *name,
                    const char *language, const char *page, size_t len)
{
    char path[PATH_MAX_BYTES];

    if (folder->fd == -1)
        return -1;
    snprintf(path, sizeof path, "asides/%s.%s.html", name, language);
    return put_file(folder, path, page, len) == 0 ? 0 : fail(folder, path);
}

/* ---- of a site ---- */

int
gl_folder_mark(struct gl_folder *folder, const char *host, const char *site)
{
    char path[PATH_MAX_BYTES];

    if (folder->fd == -1)
        return -1;
    snprintf(path, sizeof path, "sites/%s", host);
    if (make_folder(folder, path) == -1)
        return fail(folder, path);
    path_of(path, host, site, "");
    return make_folder(folder, path) == 0 ? 0 : fail(folder, path);
}

/* "now.de.html", "now.html" of language "". */
static void
name_of(char name[FILE_MAX_BYTES], const char *which, const char *language,
        const char *ending)
{
    snprintf(name, FILE_MAX_BYTES, "%s%s%s%s", which,
             language[0] == '\0' ? "" : ".", language, ending);
}

int
gl_folder_put(struct gl_folder *folder, const char *host, const char *site,
              const char *language, const char *page, size_t len)
{
    char path[PATH_MAX_BYTES], name[FILE_MAX_BYTES];

    if (gl_folder_mark(folder, host, site) == -1)
        return -1;
    name_of(name, "now", language, ".html");
    path_of(path, host, site, name);
    return put_both(folder, path, page, len) == 0 ? 0 : fail(folder, path);
}

static void
remove_file(const struct gl_folder *folder, const char *host, const char *site,
            const char *file)
{
    char path[PATH_MAX_BYTES];

    path_of(path, host, site, file);
    unlinkat(folder->fd, path, 0);
}

/* nginx looks for now.html first, and at nothing else without it. */
void
gl_folder_rest(struct gl_folder *folder, const char *host, const char *site,
               const char *language)
{
    char now[PATH_MAX_BYTES], last[PATH_MAX_BYTES], name[FILE_MAX_BYTES];

    if (folder->fd == -1)
        return;
    name_of(name, "now", language, ".html");
    path_of(now, host, site, name);
    name_of(name, "last", language, ".html");
    path_of(last, host, site, name);
    renameat(folder->fd, now, folder->fd, last);
    name_of(name, "now", language, ".html.gz");
    remove_file(folder, host, site, name);
}

/* Number I of the languages that files may be of, "" the last; NULL: that was
 * all. */
static const char *
language_at(int i)
{
    if (i > GL_LANGUAGES_N)
        return NULL;
    return i == GL_LANGUAGES_N ? "" : gl_language_code((enum gl_language) i);
}

void
gl_folder_rest_all(struct gl_folder *folder, const char *host,
                   const char *site)
{
    for (int i = 0; language_at(i) != NULL; i++)
        gl_folder_rest(folder, host, site, language_at(i));
}

/* ".new" is of one that died. */
static void
remove_pages(struct gl_folder *folder, const char *host, const char *site,
             const char *language)
{
    static const char *const endings[] = {".html", ".html.gz", ".html.new",
                                          ".html.gz.new"};
    char name[FILE_MAX_BYTES];

    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        name_of(name, "now", language, endings[i]);
        remove_file(folder, host, site, name);
    }
    name_of(name, "last", language, ".html");
    remove_file(folder, host, site, name);
}

void
gl_folder_remove(struct gl_folder *folder, const char *host, const char *site)
{
    char path[PATH_MAX_BYTES];

    if (folder->fd == -1)
        return;
    for (int i = 0; language_at(i) != NULL; i++)
        remove_pages(folder, host, site, language_at(i));
    path_of(path, host, site, "");
    unlinkat(folder->fd, path, AT_REMOVEDIR);
    snprintf(path, sizeof path, "sites/%s", host);
    unlinkat(folder->fd, path, AT_REMOVEDIR); /* if it was the last there */
}

/* ---- what is there ---- */

/* PATH, to be closed; NULL: it cannot be read. */
static DIR *
open_list(const struct gl_folder *folder, const char *path)
{
    int fd = openat(folder->fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = fd == -1 ? NULL : fdopendir(fd);

    if (list == NULL && fd != -1)
        close(fd);
    return list;
}

static void
each_site(struct gl_folder *folder, const char *host,
          void (*each)(void *arg, const char *host, const char *site),
          void *arg)
{
    char path[PATH_MAX_BYTES];
    struct dirent *entry;

    snprintf(path, sizeof path, "sites/%s", host);
    DIR *list = open_list(folder, path);
    while (list != NULL && (entry = readdir(list)) != NULL)
        if (is_name(entry->d_name))
            each(arg, host, entry->d_name);
    if (list != NULL)
        closedir(list);
}

void
gl_folder_each(struct gl_folder *folder,
               void (*each)(void *arg, const char *host, const char *site),
               void *arg)
{
    struct dirent *entry;
    DIR *list = folder->fd == -1 ? NULL : open_list(folder, "sites");

    while (list != NULL && (entry = readdir(list)) != NULL)
        if (is_name(entry->d_name))
            each_site(folder, entry->d_name, each, arg);
    if (list != NULL)
        closedir(list);
}
