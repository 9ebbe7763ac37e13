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
    "That of a city says how far it has read the log: another city may begin\n"
    "with it, see CITIES.md.\n"
    "\n"
    "To restore: stop glintod, move the data folder away, put a copy of DIR\n"
    "in its place, owned by glintod's user, with what is in the old folder's\n"
    "parked/ besides; see OPERATORS.md.  Never copy files over others.\n"
    "\n"
    "  glinto backup /var/backups/glinto/2026-08-01\n";

static int
run(struct gl_cli *cli)
{
    if (cli->argc != 1 || cli->argv[0][0] == '-')
        return gl_cli_misuse("backup needs one folder");
    json_auto_t *news =
        gl_cli_job(cli, "backup", json_pack("{s:s}", "dir", cli->argv[0]));
    if (news == NULL)
        return cli->status;
    if (cli->json) {
        gl_cli_print_json(news);
    } else {
        char files[64], bytes[32];
        gl_cli_job_faults(news, "not copied: ");
        gl_cli_bytes(bytes, sizeof bytes, gl_cli_number(news, "bytes_done"));
        gl_cli_count(files, sizeof files, gl_cli_number(news, "files_done"),
                     "file");
        printf("%s, %s, copied to %s\n", files, bytes, cli->argv[0]);
    }
    return json_array_size(json_object_get(news, "faults")) == 0
               ? GL_CLI_OK
               : GL_CLI_FAILED;
}

const struct gl_cli_noun gl_cli_backup = {
    .name = "backup", .run = run, .help = help};
