/*
 * glinto check residency: reads the policy, glinto.conf, the unit, "nginx -T"
 * and /proc, as root, without glintod; a text that can be filed, or JSON.
 */

#include "cli/residency.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/setup.h"
#include "deploy/residency.h"

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
    char *text, *errors, why[512];
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
    g_free(text);
    g_free(errors);
}

static void
look(struct read *read, const char *conf, const char *unit)
{
    char *text = slurp(read, read->policy->path);

    g_free(text);
    gl_residency_here(read->r);
    text = slurp(read, conf);
    if (text != NULL)
        gl_residency_conf(read->r, conf, text);
    g_free(text);
    text = slurp(read, unit);
    if (text != NULL)
        gl_residency_unit(read->r, unit, text);
    g_free(text);
    look_at_nginx(read);
    gl_residency_sockets(read->r);
}

static void
print_json(const struct read *read, const char *at)
{
    json_t *list = json_array(), *all;

    for (guint i = 0; i < read->r->findings->len; i++) {
        const struct gl_finding *one = read->r->findings->pdata[i];

        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "kind",
                                              kinds[one->kind], "where",
                                              one->where, "says", one->says));
    }
    all = json_pack("{s:s, s:s, s:b, s:o}", "at", at, "sha256",
                    g_checksum_get_string(read->hash), "holds",
                    read->r->refused == 0, "findings", list);
    gl_cli_print_json(all);
    json_decref(all);
}

static void
print_text(const struct read *read, const char *at)
{
    printf("Where data may be, and where it can go, %s\n\nAllowed:", at);
    for (guint i = 0; i < read->policy->countries->len; i++)
        printf(" %s", (const char *) read->policy->countries->pdata[i]);
    puts("\n\nWhat was read can be proved again: \"checked\".  What only its\n"
         "writer can know is \"declared\".\n");
    for (guint i = 0; i < read->r->findings->len; i++) {
        const struct gl_finding *one = read->r->findings->pdata[i];

        gl_cli_tame(one->says);
        printf("  %-8s  %s: %s\n", kinds[one->kind], one->where, one->says);
    }
    printf("\nSHA-256 of all that was read: %s\n%s\n",
           g_checksum_get_string(read->hash),
           read->r->refused == 0 ? "All data stays where it may be."
                                 : "Not all data stays where it may be.");
}

static int
report(struct gl_cli *cli, const struct read *read, int gate)
{
    char at[32];
    time_t now = time(NULL);
    struct tm tm;

    strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
    if (cli->json)
        print_json(read, at);
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
    const char *unit = "/lib/systemd/system/glintod.service";
    int gate = 0, status;
    const struct gl_cli_option options[] = {{"policy", &policy, NULL},
                                            {"conf", &conf, NULL},
                                            {"unit", &unit, NULL},
                                            {"gate", NULL, &gate},
                                            {0}};
    struct read read;
    struct gl_policy *is;
    char why[512];

    status = gl_cli_read(cli, options, NULL, 0);
    if (status != GL_CLI_OK)
        return status;
    /* Who has no policy has nothing to enforce. */
    if (gate && !g_file_test(policy, G_FILE_TEST_EXISTS))
        return GL_CLI_OK;
    is = gl_policy_read(policy, why, sizeof why);
    if (is == NULL)
        return gl_cli_fail("%s", why);
    read = (struct read){g_checksum_new(G_CHECKSUM_SHA256), is,
                         gl_residency_new(is)};
    look(&read, conf, unit);
    status = report(cli, &read, gate);
    gl_residency_free(read.r);
    g_checksum_free(read.hash);
    gl_policy_free(is);
    return status;
}
