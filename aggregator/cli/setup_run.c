/* Other programs that setup and the residency check run: nginx, diff, what
 * starts services. */

#include "cli/setup.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int
gl_setup_run(const char *name, const char *const *args, char **said,
             char **errors)
{
    const char *own = strcmp(name, "nginx") == 0 ? getenv("GLINTO_NGINX")
                      : strcmp(name, "glinto-postgresql") == 0
                          ? getenv("GLINTO_POSTGRESQL")
                          : NULL;
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_autofree char *path =
        g_strconcat(g_getenv("PATH") == NULL ? "" : g_getenv("PATH"),
                    ":/usr/sbin:/sbin:/usr/bin:/bin", NULL);
    int status = -1;
    GError *error = NULL;

    g_setenv("PATH", path, TRUE);
    g_ptr_array_add(argv, (char *) (uintptr_t) (own == NULL ? name : own));
    for (; *args != NULL; args++)
        g_ptr_array_add(argv, (char *) (uintptr_t) *args);
    g_ptr_array_add(argv, NULL);
    if (!g_spawn_sync(NULL, (char **) argv->pdata, NULL, G_SPAWN_SEARCH_PATH,
                      NULL, NULL, said, errors, &status, &error)) {
        gl_cli_fail("%s; is it installed?", error->message);
        g_error_free(error);
        if (said != NULL)
            *said = g_strdup("");
        if (errors != NULL)
            *errors = g_strdup("");
        status = -1;
    } else {
        status = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    }
    return status;
}

struct gl_nginx *
gl_setup_nginx(void)
{
    static const char *const args[] = {"-T", NULL};
    char why[512];
    g_autofree char *errors = NULL;
    g_autofree char *text = NULL;
    int status = gl_setup_run("nginx", args, &text, &errors);
    struct gl_nginx *nginx = NULL;

    if (status > 0) {
        gl_cli_fail("nginx -T does not take its configuration; %s:",
                    geteuid() == 0
                        ? "first make it work"
                        : "run this as root, or first make it work");
        fputs(errors, stderr);
    } else if (status == 0) {
        nginx = gl_nginx_read(text, strlen(text), why, sizeof why);
        if (nginx == NULL)
            gl_cli_fail("%s", why);
    }
    return nginx;
}

/* nginx by its own signal: it must run. */
static int
reload_nginx(void)
{
    static const char *const args[] = {"-s", "reload", NULL};
    g_autofree char *errors = NULL;
    int status = gl_setup_run("nginx", args, NULL, &errors);

    if (status != 0)
        fputs(errors, stderr);
    return status;
}

/* Init scripts say that they reload what does not run, too: it is started. */
static int
by_script(const char *script, const char *what)
{
    const char *const status[] = {"status", NULL}, *args[] = {what, NULL};
    g_autofree char *errors = NULL;
    g_autofree char *said = NULL;

    if (strcmp(what, "reload") == 0 &&
        gl_setup_run(script, status, &said, NULL) != 0)
        args[0] = "start";
    int rc = gl_setup_run(script, args, NULL, &errors);
    if (rc != 0)
        fputs(errors, stderr);
    return rc;
}

int
gl_setup_service(const char *service, const char *what)
{
    const char *const by_systemd[] = {
        strcmp(what, "reload") == 0 ? "reload-or-restart" : what, service,
        NULL};
    g_autofree char *script = g_strconcat("/etc/init.d/", service, NULL);
    g_autofree char *errors = NULL;
    g_autofree char *said = NULL;
    int status = GL_CLI_FAILED;

    if (getenv("GLINTO_NGINX") != NULL)
        status =
            strcmp(service, "nginx") == 0 ? reload_nginx() : GL_CLI_FAILED;
    else if (access("/run/systemd/system", F_OK) == 0)
        status = gl_setup_run("systemctl", by_systemd, &said, &errors);
    else if (access(script, X_OK) == 0)
        status = by_script(script, what);
    if (status != 0 && errors != NULL)
        fputs(errors, stderr);
    return status == 0 ? GL_CLI_OK : GL_CLI_FAILED;
}
