/*
 * glinto setup: what is left to do after the packages are installed.  At most
 * three questions, each also a flag: which site, who may see it, and whether
 * the lines shown are to be written.
 */

#include "cli/setup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COPIES "/var/backups/glinto/nginx"
#define START_S 30
#define WAIT_NS 100000000
#define LINE_BYTES 256

static const char help[] =
    "glinto setup - put Glinto into the configuration of this machine's "
    "nginx\n"
    "\n"
    "  glinto setup                  asks which site, who may see it, and\n"
    "                                whether to write the lines it shows\n"
    "  glinto setup --site DOMAIN --public --yes\n"
    "                                the same without a question\n"
    "  glinto setup --take-back      takes these lines out again\n"
    "\n"
    "  --site DOMAIN  counted under this name, in the server block that has "
    "it\n"
    "  --public       everybody may see its numbers\n"
    "  --closed       only people who sign in; prints a link for the first\n"
    "  --inject       nginx puts the script into each page, as it sends it\n"
    "  --yes          writes without asking\n"
    "  --copies DIR   where the files are kept as they were (default\n"
    "                 " COPIES ")\n"
    "\n"
    "It starts glintod when that does not run, adds the site, writes the two\n"
    "includes, runs nginx -t and takes the lines back when that fails, and\n"
    "reloads nginx.  Run it as root.\n";

struct options {
    const char *site, *copies;
    int is_public, closed, inject, yes, take_back;
    char asked[LINE_BYTES]; /* the site that was typed */
};

/* ---- questions ---- */

/* An answer without its end of line; 0, or -1 when there is none to come. */
static int
ask(const char *question, char line[LINE_BYTES])
{
    fflush(stdout);
    fprintf(stderr, "%s ", question);
    if (fgets(line, LINE_BYTES, stdin) == NULL)
        return -1;
    line[strcspn(line, "\r\n")] = '\0';
    g_strstrip(line);
    return 0;
}

static int
no_answer(const char *flag)
{
    return gl_cli_misuse("there is nobody to ask; add %s", flag);
}

/* A number of SERVERS' list, or a domain. */
static int
ask_site(struct options *options, const GPtrArray *servers)
{
    const char *first = "";
    char question[LINE_BYTES * 2];

    for (guint i = 0; i < servers->len; i++) {
        const struct gl_nginx_word *server = servers->pdata[i];
        const char *host = gl_setup_host(server);

        if (host[0] == '\0')
            continue;
        if (first[0] == '\0')
            first = host;
        fprintf(stderr, "  %s  (%s:%d)\n", host, server->file->path,
                server->line);
    }
    snprintf(question, sizeof question,
             first[0] == '\0' ? "Which site is to be counted, by its domain?%s"
                              : "Which site is to be counted? [%s]",
             first);
    do {
        if (ask(question, options->asked) != 0)
            return no_answer("--site DOMAIN");
        options->site = options->asked[0] == '\0' ? first : options->asked;
    } while (options->site[0] == '\0');
    return GL_CLI_OK;
}

static int
ask_public(struct options *options)
{
    char line[LINE_BYTES];

    if (ask("May everybody see its numbers? Else people sign in. [y/N]",
            line) != 0)
        return no_answer("--public or --closed");
    options->is_public = line[0] == 'y' || line[0] == 'Y';
    options->closed = !options->is_public;
    return GL_CLI_OK;
}

static int
ask_write(void)
{
    char line[LINE_BYTES];

    if (ask("Write this? [Y/n]", line) != 0)
        return no_answer("--yes");
    return line[0] == 'n' || line[0] == 'N' ? gl_cli_fail("nothing is written")
                                            : GL_CLI_OK;
}

/* ---- glintod ---- */

/* It answers, by and by. */
static int
start_glintod(struct gl_cli *cli)
{
    const struct timespec pause = {.tv_nsec = WAIT_NS};

    if (gl_cli_answers(cli))
        return GL_CLI_OK;
    if (gl_setup_service("glintod", "start") != GL_CLI_OK)
        return gl_cli_fail("glintod does not run, and cannot be started "
                           "(journalctl -u glintod says why); start it, then "
                           "run this again");
    for (time_t until = time(NULL) + START_S; time(NULL) < until;) {
        if (gl_cli_answers(cli))
            return GL_CLI_OK;
        nanosleep(&pause, NULL);
    }
    return gl_cli_fail(
        "glintod was started and does not answer; journalctl -u "
        "glintod says why");
}

/* The site is there: added, or was. */
static int
has_site(struct gl_cli *cli, const char *domain)
{
    json_auto_t *list = gl_cli_ask(cli, "site.list", json_object());
    const json_t *site;
    size_t i;
    int has = 0;

    json_array_foreach (json_object_get(list, "sites"), i, site)
        has |= g_ascii_strcasecmp(gl_cli_text(site, "domain"), domain) == 0;
    return has;
}

static int
add_site(struct gl_cli *cli, const struct options *options)
{
    if (has_site(cli, options->site))
        return GL_CLI_OK;
    json_auto_t *answer =
        gl_cli_ask(cli, "site.add",
                   json_pack("{s:s, s:b}", "domain", options->site, "public",
                             options->is_public));
    if (answer == NULL)
        return cli->status;
    return GL_CLI_OK;
}

/* Somebody who may see a closed site, if nobody can sign in yet.  glintod made
 * "owner" at its first start. */
static void
add_owner(struct gl_cli *cli, const char *origin)
{
    json_auto_t *list = gl_cli_ask(cli, "person.list", json_object());
    const json_t *person;
    size_t i;
    int ready = 0, there = 0;

    json_array_foreach (json_object_get(list, "people"), i, person) {
        ready |= json_is_true(json_object_get(person, "ready"));
        there |= strcmp(gl_cli_text(person, "name"), "owner") == 0;
    }
    if (ready)
        return;
    json_auto_t *answer =
        there ? gl_cli_ask(cli, "person.link",
                           json_pack("{s:s}", "name", "owner"))
              : gl_cli_ask(
                    cli, "person.add",
                    json_pack("{s:s, s:s}", "name", "owner", "role", "owner"));
    if (answer == NULL)
        return;
    printf("Choose a password for \"owner\" here, once:\n  %s%s\n\n", origin,
           gl_cli_text(answer, "link"));
}

/* ---- the whole ---- */

/* The lines are shown, and may be written. */
static int
agree(const struct options *options, const GPtrArray *edits)
{
    if (edits->len == 0) {
        puts("nginx has all of Glinto's lines already");
        return GL_CLI_OK;
    }
    if (gl_setup_show(edits) != GL_CLI_OK)
        return GL_CLI_FAILED;
    return options->yes ? GL_CLI_OK : ask_write();
}

static int
write_lines(const struct options *options, const GPtrArray *edits)
{
    int status =
        edits->len == 0 ? GL_CLI_OK : gl_setup_write(edits, options->copies);

    if (status == GL_CLI_OK &&
        gl_setup_service("nginx", "reload") != GL_CLI_OK)
        status = gl_cli_fail("nginx cannot be reloaded; do that by hand: "
                             "systemctl reload nginx");
    return status;
}

static void
tell_end(struct gl_cli *cli, const struct options *options,
         const struct gl_setup_site *site)
{
    g_autofree char *origin = gl_setup_origin(site);

    putchar('\n');
    if (!options->inject)
        printf("Put this into the pages of %s:\n\n  <script defer "
               "data-domain=\"%s\" src=\"/js/glinto.js\"></script>\n\n",
               site->domain, site->domain);
    if (options->closed)
        add_owner(cli, origin);
    printf("Now open this address: %s/glinto/%s\n", origin, site->domain);
}

/* Nothing is changed before all questions are answered. */
static int
change(struct gl_cli *cli, const struct options *options,
       const struct gl_nginx *nginx, const struct gl_setup_site *site)
{
    g_autoptr(GPtrArray) edits = gl_setup_edits(nginx, site);
    int status = agree(options, edits);

    if (status == GL_CLI_OK)
        status = start_glintod(cli);
    if (status == GL_CLI_OK)
        status = add_site(cli, options);
    if (status == GL_CLI_OK)
        status = write_lines(options, edits);
    if (status == GL_CLI_OK)
        tell_end(cli, options, site);
    return status;
}

static int
set_up(struct gl_cli *cli, struct options *options,
       const struct gl_nginx *nginx)
{
    g_autoptr(GPtrArray) servers = gl_setup_servers(nginx);
    int status = GL_CLI_OK;
    struct gl_setup_site site = {.inject = options->inject};

    if (options->site == NULL)
        status = ask_site(options, servers);
    site.domain = options->site;
    if (status == GL_CLI_OK) {
        site.server = gl_setup_server(servers, options->site);
        if (site.server == NULL)
            status = gl_cli_fail("nginx has no server block that answers "
                                 "pages; write one first");
    }
    if (status == GL_CLI_OK && !options->is_public && !options->closed)
        status = ask_public(options);
    if (status == GL_CLI_OK)
        status = change(cli, options, nginx, &site);
    return status;
}

static int
take_back(const struct options *options)
{
    int status = gl_setup_take_back(options->copies);

    /* One that does not run needs nothing. */
    if (status == GL_CLI_OK)
        gl_setup_service("nginx", "reload");
    return status;
}

static int
run(struct gl_cli *cli)
{
    struct options options = {.copies = COPIES};
    const struct gl_cli_option table[] = {
        {"site", &options.site, NULL},
        {"copies", &options.copies, NULL},
        {"public", NULL, &options.is_public},
        {"closed", NULL, &options.closed},
        {"inject", NULL, &options.inject},
        {"yes", NULL, &options.yes},
        {"take-back", NULL, &options.take_back},
        {0}};

    gl_cli_without_verb(cli);
    int status = gl_cli_read(cli, table, NULL, 0);
    if (status != GL_CLI_OK)
        return status;
    if (options.is_public && options.closed)
        return gl_cli_misuse("a site is --public or --closed, not both");
    if (options.take_back)
        return take_back(&options);
    struct gl_nginx *nginx = gl_setup_nginx();
    if (nginx == NULL)
        return GL_CLI_FAILED;
    status = set_up(cli, &options, nginx);
    gl_nginx_free(nginx);
    return status;
}

const struct gl_cli_noun gl_cli_setup = {
    .name = "setup", .run = run, .help = help};
