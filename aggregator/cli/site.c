/* glinto site: what is counted. */

#include "cli/cli.h"

#include <stdio.h>

static void
added(const json_t *args, const json_t *answer)
{
    const json_t *site = json_object_get(answer, "site");
    char domain[256], zone[64];
    (void) args;
    gl_cli_value(domain, sizeof domain, "domain",
                 json_object_get(site, "domain"));
    gl_cli_value(zone, sizeof zone, "", json_object_get(site, "timezone"));
    printf("site %s added, %s, timezone %s%s\n", domain,
           json_is_true(json_object_get(site, "public")) ? "public"
                                                         : "not public",
           zone,
           json_object_get(answer, "note") == NULL
               ? "; counted from the next second on"
               : "");
}

static void
listed(const json_t *args, const json_t *answer)
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
    (void) args;
    gl_cli_table(json_object_get(answer, "sites"), columns, 7,
                 "There is no site yet.");
}

static void
changed(const json_t *args, const json_t *answer)
{
    (void) answer;
    printf("site %s: %s is now %s\n", gl_cli_text(args, "domain"),
           gl_cli_text(args, "key"), gl_cli_text(args, "value"));
}

static void
moved(const json_t *args, const json_t *answer)
{
    (void) answer;
    printf("site %s moved to account %s\n", gl_cli_text(args, "domain"),
           gl_cli_text(args, "account"));
}

static void
renamed(const json_t *args, const json_t *answer)
{
    (void) answer;
    printf("site %s is %s now; events under the old name count for 72 hours "
           "more\n",
           gl_cli_text(args, "domain"), gl_cli_text(args, "to"));
}

static void
reset(const json_t *args, const json_t *answer)
{
    (void) answer;
    printf("site %s begins anew\n", gl_cli_text(args, "domain"));
}

static void
removed(const json_t *args, const json_t *answer)
{
    (void) answer;
    printf("site %s removed\n", gl_cli_text(args, "domain"));
}

static const struct gl_cli_verb verbs[] = {
    {"site.add", added, NULL},
    {"site.list", listed, NULL},
    {"site.set", changed, NULL},
    {"site.rename", renamed, NULL},
    {"site.move", moved, NULL},
    {"site.reset", reset, "site.erases"},
    {"site.remove", removed, "site.erases"},
    {0}};

const struct gl_cli_noun gl_cli_site = {
    .name = "site",
    .verbs = verbs,
    .help = "glinto site - a site is a domain whose visits are counted\n"
            "\n",
    .examples =
        "\n"
        "  glinto site add example.com --timezone Europe/Berlin --public\n"
        "  glinto site set example.com refresh_window 10\n",
};
