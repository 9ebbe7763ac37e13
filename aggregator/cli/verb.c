/*
 * Verbs that are one question: what the command line must say, the question
 * and the help are made from the table of verbs.
 */

#include "cli/verb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin/table.h"

/* "--account NAME" is an option with a value, "--public" a flag, "DOMAIN" a
 * word. */
static int
is_option(const struct gl_verb_arg *arg)
{
    return arg->usage != NULL && strncmp(arg->usage, "--", 2) == 0;
}

static int
is_flag(const struct gl_verb_arg *arg)
{
    return is_option(arg) && strchr(arg->usage, ' ') == NULL;
}

/* What the command line says of a verb's arguments, in their order. */
struct given {
    struct gl_cli_option options[GL_VERB_ARGS_MAX + 2]; /* "yes", and an end */
    const char *text[GL_VERB_ARGS_MAX];
    int flag[GL_VERB_ARGS_MAX];
    int yes; /* do not ask */
};

static int
read_given(struct gl_cli *cli, const struct gl_cli_verb *own,
           const struct gl_verb *verb, struct given *given)
{
    const char *words[GL_VERB_ARGS_MAX];
    int options_n = 0, words_n = 0, found;
    for (int i = 0; verb->args[i].key != NULL; i++) {
        const struct gl_verb_arg *arg = &verb->args[i];
        if (is_option(arg)) {
            given->options[options_n++] =
                (struct gl_cli_option){arg->key, &given->text[i],
                                       is_flag(arg) ? &given->flag[i] : NULL};
        } else if (arg->usage != NULL) {
            words_n++;
        }
    }
    if (own->erases != NULL)
        given->options[options_n] =
            (struct gl_cli_option){"yes", NULL, &given->yes};
    int status = gl_cli_read_some(cli, given->options, words, words_n, &found);
    for (int i = 0, word = 0; verb->args[i].key != NULL; i++) {
        const struct gl_verb_arg *arg = &verb->args[i];
        if (status != GL_CLI_OK || arg->usage == NULL || is_option(arg))
            continue;
        if (word == found)
            return gl_cli_misuse("\"%s\" needs %s", cli->argv[0], arg->usage);
        given->text[i] = words[word++];
    }
    return status;
}

/* ARG into ARGS, when it is there: 0, or -1 and it has been said why. */
static int
put_arg(const struct gl_cli *cli, json_t *args, const struct gl_verb_arg *arg,
        const char *text, int flag)
{
    if (flag)
        return json_object_set_new(args, arg->key, json_true());
    if (text == NULL && arg->needed) {
        gl_cli_misuse("\"%s\" needs %s", cli->argv[0], arg->usage);
        return -1;
    }
    if (text != NULL &&
        json_object_set_new(args, arg->key, json_string(text)) == -1) {
        gl_cli_fail("an argument is not UTF-8");
        return -1;
    }
    return 0;
}

/* The arguments of OWN as the command line has them, the caller's; NULL when
 * they are not understood.  *YES: --yes is among them. */
static json_t *
read_args(struct gl_cli *cli, const struct gl_cli_verb *own, int *yes)
{
    const struct gl_verb *verb = gl_verb_by_name(own->name);
    struct given given = {0};
    if (read_given(cli, own, verb, &given) != GL_CLI_OK)
        return NULL;
    *yes = given.yes;
    json_t *args = json_object();
    for (int i = 0; verb->args[i].key != NULL; i++) {
        if (put_arg(cli, args, &verb->args[i], given.text[i], given.flag[i]) ==
            -1) {
            json_decref(args);
            return NULL;
        }
    }
    return args;
}

/* What OWN would erase is named by its noun and its first argument. */
static int
make_sure(struct gl_cli *cli, const struct gl_cli_verb *own, json_t *args)
{
    const struct gl_verb *verb = gl_verb_by_name(own->name);
    char what[512];
    snprintf(what, sizeof what, "%.*s %s",
             (int) (strchr(own->name, '.') - own->name), own->name,
             gl_cli_text(args, verb->args[0].key));
    gl_cli_tame(what);
    return gl_cli_sure(cli, what, own->erases, json_incref(args));
}

/* The texts of ARGS will be shown. */
static void
tame(json_t *args)
{
    const char *key;
    json_t *value;
    json_object_foreach (args, key, value) {
        char *text =
            json_is_string(value) ? strdup(json_string_value(value)) : NULL;
        if (text == NULL)
            continue;
        gl_cli_tame(text);
        json_string_set(value, text);
        free(text);
    }
}

/* What stands in the braces of a sentence, PATH. */
static void
say_member(const char *path, const json_t *args, const json_t *answer)
{
    const char *dot = strchr(path, '.');
    char object[32], text[512];
    if (dot == NULL) {
        fputs(gl_cli_text(args, path), stdout);
        return;
    }
    snprintf(object, sizeof object, "%.*s", (int) (dot - path), path);
    if (object[0] != '\0')
        answer = json_object_get(answer, object);
    gl_cli_value(text, sizeof text, dot + 1, json_object_get(answer, dot + 1));
    fputs(text, stdout);
}

static void
say(const char *sentence, const json_t *args, const json_t *answer)
{
    for (; *sentence != '\0'; sentence++) {
        char path[64];
        if (*sentence != '{') {
            putchar(*sentence);
            continue;
        }
        int len = (int) strcspn(++sentence, "}");
        snprintf(path, sizeof path, "%.*s", len, sentence);
        say_member(path, args, answer);
        sentence += len;
    }
    putchar('\n');
}

void
gl_cli_print_list(const struct gl_cli_list *list, const json_t *answer)
{
    gl_cli_table(json_object_get(answer, list->member), list->columns,
                 list->columns_n, list->none);
}

static void
print(const struct gl_cli_verb *own, const json_t *args, const json_t *answer)
{
    if (own->says != NULL)
        say(own->says, args, answer);
    else if (own->list.member != NULL)
        gl_cli_print_list(&own->list, answer);
    else
        own->print(args, answer);
}

static int
run(struct gl_cli *cli, const struct gl_cli_verb *own)
{
    int done, status = GL_CLI_OK, yes;
    json_auto_t *args = read_args(cli, own, &yes);
    if (args == NULL)
        return GL_CLI_USAGE;
    if (own->erases != NULL && !yes)
        status = make_sure(cli, own, args);
    if (status != GL_CLI_OK)
        return status;
    json_t *answer = gl_cli_ask_and_print(cli, own->name, json_incref(args),
                                          &done, &status);
    if (!done) {
        tame(args);
        print(own, args, answer);
        json_decref(answer);
    }
    return status;
}

int
gl_cli_verb(struct gl_cli *cli, const struct gl_cli_noun *noun)
{
    const char *word = cli->argc > 0 ? cli->argv[0] : "";
    for (const struct gl_cli_verb *verb = noun->verbs; verb->name != NULL;
         verb++)
        if (strcmp(strchr(verb->name, '.') + 1, word) == 0)
            return run(cli, verb);
    return gl_cli_no_verb(cli, noun->name);
}

/* ---- help ---- */

/* TEXT, its lines after the first INDENT columns to the right. */
static void
print_indented(const char *text, int indent)
{
    for (; *text != '\0'; text++) {
        putchar(*text);
        if (*text == '\n')
            printf("%*s", indent, "");
    }
    putchar('\n');
}

/* The next WORD of a line of which COLUMNS are printed; a new line where it
 * has no room. */
static int
print_word(const char *word, int needed, int columns)
{
    enum { WIDTH = 79, MORE = 10 };
    int len = (int) strlen(word) + (needed ? 1 : 3);

    if (columns + len > WIDTH) {
        printf("\n%*s", MORE - 1, "");
        columns = MORE - 1;
    }
    printf(needed ? " %s" : " [%s]", word);
    return columns + len;
}

static void
print_usage(const struct gl_verb *verb, int asks)
{
    const char *dot = strchr(verb->name, '.');
    int columns = printf("  glinto %.*s %s", (int) (dot - verb->name),
                         verb->name, dot + 1);
    for (const struct gl_verb_arg *arg = verb->args; arg->key != NULL; arg++)
        if (arg->usage != NULL)
            columns = print_word(arg->usage, arg->needed, columns);
    if (asks)
        print_word("--yes", 0, columns);
    putchar('\n');
}

static void
print_verb(const struct gl_verb *verb, int asks)
{
    enum { INDENT = 6, OPTION = 17 };
    print_usage(verb, asks);
    for (const struct gl_verb_arg *arg = verb->args; arg->key != NULL; arg++) {
        if (arg->help != NULL) {
            printf("%*s%-*s", INDENT, "", OPTION, arg->usage);
            if (strlen(arg->usage) >= OPTION)
                printf("\n%*s", INDENT + OPTION, "");
            print_indented(arg->help, INDENT + OPTION);
        }
    }
    if (asks)
        printf("%*s%-*s%s\n", INDENT, "", OPTION, "--yes", "do not ask first");
    if (verb->help[0] != '\0') {
        printf("%*s", INDENT, "");
        print_indented(verb->help, INDENT);
    }
}

void
gl_cli_help(const struct gl_cli_noun *noun)
{
    fputs(noun->help, stdout);
    if (noun->verbs == NULL)
        return;
    for (const struct gl_cli_verb *verb = noun->verbs; verb->name != NULL;
         verb++)
        print_verb(gl_verb_by_name(verb->name), verb->erases != NULL);
    fputs(noun->examples, stdout);
}
