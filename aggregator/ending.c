/*
 * One table of the signals that end a process, and one handler for them: a
 * line, then the end it would have been.  What is called in it may be called
 * in any handler: write, memcpy, raise.
 *
 * Handlers get no argument: NAME and what else is noted are variables of this
 * file, set before there is a second thread.
 */

#include "ending.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 128

/* SIGTRAP is how GLib ends what has no memory or makes no sense: it blames no
 * frame, and is no fault of the thread's. */
static const struct way {
    int number;
    int broken; /* the thread that gets it is */
    const char *name;
} ways[] = {
    {SIGSEGV, 1, "SIGSEGV"},     {SIGBUS, 1, "SIGBUS"},
    {SIGFPE, 1, "SIGFPE"},       {SIGILL, 1, "SIGILL"},
    {SIGABRT, 1, "SIGABRT"},     {SIGSYS, 1, "SIGSYS"},
    {SIGTRAP, 0, "SIGTRAP"},     {SIGTERM, 0, "SIGTERM"},
    {SIGINT, 0, "SIGINT"},       {SIGHUP, 0, "SIGHUP"},
    {SIGQUIT, 0, "SIGQUIT"},     {SIGUSR1, 0, "SIGUSR1"},
    {SIGUSR2, 0, "SIGUSR2"},     {SIGALRM, 0, "SIGALRM"},
    {SIGVTALRM, 0, "SIGVTALRM"}, {SIGPROF, 0, "SIGPROF"},
    {SIGXCPU, 0, "SIGXCPU"},     {SIGIO, 0, "SIGIO"},
    {SIGPWR, 0, "SIGPWR"},       {SIGSTKFLT, 0, "SIGSTKFLT"},
};
#define WAYS (sizeof ways / sizeof ways[0])

static const char *program;
static void (*noted)(int number);

static const struct way *
way_of(int number)
{
    for (size_t i = 0; i < WAYS; i++)
        if (ways[i].number == number)
            return &ways[i];
    return &ways[0]; /* there is no other */
}

static size_t
put(char *line, size_t n, const char *text)
{
    size_t len = strlen(text);

    if (len > LINE_MAX_BYTES - n)
        len = LINE_MAX_BYTES - n;
    memcpy(line + n, text, len);
    return n + len;
}

static void
end(int number)
{
    const struct way *way = way_of(number);
    char line[LINE_MAX_BYTES];
    size_t n = put(line, 0, program);

    n = put(line, n, ": ended by signal ");
    n = put(line, n, way->name);
    n = put(line, n, "\n");
    ssize_t wrote = write(STDERR_FILENO, line, n);
    (void) wrote; /* there is nowhere to tell it */
    if (way->broken && noted != NULL)
        noted(number);
    raise(number); /* the default now: SA_RESETHAND */
}

void
gl_ending_begin(const char *name)
{
    struct sigaction before, action = {.sa_handler = end};
    sigset_t set;

    program = name;
    action.sa_flags = SA_RESETHAND | SA_NODEFER | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    sigemptyset(&set);
    for (size_t i = 0; i < WAYS; i++) {
        if (sigaction(ways[i].number, NULL, &before) == 0 &&
            before.sa_handler == SIG_DFL)
            (void) sigaction(ways[i].number, &action, NULL);
        if (ways[i].broken)
            sigaddset(&set, ways[i].number);
    }
    (void) sigprocmask(SIG_UNBLOCK, &set, NULL);
    (void) signal(SIGXFSZ, SIG_IGN);
}

int
gl_ending_hold(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGHUP);
    return sigprocmask(SIG_BLOCK, set, NULL);
}

void
gl_ending_leave_to_others(sigset_t *set)
{
    sigfillset(set);
    for (size_t i = 0; i < WAYS; i++)
        if (ways[i].broken)
            sigdelset(set, ways[i].number);
}

void
gl_ending_note(void (*note)(int number))
{
    noted = note;
}
