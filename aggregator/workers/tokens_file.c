/* Tokens that may write events; see tokens_file.h.  Writer thread. */

#include "workers/tokens_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/directory/scopes.h"

/* Its folder hands on the workers' group. */
#define FILE_MODE 0640

struct counting {
    GHashTable *accounts; /* set of ids; NULL = none is made */
    FILE *file;           /* NULL = count alone */
    int n;
};

static int
each(void *arg, const struct gl_meta_token *token)
{
    struct counting *counting = arg;
    char hex[2 * GL_META_HASH_LEN + 1];

    if (!(token->scopes & GL_SCOPE_BIT(EVENTS_WRITE)))
        return 0;
    counting->n++;
    if (counting->accounts != NULL)
        g_hash_table_add(counting->accounts,
                         (gpointer) (uintptr_t) token->account);
    sodium_bin2hex(hex, sizeof hex, token->hash, sizeof token->hash);
    if (counting->file != NULL)
        fprintf(counting->file, "%s %s\n", hex, token->account);
    return 0;
}

int
gl_tokens_file_n(const struct gl_version *version)
{
    struct counting counting = {0};

    gl_version_tokens(version, each, &counting);
    return counting.n;
}

GHashTable *
gl_tokens_file_accounts(const struct gl_version *version)
{
    struct counting counting = {g_hash_table_new(g_str_hash, g_str_equal),
                                NULL, 0};

    gl_version_tokens(version, each, &counting);
    return counting.accounts;
}

static int
write_new(const char *path, const struct gl_version *version)
{
    struct counting counting = {0};
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                  FILE_MODE);

    if (fd == -1)
        return -1;
    counting.file = fdopen(fd, "w");
    if (counting.file == NULL) {
        close(fd);
        return -1;
    }
    gl_version_tokens(version, each, &counting);
    int failed = ferror(counting.file) || fflush(counting.file) != 0 ||
                 fchmod(fd, FILE_MODE) != 0;
    if (fclose(counting.file) != 0)
        failed = 1;
    return failed ? -1 : 0;
}

static int
fail(char *why, size_t why_len, const char *what, const char *path)
{
    snprintf(why, why_len, "tokens file: cannot %s %s: %s", what, path,
             strerror(errno));
    return -1;
}

int
gl_tokens_file_write(const char *salt, const struct gl_version *version,
                     char *why, size_t why_len)
{
    char path[1200], temp[1200];

    snprintf(path, sizeof path, "%s/tokens", salt);
    snprintf(temp, sizeof temp, "%s/t-tokens", salt);
    if (gl_tokens_file_n(version) == 0) {
        if (unlink(path) != 0 && errno != ENOENT)
            return fail(why, why_len, "remove", path);
        return 0;
    }
    if (write_new(temp, version) != 0)
        return fail(why, why_len, "write", temp);
    if (rename(temp, path) != 0)
        return fail(why, why_len, "rename", temp);
    return 0;
}
