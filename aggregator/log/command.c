/* The glinto command; see command.h. */

#include "log/command.h"

#include <glib.h>
#include <limits.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MAX 32

static const char *const allowed[][2] = {
    {"account", "add"}, {"account", "remove"}, {"site", "add"},
    {"site", "set"},    {"site", "remove"},    {"goal", "add"},
    {"goal", "remove"},
};

const char *
gl_command_refuses(char *const *words, int n)
{
    if (n > WORDS_MAX)
        return "so many words are no change";
    for (int i = 0; i < n; i++)
        if (strchr(words[i], '\n') != NULL ||
            g_str_has_prefix(words[i], "--socket") ||
            !g_utf8_validate(words[i], -1, NULL))
            return "a word of it is not for other machines";
    for (size_t i = 0; n >= 2 && i < G_N_ELEMENTS(allowed); i++)
        if (strcmp(words[0], allowed[i][0]) == 0 &&
            strcmp(words[1], allowed[i][1]) == 0)
            return NULL;
    return "it is not among account add and remove; site add, set and "
           "remove; goal add and remove";
}

/* Beside this program, else where the system has it. */
static char *
path_of_glinto(void)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    char *folder, *path;

    if (n <= 0)
        return g_strdup("/usr/bin/glinto");
    self[n] = '\0';
    folder = g_path_get_dirname(self);
    path = g_build_filename(folder, "glinto", NULL);
    g_free(folder);
    if (access(path, X_OK) == 0)
        return path;
    g_free(path);
    return g_strdup("/usr/bin/glinto");
}

/* What it says when nobody answered, or stopped before he did. */
static int
was_away(const char *errors)
{
    return strstr(errors, "glintod at ") != NULL ||
           strstr(errors, "glintod is stopping") != NULL;
}

int
gl_command_run(const struct gl_conf *conf, char **words, char **said)
{
    char *path = path_of_glinto(), *out = NULL, *errors = NULL;
    const char *refused =
        gl_command_refuses(words, (int) g_strv_length(words));
    GPtrArray *argv = g_ptr_array_new();
    int status = 1;

    g_ptr_array_add(argv, path);
    g_ptr_array_add(argv, (gpointer) "--socket");
    g_ptr_array_add(argv, (gpointer) (uintptr_t) conf->admin_socket);
    for (int i = 0; words[i] != NULL; i++)
        g_ptr_array_add(argv, words[i]);
    g_ptr_array_add(argv, NULL);
    if (refused != NULL)
        *said = g_strdup(refused);
    else if (!g_spawn_sync(NULL, (char **) argv->pdata, NULL, G_SPAWN_DEFAULT,
                           NULL, NULL, &out, &errors, &status, NULL))
        *said = g_strdup_printf("%s cannot be run", path);
    else
        *said = g_strconcat(out, errors, NULL);
    if (refused == NULL && (errors == NULL || was_away(errors)))
        status = GL_COMMAND_AWAY;
    else if (refused == NULL)
        status = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    g_ptr_array_free(argv, TRUE);
    g_free(path);
    g_free(out);
    g_free(errors);
    return status;
}
