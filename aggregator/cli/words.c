/* The words of the command line, and what is said when it goes wrong. */

#define _GNU_SOURCE /* vasprintf */

#include "cli/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
gl_cli_tame(char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char) text[0];
        unsigned char next = (unsigned char) text[1];
        if (c < 0x20 || c == 0x7f)
            *text = '?';
        else if (c == 0xc2 && next >= 0x80 && next < 0xa0)
            text[0] = text[1] = '?'; /* a C1 in UTF-8 */
    }
}

/* One line on standard error: who says so, what, and END. */
__attribute__((format(printf, 1, 0))) static void
say(const char *format, va_list args, const char *end)
{
    char *text;
    if (vasprintf(&text, format, args) == -1)
        return; /* the exit status tells */
    gl_cli_tame(text);
    fprintf(stderr, "glinto: %s%s\n", text, end);
    free(text);
}

int
gl_cli_fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(format, args, "");
    va_end(args);
    return GL_CLI_FAILED;
}

static const char *asked; /* noun, or NULL: none yet */

void
gl_cli_asks(const char *noun)
{
    asked = noun;
}

int
gl_cli_misuse(const char *format, ...)
{
    char end[64];
    va_list args;
    va_start(args, format);
    snprintf(end, sizeof end, "; see glinto%s%s --help",
             asked == NULL ? "" : " ", asked == NULL ? "" : asked);
    say(format, args, end);
    va_end(args);
    return GL_CLI_USAGE;
}

int
gl_cli_no_verb(const struct gl_cli *cli, const char *noun)
{
    return cli->argc > 0 ? gl_cli_misuse("there is no \"glinto %s %s\"", noun,
                                         cli->argv[0])
                         : gl_cli_misuse("%s needs a verb", noun);
}

/* The noun stands where others have a verb, which gl_cli_read() skips. */
void
gl_cli_without_verb(struct gl_cli *cli)
{
    cli->argc++;
    cli->argv--;
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
gl_cli_read_some(struct gl_cli *cli, const struct gl_cli_option *options,
                 const char **words, int words_n, int *n)
{
    int found = *n = 0;
    for (int i = 1; i < cli->argc; i++) {
        const char *word = cli->argv[i];
        if (strncmp(word, "--", 2) != 0) {
            if (found == words_n)
                return gl_cli_misuse("\"%s\" is one word too many", word);
            words[found++] = word;
            *n = found;
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
    return GL_CLI_OK;
}

int
gl_cli_read(struct gl_cli *cli, const struct gl_cli_option *options,
            const char **words, int words_n)
{
    int found, status = gl_cli_read_some(cli, options, words, words_n, &found);
    if (status != GL_CLI_OK)
        return status;
    return found < words_n
               ? gl_cli_misuse("\"%s\" needs more words", cli->argv[0])
               : GL_CLI_OK;
}
