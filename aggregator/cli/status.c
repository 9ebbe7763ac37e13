/* glinto status: how glintod is doing, room by room. */

#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define GL_CLI_INDENT 2
#define GL_CLI_NAMES_MAX 8 /* accounts named in one sentence */
#define GL_CLI_WAIT_MAX_S 3600
#define GL_CLI_WAIT_NS 100000000 /* a start takes some 100 ms */

static const char help[] =
    "glinto status - how glintod is doing, room by room\n"
    "\n"
    "  glinto status          what an operator should know and do, then\n"
    "                         counters since its start; times in UTC\n"
    "  glinto status --json   the same for programs\n"
    "  glinto status --wait S first wait until glintod answers, at most S\n"
    "                         seconds (1 to 3600): for scripts that have "
    "just\n"
    "                         started it\n";

/* An object with something below it. */
static int
is_room(const json_t *value)
{
    return json_is_object(value) && json_object_size(value) > 0;
}

static int
key_width(json_t *room)
{
    const char *key;
    json_t *value;
    int longest = 0;
    json_object_foreach (room, key, value) {
        int len = (int) strlen(key);
        longest = len > longest && !is_room(value) ? len : longest;
    }
    return longest;
}

/* Plain values first, then the objects below each under its name. */
static void
print_room(json_t *room, int indent)
{
    const char *key;
    json_t *value;
    int longest = key_width(room);
    char text[256];
    json_object_foreach (room, key, value) {
        if (!is_room(value)) {
            gl_cli_value(text, sizeof text, key, value);
            printf("%*s%-*s  %s\n", indent, "", longest, key, text);
        }
    }
    json_object_foreach (room, key, value) {
        if (is_room(value)) {
            printf("%*s%s\n", indent, "", key);
            print_room(value, indent + GL_CLI_INDENT);
        }
    }
}

static void
print_text(const json_t *object, const char *key, const char *before,
           const char *after)
{
    const json_t *value = json_object_get(object, key);
    char text[1024];
    if (value != NULL) {
        gl_cli_value(text, sizeof text, "", value);
        printf("%s%s%s", before, text, after);
    }
}

/* One condition of two accounts: a full disk stops every one of them. */
static int
alike(const json_t *one, const json_t *other)
{
    return json_object_get(one, "account") != NULL &&
           json_object_get(other, "account") != NULL &&
           json_object_get(one, "count") == NULL &&
           json_equal(json_object_get(one, "kind"),
                      json_object_get(other, "kind")) &&
           json_equal(json_object_get(one, "advice"),
                      json_object_get(other, "advice"));
}

static int
told_before(const json_t *list, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (alike(json_array_get(list, at), json_array_get(list, i)))
            return 1;
    return 0;
}

/* "Accounts a, b: " of those alike to AT; returns the oldest of them. */
static const json_t *
print_accounts(const json_t *list, size_t at)
{
    const json_t *first = json_array_get(list, at), *oldest = first;
    int named = 0, more = 0;
    for (size_t i = at + 1; i < json_array_size(list); i++)
        more += alike(first, json_array_get(list, i));
    print_text(first, "account", more > 0 ? "Accounts " : "Account ", "");
    for (size_t i = at + 1; i < json_array_size(list); i++) {
        const json_t *next = json_array_get(list, i);
        if (!alike(first, next))
            continue;
        if (gl_cli_number(next, "since") < gl_cli_number(oldest, "since"))
            oldest = next;
        if (++named < GL_CLI_NAMES_MAX)
            print_text(next, "account", ", ", "");
    }
    if (more >= GL_CLI_NAMES_MAX)
        printf(" and %d more", more - GL_CLI_NAMES_MAX + 1);
    fputs(json_object_get(first, "account") == NULL ? "" : ": ", stdout);
    return oldest;
}

/* What an operator should know, a paragraph each. */
static void
print_conditions(const json_t *list)
{
    if (json_array_size(list) == 0) {
        puts("All is well.\n");
        return;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (told_before(list, i))
            continue;
        const json_t *oldest = print_accounts(list, i);
        print_text(oldest, "text", "", "\n");
        print_text(oldest, "advice", "  ", "\n");
        putchar('\n');
    }
}

static void
print_json(json_t *answer, json_t *drops)
{
    json_object_set(answer, "not_counted", drops);
    gl_cli_print_json(answer);
}

static void
print_people(json_t *answer, const json_t *drops)
{
    print_conditions(json_object_get(answer, "conditions"));
    gl_cli_not_counted(drops, json_object_get(answer, "unknown_domains"));
    putchar('\n');
    json_object_del(answer, "conditions");
    json_object_del(answer, "unknown_domains");
    json_object_del(answer, "drops");
    print_room(answer, 0);
}

/* Until glintod takes connections, or TEXT seconds are over: the question that
 * follows says why. */
static int
wait_for(struct gl_cli *cli, const char *text)
{
    const struct timespec pause = {.tv_nsec = GL_CLI_WAIT_NS};
    char *end;
    long s = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || s < 1 || s > GL_CLI_WAIT_MAX_S)
        return gl_cli_misuse("--wait takes seconds, 1 to %d; not \"%s\"",
                             GL_CLI_WAIT_MAX_S, text);
    for (time_t until = time(NULL) + s;
         !gl_cli_answers(cli) && time(NULL) < until;)
        nanosleep(&pause, NULL);
    return GL_CLI_OK;
}

static int
run(struct gl_cli *cli)
{
    const char *wait = NULL;
    const struct gl_cli_option options[] = {{"wait", &wait, NULL}, {0}};
    gl_cli_without_verb(cli);
    int status = gl_cli_read(cli, options, NULL, 0);
    if (status == GL_CLI_OK && wait != NULL)
        status = wait_for(cli, wait);
    if (status != GL_CLI_OK)
        return status;
    json_auto_t *answer = gl_cli_ask(cli, "status", json_object());
    json_auto_t *drops =
        answer == NULL ? NULL : gl_cli_ask(cli, "drops", json_object());
    if (drops == NULL)
        return cli->status;
    if (cli->json)
        print_json(answer, drops);
    else
        print_people(answer, drops);
    return GL_CLI_OK;
}

const struct gl_cli_noun gl_cli_status = {
    .name = "status", .run = run, .help = help};
