/* glinto live SITE: a line for every change, until Ctrl-C. */

#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "number.h"

static const char help[] =
    "glinto live - watch a site's live numbers until Ctrl-C\n"
    "\n"
    "  glinto live SITE          a line for every change: visitors of the "
    "last\n"
    "                            5 minutes, pageviews of the last 30, today;\n"
    "                            and what there is to know beside them\n"
    "  glinto live SITE --json   one JSON object a line\n"
    "\n"
    "  glinto live example.com\n"
    "  glinto live example.com --json | jq --unbuffered .visitors\n";

struct watching {
    struct gl_cli *cli;
    char *told; /* the conditions last printed, as JSON */
};

/* "12 visitors", right in WIDTH columns; a dash while it is not known. */
static void
print_count(const json_t *n, const char *one, int width)
{
    char text[GL_NUMBER_MAX] = "-";
    if (json_is_integer(n))
        gl_number(text, json_integer_value(n));
    printf("%*s %s%s", width, text, one,
           json_integer_value(n) == 1 ? "" : "s");
}

static void
print_numbers(const json_t *news)
{
    const json_t *today = json_object_get(news, "today");
    const json_t *minutes = json_object_get(news, "pageviews_30m");
    int known = json_is_integer(json_array_get(minutes, 0));
    int64_t sum = 0;
    for (size_t i = 0; i < json_array_size(minutes); i++)
        sum += json_integer_value(json_array_get(minutes, i));
    json_auto_t *recent = known ? json_integer(sum) : json_null();
    print_count(json_object_get(news, "visitors"), "visitor", 5);
    printf(" now  ");
    print_count(recent, "pageview", 7);
    printf(" in 30 min  today ");
    print_count(json_object_get(today, "visitors"), "visitor", 0);
    printf(", ");
    print_count(json_object_get(today, "visits"), "visit", 0);
    printf(", ");
    print_count(json_object_get(today, "pageviews"), "pageview", 0);
    putchar('\n');
}

/* What to know beside the numbers, when it is another than before. */
static void
print_conditions(const json_t *news, char **told)
{
    const json_t *list = json_object_get(news, "conditions");
    char *now = json_dumps(list, JSON_COMPACT);
    char text[512];
    size_t i;
    json_t *condition;
    if (now == NULL || (*told != NULL && strcmp(now, *told) == 0)) {
        free(now);
        return;
    }
    free(*told);
    *told = now;
    json_array_foreach (list, i, condition) {
        gl_cli_value(text, sizeof text, "",
                     json_object_get(condition, "text"));
        printf("%s%s\n", "          ", text);
    }
}

static void
print_human(struct watching *watching, const json_t *news)
{
    time_t at_s = (time_t) (gl_cli_number(news, "at") / 1000);
    char clock[16] = "";
    struct tm tm;
    if (localtime_r(&at_s, &tm) != NULL)
        strftime(clock, sizeof clock, "%H:%M:%S", &tm);
    printf("%s  ", clock);
    print_numbers(news);
    print_conditions(news, &watching->told);
}

static void
on_line(void *arg, const char *text, size_t len)
{
    struct watching *watching = arg;
    if (watching->cli->json) {
        fwrite(text, 1, len, stdout);
        putchar('\n');
    } else {
        json_auto_t *news = json_loadb(text, len, 0, NULL);
        print_human(watching, news);
    }
    if (fflush(stdout) != 0)
        exit(GL_CLI_OK); /* nobody reads any more: "| head" */
}

static int
run(struct gl_cli *cli)
{
    struct watching watching = {.cli = cli};
    if (cli->argc != 1 || cli->argv[0][0] == '-')
        return gl_cli_misuse("live needs one site");
    char path[1024];
    char *site = gl_cli_encode(cli->argv[0]);
    snprintf(path, sizeof path, "/v1/live/%s", site);
    free(site);
    if (gl_cli_stream(cli, path, on_line, &watching) == 0)
        gl_cli_fail("glintod has ended");
    free(watching.told);
    return GL_CLI_FAILED;
}

const struct gl_cli_noun gl_cli_live = {
    .name = "live", .run = run, .help = help};
