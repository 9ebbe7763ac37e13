/* glinto summary: a week in words. */

#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS 79

static const char help[] =
    "glinto summary - a site's week in words\n"
    "\n"
    "  glinto summary --site DOMAIN\n"
    "      --week 2026-W47    another week than the last one that is over\n"
    "      --language CODE    de, en, es, fr, it or nl (default en)\n"
    "      --json             with the receipt of each number\n"
    "\n"
    "What changed, what caused it, records, days that differ, hours without\n"
    "any event, goals, visitors and programs of artificial intelligence, "
    "bots,\n"
    "and one suggestion at most.  conf/SUMMARY.md says how it is made.\n"
    "\n"
    "  glinto summary --site example.com --week 2026-W47 --language de\n";

/* How many columns of a terminal the LEN bytes at TEXT take, about: UTF-8. */
static int
width(const char *text, size_t len)
{
    int n = 0;
    for (size_t i = 0; i < len; i++)
        n += ((unsigned char) text[i] & 0xc0) != 0x80;
    return n;
}

/* TEXT from column AT on, broken at blanks, lines after the first indented;
 * the column where it ends. */
static int
print_filled(const char *text, int at, int indent)
{
    while (*text != '\0') {
        size_t len = strcspn(text, " ");
        int wide = width(text, len);
        if (at > indent && at + 1 + wide > COLUMNS) {
            printf("\n%*s", indent, "");
            at = indent;
        } else if (at > indent) {
            putchar(' ');
            at++;
        }
        fwrite(text, 1, len, stdout);
        at += wide;
        text += len;
        text += *text == ' ';
    }
    return at;
}

static void
print_sentences(const json_t *answer)
{
    enum { INDENT = 2 };
    const json_t *sentences = json_object_get(answer, "sentences"), *one;
    int at = 0;
    size_t i;
    json_array_foreach (sentences, i, one) {
        char text[2048];
        snprintf(text, sizeof text, "%s", gl_cli_text(one, "text"));
        gl_cli_tame(text);
        if (!json_is_true(json_object_get(one, "goes_on"))) {
            printf("%s- ", at == 0 ? "" : "\n");
            at = INDENT;
        }
        at = print_filled(text, at, INDENT);
    }
    putchar('\n');
}

static int
run(struct gl_cli *cli)
{
    const char *site = NULL, *week = NULL, *language = NULL;
    const struct gl_cli_option options[] = {{"site", &site, NULL},
                                            {"week", &week, NULL},
                                            {"language", &language, NULL},
                                            {0}};
    json_auto_t *answer = NULL;
    int done;
    gl_cli_without_verb(cli);
    int status = gl_cli_read(cli, options, NULL, 0);
    if (status != GL_CLI_OK)
        return status;
    if (site == NULL)
        return gl_cli_misuse("summary needs --site DOMAIN");
    answer =
        gl_cli_ask_and_print(cli, "summary",
                             json_pack("{s:s, s:s*, s:s*}", "site", site,
                                       "week", week, "language", language),
                             &done, &status);
    if (done)
        return status;
    printf("%s, %s, %s to %s\n\n", gl_cli_text(answer, "site"),
           gl_cli_text(answer, "week"), gl_cli_text(answer, "first"),
           gl_cli_text(answer, "last"));
    print_sentences(answer);
    return GL_CLI_OK;
}

const struct gl_cli_noun gl_cli_summary = {
    .name = "summary", .run = run, .help = help};
