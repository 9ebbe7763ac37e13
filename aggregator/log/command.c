/* The glinto command; see command.h. */

#include "log/command.h"

#include <errno.h>
#include <glib.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

int
gl_command_run(const struct gl_conf *conf, char *const *words, int n)
{
    GPtrArray *argv = g_ptr_array_new();
    char *path = path_of_glinto();

    g_ptr_array_add(argv, path);
    g_ptr_array_add(argv, (gpointer) "--socket");
    g_ptr_array_add(argv, (gpointer) (uintptr_t) conf->admin_socket);
    for (int i = 0; i < n; i++)
        g_ptr_array_add(argv, words[i]);
    g_ptr_array_add(argv, NULL);
    execv(path, (char **) argv->pdata);
    fprintf(stderr, "glinto-postgresql: %s: %s\n", path, strerror(errno));
    g_ptr_array_free(argv, TRUE);
    g_free(path);
    return EXIT_FAILURE;
}
