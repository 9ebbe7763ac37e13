/* A look at data files; see look.h.  Any thread. */

#include "store/inspect.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/account/account_internal.h"
#include "store/meta/meta_internal.h"

/* The database header: https://www.sqlite.org/fileformat.html, 1.3 */
#define HEADER_BYTES 100
#define VERSION_AT 60 /* user_version, 4 bytes, the highest first */

struct look {
    void (*tell)(void *arg, const char *sentence);
    void *arg;
};

static void
tell(const struct look *look, const char *path, const char *what)
{
    char *sentence = g_strdup_printf("%s %s", path, what);

    look->tell(look->arg, sentence);
    g_free(sentence);
}

static void
tell_error(const struct look *look, const char *path, const char *what)
{
    char text[128];

    snprintf(text, sizeof text, "cannot be %s: %s", what, strerror(errno));
    tell(look, path, text);
}

static void
look_at_header(const struct look *look, const char *path,
               const struct gl_db_schema *schema, const uint8_t *header)
{
    const uint8_t *at = header + VERSION_AT;
    uint32_t version = (uint32_t) at[0] << 24 | (uint32_t) at[1] << 16 |
                       (uint32_t) at[2] << 8 | at[3];
    char text[128];

    if (memcmp(header, "SQLite format 3", 16) != 0) {
        tell(look, path, "is not a database");
    } else if (version > (uint32_t) gl_db_newest_(schema)) {
        snprintf(text, sizeof text,
                 "has version %u, made by a newer glintod; this one knows "
                 "versions up to %d",
                 version, gl_db_newest_(schema));
        tell(look, path, text);
    }
}

/* An empty one gets its tables at the start. */
static void
look_at_file(const struct look *look, const char *path,
             const struct gl_db_schema *schema)
{
    uint8_t header[HEADER_BYTES];
    struct stat st;
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ssize_t n;

    if (fd == -1 || fstat(fd, &st) == -1) {
        tell_error(look, path, "read and written");
    } else if (!S_ISREG(st.st_mode)) {
        tell(look, path, "is not a file");
    } else if (st.st_size > 0) {
        n = pread(fd, header, sizeof header, 0);
        if (n == sizeof header)
            look_at_header(look, path, schema, header);
        else if (n == -1)
            tell_error(look, path, "read");
        else
            tell(look, path, "is not a database");
    }
    if (fd != -1)
        close(fd);
}

static void
look_at_accounts(const struct look *look, const char *folder)
{
    struct dirent *entry;
    DIR *dir = opendir(folder);

    if (dir == NULL) {
        if (errno != ENOENT)
            tell_error(look, folder, "read");
        return;
    }
    while ((entry = readdir(dir)) != NULL) {
        size_t len = strlen(entry->d_name);

        if (len < 3 || strcmp(entry->d_name + len - 3, ".db") != 0)
            continue;
        char *path = g_strdup_printf("%s/%s", folder, entry->d_name);
        look_at_file(look, path, &gl_account_schema_);
        g_free(path);
    }
    closedir(dir);
}

void
gl_data_inspect(const char *data,
                void (*told)(void *arg, const char *sentence), void *arg)
{
    const struct look look = {told, arg};
    char *meta = g_strdup_printf("%s/meta.db", data);
    char *accounts = g_strdup_printf("%s/acct", data);

    if (access(meta, F_OK) == 0)
        look_at_file(&look, meta, &gl_meta_schema_);
    look_at_accounts(&look, accounts);
    g_free(meta);
    g_free(accounts);
}
