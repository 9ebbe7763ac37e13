/* The words of the command line, and what is said when it goes wrong. */

#include "cli/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int
gl_cli_fail(const char *format, ...)
{
    va_list args;
    fputs("glinto: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return GL_CLI_FAILED;
}

int
gl_cli_misuse(const char *format, ...)
{
    va_list args;
    fputs("glinto: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputs("; see --help\n", stderr);
    return GL_CLI_USAGE;
}

int
gl_cli_no_verb(const struct gl_cli *cli, const char *noun)
{
    if (cli->argc > 0) {
        fprintf(stderr,
                "glinto: there is no \"glinto %s %s\"; see glinto %s --help\n",
                noun, cli->argv[0], noun);
    } else {
        fprintf(stderr, "glinto: %s needs a verb; see glinto %s --help\n",
                noun, noun);
    }
    return GL_CLI_USAGE;
}

static const struct gl_cli_option *
find_option(const struct gl_cli_option *options, const char *name)
{
    for (; options->name != NULL; options++)
        if (strcmp(options->name, name) == 0)
            return options;
    return NULL;
}

int
gl_cli_read(struct gl_cli *cli, const struct gl_cli_option *options,
            const char **words, int words_n)
{
    int found = 0;
    for (int i = 1; i < cli->argc; i++) {
        const char *word = cli->argv[i];
        if (strncmp(word, "--", 2) != 0) {
            if (found == words_n)
                return gl_cli_misuse("\"%s\" is one word too many", word);
            words[found++] = word;
            continue;
        }
        const struct gl_cli_option *option = find_option(options, word + 2);
        if (option == NULL)
            return gl_cli_misuse("unknown option \"%s\"", word);
        if (option->flag != NULL)
            *option->flag = 1;
        else if (++i < cli->argc)
            *option->text = cli->argv[i];
        else
            return gl_cli_misuse("\"%s\" needs a value", word);
    }
    return found < words_n
               ? gl_cli_misuse("\"%s\" needs more words", cli->argv[0])
               : GL_CLI_OK;
}
