/*
 * Writing nginx's files and taking that back.  A file is replaced as a whole,
 * by a rename; its copy, and its name in "changed", are on the disk before.
 */

#include "cli/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CHANGED "changed" /* in the folder of copies: a path a line */

/* ---- the difference ---- */

static int
show(const struct gl_setup_edit *edit)
{
    g_autofree char *said = NULL;
    g_autofree char *after = NULL;
    g_autoptr(GError) error = NULL;
    int fd = g_file_open_tmp(NULL, &after, &error), status = -1;

    if (fd != -1) {
        const char *const args[] = {"-u",       "--label",  edit->path,
                                    "--label",  edit->path, "--",
                                    edit->path, after,      NULL};

        close(fd);
        if (g_file_set_contents(after, edit->after, -1, &error))
            status = gl_setup_run("diff", args, &said, NULL);
        unlink(after);
    }
    if (error != NULL)
        gl_cli_fail("%s", error->message);
    if (said != NULL)
        fputs(said, stdout);
    return status == 1 ? GL_CLI_OK : GL_CLI_FAILED; /* 1: they differ */
}

int
gl_setup_show(const GPtrArray *edits)
{
    int status = GL_CLI_OK;

    for (guint i = 0; i < edits->len && status == GL_CLI_OK; i++) {
        const struct gl_setup_edit *edit = edits->pdata[i];

        if (show(edit) != GL_CLI_OK)
            status = gl_cli_fail("what changes in %s cannot be shown: nothing "
                                 "is written",
                                 edit->path);
    }
    fflush(stdout);
    return status;
}

/* ---- one file ---- */

/* TEXT in the place of PATH, whose owner and mode stay.  0, or -1; said. */
static int
replace(const char *path, const char *text)
{
    char *folder = g_path_get_dirname(path);
    /* No pattern of an include takes a name that begins with a dot. */
    char *name = g_build_filename(folder, ".glinto-XXXXXX", NULL);
    struct stat st;
    size_t len = strlen(text);
    int fd = g_mkstemp_full(name, O_WRONLY | O_CLOEXEC, 0600), rc = -1;

    if (fd != -1 && stat(path, &st) == 0 &&
        write(fd, text, len) == (ssize_t) len &&
        (geteuid() != 0 || fchown(fd, st.st_uid, st.st_gid) == 0) &&
        fchmod(fd, st.st_mode & 07777) == 0 && fsync(fd) == 0 &&
        rename(name, path) == 0)
        rc = 0;
    if (rc != 0) {
        gl_cli_fail("cannot write %s: %s", path, strerror(errno));
        unlink(name);
    }
    if (fd != -1)
        close(fd);
    g_free(folder);
    g_free(name);
    return rc;
}

/* As it was read when the edit was made? */
static int
is_still(const struct gl_setup_edit *edit)
{
    g_autofree char *now = NULL;
    return g_file_get_contents(edit->path, &now, NULL, NULL) &&
           strcmp(now, edit->before) == 0;
}

/* ---- copies ---- */

static int
copy(const struct gl_setup_edit *edit, const char *folder)
{
    char *path = g_build_filename(folder, edit->path, NULL);
    char *in = g_path_get_dirname(path);
    GError *error = NULL;
    int rc = 0;

    if (g_mkdir_with_parents(in, 0700) != 0) {
        rc = gl_cli_fail("cannot make %s: %s", in, strerror(errno));
    } else if (!g_file_set_contents(path, edit->before, -1, &error)) {
        rc = gl_cli_fail("%s", error->message);
        g_error_free(error);
    }
    g_free(in);
    g_free(path);
    return rc;
}

/* PATH is one of the lines of CHANGED. */
static int
remember(const char *copies, const char *path)
{
    g_autofree char *old = NULL;
    g_autofree char *name = g_build_filename(copies, CHANGED, NULL);
    GError *error = NULL;
    int rc = 0;

    if (!g_file_get_contents(name, &old, NULL, NULL))
        old = g_strdup("");
    g_auto(GStrv) lines = g_strsplit(old, "\n", -1);
    g_autofree char *text = g_strconcat(old, path, "\n", NULL);
    if (!g_strv_contains((const char *const *) lines, path) &&
        !g_file_set_contents(name, text, -1, &error)) {
        rc = gl_cli_fail("%s", error->message);
        g_error_free(error);
    }
    return rc;
}

static char *
copies_of_now(const char *copies)
{
    char stamp[32];
    time_t now = time(NULL);
    struct tm tm;

    strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", gmtime_r(&now, &tm));
    return g_build_filename(copies, stamp, NULL);
}

/* ---- all of them ---- */

static int
write_all(const GPtrArray *edits, const char *copies, const char *folder)
{
    for (guint i = 0; i < edits->len; i++) {
        const struct gl_setup_edit *edit = edits->pdata[i];

        if (!is_still(edit))
            return gl_cli_fail("%s was changed meanwhile; run this again",
                               edit->path);
        if (copy(edit, folder) != 0 || remember(copies, edit->path) != 0)
            return GL_CLI_FAILED;
    }
    for (guint i = 0; i < edits->len; i++) {
        const struct gl_setup_edit *edit = edits->pdata[i];

        if (replace(edit->path, edit->after) != 0)
            return GL_CLI_FAILED;
    }
    return GL_CLI_OK;
}

static int
test(char **errors)
{
    static const char *const args[] = {"-t", NULL};

    return gl_setup_run("nginx", args, NULL, errors);
}

int
gl_setup_write(const GPtrArray *edits, const char *copies)
{
    g_autofree char *errors = NULL;
    g_autofree char *folder = copies_of_now(copies);
    int status = write_all(edits, copies, folder);

    if (status == GL_CLI_OK && test(&errors) != 0) {
        status = gl_cli_fail("nginx -t does not take these lines; they are "
                             "taken back:");
        fputs(errors, stderr);
    }
    for (guint i = 0; status != GL_CLI_OK && i < edits->len; i++) {
        const struct gl_setup_edit *edit = edits->pdata[i];

        if (!is_still(edit))
            replace(edit->path, edit->before);
    }
    if (status == GL_CLI_OK)
        printf("written; the files as they were are in %s\n", folder);
    return status;
}

/* TEXT without the lines that have the mark. */
static char *
without_mark(const char *text)
{
    GString *rest = g_string_new(NULL);

    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        g_autofree char *line = g_strndup(text, len);

        len += text[len] == '\n';
        if (!g_str_has_suffix(line, GL_SETUP_MARK))
            g_string_append_len(rest, text, (gssize) len);
        text += len;
    }
    return g_string_free(rest, FALSE);
}

static int
take_back_of(const char *path)
{
    g_autofree char *text = NULL;
    int rc = 0;

    /* A file that somebody removed has no lines. */
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return 0;
    g_autofree char *rest = without_mark(text);
    if (strcmp(rest, text) != 0) {
        rc = replace(path, rest);
        if (rc == 0)
            printf("%s: Glinto's lines are taken out\n", path);
    }
    return rc;
}

int
gl_setup_take_back(const char *copies)
{
    g_autofree char *list = NULL;
    g_autofree char *name = g_build_filename(copies, CHANGED, NULL);
    g_autofree char *errors = NULL;
    int rc = 0;

    if (!g_file_get_contents(name, &list, NULL, NULL))
        return GL_CLI_OK; /* nothing was written */
    g_auto(GStrv) paths = g_strsplit(list, "\n", -1);
    for (int i = 0; paths[i] != NULL; i++)
        if (paths[i][0] == '/')
            rc |= take_back_of(paths[i]);
    if (rc == 0 && test(&errors) != 0) {
        rc = gl_cli_fail("without these lines nginx -t says:");
        fputs(errors, stderr);
    }
    if (rc == 0)
        unlink(name);
    return rc == 0 ? GL_CLI_OK : GL_CLI_FAILED;
}
