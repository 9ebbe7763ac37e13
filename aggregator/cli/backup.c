/* glinto backup DIR: a copy of all data. */

#include "cli/cli.h"

#include <stdio.h>

static const char help[] =
    "glinto backup - copy all data while glintod works\n"
    "\n"
    "  glinto backup DIR    DIR: absolute path of a new or empty folder that\n"
    "                       glintod may write; it becomes 0700, files 0600\n"
    "\n"
    "Each file is a copy of one commit; meta.db comes last: a folder with it\n"
    "is whole but for what was told to be missing (exit status 1).  Events\n"
    "that wait in the spool are not in it, parked ones are.  Salts are not.\n"
    "\n"
    "To restore: stop glintod, move the data folder away, put a copy of DIR\n"
    "in its place, owned by glintod's user, with what is in the old folder's\n"
    "parked/ besides; see OPERATORS.md.  Never copy files over others.\n"
    "\n"
    "  glinto backup /var/backups/glinto/2026-08-01\n";

static void
print_faults(const json_t *faults)
{
    size_t i;
    json_t *fault;
    json_array_foreach(faults, i, fault)
    {
        char file[64], sentence[1024];
        gl_cli_value(file, sizeof file, "", json_object_get(fault, "file"));
        gl_cli_value(sentence, sizeof sentence, "",
                     json_object_get(fault, "fault"));
        printf("not copied: %s: %s\n", file, sentence);
    }
}

static int
run(struct gl_cli *cli)
{
    if (cli->argc != 1 || cli->argv[0][0] == '-') {
        gl_cli_fail("backup needs one folder; see glinto backup --help");
        return GL_CLI_USAGE;
    }
    json_auto_t *news =
        gl_cli_job(cli, "backup", json_pack("{s:s}", "dir", cli->argv[0]));
    if (news == NULL)
        return cli->status;
    if (cli->json) {
        json_dumpf(news, stdout, JSON_COMPACT);
        putchar('\n');
    } else {
        char files[64], bytes[32];
        print_faults(json_object_get(news, "faults"));
        gl_cli_bytes(bytes, sizeof bytes,
                     json_integer_value(json_object_get(news, "bytes_done")));
        gl_cli_count(files, sizeof files,
                     json_integer_value(json_object_get(news, "files_done")),
                     "file");
        printf("%s, %s, copied to %s\n", files, bytes, cli->argv[0]);
    }
    int faults = json_array_size(json_object_get(news, "faults")) > 0;
    return faults ? GL_CLI_FAILED : GL_CLI_OK;
}

const struct gl_cli_noun gl_cli_backup = {
    .name = "backup", .run = run, .help = help};
