/* A program that is given something to read; see hand.h. */

#define _GNU_SOURCE /* memfd_create */

#include "mailer/hand.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* INPUT as a file to be read from its beginning, or -1. */
static int
as_file(const GString *input)
{
    int fd = memfd_create("mail", MFD_CLOEXEC);

    if (fd == -1)
        return -1;
    for (gsize done = 0; done < input->len;) {
        ssize_t n = write(fd, input->str + done, input->len - done);

        if (n <= 0) {
            close(fd);
            return -1;
        }
        done += (gsize) n;
    }
    lseek(fd, 0, SEEK_SET);
    return fd;
}

/* In a group of its own, so that what it starts ends with it; signals as they
 * are by default. */
static int
start(char **argv, int input, int output, pid_t *pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none;

    sigemptyset(&none);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
    if (output != -1)
        posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    else
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null",
                                         O_WRONLY, 0);
    posix_spawnattr_init(&how);
    posix_spawnattr_setflags(&how,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setpgroup(&how, 0);
    posix_spawnattr_setsigmask(&how, &none);
    int error = posix_spawnp(pid, argv[0], &files, &how, argv, environ);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

/* What there is to read of FD, 0 = nothing any more. */
static int
take(int fd, GString *out, size_t out_max)
{
    char some[4096];
    ssize_t n = read(fd, some, sizeof some);

    if (n > 0 && out->len < out_max)
        g_string_append_len(out, some,
                            (gssize) MIN((size_t) n, out_max - out->len));
    return n > 0 || (n == -1 && errno == EINTR);
}

/* Until the process behind PIDFD ends, or the time: 1 = it has. */
static int
wait_for(int pidfd, int *from, GString *out, size_t out_max, int limit_s)
{
    gint64 until_us = g_get_monotonic_time() + limit_s * G_USEC_PER_SEC;

    for (;;) {
        struct pollfd polled[2] = {{pidfd, POLLIN, 0}, {*from, POLLIN, 0}};
        gint64 left_us = until_us - g_get_monotonic_time();

        if (left_us <= 0)
            return 0;
        if (poll(polled, *from == -1 ? 1 : 2, (int) (left_us / 1000) + 1) < 1)
            continue;
        if (*from != -1 && polled[1].revents != 0 &&
            !take(*from, out, out_max)) {
            close(*from);
            *from = -1;
        } else if (polled[0].revents != 0 &&
                   (*from == -1 || polled[1].revents == 0)) {
            return 1;
        }
    }
}

static int
status_of(pid_t pid, int in_time, int limit_s, char **why)
{
    int status = 0;

    while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
        continue;
    if (!in_time)
        *why = g_strdup_printf("it took longer than %d s", limit_s);
    else if (WIFSIGNALED(status))
        *why = g_strdup_printf("ended by signal %d", WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0)
        *why = g_strdup_printf("ended with status %d", WEXITSTATUS(status));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* ARGV with its input: its exit status, or -1. */
static int
run(char **argv, const GString *input, GString *out, size_t out_max,
    int limit_s, char **why)
{
    int fds[2] = {-1, -1};
    int file = as_file(input);
    pid_t pid;

    if (file == -1 || (out != NULL && pipe2(fds, O_CLOEXEC) == -1)) {
        *why = g_strdup(g_strerror(errno));
        if (file != -1)
            close(file);
        return -1;
    }
    int error = start(argv, file, fds[1], &pid);
    close(file);
    if (fds[1] != -1)
        close(fds[1]);
    int pidfd = error == 0 ? pidfd_open(pid, 0) : -1;
    if (error != 0) {
        *why = g_strdup_printf("%s: %s", argv[0], g_strerror(error));
        if (fds[0] != -1)
            close(fds[0]);
        return -1;
    }
    int in_time =
        pidfd != -1 && wait_for(pidfd, &fds[0], out, out_max, limit_s);
    if (!in_time)
        kill(-pid, SIGKILL);
    if (pidfd != -1)
        close(pidfd);
    if (fds[0] != -1)
        close(fds[0]);
    return status_of(pid, in_time, limit_s, why);
}

int
gl_hand(const char *command, const char *const *args, const GString *input,
        GString *out, size_t out_max, int limit_s, char **why)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_auto(GStrv) words = NULL;
    GError *error = NULL;
    int status = -1;

    *why = NULL;
    if (!g_shell_parse_argv(command, NULL, &words, &error)) {
        *why = g_strdup(error->message);
        g_clear_error(&error);
        return -1;
    }
    for (int i = 0; words[i] != NULL; i++)
        g_ptr_array_add(argv, words[i]);
    for (int i = 0; args[i] != NULL; i++)
        g_ptr_array_add(argv, (char *) (uintptr_t) args[i]);
    g_ptr_array_add(argv, NULL);
    status = run((char **) argv->pdata, input, out, out_max, limit_s, why);
    return status;
}
