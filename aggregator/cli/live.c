/* glinto live SITE: a line for every change, until Ctrl-C. */

#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

const char gl_cli_live_help[] =
    "glinto live - watch a site's live numbers until Ctrl-C\n"
    "\n"
    "  glinto live SITE          a line for every change: visitors of the "
    "last\n"
    "                            5 minutes, pageviews of the last 30, today\n"
    "  glinto live SITE --json   one JSON object a line\n"
    "\n"
    "  glinto live example.com\n"
    "  glinto live example.com --json | jq --unbuffered .visitors\n";

static int64_t
number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void
print_human(const json_t *news)
{
    const json_t *today = json_object_get(news, "today");
    const json_t *minutes = json_object_get(news, "pageviews_30m");
    time_t at_s = (time_t) (number(news, "at") / 1000);
    char clock[16] = "";
    struct tm tm;
    int64_t recent = 0;
    for (size_t i = 0; i < json_array_size(minutes); i++) {
        recent += json_integer_value(json_array_get(minutes, i));
    }
    if (localtime_r(&at_s, &tm) != NULL) {
        strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
    }
    printf("%s  %5lld now  %7lld pageviews in 30 min  today %lld visitors, "
           "%lld visits, %lld pageviews\n",
           clock, (long long) number(news, "visitors"), (long long) recent,
           (long long) number(today, "visitors"),
           (long long) number(today, "visits"),
           (long long) number(today, "pageviews"));
}

static void
on_line(void *arg, const char *text, size_t len)
{
    struct gl_cli *cli = arg;
    if (cli->json) {
        fwrite(text, 1, len, stdout);
        putchar('\n');
    } else {
        json_t *news = json_loadb(text, len, 0, NULL);
        print_human(news);
        json_decref(news);
    }
    if (fflush(stdout) != 0) {
        exit(GL_CLI_OK); /* nobody reads any more: "| head" */
    }
}

int
gl_cli_live(struct gl_cli *cli)
{
    if (cli->argc != 1 || cli->argv[0][0] == '-') {
        gl_cli_fail("live needs one site; see glinto live --help");
        return GL_CLI_USAGE;
    }
    char path[1024];
    char *site = gl_cli_encode(cli->argv[0]);
    snprintf(path, sizeof(path), "/v1/live/%s", site);
    free(site);
    if (gl_cli_stream(cli, path, on_line, cli) == 0) {
        gl_cli_fail("glintod has ended");
    }
    return GL_CLI_FAILED;
}
