/*
 * glintod: start and stop, as a table of contents.  Every part is a room of
 * its own; serve/serve.h states the order of their lives.
 *
 * Threads: this one runs the loop (serve); ingest starts its own.
 */

#include "conf.h"
#include "ending.h"
#include "files.h"
#include "writer/writer.h"
#include "log.h"
#include "reread.h"
#include "serve/serve.h"
#include "version.h"
#include "writer/places.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONF_DEFAULT "/etc/glinto/glinto.conf"
#define WHY_MAX 512
#define FOLLOWED_MODE 0750
#define EXIT_USAGE 2

static const char usage[] =
    "usage: glintod [-c FILE] [-t]\n"
    "  -c FILE    configuration, default " CONF_DEFAULT "\n"
    "  -t         test the configuration, the folders, files and sockets\n"
    "             it names, and exit\n"
    "  --version  print the version and exit\n"
    "  -h         print this and exit\n";

struct options {
    const char *conf;
    int test;
};

/* Exits for -h, --version and mistakes. */
static void
read_options(struct options *options, int argc, char **argv)
{
    options->conf = CONF_DEFAULT;
    options->test = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-t") == 0) {
            options->test = 1;
        } else if (strcmp(argv[i], "-c") == 0) {
            if (++i == argc) {
                fprintf(stderr, "glintod: \"-c\" needs a file\n%s", usage);
                exit(EXIT_USAGE);
            }
            options->conf = argv[i];
        } else if (strcmp(argv[i], "--version") == 0) {
            puts("glintod " GL_VERSION);
            exit(EXIT_SUCCESS);
        } else if (strcmp(argv[i], "-h") == 0 ||
                   strcmp(argv[i], "--help") == 0) {
            fputs(usage, stdout);
            exit(EXIT_SUCCESS);
        } else {
            fprintf(stderr, "glintod: cannot use \"%s\"\n%s", argv[i], usage);
            exit(EXIT_USAGE);
        }
    }
}

static void
tell_fault(void *arg, const char *sentence)
{
    int *faults = arg;

    ++*faults;
    fprintf(stderr, "glintod: %s\n", sentence);
}

/* The exit status. */
static int
test(const char *path, const struct gl_conf *conf)
{
    char user[64];
    int faults = 0;

    gl_places_look(conf, tell_fault, &faults, user);
    printf("glintod: %s is fine, %s the places it names%s%s\n", path,
           faults == 0 ? "and so are" : "but not",
           user[0] != '\0' ? ", for the user " : "", user);
    return faults == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Everything runs; returns when told to stop. */
static int
serve_until_stopped(struct gl_serve *serve, struct gl_ingest *ingest)
{
    char why[WHY_MAX];

    if (gl_serve_attach(serve, ingest, why, sizeof why) != 0) {
        gl_log(GL_LOG_ERROR, "%s", why);
        return EXIT_FAILURE;
    }
    gl_log(GL_LOG_NOTICE, "glintod " GL_VERSION " started, pid %d",
           (int) getpid());
    if (gl_serve_run(serve) != 0) {
        gl_log(GL_LOG_ERROR, "the event loop failed");
        return EXIT_FAILURE;
    }
    gl_log(GL_LOG_NOTICE, "stopping");
    return EXIT_SUCCESS;
}

/* What HUP is about. */
struct running {
    struct gl_conf conf;
    struct gl_reread reread;
    struct gl_ingest *ingest;
};

static int
read_patterns(void *arg, char *why, size_t why_len)
{
    struct running *running = arg;

    return gl_writer_reread(running->ingest, why, why_len);
}

static void
on_hup(void *arg)
{
    struct running *running = arg;

    gl_reread(&running->reread, &running->conf);
}

static int
run(struct running *running)
{
    const struct gl_conf *conf = &running->conf;
    char why[WHY_MAX];
    int status = EXIT_FAILURE;
    struct gl_serve *serve = gl_serve_new(conf, why, sizeof why);
    struct gl_ingest_events events = {gl_serve_live, serve};

    if (serve == NULL) {
        gl_log(GL_LOG_ERROR, "%s", why);
        return EXIT_FAILURE;
    }
    gl_serve_on_hup(serve, on_hup, running);
    running->ingest = gl_writer_start(conf, &events, why, sizeof why, &status);
    if (running->ingest == NULL) {
        gl_log(GL_LOG_ERROR, "%s", why);
    } else {
        status = serve_until_stopped(serve, running->ingest);
        gl_writer_stop(running->ingest);
    }
    gl_serve_free(serve);
    if (status == EXIT_SUCCESS)
        gl_log(GL_LOG_NOTICE, "stopped");
    return status;
}

int
main(int argc, char **argv)
{
    struct options options;
    struct running running;
    sigset_t held;
    char why[WHY_MAX];

    read_options(&options, argc, argv);
    if (gl_conf_read(&running.conf, options.conf, why, sizeof why) != 0) {
        fprintf(stderr, "glintod: %s\n", why);
        return EXIT_FAILURE;
    }
    if (options.test)
        return test(options.conf, &running.conf);
    gl_ending_begin("glintod");
    (void) gl_ending_hold(&held);
    running.reread = (struct gl_reread){options.conf, running.conf,
                                        read_patterns, &running};
    gl_log_open(running.conf.log_level);
    gl_files_fit(&running.conf);
    /* what reads it tells when it cannot be made */
    if (gl_conf_spool(&running.conf) != running.conf.spool)
        (void) mkdir(running.conf.followed, FOLLOWED_MODE);
    return run(&running);
}
