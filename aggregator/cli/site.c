/* glinto site: what is counted. */

#include "cli/verb.h"

#include <stdio.h>
#include <string.h>

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

/* Texts with commas between, as "site set" takes them; the caller's. */
static json_t *
list_text(const json_t *texts)
{
    json_t *all = json_string("");
    const json_t *text;
    size_t i;

    json_array_foreach (texts, i, text) {
        json_t *longer =
            json_sprintf("%s%s%s", json_string_value(all), i > 0 ? "," : "",
                         json_string_value(text));
        json_decref(all);
        all = longer;
    }
    return all;
}

/* A row of the table of "site show". */
static void
add_row(json_t *rows, const char *key, const json_t *value)
{
    char text[512] = "";
    json_t *shown = NULL;

    if (json_is_boolean(value))
        shown = json_string(json_is_true(value) ? "yes" : "no");
    else if (json_is_array(value))
        shown = list_text(value);
    else if (json_is_integer(value) && strcmp(key, "created") == 0) {
        gl_cli_value(text, sizeof text, key, value);
        shown = json_string(text);
    } else if (json_is_integer(value))
        shown =
            json_sprintf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else
        shown = json_incref((json_t *) (uintptr_t) value);
    json_array_append_new(rows,
                          json_pack("{s:s, s:o}", "key", key, "value", shown));
}

/* The members of an object, each with BEFORE its name. */
static void
add_rows(json_t *rows, const char *before, json_t *object)
{
    const char *member;
    json_t *value;
    char key[64];

    json_object_foreach (object, member, value) {
        snprintf(key, sizeof key, "%s%s", before, member);
        if (json_is_object(value))
            add_rows(rows, strcmp(key, "bots") == 0 ? "" : "keep_", value);
        else if (strcmp(key, "old_names") != 0)
            add_row(rows, key, value);
    }
}

static void
shown(const json_t *args, const json_t *answer)
{
    static const struct gl_cli_column columns[] = {{"KEY", "key", 0},
                                                   {"VALUE", "value", 0}};
    json_auto_t *rows = json_array();

    (void) args;
    add_rows(rows, "", json_object_get(answer, "site"));
    add_rows(rows, "block_", json_object_get(answer, "block"));
    gl_cli_table(rows, columns, 2, "");
}

/* Who, in the words of people, and how many of what. */
static void
print_views(const json_t *answer)
{
    static const struct gl_cli_column columns[] = {
        {"WHO", "who", 0}, {"VISITORS", "visitors", 1}, {"VIEWS", "views", 1}};
    static const struct {
        const char *key, *who;
    } lines[] = {{"script", "run the script"},
                 {"blocks_script", "block scripts"},
                 {"unexplained", "unexplained clients"},
                 {"served", "all that were served a page"}};
    const json_t *visitors = json_object_get(answer, "visitors");
    const json_t *views = json_object_get(answer, "views");
    json_auto_t *rows = json_array();

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        json_array_append_new(
            rows, json_pack("{s:s, s:O, s:O}", "who", lines[i].who, "visitors",
                            json_object_get(visitors, lines[i].key), "views",
                            json_object_get(views, lines[i].key)));
    json_array_append_new(
        rows,
        json_pack("{s:s, s:I, s:O}", "who", "told by the script", "visitors",
                  gl_cli_number(visitors, "script") +
                      gl_cli_number(visitors, "script_alone"),
                  "views", json_object_get(views, "told")));
    gl_cli_table(rows, columns, 3, "");
}

static const struct gl_cli_column missing[] = {{"NOT FOUND", "n", 1},
                                               {"PAGE", "page", 0}};
static const struct gl_cli_column failed[] = {{"FAILED", "n", 1},
                                              {"PAGE", "page", 0}};
static const struct gl_cli_column slow[] = {
    {"P95 MS", "p95_ms", 1},        {"P50 MS", "p50_ms", 1},
    {"UPSTREAM", "upstream_ms", 1}, {"CACHED", "cached", 1},
    {"VIEWS", "views", 1},          {"PAGE", "page", 0}};
static const struct gl_cli_column slow_days[] = {{"P95 MS", "p95_ms", 1},
                                                 {"P50 MS", "p50_ms", 1},
                                                 {"VIEWS", "views", 1},
                                                 {"DAY", "day", 0},
                                                 {"PAGE", "page", 0}};
static const struct gl_cli_column served_bots[] = {
    {"DAY", "day", 0},         {"BOT", "bot", 0},
    {"VIEWS", "views", 1},     {"REFUSED", "refused", 1},
    {"MISSING", "missing", 1}, {"FAILED", "failed", 1},
    {"PAGE", "page", 0}};

static void
served(const json_t *args, const json_t *answer)
{
    static const struct gl_cli_list lists[] = {
        GL_CLI_LIST("missing", missing, "No page was not found."),
        GL_CLI_LIST("failed", failed, "No page failed."),
        GL_CLI_LIST("slow", slow,
                    "No page was served: is \"glinto on\" in nginx?"),
        GL_CLI_LIST("slow_days", slow_days, "No page was served on any day."),
        GL_CLI_LIST("bots", served_bots, "No page was served to a bot."),
    };

    (void) args;
    print_views(answer);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        putchar('\n');
        gl_cli_print_list(&lists[i], answer);
    }
}

/* BOTS_N of them of a bot, all of a page. */
static const struct gl_cli_column ai_pages[] = {
    {"OPERATOR", "operator", 0}, {"BOT", "bot", 0},
    {"IDENTITY", "identity", 0}, {"WHY", "why", 0},
    {"VIEWS", "views", 1},       {"REFUSED", "refused", 1},
    {"MISSING", "missing", 1},   {"FAILED", "failed", 1},
    {"PAGE", "page", 0}};
#define BOTS_N (sizeof ai_pages / sizeof ai_pages[0] - 1)
static const struct gl_cli_column ai_people[] = {
    {"PEOPLE CAME FROM", "source", 0},
    {"OPERATOR", "operator", 0},
    {"VISITORS", "visitors", 1},
    {"VISITS", "visits", 1}};

static void
ai(const json_t *args, const json_t *answer)
{
    static const struct gl_cli_list lists[] = {
        {"bots", ai_pages, BOTS_N, "No page was served to a crawler of AI."},
        GL_CLI_LIST("pages", ai_pages, ""),
        GL_CLI_LIST("people", ai_people, "Nobody came from an assistant."),
    };

    (void) args;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (i > 0)
            putchar('\n');
        gl_cli_print_list(&lists[i], answer);
    }
}

static const struct gl_cli_column sites[] = {
    {"DOMAIN", "domain", 0},
    {"ACCOUNT", "account", 0},
    {"TIMEZONE", "timezone", 0},
    {"PUBLIC", "public", 0},
    {"REFRESH", "refresh_window", 1},
    {"OPTOUT", "optout", 0},
    {"HOSTS", "hosts", 0},
};
static const struct gl_cli_column bots[] = {
    {"DAY", "day", 0},  {"EVENTS", "n", 1},          {"REASON", "reason", 0},
    {"BOT", "bot", 0},  {"OPERATOR", "operator", 0}, {"KIND", "kind", 0},
    {"PAGE", "page", 0}};

static const struct gl_cli_verb verbs[] = {
    {"site.add", .print = added},
    {"site.list",
     .list = GL_CLI_LIST("sites", sites, "There is no site yet.")},
    {"site.show", .print = shown},
    {"site.bots",
     .list = GL_CLI_LIST("bots", bots, "Nothing was found to be a bot's.")},
    {"site.served", .print = served},
    {"site.ai", .print = ai},
    {"site.set", .says = "site {domain}: {key} is now {value}"},
    {"site.rename", .says = "site {domain} is {to} now; events under the old "
                            "name count for 72 hours more"},
    {"site.move", .says = "site {domain} moved to account {account}"},
    {"site.reset", .says = "site {domain} begins anew",
     .erases = "site.erases"},
    {"site.remove", .says = "site {domain} removed", .erases = "site.erases"},
    {0}};

const struct gl_cli_noun gl_cli_site = {
    .name = "site",
    .verbs = verbs,
    .help = "glinto site - a site is a domain whose visits are counted\n"
            "\n",
    .examples =
        "\n"
        "  glinto site add example.com --timezone Europe/Berlin --public\n"
        "  glinto site set example.com refresh_window 10\n"
        "  glinto site set example.com block_addresses 203.0.113.0/24\n"
        "  glinto site set example.com keep_screen no\n",
};
