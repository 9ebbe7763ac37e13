/* Findings about this host, its folders, its unit and its processes. */

#include "deploy/residency.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

static void
free_finding(void *data)
{
    struct gl_finding *finding = data;

    g_free(finding->where);
    g_free(finding->says);
    g_free(finding);
}

struct gl_residency *
gl_residency_new(const struct gl_policy *policy)
{
    struct gl_residency *r = g_new0(struct gl_residency, 1);

    r->policy = policy;
    r->findings = g_ptr_array_new_with_free_func(free_finding);
    return r;
}

void
gl_residency_free(struct gl_residency *r)
{
    g_ptr_array_unref(r->findings);
    g_free(r);
}

void
gl_residency_add(struct gl_residency *r, enum gl_finding_kind kind,
                 const char *where, int line, const char *format, ...)
{
    struct gl_finding *finding = g_new0(struct gl_finding, 1);
    va_list args;

    va_start(args, format);
    finding->says = g_strdup_vprintf(format, args);
    va_end(args);
    finding->kind = kind;
    finding->where =
        line > 0 ? g_strdup_printf("%s:%d", where, line) : g_strdup(where);
    r->refused += kind == GL_REFUSED;
    g_ptr_array_add(r->findings, finding);
}

void
gl_residency_here(struct gl_residency *r)
{
    const struct gl_policy *policy = r->policy;

    if (policy->here == NULL)
        gl_residency_add(r, GL_REFUSED, policy->path, 1,
                         "\"here\" does not say where this machine stands");
    else if (!gl_policy_has(policy->countries, policy->here))
        gl_residency_add(r, GL_REFUSED, policy->path, policy->here_line,
                         "this machine stands in %s, which is not allowed",
                         policy->here);
    else
        gl_residency_add(r, GL_DECLARED, policy->path, policy->here_line,
                         "this machine stands in %s", policy->here);
}

/* ---- glinto.conf ---- */

struct conf {
    struct gl_residency *r;
    const char *path;
    int outbox_line, mail_line; /* 0 = the key is not there */
};

/* A name for a filesystem that another machine may have; NULL = local. */
static const char *
network_of(long type)
{
    static const struct {
        long type;
        const char *name;
    } known[] = {
        {0x6969, "NFS"},      {0xff534d42, "CIFS"},   {0xfe534d42, "SMB2"},
        {0x517b, "SMB"},      {0x01021997, "9P"},     {0x65735546, "FUSE"},
        {0x00c36400, "Ceph"}, {0x5346414f, "AFS"},    {0x7461636f, "OCFS2"},
        {0x01161970, "GFS2"}, {0x0bd00bd0, "Lustre"}, {0x19830326, "BeeGFS"},
        {0x47504653, "GPFS"}, {0x73757245, "Coda"}};

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (known[i].type == type)
            return known[i].name;
    return NULL;
}

void
gl_residency_path(struct gl_residency *r, const char *where, int line,
                  const char *key, const char *value, const char *base)
{
    char *path = value[0] == '/' ? g_strdup(value)
                                 : g_build_filename(base, value, NULL);
    struct statfs st;

    while (statfs(path, &st) == -1 && strcmp(path, "/") != 0) {
        char *parent = g_path_get_dirname(path);

        g_free(path);
        path = parent;
    }
    const char *network = network_of((long) st.f_type);
    if (network != NULL)
        gl_residency_add(r, GL_REFUSED, where, line,
                         "%s %s lies on %s, which another machine may have",
                         key, value, network);
    else
        gl_residency_add(r, GL_CHECKED, where, line,
                         "%s %s is on a filesystem of this machine", key,
                         value);
    g_free(path);
}

/* Where a program sends nobody can read: whoever names it in the policy
 * declares that it stays where it may. */
static void
look_at_program(const struct conf *conf, int line, const char *key,
                const char *command)
{
    char **words = NULL;
    int parsed = g_shell_parse_argv(command, NULL, &words, NULL);
    const char *program = parsed ? words[0] : command;
    int declared = 0;

    for (guint i = 0; i < conf->r->policy->programs->len; i++)
        declared |= strcmp(conf->r->policy->programs->pdata[i], program) == 0;
    if (declared)
        gl_residency_add(conf->r, GL_DECLARED, conf->path, line,
                         "%s %s sends to allowed countries alone", key,
                         program);
    else
        gl_residency_add(conf->r, GL_REFUSED, conf->path, line,
                         "%s %s sends mails or facts elsewhere, and no "
                         "\"program\" of the policy names it",
                         key, program);
    if (parsed)
        g_strfreev(words);
}

static void
look_at_key(void *arg, int line, const char *key, const char *value)
{
    struct conf *conf = arg;
    static const char *const paths[] = {"data",         "spool",
                                        "salt",         "sites",
                                        "pages",        "outbox",
                                        "mail_journal", "events_socket",
                                        "admin_socket", "dashboard_socket",
                                        "followed"};
    static const char *const commands[] = {"mail_command", "summary_command",
                                           "notify_command"};

    conf->outbox_line = strcmp(key, "outbox") == 0 ? line : conf->outbox_line;
    conf->mail_line = strcmp(key, commands[0]) == 0 ? line : conf->mail_line;
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        if (strcmp(key, commands[i]) == 0)
            look_at_program(conf, line, key, value);

    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++)
        if (strcmp(key, paths[i]) == 0)
            gl_residency_path(conf->r, conf->path, line, key, value,
                              "/etc/glinto");
}

void
gl_residency_conf(struct gl_residency *r, const char *path, const char *text)
{
    struct conf conf = {r, path, 0, 0};

    gl_policy_lines(text, look_at_key, &conf);
    if (conf.outbox_line != 0 && conf.mail_line == 0)
        look_at_program(&conf, conf.outbox_line, "mail_command",
                        "/usr/sbin/sendmail");
}

/* ---- processes ---- */

/* All sockets of a network where process PID is, as the kernel lists them. */
static GString *
network_tables(const char *pid)
{
    static const char *const tables[] = {"tcp",  "tcp6", "udp",
                                         "udp6", "raw",  "raw6"};
    GString *all = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_autofree char *path =
            g_build_filename("/proc", pid, "net", tables[i], NULL);
        g_autofree char *text = NULL;

        if (g_file_get_contents(path, &text, NULL, NULL))
            g_string_append(all, text);
    }
    return all;
}

/* Is "socket:[INODE]" among them? */
static int
is_network(const GString *tables, const char *link)
{
    char inode[32];

    if (link == NULL || !g_str_has_prefix(link, "socket:["))
        return 0;
    g_snprintf(inode, sizeof inode, " %.*s ", (int) strcspn(link + 8, "]"),
               link + 8);
    return strstr(tables->str, inode) != NULL;
}

static int
network_sockets(const char *pid)
{
    g_autofree char *folder = g_build_filename("/proc", pid, "fd", NULL);
    g_autoptr(GString) tables = network_tables(pid);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    int n = 0;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *link = g_file_read_link(path, NULL);

        n += is_network(tables, link);
    }
    return n;
}

void
gl_residency_sockets(struct gl_residency *r)
{
    g_autoptr(GDir) dir = g_dir_open("/proc", 0, NULL);
    const char *pid;

    while (dir != NULL && (pid = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename("/proc", pid, "comm", NULL);
        g_autofree char *comm = NULL;

        if (g_ascii_isdigit(pid[0]) &&
            g_file_get_contents(path, &comm, NULL, NULL) &&
            strcmp(comm, "glintod\n") == 0) {
            int n = network_sockets(pid);
            gl_residency_add(r, n > 0 ? GL_REFUSED : GL_CHECKED, path, 0,
                             "glintod holds %d network sockets", n);
        }
    }
}
