/*
 * Promise: glintod.conf is read as documented, relative to its own folder,
 * and every mistake is told by file, line and word before anything starts.
 */

#include "conf.h"
#include "log.h"
#include "tap.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char why[512];
static const char *folder;

static int
read_text(struct gl_conf *conf, const char *text)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof path, "%s/glinto.conf", folder);
    file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    why[0] = '\0';
    return gl_conf_read(conf, path, why, sizeof why);
}

static void
test_values(void)
{
    struct gl_conf conf;
    const char *tail = "/mine/data";

    tap_int(read_text(&conf, "# a comment\n\n  data\t mine/data  \n"
                             "spool /var/spool\nlog_level debug\n"
                             "workers 7, 8 root\n"
                             "dashboard_hosts WWW.S.example:80,[0::1] b\n"
                             "watchers_max 20"),
            0, "a good file is read");
    tap_str(conf.data + strlen(conf.data) - strlen(tail), tail,
            "a relative path");
    tap_int(conf.data[0], '/', "is made absolute");
    tap_str(conf.spool, "/var/spool", "an absolute path stays");
    tap_int(conf.log_level, GL_LOG_DEBUG, "log level");
    tap_int(conf.workers_n, 3, "three workers");
    tap_ok(conf.workers[0] == 7 && conf.workers[1] == 8 &&
               conf.workers[2] == 0,
           "numbers and names of users");
    tap_int(conf.dashboard_hosts.n, 3, "three hosts");
    tap_str(conf.dashboard_hosts.names[0], "s.example", "in their one form");
    tap_str(conf.dashboard_hosts.names[1], "::1", "addresses, too");
    tap_int(conf.watchers_max, 20, "a number without a newline behind it");
    tap_int(conf.paths_per_day, 10000, "the default stands otherwise");
    tap_int(read_text(&conf, ""), 0, "an empty file is all defaults");
    tap_str(conf.admin_socket, "/run/glinto/admin.sock", "default socket");
    tap_ok(conf.workers_n >= 1, "somebody may send hints");
}

static void
test_mistakes(void)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"\ndta x\n", "glinto.conf:2: unknown key \"dta\""},
        {"data\n", "glinto.conf:1: no value for \"data\""},
        {"data a\ndata b\n", "glinto.conf:2: a second \"data\""},
        {"log_level loud\n", "glinto.conf:1: log_level is error, notice or "
                             "debug, not \"loud\""},
        {"watchers_max 0\n", "glinto.conf:1: watchers_max must be a number "
                             "from 1 to 100000, not \"0\""},
        {"watchers_max -1\n", "glinto.conf:1: watchers_max must be a number "
                              "from 1 to 100000, not \"-1\""},
        {"watchers_max 9x\n", "glinto.conf:1: watchers_max must be a number "
                              "from 1 to 100000, not \"9x\""},
        {"workers no-such-user-here\n",
         "glinto.conf:1: workers names a user that is not here: "
         "\"no-such-user-here\""},
        {"dashboard_hosts a.example b/c\n",
         "glinto.conf:1: dashboard_hosts names what is not a host: \"b/c\""},
        {"dashboard_hosts a b c d e f g h i j k l m n o p q\n",
         "glinto.conf:1: too many hosts in dashboard_hosts, from \"q\""},
        {"workers 1 2 3 4 5 6 7 8 9\n",
         "glinto.conf:1: too many users in workers, from \"9\""},
    };
    struct gl_conf conf;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tap_int(read_text(&conf, cases[i].text), -1, "refused");
        tap_str(why, cases[i].why, "and the reason told");
    }
}

static void
test_long(void)
{
    struct gl_conf conf;
    char text[4096] = "data ";

    memset(text + 5, 'x', 1500);
    text[1505] = '\0';
    tap_int(read_text(&conf, text), -1, "a path over the limit is refused");
    tap_ok(strstr(why, ": the path of data has ") != NULL, "as such");
    snprintf(text, sizeof text, "admin_socket /%0107d", 0);
    tap_int(read_text(&conf, text), -1, "a socket's is shorter");
    tap_ok(strstr(why, "glinto.conf:1: the path of admin_socket has 108 "
                       "bytes, 107 are allowed: \"/000") == why,
           "as such");
    text[strlen(text) - 1] = '\0';
    tap_int(read_text(&conf, text), 0, "one byte less is taken");
    strcpy(text, "data ");
    memset(text + 5, 'x', 3000);
    text[3005] = '\0';
    tap_int(read_text(&conf, text), -1, "a line over the limit is refused");
    tap_str(why, "glinto.conf:1: line is too long", "as such");
    tap_int(gl_conf_read(&conf, "/nonexistent/x", why, sizeof why), -1,
            "no file");
    tap_str(why, "cannot open /nonexistent/x: No such file or directory",
            "is told with its path");
    tap_int(gl_conf_read(&conf, "/tmp", why, sizeof why), -1, "a folder");
    tap_str(why, "cannot read /tmp: Is a directory", "is told as one");
}

int
main(void)
{
    folder = tap_dir();
    test_values();
    test_mistakes();
    test_long();
    return tap_done();
}
