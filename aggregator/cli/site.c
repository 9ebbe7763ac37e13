/* glinto site: what is counted. */

#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char gl_cli_site_help[] =
    "glinto site - a site is a domain whose visits are counted\n"
    "\n"
    "  glinto site add DOMAIN [--account NAME] [--timezone TZ] [--public]\n"
    "      --account NAME   who owns it (default \"default\")\n"
    "      --timezone TZ    when its day begins (default UTC; a name of the "
    "tz\n"
    "                       database)\n"
    "      --public         everybody may see its dashboard\n"
    "      Counted from the next second on, when workers have heard of it.\n"
    "  glinto site list [--account NAME]\n"
    "  glinto site set DOMAIN KEY VALUE\n"
    "      timezone         name of the tz database\n"
    "      public           yes or no\n"
    "      refresh_window   seconds; a reload within is no new pageview (0: "
    "all\n"
    "                       are)\n"
    "      optout           yes or no: heed the browser's opt-out signals\n"
    "      hosts            allowed hosts, comma list; \"\" allows all\n"
    "  glinto site move DOMAIN --account NAME   its data goes along\n"
    "  glinto site remove DOMAIN\n"
    "\n"
    "  glinto site add example.com --timezone Europe/Berlin --public\n"
    "  glinto site set example.com refresh_window 10\n";

static int
add(struct gl_cli *cli)
{
    const char *domain, *account = NULL, *timezone = NULL;
    int public = 0, done;
    const struct gl_cli_option options[] = {{"account", &account, NULL},
                                            {"timezone", &timezone, NULL},
                                            {"public", NULL, &public},
                                            {0}};
    int status = gl_cli_read(cli, options, &domain, 1);
    if (status != GL_CLI_OK) {
        return status;
    }
    json_t *answer = gl_cli_ask_and_print(
        cli, "site/add",
        json_pack("{s:s, s:s*, s:s*, s:b}", "domain", domain, "account",
                  account, "timezone", timezone, "public", public),
        &done, &status);
    if (!done) {
        json_t *site = json_object_get(answer, "site");
        const char *name = json_string_value(json_object_get(site, "domain"));
        char zone[64];
        gl_cli_value(zone, sizeof(zone), "timezone",
                     json_object_get(site, "timezone"));
        printf("site %s added, %s, timezone %s%s\n",
               name == NULL ? domain : name, public ? "public" : "not public",
               zone,
               json_object_get(answer, "note") == NULL
                   ? "; counted from the next second on"
                   : "");
        json_decref(answer);
    }
    return status;
}

static int
list(struct gl_cli *cli)
{
    static const struct gl_cli_column columns[] = {
        {"DOMAIN", "domain", 0},
        {"ACCOUNT", "account", 0},
        {"TIMEZONE", "timezone", 0},
        {"PUBLIC", "public", 0},
        {"REFRESH", "refresh_window", 1},
        {"OPTOUT", "optout", 0},
        {"HOSTS", "hosts", 0},
    };
    const char *account = NULL;
    const struct gl_cli_option options[] = {{"account", &account, NULL}, {0}};
    int status = gl_cli_read(cli, options, NULL, 0);
    if (status != GL_CLI_OK) {
        return status;
    }
    return gl_cli_list(cli, "site", json_pack("{s:s*}", "account", account),
                       columns, 7);
}

static int
remove_site(struct gl_cli *cli)
{
    return gl_cli_end(cli, "site", "remove", "domain");
}

static int
move(struct gl_cli *cli)
{
    const char *domain, *account = NULL;
    const struct gl_cli_option options[] = {{"account", &account, NULL}, {0}};
    int done, status = gl_cli_read(cli, options, &domain, 1);
    if (status != GL_CLI_OK) {
        return status;
    }
    if (account == NULL) {
        gl_cli_fail("move needs --account NAME");
        return GL_CLI_USAGE;
    }
    json_t *answer = gl_cli_ask_and_print(
        cli, "site/move",
        json_pack("{s:s, s:s}", "domain", domain, "account", account), &done,
        &status);
    if (!done) {
        printf("site %s moved to account %s\n", domain, account);
        json_decref(answer);
    }
    return status;
}

/* The JSON value of KEY's VALUE as typed; NULL when it is none. */
static json_t *
setting(const char *key, const char *value)
{
    char *end;
    if (strcmp(key, "public") == 0 || strcmp(key, "optout") == 0) {
        if (strcmp(value, "yes") == 0 || strcmp(value, "true") == 0 ||
            strcmp(value, "on") == 0) {
            return json_true();
        }
        return strcmp(value, "no") == 0 || strcmp(value, "false") == 0 ||
                       strcmp(value, "off") == 0
                   ? json_false()
                   : NULL;
    }
    if (strcmp(key, "refresh_window") == 0) {
        long long seconds = strtoll(value, &end, 10);
        return *value != '\0' && *end == '\0' ? json_integer(seconds) : NULL;
    }
    return json_string(value);
}

static int
set(struct gl_cli *cli)
{
    static const struct gl_cli_option none[] = {{0}};
    const char *words[3];
    int done, status = gl_cli_read(cli, none, words, 3);
    if (status != GL_CLI_OK) {
        return status;
    }
    json_t *value = setting(words[1], words[2]);
    if (value == NULL) {
        gl_cli_fail("%s takes %s, not \"%s\"", words[1],
                    strcmp(words[1], "refresh_window") == 0 ? "seconds"
                                                            : "yes or no",
                    words[2]);
        return GL_CLI_USAGE;
    }
    json_t *answer =
        gl_cli_ask_and_print(cli, "site/set",
                             json_pack("{s:s, s:s, s:o}", "domain", words[0],
                                       "key", words[1], "value", value),
                             &done, &status);
    if (!done) {
        printf("site %s: %s is now %s\n", words[0], words[1], words[2]);
        json_decref(answer);
    }
    return status;
}

int
gl_cli_site(struct gl_cli *cli)
{
    static const struct {
        const char *name;
        int (*run)(struct gl_cli *cli);
    } verbs[] = {
        {"add", add},   {"list", list}, {"remove", remove_site},
        {"move", move}, {"set", set},
    };
    const char *verb = cli->argc > 0 ? cli->argv[0] : "";
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(verbs[i].name, verb) == 0) {
            return verbs[i].run(cli);
        }
    }
    return gl_cli_no_verb(cli, "site");
}
