/*
 * glinto NOUN VERB ...: reads the command line and hands over to the noun.
 * Exit status: 0 done, 1 failed, 2 not understood.
 */

#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "version.h"

#define GL_CLI_SOCKET "/run/glinto/admin.sock"

static const char help[] =
    "glinto - ask and steer a running glintod\n"
    "\n"
    "  glinto [--socket PATH] NOUN VERB ... [--json]\n"
    "\n"
    "  account   add, list, remove: who owns sites; one file of data each\n"
    "  site      add, list, set, move, remove: what is counted\n"
    "  goal      add, list, remove: what visitors are to reach\n"
    "  segment   add, list, remove: filters with a name\n"
    "  funnel    add, list, remove: steps that visitors go through\n"
    "  annotation   add, list, remove: what happened on a day\n"
    "  token     create, list, revoke: keys for dashboards that are not "
    "public\n"
    "  share     add, list, remove: links that show a site\n"
    "  person    add, list, role, link, remove: who may sign in\n"
    "  import    --site DOMAIN --format FORMAT FILE ...: the past, of logs "
    "or\n"
    "            other products\n"
    "  explain   --site DOMAIN --log FILE: a log beside what was counted\n"
    "  export    --site DOMAIN: events as lines that import reads\n"
    "  live      SITE: a line for every change of its live numbers\n"
    "  query     FILE.json: any question about a site's visits\n"
    "  rows      FILE.json: the rows behind a number\n"
    "  summary   --site DOMAIN: a week in words\n"
    "  recipient   add, list, remove: who gets it by mail, and notices\n"
    "  backup    DIR: a copy of all data, made while glintod works\n"
    "  check     data: is what the files say whole and true\n"
    "  status    how glintod is doing\n"
    "  top       what it does just now, a picture a second\n"
    "  usage     events and storage by account, and what they cost\n"
    "  setup     put Glinto into nginx's configuration\n"
    "  networks   lists that operators of crawlers publish, for nginx\n"
    "\n"
    "  --socket PATH  the admin socket (default $GLINTO_SOCKET, else\n"
    "                 " GL_CLI_SOCKET ")\n"
    "  --json         print the answer as JSON\n"
    "  --help         this; after a noun, its verbs with examples\n"
    "  --version      print the version\n"
    "\n"
    "Exit status: 0 done, 1 failed, 2 not understood.\n";

static const struct gl_cli_noun *const nouns[] = {
    &gl_cli_account, &gl_cli_site,       &gl_cli_goal,      &gl_cli_segment,
    &gl_cli_funnel,  &gl_cli_annotation, &gl_cli_token,     &gl_cli_import,
    &gl_cli_export,  &gl_cli_live,       &gl_cli_query,     &gl_cli_rows,
    &gl_cli_backup,  &gl_cli_check,      &gl_cli_status,    &gl_cli_person,
    &gl_cli_share,   &gl_cli_explain,    &gl_cli_setup,     &gl_cli_summary,
    &gl_cli_top,     &gl_cli_usage,      &gl_cli_recipient, &gl_cli_networks,
};

/* Take the global options out of ARGV; the rest is the noun's.  1: asks for
 * help; -1: mistake, said.  Exits for --version. */
static int
read_globals(struct gl_cli *cli, int argc, char **argv)
{
    int wants_help = 0;
    cli->argv = argv;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            cli->json = 1;
        } else if (strcmp(argv[i], "--help") == 0 ||
                   strcmp(argv[i], "-h") == 0) {
            wants_help = 1;
        } else if (strcmp(argv[i], "--version") == 0) {
            puts("glinto " GL_VERSION);
            exit(GL_CLI_OK);
        } else if (strcmp(argv[i], "--socket") == 0) {
            if (++i == argc) {
                gl_cli_misuse("\"%s\" needs a value", "--socket");
                return -1;
            }
            cli->socket = argv[i];
        } else {
            cli->argv[cli->argc++] = argv[i];
        }
    }
    return wants_help;
}

static const struct gl_cli_noun *
find_noun(const char *name)
{
    for (size_t i = 0; i < sizeof nouns / sizeof nouns[0]; i++)
        if (strcmp(nouns[i]->name, name) == 0)
            return nouns[i];
    return NULL;
}

int
main(int argc, char **argv)
{
    const char *socket = getenv("GLINTO_SOCKET");
    struct gl_cli cli = {.socket = GL_CLI_SOCKET};
    if (socket != NULL && socket[0] != '\0')
        cli.socket = socket;
    int wants_help = read_globals(&cli, argc, argv);
    if (wants_help == -1)
        return GL_CLI_USAGE;
    if (cli.argc > 0 && strcmp(cli.argv[0], "help") == 0) {
        wants_help = 1;
        cli.argc--;
        cli.argv++;
    }
    if (cli.argc == 0) {
        fputs(help, wants_help ? stdout : stderr);
        return wants_help ? GL_CLI_OK : GL_CLI_USAGE;
    }
    const struct gl_cli_noun *noun = find_noun(cli.argv[0]);
    if (noun == NULL)
        return gl_cli_misuse("there is no \"%s\"", cli.argv[0]);
    gl_cli_asks(noun->name);
    if (wants_help) {
        gl_cli_help(noun);
        return GL_CLI_OK;
    }
    cli.argc--;
    cli.argv++;
    int status = noun->run == NULL ? gl_cli_verb(&cli, noun) : noun->run(&cli);
    if (fflush(stdout) != 0 && status == GL_CLI_OK)
        return gl_cli_fail("cannot write the answer");
    return status;
}
