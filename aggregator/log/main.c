/*
 * glinto-postgresql: the program that speaks with PostgreSQL, when there is
 * more than one machine.  It stands beside glintod and is the only one of the
 * two that opens a network socket; they share files, and glinto.conf.
 *
 * Threads: this one waits for a signal; the forwarder, the follower, what
 * passes changes on and the night's job have one each.
 */

#include "conf.h"
#include "embed.h"
#include "ending.h"
#include "log.h"
#include "log/command.h"
#include "log/follow.h"
#include "log/forward.h"
#include "log/mirror.h"
#include "log/night.h"
#include "log/pass.h"
#include "log/server.h"
#include "log/servers.h"
#include "version.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define NAME "glinto-postgresql"
#define CONF_DEFAULT "/etc/glinto/glinto.conf"
#define WHY_MAX 512
#define EXIT_USAGE 2
#define EXIT_BUSY 75 /* EX_TEMPFAIL: another has it */

static const char usage[] =
    "usage: " NAME " [-c FILE] [-t] [--begin | --newest] [--tables]\n"
    "       " NAME " [-c FILE] change NOUN VERB ...\n"
    "       " NAME " [-c FILE] night\n"
    "       " NAME " [-c FILE] servers\n"
    "  -c FILE    configuration, default " CONF_DEFAULT "\n"
    "  -t         test what it says of PostgreSQL, and exit\n"
    "  --begin    read the log from its beginning though there are events\n"
    "  --newest   a city from nothing: the last two days alone\n"
    "  --tables   print the tables, for psql, and exit\n"
    "  --version  print the version and exit\n"
    "  change     glinto NOUN VERB ..., of the glintod of this FILE\n"
    "  night      do the night's job now\n"
    "  servers    ask each server where its log goes; print the answers\n"
    "  -h         print this and exit\n";

struct options {
    const char *conf;
    enum gl_follow_from from;
    int test, at_night, servers;
    char *const *words; /* of a change */
    int words_n;
};

static void
refuse_usage(const char *what, const char *word)
{
    fprintf(stderr, NAME ": %s \"%s\"\n%s", what, word, usage);
    exit(EXIT_USAGE);
}

static void
print(const char *text)
{
    fputs(text, stdout);
    exit(EXIT_SUCCESS);
}

/* One option; how many arguments it took.  Exits for what prints, and
 * mistakes. */
static int
read_option(struct options *options, int left, char **argv)
{
    const char *word = argv[0];

    if (strcmp(word, "-t") == 0)
        options->test = 1;
    else if (strcmp(word, "--begin") == 0)
        options->from = GL_FOLLOW_BEGIN;
    else if (strcmp(word, "--newest") == 0)
        options->from = GL_FOLLOW_NEWEST;
    else if (strcmp(word, "night") == 0)
        options->at_night = 1;
    else if (strcmp(word, "servers") == 0)
        options->servers = 1;
    else if (strcmp(word, "--tables") == 0)
        print(gl_embed_log_sql);
    else if (strcmp(word, "--version") == 0)
        print(NAME " " GL_VERSION "\n");
    else if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0)
        print(usage);
    else if (strcmp(word, "-c") != 0)
        refuse_usage("cannot use", word);
    else if (left < 2)
        refuse_usage("a file is missing after", word);
    else
        options->conf = argv[1];
    return strcmp(word, "-c") == 0 ? 2 : 1;
}

static void
read_options(struct options *options, int argc, char **argv)
{
    int i = 1;

    *options = (struct options){.conf = CONF_DEFAULT};
    while (i < argc && strcmp(argv[i], "change") != 0)
        i += read_option(options, argc - i, argv + i);
    if (i < argc) {
        options->words = argv + i + 1;
        options->words_n = argc - i - 1;
    }
}

static int
check(const struct gl_conf *conf, char *why, size_t why_len)
{
    char what[WHY_MAX];

    if (conf->log[0] == '\0' && conf->follow[0] == '\0') {
        snprintf(why, why_len, "neither \"log\" nor \"follow\" is there");
        return -1;
    }
    if (gl_server_check(conf->log, what, sizeof what) != 0) {
        snprintf(why, why_len, "log: %.400s", what);
        return -1;
    }
    if (gl_server_check(conf->follow, what, sizeof what) != 0) {
        snprintf(why, why_len, "follow: %.400s", what);
        return -1;
    }
    return 0;
}

/* What runs; a thread is 0 = none. */
struct running {
    struct gl_forward *forward;
    struct gl_follow *follow;
    struct gl_pass *pass;
    struct gl_mirror *mirror;
    struct gl_night *night;
    pthread_t threads[5];
    int n;
    int stop_fd;
};

static int
open_all(struct running *r, const struct gl_conf *conf,
         enum gl_follow_from from, char *why, int *busy)
{
    r->pass = gl_pass_new(conf, r->stop_fd, why, WHY_MAX);
    if (r->pass == NULL)
        return -1;
    r->mirror = gl_mirror_new(conf, r->pass, r->stop_fd);
    if (conf->log[0] != '\0') {
        r->forward =
            gl_forward_new(conf, r->pass, r->stop_fd, why, WHY_MAX, busy);
        if (r->forward == NULL)
            return -1;
        r->night = gl_night_new(conf, r->stop_fd);
    }
    if (conf->follow[0] != '\0') {
        r->follow =
            gl_follow_new(conf, r->pass, from, r->stop_fd, why, WHY_MAX, busy);
        if (r->follow == NULL)
            return -1;
    }
    return 0;
}

static int
start(struct running *r, void *(*run)(void *), void *arg)
{
    int error =
        arg == NULL ? 0 : pthread_create(&r->threads[r->n], NULL, run, arg);

    if (error != 0)
        gl_log(GL_LOG_ERROR, "no thread: %s", strerror(error));
    else
        r->n += arg != NULL;
    return error;
}

/* Until TERM or INT. */
static int
run_until_stopped(struct running *r, const sigset_t *signals)
{
    const uint64_t one = 1;
    int got, status = EXIT_SUCCESS;

    if (start(r, gl_forward_run, r->forward) != 0 ||
        start(r, gl_follow_run, r->follow) != 0 ||
        start(r, gl_pass_run, r->pass) != 0 ||
        start(r, gl_mirror_run, r->mirror) != 0 ||
        start(r, gl_night_run, r->night) != 0) {
        status = EXIT_FAILURE;
    } else {
        gl_log(GL_LOG_NOTICE, NAME " " GL_VERSION " started, pid %d",
               (int) getpid());
        do
            sigwait(signals, &got);
        while (got == SIGHUP); /* it reads nothing again */
        gl_log(GL_LOG_NOTICE, "stopping");
    }
    if (write(r->stop_fd, &one, sizeof one) != sizeof one)
        abort(); /* nothing else ends the threads */
    for (int i = 0; i < r->n; i++)
        pthread_join(r->threads[i], NULL);
    return status;
}

static int
run(const struct gl_conf *conf, enum gl_follow_from from)
{
    struct running r = {.stop_fd = eventfd(0, EFD_CLOEXEC)};
    char why[WHY_MAX];
    int busy = 0, status;
    sigset_t signals;

    gl_ending_begin(NAME);
    (void) gl_ending_hold(&signals);
    signal(SIGPIPE, SIG_IGN);
    if (r.stop_fd == -1) {
        gl_log(GL_LOG_ERROR, "eventfd: %s", strerror(errno));
        return EXIT_FAILURE;
    }
    if (open_all(&r, conf, from, why, &busy) == 0) {
        status = run_until_stopped(&r, &signals);
    } else {
        gl_log(GL_LOG_ERROR, "%s", why);
        status = busy ? EXIT_BUSY : EXIT_FAILURE;
    }
    gl_night_free(r.night);
    gl_forward_free(r.forward);
    gl_follow_free(r.follow);
    gl_mirror_free(r.mirror);
    gl_pass_free(r.pass);
    close(r.stop_fd);
    return status;
}

int
main(int argc, char **argv)
{
    struct options options;
    struct gl_conf conf;
    char why[WHY_MAX];

    read_options(&options, argc, argv);
    if (gl_conf_read(&conf, options.conf, why, sizeof why) != 0 ||
        check(&conf, why, sizeof why) != 0) {
        fprintf(stderr, NAME ": %s\n", why);
        return EXIT_FAILURE;
    }
    if (options.words != NULL)
        return gl_command_run(&conf, options.words, options.words_n);
    if (options.at_night)
        return gl_night_now(&conf);
    if (options.servers)
        return gl_servers_print(&conf);
    if (options.test) {
        printf(NAME ": %s is fine\n", options.conf);
        return EXIT_SUCCESS;
    }
    gl_log_open(conf.log_level);
    return run(&conf, options.from);
}
