/*
 * glinto export: what a site has, for other programs.  glintod gives a piece
 * at a time and keeps nothing of it.
 */

#include "cli/export.h"

#include <string.h>
#include <unistd.h>

static const char help[] =
    "glinto export - what a site has, for other programs\n"
    "\n"
    "  glinto export --site DOMAIN [FILE]\n"
    "  glinto export --site DOMAIN --format plausible-csv FOLDER|FILE.zip\n"
    "      --site DOMAIN     its events; what is no event (bots, settings) "
    "is\n"
    "                        not among them\n"
    "      --from DATE       of this day of the site's time zone, and later;\n"
    "      --to DATE         up to this day; as in 2026-11-28\n"
    "      --format events   (default) one JSON object a line, as import\n"
    "                        reads them\n"
    "      --format plausible-csv\n"
    "                        totals of each day, in the ten tables that\n"
    "                        Plausible exports and imports\n"
    "      FILE              default: standard output.  It gets its name "
    "when\n"
    "                        it is whole, until then it is FILE.part\n"
    "\n"
    "An import of events into an empty site answers every question the same.\n"
    "A visitor is a number that says nothing of a person.  Events that come\n"
    "while it runs are left out.\n"
    "\n"
    "  glinto export --site example.com --from 2026-01-01 2026.jsonl\n"
    "  glinto export --site example.com | zstd >example.jsonl.zst\n"
    "  glinto export --site example.com --format plausible-csv example.zip\n";

static const struct {
    const char *format, *path_asked;
    int (*run)(const struct gl_cli_exporting *export);
} ways[] = {
    {"events", "/v1/export/chunk", gl_cli_export_events},
    {"plausible-csv", "/v1/export/totals", gl_cli_export_tables},
};

static int
export_as(struct gl_cli_exporting *export, const char *format)
{
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (strcmp(ways[i].format, format) != 0)
            continue;
        export->path_asked = ways[i].path_asked;
        return ways[i].run(export);
    }
    return gl_cli_misuse(
        "cannot write format \"%s\"; there are \"events\" and "
        "\"plausible-csv\"",
        format);
}

static int
run(struct gl_cli *cli)
{
    struct gl_cli_exporting export = {.cli = cli};
    const char *format = "events";
    const struct gl_cli_option options[] = {{"site", &export.site, NULL},
                                            {"format", &format, NULL},
                                            {"from", &export.from, NULL},
                                            {"to", &export.to, NULL},
                                            {0}};
    /* options come in pairs */
    gl_cli_without_verb(cli);
    int status = gl_cli_read(cli, options, &export.path, (cli->argc - 1) % 2);
    if (status != GL_CLI_OK)
        return status;
    if (export.site == NULL)
        return gl_cli_misuse("export needs --site DOMAIN");
    export.terminal = isatty(STDERR_FILENO);
    return export_as(&export, format);
}

const struct gl_cli_noun gl_cli_export = {
    .name = "export", .run = run, .help = help};
