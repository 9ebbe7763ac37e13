/*
 * glinto export --format plausible-csv: ten tables in a folder or a ZIP.
 * glintod gives a day of all tables at a time, so they are written beside each
 * other, into a folder OUT.part, which at last becomes OUT, or goes into it.
 */

#include "cli/export.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TABLES_MAX 16
#define FOLDER_MAX 4096
#define COPY_BYTES 65536

struct tables {
    const struct gl_cli_exporting *export;
    char folder[FOLDER_MAX]; /* OUT.part */
    char names[TABLES_MAX][128];
    FILE *files[TABLES_MAX];
    int n;
};

static int
cannot_write(const char *path)
{
    return gl_cli_fail("cannot write %s: %s", path, strerror(errno));
}

/* PATH of NAME in the folder: 0, or the exit status. */
static int
path_of(const struct tables *tables, const char *name, char path[FOLDER_MAX])
{
    int len = snprintf(path, FOLDER_MAX, "%s/%s", tables->folder, name);
    return len < FOLDER_MAX ? GL_CLI_OK
                            : gl_cli_fail("the path of %s is too long", name);
}

/* ---- days ---- */

/* "2026-11-28" without its dashes. */
static void
compact(const char *date, char text[16])
{
    size_t len = 0;
    for (; *date != '\0' && len < 15; date++)
        if (*date != '-')
            text[len++] = *date;
    text[len] = '\0';
}

/* The file of the table KEY; NULL: said why. */
static FILE *
file_of(struct tables *tables, const char *key, const json_t *answer)
{
    char first[16], last[16], path[FOLDER_MAX];
    size_t len = strlen(key);
    for (int i = 0; i < tables->n; i++)
        if (strncmp(tables->names[i], key, len) == 0 &&
            tables->names[i][len] == '_' && tables->names[i][len + 1] < 'a')
            return tables->files[i];
    if (tables->n == TABLES_MAX) {
        gl_cli_fail("glintod has more tables than this command knows");
        return NULL;
    }
    compact(gl_cli_text(answer, "first"), first);
    compact(gl_cli_text(answer, "last"), last);
    snprintf(tables->names[tables->n], sizeof tables->names[0],
             "%.64s_%s_%s.csv", key, first, last);
    if (path_of(tables, tables->names[tables->n], path) != GL_CLI_OK)
        return NULL;
    FILE *file = fopen(path, "we");
    if (file == NULL)
        cannot_write(path);
    else
        tables->files[tables->n++] = file;
    return file;
}

static int
take_day(void *arg, const json_t *answer)
{
    struct tables *tables = arg;
    const char *key;
    json_t *text;
    json_object_foreach (json_object_get(answer, "tables"), key, text) {
        FILE *file = file_of(tables, key, answer);
        size_t len = json_string_length(text);
        if (file == NULL)
            return GL_CLI_FAILED;
        if (fwrite(json_string_value(text), 1, len, file) != len)
            return cannot_write(key);
    }
    if (tables->export->terminal)
        fprintf(stderr, "\r%s of %s\033[K",
                gl_cli_text(answer, "next")[0] != '\0'
                    ? gl_cli_text(answer, "next")
                    : gl_cli_text(answer, "last"),
                gl_cli_text(answer, "last"));
    return GL_CLI_OK;
}

/* ---- into a ZIP ---- */

static int
fail_archive(struct archive *zip)
{
    return gl_cli_fail("cannot write the ZIP: %s", archive_error_string(zip));
}

static int
copy_bytes(struct archive *zip, FILE *file)
{
    char bytes[COPY_BYTES];
    size_t len;
    while ((len = fread(bytes, 1, sizeof bytes, file)) > 0)
        if (archive_write_data(zip, bytes, len) != (la_ssize_t) len)
            return fail_archive(zip);
    return ferror(file) ? gl_cli_fail("cannot read a table again") : GL_CLI_OK;
}

static int
add_file(const struct tables *tables, struct archive *zip, const char *name)
{
    char path[FOLDER_MAX];
    struct archive_entry *entry = archive_entry_new();
    struct stat st;
    int status = path_of(tables, name, path);
    FILE *file = status == GL_CLI_OK ? fopen(path, "re") : NULL;
    if (status == GL_CLI_OK &&
        (file == NULL || fstat(fileno(file), &st) == -1))
        status = gl_cli_fail("cannot read %s: %s", path, strerror(errno));
    if (status == GL_CLI_OK) {
        archive_entry_set_pathname(entry, name);
        archive_entry_set_size(entry, st.st_size);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_mtime(entry, st.st_mtime, 0);
        status = archive_write_header(zip, entry) == ARCHIVE_OK
                     ? copy_bytes(zip, file)
                     : fail_archive(zip);
    }
    if (file != NULL)
        fclose(file);
    archive_entry_free(entry);
    return status;
}

/* All tables into the file ZIP of the folder. */
static int
write_zip(const struct tables *tables, const char *path)
{
    struct archive *zip = archive_write_new();
    int status = GL_CLI_OK;
    if (archive_write_set_format_zip(zip) != ARCHIVE_OK ||
        archive_write_open_filename(zip, path) != ARCHIVE_OK)
        status = fail_archive(zip);
    for (int i = 0; status == GL_CLI_OK && i < tables->n; i++)
        status = add_file(tables, zip, tables->names[i]);
    if (archive_write_close(zip) != ARCHIVE_OK && status == GL_CLI_OK)
        status = fail_archive(zip);
    archive_write_free(zip);
    return status;
}

/* ---- the folder ---- */

static int
open_folder(struct tables *tables)
{
    struct stat st;
    const char *out = tables->export->path;
    if (stat(out, &st) == 0)
        return gl_cli_fail("%s is there already", out);
    if (snprintf(tables->folder, sizeof tables->folder, "%s.part", out) >=
        (int) sizeof tables->folder - 256)
        return gl_cli_fail("the path of %s is too long", out);
    return mkdir(tables->folder, 0777) == 0 ? GL_CLI_OK
                                            : cannot_write(tables->folder);
}

static int
close_files(struct tables *tables, int status)
{
    for (int i = 0; i < tables->n; i++) {
        int wrong = fflush(tables->files[i]) != 0 ||
                    fsync(fileno(tables->files[i])) != 0;
        if ((fclose(tables->files[i]) != 0 || wrong) && status == GL_CLI_OK)
            status = cannot_write(tables->names[i]);
    }
    return status;
}

static void
remove_folder(const struct tables *tables)
{
    char path[FOLDER_MAX];
    for (int i = 0; i < tables->n; i++)
        if (path_of(tables, tables->names[i], path) == GL_CLI_OK)
            unlink(path);
    rmdir(tables->folder);
}

static int
is_zip(const char *path)
{
    size_t len = strlen(path);
    return len > 4 && strcmp(path + len - 4, ".zip") == 0;
}

/* The folder, or a ZIP of it, gets its name. */
static int
name_it(struct tables *tables)
{
    char zip[FOLDER_MAX];
    const char *out = tables->export->path;
    if (!is_zip(out))
        return rename(tables->folder, out) == 0 ? GL_CLI_OK
                                                : cannot_write(out);
    if (path_of(tables, "zip", zip) != GL_CLI_OK)
        return GL_CLI_FAILED;
    int status = write_zip(tables, zip);
    if (status == GL_CLI_OK && rename(zip, out) != 0)
        status = cannot_write(out);
    unlink(zip);
    if (status == GL_CLI_OK)
        remove_folder(tables);
    return status;
}

int
gl_cli_export_tables(const struct gl_cli_exporting *export)
{
    struct tables tables = {.export = export};
    if (export->path == NULL)
        return gl_cli_misuse("export needs a folder, or a name with .zip");
    int status = open_folder(&tables);
    if (status != GL_CLI_OK)
        return status;
    status = close_files(
        &tables, gl_cli_export_all(export, "date", "next", take_day, &tables));
    if (status == GL_CLI_OK)
        status = name_it(&tables);
    if (status != GL_CLI_OK)
        remove_folder(&tables);
    else if (!export->cli->json)
        printf("the days of %s written to %s\n", export->site, export->path);
    else
        printf("{\"tables\": %d}\n", tables.n);
    return status;
}
