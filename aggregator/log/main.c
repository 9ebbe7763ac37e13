/*
 * glinto-postgresql: the program that speaks with PostgreSQL, when there is
 * more than one machine.  It stands beside glintod and is the only one of the
 * two that opens a network socket; they share files, and glinto.conf.
 *
 * Threads: this one waits for a signal; the forwarder, the follower, what
 * passes changes on and the night's job have one each.  Of several primaries
 * each has a forwarder and a night's job, and what splits the spool for them
 * is one more.
 */

#include "conf.h"
#include "embed.h"
#include "ending.h"
#include "log.h"
#include "log/before.h"
#include "log/command.h"
#include "log/follow.h"
#include "log/forward.h"
#include "log/mirror.h"
#include "log/night.h"
#include "log/pass.h"
#include "log/server.h"
#include "log/servers.h"
#include "log/split.h"
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

/* KEY says it of the primary NAME, "" = of none. */
static int
check_conninfo(const char *key, const char *name, const char *conninfo,
               char *why, size_t why_len)
{
    char what[WHY_MAX];

    if (gl_server_check(conninfo, what, sizeof what) == 0)
        return 0;
    snprintf(why, why_len, "%s%s%s: %.400s", key, name[0] == '\0' ? "" : " ",
             name, what);
    return -1;
}

static int
check(const struct gl_conf *conf, char *why, size_t why_len)
{
    const struct gl_cluster_primary *primaries = conf->cluster.primaries;

    if (conf->log[0] == '\0' && conf->follow[0] == '\0') {
        snprintf(why, why_len, "neither \"log\" nor \"follow\" is there");
        return -1;
    }
    for (int i = 0; i < conf->cluster.n; i++)
        if (check_conninfo("primary", primaries[i].name, primaries[i].conninfo,
                           why, why_len) != 0)
            return -1;
    if (check_conninfo("log", "", conf->log, why, why_len) != 0)
        return -1;
    return check_conninfo("follow", "", conf->follow, why, why_len);
}

/* Of one primary. */
struct primary {
    struct gl_forward *forward;
    struct gl_night *night;
};

/* What runs; a thread is 0 = none. */
struct running {
    struct gl_before *before;
    struct gl_split *split;
    struct primary primaries[GL_CLUSTER_MAX];
    int primaries_n;
    struct gl_follow *follow;
    struct gl_pass *pass;
    struct gl_mirror *mirror;
    pthread_t threads[2 * GL_CLUSTER_MAX + 4];
    int n;
    int stop_fd;
};

static int
open_primary(struct running *r, const struct gl_conf *conf,
             const struct gl_forward_options *options, char *why, int *busy)
{
    struct primary *one = &r->primaries[r->primaries_n++];

    one->forward =
        gl_forward_new(conf, options, r->pass, r->stop_fd, why, WHY_MAX, busy);
    if (one->forward == NULL)
        return -1;
    one->night =
        gl_night_new(conf, options->name, options->conninfo, r->stop_fd);
    return 0;
}

/* Each primary of the cluster has a lane of the spool. */
static int
open_cluster(struct running *r, const struct gl_conf *conf, char *why,
             int *busy)
{
    r->before = gl_before_new(conf, r->stop_fd);

    const struct gl_split_before before = gl_before_split(r->before);

    r->split = gl_split_new(conf, &before, r->stop_fd, why, WHY_MAX, busy);
    if (r->split == NULL)
        return -1;

    const struct gl_lanes_set *set = gl_split_lanes(r->split);

    for (int i = 0; i < conf->cluster.n; i++) {
        const struct gl_cluster_primary *primary = &conf->cluster.primaries[i];
        const struct gl_lane *lane = set->lanes->pdata[i];
        const struct gl_forward_options options = {
            .spool = lane->folder,
            .conninfo = primary->conninfo,
            .name = primary->name,
            .place = i,
            .ready = &set->ready,
            .until_ms = &lane->until_ms,
            .changes = i == 0 ? NULL : gl_split_changes(r->split),
        };

        if (open_primary(r, conf, &options, why, busy) != 0)
            return -1;
    }
    return 0;
}

static int
open_log(struct running *r, const struct gl_conf *conf, char *why, int *busy)
{
    const struct gl_forward_options options = {
        .spool = conf->spool, .conninfo = conf->log, .name = ""};

    if (conf->log_is_cluster)
        return open_cluster(r, conf, why, busy);
    if (conf->log[0] == '\0')
        return 0;
    if (gl_split_was(conf)) {
        snprintf(why, WHY_MAX,
                 "%.300s/lanes is of several primaries: say \"log cluster\" "
                 "until no segment is there and in the spool, then remove it",
                 conf->spool);
        return -1;
    }
    return open_primary(r, conf, &options, why, busy);
}

static int
open_all(struct running *r, const struct gl_conf *conf,
         enum gl_follow_from from, char *why, int *busy)
{
    r->pass = gl_pass_new(conf, r->stop_fd, why, WHY_MAX);
    if (r->pass == NULL || open_log(r, conf, why, busy) != 0)
        return -1;
    r->mirror = gl_mirror_new(conf, r->pass, r->stop_fd);
    if (conf->follow[0] != '\0') {
        r->follow =
            gl_follow_new(conf, r->pass, from, r->stop_fd, why, WHY_MAX, busy);
        if (r->follow == NULL)
            return -1;
    }
    return 0;
}

static void
free_all(struct running *r)
{
    for (int i = 0; i < r->primaries_n; i++) {
        gl_night_free(r->primaries[i].night);
        gl_forward_free(r->primaries[i].forward);
    }
    gl_split_free(r->split);
    gl_before_free(r->before);
    gl_follow_free(r->follow);
    gl_mirror_free(r->mirror);
    gl_pass_free(r->pass);
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

/* Each that is there: 0, or an error. */
static int
start_all(struct running *r)
{
    int error = start(r, gl_split_run, r->split);

    for (int i = 0; i < r->primaries_n && error == 0; i++)
        error = start(r, gl_forward_run, r->primaries[i].forward);
    if (error == 0)
        error = start(r, gl_follow_run, r->follow);
    if (error == 0)
        error = start(r, gl_pass_run, r->pass);
    if (error == 0)
        error = start(r, gl_mirror_run, r->mirror);
    for (int i = 0; i < r->primaries_n && error == 0; i++)
        error = start(r, gl_night_run, r->primaries[i].night);
    return error;
}

/* Until TERM or INT. */
static int
run_until_stopped(struct running *r, const sigset_t *signals)
{
    const uint64_t one = 1;
    int got, status = EXIT_SUCCESS;

    if (start_all(r) != 0) {
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
    free_all(&r);
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
