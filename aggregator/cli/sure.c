/* Before something is erased: how much it is, and whether to go on. */

#include "cli/cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void
tell(const char *what, const json_t *extent)
{
    const json_t *events = json_object_get(extent, "events");
    char events_text[64], days_text[64];
    if (!json_is_integer(events)) {
        fprintf(stderr,
                "How many events %s has is not known: its file cannot be "
                "read now, or is on another machine.\n",
                what);
        return;
    }
    if (json_integer_value(events) == 0) {
        fprintf(stderr, "%c%s has no events.\n", what[0] - 'a' + 'A',
                what + 1);
        return;
    }
    gl_cli_count(events_text, sizeof events_text, json_integer_value(events),
                 "event");
    gl_cli_count(days_text, sizeof days_text, gl_cli_number(extent, "days"),
                 "day");
    fprintf(stderr, "%c%s has %s%s of %s.\n", what[0] - 'a' + 'A', what + 1,
            json_is_true(json_object_get(extent, "at_most")) ? "at most " : "",
            events_text, days_text);
}

/* 1 = "yes" was typed. */
static int
says_yes(void)
{
    char line[16];
    fputs("They will be erased, and nothing but a backup brings them back.\n"
          "Go on? Type yes: ",
          stderr);
    if (fgets(line, sizeof line, stdin) == NULL)
        return 0;
    line[strcspn(line, "\n")] = '\0';
    return strcmp(line, "yes") == 0;
}

int
gl_cli_sure(struct gl_cli *cli, const char *what, const char *erases,
            json_t *args)
{
    json_auto_t *extent = gl_cli_ask(cli, erases, args);
    if (extent == NULL)
        return cli->status;
    tell(what, extent);
    if (!isatty(STDIN_FILENO))
        return gl_cli_misuse("nothing is erased: there is no terminal to ask "
                             "on; add --yes to erase without a question");
    return says_yes() ? GL_CLI_OK : gl_cli_fail("nothing is erased");
}
