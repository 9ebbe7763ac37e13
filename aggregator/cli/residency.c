/*
 * glinto check residency: reads the policy, glinto.conf, the unit, "nginx -T"
 * and /proc, and asks servers of PostgreSQL, as root, without glintod; a text
 * or a page that can be filed, or JSON.
 */

#include "cli/residency.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/setup.h"
#include "dashboard/template.h"
#include "deploy/policy.h"
#include "deploy/residency.h"
#include "version.h"

static const char *const kinds[] = {"checked", "declared", "REFUSED"};

struct read {
    GChecksum *hash;
    const struct gl_policy *policy;
    struct gl_residency *r;
};

/* The text of PATH, hashed, for the caller to free; a finding when it cannot
 * be read. */
static char *
slurp(struct read *read, const char *path)
{
    char *text = NULL;
    gsize len;

    if (!g_file_get_contents(path, &text, &len, NULL)) {
        gl_residency_add(read->r, GL_REFUSED, path, 1, "cannot be read");
        return NULL;
    }
    g_checksum_update(read->hash, (const guchar *) text, (gssize) len);
    return text;
}

static void
look_at_nginx(struct read *read)
{
    static const char *const args[] = {"-T", NULL};
    char why[512];
    g_autofree char *errors = NULL;
    g_autofree char *text = NULL;
    int status = gl_setup_run("nginx", args, &text, &errors);
    struct gl_nginx *nginx = NULL;

    if (status == 0) {
        g_checksum_update(read->hash, (const guchar *) text, -1);
        nginx = gl_nginx_read(text, strlen(text), why, sizeof why);
        if (nginx == NULL)
            gl_residency_add(read->r, GL_REFUSED, "nginx -T", 0, "%s", why);
    } else {
        gl_residency_add(read->r, GL_REFUSED, "nginx -T", 0,
                         "nginx does not take its configuration");
    }
    if (nginx != NULL)
        gl_residency_nginx(read->r, nginx);
    gl_nginx_free(nginx);
}

/* ---- the unit, and what is added to it ---- */

#define UNIT "glintod.service"

/* The first place counts; the last is the packages'. */
static const char *const roots[] = {
    "/etc/systemd/system", "/run/systemd/system",
    "/usr/local/lib/systemd/system", "/lib/systemd/system",
    "/usr/lib/systemd/system"};

/* Drop-ins of FOLDER that no earlier one has by NAMES: systemd sorts them by
 * name, wherever they lie. */
static void
find_dropins(const char *folder, GTree *names)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
        if (g_str_has_suffix(name, ".conf") &&
            g_tree_lookup(names, name) == NULL)
            g_tree_insert(names, g_strdup(name),
                          g_build_filename(folder, name, NULL));
}

static gboolean
add_path(gpointer name, gpointer path, gpointer list)
{
    (void) name;
    g_ptr_array_add(list, g_strdup(path));
    return FALSE;
}

static gint
by_name(gconstpointer left, gconstpointer right, gpointer arg)
{
    (void) arg;
    return strcmp(left, right);
}

/* The unit's files, of char *: UNIT alone with UNIT.d beside it, or, NULL,
 * where systemd looks for them. */
static GPtrArray *
unit_files(const char *unit)
{
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    GTree *names = g_tree_new_full(by_name, NULL, g_free, g_free);
    char *folder;

    for (size_t i = 0; i < G_N_ELEMENTS(roots) && unit == NULL; i++) {
        g_autofree char *path = g_build_filename(roots[i], UNIT, NULL);

        if (files->len == 0 && g_file_test(path, G_FILE_TEST_EXISTS))
            g_ptr_array_add(files, g_strdup(path));
    }
    if (files->len == 0)
        g_ptr_array_add(
            files,
            g_strdup(unit == NULL ? "/lib/systemd/system/" UNIT : unit));
    for (size_t i = 0; i < G_N_ELEMENTS(roots) && unit == NULL; i++) {
        folder = g_build_filename(roots[i], UNIT ".d", NULL);
        find_dropins(folder, names);
        g_free(folder);
        folder = g_build_filename(roots[i], "service.d", NULL);
        find_dropins(folder, names);
        g_free(folder);
    }
    if (unit != NULL) {
        folder = g_strconcat(unit, ".d", NULL);
        find_dropins(folder, names);
        g_free(folder);
    }
    g_tree_foreach(names, add_path, files);
    g_tree_destroy(names);
    return files;
}

static void
look_at_unit(struct read *read, const char *unit)
{
    g_autoptr(GPtrArray) paths = unit_files(unit);
    g_autofree struct gl_unit_file *files =
        g_new0(struct gl_unit_file, paths->len);
    size_t n = 0;

    for (guint i = 0; i < paths->len; i++) {
        files[n].path = paths->pdata[i];
        files[n].text = slurp(read, files[n].path);
        n += files[n].text != NULL;
    }
    gl_residency_unit(read->r, files, n);
    for (size_t i = 0; i < n; i++)
        g_free((char *) (uintptr_t) files[i].text);
}

/* ---- what pages load ---- */

/* Programs have pages in them; CONF says where those for nginx are. */
static void
find_pages(void *arg, int line, const char *key, const char *value)
{
    (void) line;
    if (strcmp(key, "pages") == 0)
        *(char **) arg = g_strdup(value);
}

static void
look_at_pages(struct read *read, const char *conf_text, const char *program)
{
    g_autofree char *pages = NULL;

    if (conf_text != NULL)
        gl_policy_lines(conf_text, find_pages, &pages);
    gl_residency_assets(read->r, pages == NULL ? "/run/glinto/pages" : pages,
                        "pages");
    gl_residency_assets(read->r, program, "pages in glintod");
}

/* ---- servers of PostgreSQL ---- */

static void
find_servers(void *arg, int line, const char *key, const char *value)
{
    (void) line;
    (void) value;
    *(int *) arg |= strcmp(key, "log") == 0 || strcmp(key, "follow") == 0;
}

/* Those that CONF names are asked by the program that speaks with them. */
static void
look_at_servers(struct read *read, const char *conf, const char *conf_text)
{
    const char *const args[] = {"-c", conf, "servers", NULL};
    char *said, *errors;
    int there = 0;

    gl_policy_lines(conf_text, find_servers, &there);
    if (!there)
        return;
    if (gl_setup_run("glinto-postgresql", args, &said, &errors) == 0)
        g_checksum_update(read->hash, (const guchar *) said, -1);
    gl_residency_servers(read->r, conf, conf_text,
                         g_strchomp(said[0] == '\0' ? errors : said));
    g_free(said);
    g_free(errors);
}

static void
find_cluster(void *arg, int line, const char *key, const char *value)
{
    (void) line;
    if (strcmp(key, "cluster") == 0)
        *(char **) arg = g_strdup(value);
}

/* What CONF says of servers, and what the cluster file does. */
static void
look_at_databases(struct read *read, const char *conf, const char *conf_text)
{
    g_autofree char *file = NULL;

    gl_policy_lines(conf_text, find_cluster, &file);
    if (file != NULL) {
        g_autofree char *path = gl_residency_beside(conf, file);

        g_free(slurp(read, path)); /* it is part of the sum */
    }
    gl_residency_databases(read->r, conf, conf_text);
}

/* A gate asks no server: no start waits for one. */
static void
look(struct read *read, const char *conf, const char *unit,
     const char *program, int gate)
{
    char *text = slurp(read, read->policy->path);

    g_free(text);
    gl_residency_here(read->r);
    text = slurp(read, conf);
    if (text != NULL)
        gl_residency_conf(read->r, conf, text);
    if (text != NULL)
        look_at_databases(read, conf, text);
    if (text != NULL && !gate)
        look_at_servers(read, conf, text);
    look_at_unit(read, unit);
    look_at_nginx(read);
    look_at_pages(read, text, program);
    g_free(text);
    gl_residency_sockets(read->r);
}

static void
print_json(const struct read *read, const char *at)
{
    json_t *list = json_array();

    for (guint i = 0; i < read->r->findings->len; i++) {
        const struct gl_finding *one = read->r->findings->pdata[i];

        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "kind",
                                              kinds[one->kind], "where",
                                              one->where, "says", one->says));
    }
    json_auto_t *all = json_pack("{s:s, s:s, s:b, s:o}", "at", at, "sha256",
                                 g_checksum_get_string(read->hash), "holds",
                                 read->r->refused == 0, "findings", list);
    gl_cli_print_json(all);
}

#define TITLE "Where data may be, and where it can go"
#define KINDS                                                                 \
    "What was read can be proved again: \"checked\".  What only its\n"        \
    "writer can know is \"declared\"."
#define HASH "SHA-256 of all that was read: "

static const char *
verdict(const struct read *read)
{
    return read->r->refused == 0 ? "All data stays where it may be."
                                 : "Not all data stays where it may be.";
}

/* For the caller to free. */
static char *
allowed(const struct read *read)
{
    GString *text = g_string_new("Allowed:");

    for (guint i = 0; i < read->policy->countries->len; i++)
        g_string_append_printf(
            text, " %s", (const char *) read->policy->countries->pdata[i]);
    return g_string_free(text, FALSE);
}

static void
print_text(const struct read *read, const char *at)
{
    char *countries = allowed(read);

    printf(TITLE ", %s\n\n%s\n\n" KINDS "\n\n", at, countries);
    for (guint i = 0; i < read->r->findings->len; i++) {
        const struct gl_finding *one = read->r->findings->pdata[i];

        gl_cli_tame(one->says);
        printf("  %-8s  %s: %s\n", kinds[one->kind], one->where, one->says);
    }
    printf("\n" HASH "%s\n%s\n", g_checksum_get_string(read->hash),
           verdict(read));
    g_free(countries);
}

/* To print, sign and file. */
static void
print_page(const struct read *read, const char *at)
{
    char *countries = allowed(read), *page;
    char *how = g_strconcat(HASH, g_checksum_get_string(read->hash), NULL);
    char *when = g_strdup_printf("%s, on %s, by Glinto " GL_VERSION, at,
                                 g_get_host_name());
    json_t *claims = json_array(), *view;
    size_t len;

    for (guint i = 0; i < read->r->findings->len; i++) {
        const struct gl_finding *one = read->r->findings->pdata[i];

        json_array_append_new(
            claims, json_pack("{s:b, s:[{s:s}, {s:s}, {s:s}]}", "broken",
                              one->kind == GL_REFUSED, "cells", "text",
                              kinds[one->kind], "text", one->where, "text",
                              one->says));
    }
    view = json_pack("{s:s, s:s, s:s, s:[{s:s}, {s:s}], s:[], s:s, s:[{s:s}, "
                     "{s:s}, {s:s}], s:o, s:s, s:[{s:s}, {s:s}, {s:s}]}",
                     "title", TITLE, "when", when, "verdict", verdict(read),
                     "stored", "text", countries, "text", KINDS, "sites",
                     "read", "Read", "heads", "text", "", "text", "where",
                     "text", "found", "claims", claims, "how", how, "sign",
                     "text", "Name", "text", "Date", "text", "Signature");
    page = gl_template("proof", view, &len);
    if (page != NULL)
        fwrite(page, 1, len, stdout);
    free(page);
    json_decref(view);
    g_free(when);
    g_free(how);
    g_free(countries);
}

static int
report(struct gl_cli *cli, const struct read *read, int gate, int html)
{
    char at[32];
    time_t now = time(NULL);
    struct tm tm;

    strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
    if (cli->json)
        print_json(read, at);
    else if (html)
        print_page(read, at);
    else if (!gate || (read->r->refused > 0 && read->policy->enforce))
        print_text(read, at);
    return read->r->refused == 0 || (gate && !read->policy->enforce)
               ? GL_CLI_OK
               : GL_CLI_FAILED;
}

int
gl_cli_residency(struct gl_cli *cli)
{
    const char *policy = "/etc/glinto/residency.conf";
    const char *conf = "/etc/glinto/glinto.conf";
    const char *unit = NULL, *program = "/usr/sbin/glintod";
    int gate = 0, html = 0;
    const struct gl_cli_option options[] = {{"policy", &policy, NULL},
                                            {"conf", &conf, NULL},
                                            {"unit", &unit, NULL},
                                            {"program", &program, NULL},
                                            {"gate", NULL, &gate},
                                            {"html", NULL, &html},
                                            {0}};
    struct read read;
    char why[512];

    int status = gl_cli_read(cli, options, NULL, 0);
    if (status != GL_CLI_OK)
        return status;
    /* Who has no policy has nothing to enforce. */
    if (gate && !g_file_test(policy, G_FILE_TEST_EXISTS))
        return GL_CLI_OK;
    struct gl_policy *is = gl_policy_read(policy, why, sizeof why);
    if (is == NULL)
        return gl_cli_fail("%s", why);
    read = (struct read){g_checksum_new(G_CHECKSUM_SHA256), is,
                         gl_residency_new(is)};
    look(&read, conf, unit, program, gate);
    status = report(cli, &read, gate, html);
    gl_residency_free(read.r);
    g_checksum_free(read.hash);
    gl_policy_free(is);
    return status;
}
