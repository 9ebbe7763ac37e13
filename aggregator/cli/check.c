/* glinto check: is what the files say whole and true. */

#include "cli/cli.h"
#include "cli/privacy.h"
#include "cli/residency.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "glinto check - is what the files say whole and true\n"
    "\n"
    "  glinto check data          all files, while glintod works: SQLite's\n"
    "                             own structure, words, positions, visits\n"
    "                             against events, days against rows, tallies\n"
    "  glinto check data --json   the same for programs\n"
    "\n"
    "Exit status 1 when there is a fault; each is a line with its file.\n"
    "\n"
    "  glinto check privacy [--site DOMAIN] [--html | --json]\n"
    "                             what is stored of visitors, and whether "
    "the\n"
    "                             files say so: a text to be filed; a page\n"
    "                             to print, sign and file\n"
    "\n"
    "Exit status 1 when a claim does not hold.  A site that is named must be\n"
    "consent-exempt (glinto site set DOMAIN profile consent-exempt).\n"
    "\n"
    "  glinto check residency [--html | --json] [--gate] [--policy FILE]\n"
    "                         [--conf FILE] [--unit FILE] [--program FILE]\n"
    "                             whether all data stays where "
    "residency.conf\n"
    "                             allows: nginx's configuration, folders, "
    "the\n"
    "                             unit, pages, sockets; servers of "
    "PostgreSQL\n"
    "                             are asked; run it as root; a text, or a\n"
    "                             page to print, sign and file\n"
    "\n"
    "Exit status 1 when something is refused; with --gate only where the "
    "policy\n"
    "says \"residency enforce\".\n";

static void
print(const json_t *news)
{
    char files[64], found[64];
    size_t faults = gl_cli_job_faults(news, "");
    gl_cli_count(files, sizeof files, gl_cli_number(news, "files_done"),
                 "file");
    gl_cli_count(found, sizeof found, (int64_t) faults, "fault");
    printf("%s checked, %s\n", files, found);
}

static int
run(struct gl_cli *cli)
{
    static const struct gl_cli_option none[] = {{0}};
    if (cli->argc > 0 && strcmp(cli->argv[0], "privacy") == 0)
        return gl_cli_privacy(cli);
    if (cli->argc > 0 && strcmp(cli->argv[0], "residency") == 0)
        return gl_cli_residency(cli);
    if (cli->argc < 1 || strcmp(cli->argv[0], "data") != 0)
        return gl_cli_no_verb(cli, "check");
    int status = gl_cli_read(cli, none, NULL, 0);
    if (status != GL_CLI_OK)
        return status;
    json_auto_t *news = gl_cli_job(cli, "check", json_object());
    if (news == NULL)
        return cli->status;
    if (cli->json)
        gl_cli_print_json(news);
    else
        print(news);
    return json_array_size(json_object_get(news, "faults")) == 0
               ? GL_CLI_OK
               : GL_CLI_FAILED;
}

const struct gl_cli_noun gl_cli_check = {
    .name = "check", .run = run, .help = help};
