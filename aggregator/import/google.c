/* Tables of Google Analytics 4's explorations; see product.h. */

#include "import/product_internal.h"

#include <glib.h>
#include <string.h>

#define COUNT GL_PRODUCT_COUNT
#define TEXT GL_PRODUCT_TEXT
#define WORD GL_PRODUCT_WORD
#define PATH GL_PRODUCT_PATH

/* In a table that has no place for it, it answers no question. */
static const char *const metrics[] = {
    "Date",
    "Active users",
    "Total users",
    "Users",
    "New users",
    "Returning users",
    "Sessions",
    "Engaged sessions",
    "Engagement rate",
    "Bounce rate",
    "Average session duration",
    "Views",
    "Views per session",
    "Views per active user",
    "Sessions per active user",
    "Engaged sessions per active user",
    "Event count",
    "Event count per user",
    "User engagement",
    "Average engagement time",
    "Average engagement time per session",
    "Average engagement time per active user",
    "Key events",
    "Session key event rate",
    "User key event rate",
    "Conversions",
    "Total revenue",
    "Purchase revenue",
    NULL};

/* Users first, as a person who saw nothing for ten seconds is one, too. */
#define USERS                                                                 \
    {"Total users", "visitors", COUNT}, {"Active users", "visitors", COUNT},  \
    {                                                                         \
        "Users", "visitors", COUNT                                            \
    }
#define SESSIONS(ours)                                                        \
    USERS, {"Sessions", ours, COUNT}, {"Views", "pageviews", COUNT},          \
        {"Bounce rate", "bounces", GL_PRODUCT_SHARE},                         \
    {                                                                         \
        "Average session duration", "visit_duration", GL_PRODUCT_EACH         \
    }
#define END                                                                   \
    {                                                                         \
        NULL, NULL, COUNT                                                     \
    }

static const struct gl_product_column visitors[] = {SESSIONS("visits"), END};
static const struct gl_product_column sources[] = {
    {"Session source", "source", TEXT},
    {"Session medium", "utm_medium", TEXT},
    {"Session campaign", "utm_campaign", TEXT},
    {"Session manual term", "utm_term", TEXT},
    {"Session manual ad content", "utm_content", TEXT},
    SESSIONS("visits"),
    END};
static const struct gl_product_column pages[] = {
    {"Page path and screen class", "page", PATH},
    {"Page path", "page", PATH},
    {"Hostname", "hostname", TEXT},
    {"Sessions", "visits", COUNT},
    {"Views", "pageviews", COUNT},
    USERS,
    END};
static const struct gl_product_column entries[] = {
    {"Landing page", "entry_page", PATH},
    {"Landing page + query string", "entry_page", PATH},
    SESSIONS("entrances"),
    END};
static const struct gl_product_column events[] = {
    {"Event name", "name", TEXT},
    {"Event count", "events", COUNT},
    USERS,
    END};
static const struct gl_product_column places[] = {
    {"Country ID", "country", GL_PRODUCT_CODE},
    {"Country", NULL, TEXT},
    {"City", "city", TEXT},
    SESSIONS("visits"),
    END};
static const struct gl_product_column devices[] = {
    {"Device category", "device", WORD}, SESSIONS("visits"), END};
static const struct gl_product_column browsers[] = {
    {"Browser", "browser", WORD},
    {"Browser version", "browser_version", TEXT},
    SESSIONS("visits"),
    END};
static const struct gl_product_column systems[] = {
    {"Operating system", "operating_system", WORD},
    {"OS version", "operating_system_version", TEXT},
    SESSIONS("visits"),
    END};

/* It is the first whose main column is there. */
static const struct gl_product_table tables[] = {
    {NULL, "imported_pages", "page", pages},
    {NULL, "imported_entry_pages", "entry_page", entries},
    {NULL, "imported_sources", "source", sources},
    {NULL, "imported_custom_events", "name", events},
    {NULL, "imported_locations", "country", places},
    {NULL, "imported_devices", "device", devices},
    {NULL, "imported_browsers", "browser", browsers},
    {NULL, "imported_operating_systems", "operating_system", systems},
    {NULL, "imported_visitors", NULL, visitors},
    {NULL, NULL, NULL, NULL}};

/* Events that it makes of every visit are none of the site's. */
static int
is_of_every_visit(const json_t *row)
{
    static const char *const names[] = {"page_view", "session_start",
                                        "first_visit", "user_engagement"};
    const char *name = json_string_value(json_object_get(row, "Event name"));

    for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(names); i++)
        if (strcmp(name, names[i]) == 0)
            return 1;
    return 0;
}

const struct gl_product gl_product_google_ = {
    .format = "ga4-csv",
    .tables = tables,
    .visits = "Sessions",
    .unused = metrics,
    .leaves_out = is_of_every_visit,
};
