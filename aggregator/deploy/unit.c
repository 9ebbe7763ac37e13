/*
 * Findings about the unit: what systemd lets glintod reach, by the unit and
 * its drop-ins, in the order in which systemd reads them.
 *
 * An empty value takes back what was said before, of a list; of a switch the
 * last value holds.
 */

#include "deploy/residency.h"

#include <string.h>

struct files {
    struct gl_residency *r;
    const struct gl_unit_file *files;
    size_t n;
};

/* What is said of a key in the end; AT is the last line that says it. */
struct said {
    GString *value; /* of a list, its words with a blank between */
    const char *path;
    int line, said;
};

static void
take(struct said *said, const char *value, int is_list)
{
    if (!is_list || value[0] == '\0')
        g_string_truncate(said->value, 0);
    if (value[0] != '\0' && said->value->len > 0)
        g_string_append_c(said->value, ' ');
    g_string_append(said->value, value);
}

static void
read_file(const struct gl_unit_file *file, const char *key, int is_list,
          struct said *said)
{
    g_auto(GStrv) lines = g_strsplit(file->text, "\n", -1);

    for (int i = 0; lines[i] != NULL; i++) {
        const char *line = g_strstrip(lines[i]);

        if (!g_str_has_prefix(line, key))
            continue;
        g_autofree char *value = g_strdup(line + strlen(key));
        g_strchug(value);
        if (value[0] != '=')
            continue;
        take(said, g_strchug(value + 1), is_list);
        said->path = file->path;
        said->line = i + 1;
        said->said = 1;
    }
}

static struct said
say(const struct files *files, const char *key, int is_list)
{
    struct said said = {g_string_new(NULL), files->files[0].path, 1, 0};

    for (size_t i = 0; i < files->n; i++)
        read_file(&files->files[i], key, is_list, &said);
    return said;
}

static int
is_yes(const char *text)
{
    static const char *const words[] = {"yes", "true", "on", "1"};

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_ascii_strcasecmp(text, words[i]) == 0)
            return 1;
    return 0;
}

static void
look_at_needs(const struct files *files)
{
    static const struct {
        const char *key, *value, *says, *else_says;
    } needs[] = {{"RestrictAddressFamilies", "AF_UNIX",
                  "no socket but Unix sockets",
                  "glintod may open sockets of a network"},
                 {"PrivateNetwork", "yes", "no network but its own loopback",
                  "glintod sees this machine's network"},
                 {"IPAddressDeny", "any", "no address but none",
                  "glintod may speak with addresses"}};

    for (size_t n = 0; n < G_N_ELEMENTS(needs); n++) {
        int is_switch = strcmp(needs[n].value, "yes") == 0;
        struct said said = say(files, needs[n].key, !is_switch);
        int holds = is_switch ? is_yes(said.value->str)
                              : strcmp(said.value->str, needs[n].value) == 0;

        if (holds)
            gl_residency_add(files->r, GL_CHECKED, said.path, said.line, "%s",
                             needs[n].says);
        else
            gl_residency_add(files->r, GL_REFUSED, said.path, said.line,
                             "the unit says %s=%s, not %s=%s: %s",
                             needs[n].key,
                             said.said ? said.value->str : " nothing",
                             needs[n].key, needs[n].value, needs[n].else_says);
        g_string_free(said.value, TRUE);
    }
}

/* What opens a door beside those. */
static void
look_at_doors(const struct files *files)
{
    static const struct {
        const char *key, *says;
    } doors[] = {{"IPAddressAllow", "glintod may speak with these"},
                 {"NetworkNamespacePath", "glintod is in another's network"},
                 {"JoinsNamespaceOf", "glintod is in another unit's network"}};

    for (size_t n = 0; n < G_N_ELEMENTS(doors); n++) {
        struct said said = say(files, doors[n].key, 1);

        if (said.value->len > 0)
            gl_residency_add(files->r, GL_REFUSED, said.path, said.line,
                             "the unit says %s=%s: %s", doors[n].key,
                             said.value->str, doors[n].says);
        g_string_free(said.value, TRUE);
    }
}

/* Where glintod may write, backups too. */
static void
look_at_folders(const struct files *files)
{
    struct said said = say(files, "ReadWritePaths", 1);
    char **words = g_strsplit_set(said.value->str, " \t", -1);

    for (int i = 0; words[i] != NULL; i++)
        if (words[i][0] != '\0')
            gl_residency_path(files->r, said.path, said.line, "ReadWritePaths",
                              words[i] + strspn(words[i], "-+"), "/");
    g_strfreev(words);
    g_string_free(said.value, TRUE);
}

void
gl_residency_unit(struct gl_residency *r, const struct gl_unit_file *files,
                  size_t n)
{
    const struct files all = {r, files, n};

    if (n == 0)
        return;
    look_at_needs(&all);
    look_at_doors(&all);
    look_at_folders(&all);
}
