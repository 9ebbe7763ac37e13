/*
 * Promise: the cluster file is read as documented, each mistake in it is told
 * by file, line and word, and glinto.conf with it says what fits together.
 */

#include "cluster.h"
#include "conf.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char why[512];
static const char *folder;

static void
write_text(const char *name, const char *text)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
}

static int
read_text(struct gl_cluster *cluster, const char *text)
{
    char path[256];

    snprintf(path, sizeof path, "%s/cluster.conf", folder);
    write_text("cluster.conf", text);
    why[0] = '\0';
    return gl_cluster_read(cluster, path, why, sizeof why);
}

static int
read_conf(struct gl_conf *conf, const char *text)
{
    char path[256];

    snprintf(path, sizeof path, "%s/glinto.conf", folder);
    write_text("glinto.conf", text);
    why[0] = '\0';
    return gl_conf_read(conf, path, why, sizeof why);
}

static void
test_file(void)
{
    struct gl_cluster cluster;

    tap_int(read_text(&cluster, "# two\n\nprimary a host=fra  dbname=glinto \n"
                                "\tprimary\tb-2   host=ams\n"
                                "pages b-2 https://b.example/\n"),
            0, "a good file is read");
    tap_int(cluster.n, 2, "both primaries");
    tap_str(cluster.primaries[0].conninfo, "host=fra  dbname=glinto",
            "how to connect, as it is");
    tap_str(cluster.primaries[0].pages, "", "pages may be missing");
    tap_str(cluster.primaries[1].pages, "https://b.example",
            "or are an address without a slash behind");
    tap_int(gl_cluster_find(&cluster, "b-2"), 1, "one by its name");
    tap_int(gl_cluster_find(&cluster, ""), 0, "no name is the first");
    tap_int(gl_cluster_find(&cluster, "c"), -1, "one that is not there");
    memset(&cluster, 0, sizeof cluster);
    tap_int(gl_cluster_find(&cluster, ""), -1, "of none there is no first");
}

static void
test_mistakes(void)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"", "cluster.conf names no primary"},
        {"primary a x=1\nserver b\n", "cluster.conf:2: a line begins with "
                                      "primary or pages, not with \"server\""},
        {"primary B x=1\n",
         "cluster.conf:1: a primary's name has 1 to 32 small letters, digits "
         "and \"-\", not \"B\""},
        {"primary\n",
         "cluster.conf:1: a primary's name has 1 to 32 small letters, digits "
         "and \"-\", not \"\""},
        {"primary abcdefghijklmnopqrstuvwxyz0123456 x=1\n",
         "cluster.conf:1: a primary's name has 1 to 32 small letters, digits "
         "and \"-\", not \"abcdefghijklmnopqrstuvwxyz0123456\""},
        {"primary a\n", "cluster.conf:1: how to connect is missing behind "
                        "\"a\""},
        {"primary a x=1\nprimary a x=2\n",
         "cluster.conf:2: a second primary \"a\""},
        {"pages a https://a.example\nprimary a x=1\n",
         "cluster.conf:1: pages are of a primary named before, not of \"a\""},
        {"primary a x=1\npages\n",
         "cluster.conf:2: pages are of a primary named before, not of \"\""},
        {"primary a x=1\npages a a.example\n",
         "cluster.conf:2: pages have an address of 255 bytes at most, such as "
         "https://stats.example, not \"a.example\""},
        {"primary a x=1\npages a https://a/\"x\n",
         "cluster.conf:2: pages have an address of 255 bytes at most, such as "
         "https://stats.example, not \"https://a/\"x\""},
        {"primary a x=1\npages a http://a\npages a http://b\n",
         "cluster.conf:3: a second address of the pages of \"a\""},
    };
    struct gl_cluster cluster;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tap_int(read_text(&cluster, cases[i].text), -1, "refused");
        tap_str(why, cases[i].why, "and the reason told");
    }
}

static void
test_many(void)
{
    static char text[8192];
    struct gl_cluster cluster;
    size_t len = 0;

    for (int i = 0; i < GL_CLUSTER_MAX; i++)
        len += (size_t) snprintf(text + len, sizeof text - len,
                                 "primary p%d x=%d\n", i, i);
    tap_int(read_text(&cluster, text), 0, "as many as may be");
    tap_int(cluster.n, GL_CLUSTER_MAX, "all of them");
    snprintf(text + len, sizeof text - len, "primary more x=1");
    tap_int(read_text(&cluster, text), -1, "one more is refused");
    tap_str(why, "cluster.conf:17: too many primaries, from \"more\"",
            "and told");
    snprintf(text, sizeof text, "primary a %01023d\n", 1);
    tap_int(read_text(&cluster, text), 0, "as long as may be");
    snprintf(text, sizeof text, "primary a %01024d\n", 1);
    tap_int(read_text(&cluster, text), -1, "a byte more is refused");
    tap_str(why, "cluster.conf:1: too long is how to connect to \"a\"",
            "and told");
    snprintf(text, sizeof text, "primary a %02000d\n", 1);
    tap_int(read_text(&cluster, text), -1, "a long line is refused");
    tap_str(why, "cluster.conf:1: line is too long", "and told");
    tap_int(gl_cluster_read(&cluster, "/tmp", why, sizeof why), -1,
            "a folder");
    tap_str(why, "cannot read /tmp: Is a directory", "is told as one");
}

static void
test_conf(void)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"log cluster\n",
         "glinto.conf: log is \"cluster\", and no cluster is named"},
        {"primary b\n",
         "glinto.conf: there is a primary, and no cluster is named"},
        {"cluster cluster.conf\nlog postgresql x=1\n",
         "glinto.conf: where there is a cluster, log is \"cluster\""},
        {"cluster cluster.conf\n",
         "glinto.conf: there is a cluster, and neither log nor follow"},
        {"cluster cluster.conf\nlog cluster\nprimary c\n",
         "glinto.conf: the cluster has no primary \"c\""},
        {"primary /\n", "glinto.conf:1: primary is no name of one: \"/\""},
        {"follow cluster\n",
         "glinto.conf:1: follow is \"postgresql\" and how to connect, not "
         "\"cluster\""},
    };
    struct gl_cluster cluster;
    struct gl_conf conf;

    read_text(&cluster, "primary a x=1\nprimary b x=2\n");
    tap_int(read_conf(&conf, "log cluster\ncluster cluster.conf\n"), 0,
            "an edge");
    tap_str(conf.log, "x=1", "whose log is the first");
    tap_str(gl_conf_changes(&conf), "x=1", "where changes are asked");
    tap_int(gl_conf_primary(&conf), 0, "as are its accounts");
    tap_int(read_conf(&conf, "cluster cluster.conf\nfollow postgresql y=1\n"
                             "primary b\n"),
            0, "a city");
    tap_str(gl_conf_changes(&conf), "x=1", "asks for changes at the first");
    tap_str(conf.follow, "y=1", "follows a server that it names");
    tap_int(gl_conf_primary(&conf), 1, "and has accounts of the second");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tap_int(read_conf(&conf, cases[i].text), -1, "refused");
        tap_str(why, cases[i].why, "and the reason told");
    }
    write_text("cluster.conf", "primary a x=1\nprimary a x=2\n");
    tap_int(read_conf(&conf, "\ncluster cluster.conf\n"), -1,
            "a mistake in the cluster file");
    tap_str(why, "glinto.conf:2: cluster.conf:2: a second primary \"a\"",
            "has both lines");
    tap_int(read_conf(&conf, "log postgresql x=1\n"), 0, "without a cluster");
    tap_int(gl_conf_primary(&conf), -1, "there is one primary");
    tap_str(gl_conf_changes(&conf), "x=1", "the one that is named");
}

int
main(void)
{
    folder = tap_dir();
    test_file();
    test_mistakes();
    test_many();
    test_conf();
    return tap_done();
}
