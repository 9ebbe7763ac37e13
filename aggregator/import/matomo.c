/* Tables of Matomo's Reporting API; see product.h. */

#include "import/product_internal.h"

#include <stdint.h>
#include <string.h>

#define COUNT GL_PRODUCT_COUNT
#define TEXT GL_PRODUCT_TEXT
#define WORD GL_PRODUCT_WORD
#define PATH GL_PRODUCT_PATH

/* Of days it is "nb_uniq_visitors".  Actions are pageviews, searches,
 * downloads and links that lead away. */
#define OF_VISITS                                                             \
    {"nb_uniq_visitors", "visitors", COUNT}, {"nb_visits", "visits", COUNT},  \
        {"nb_actions", "pageviews", COUNT},                                   \
        {"bounce_count", "bounces", COUNT},                                   \
        {"sum_visit_length", "visit_duration", COUNT},                        \
    {                                                                         \
        NULL, NULL, COUNT                                                     \
    }

static const struct gl_product_column visitors[] = {
    {"nb_pageviews", "pageviews", COUNT}, OF_VISITS};
static const struct gl_product_column sources[] = {{"label", "source", TEXT},
                                                   OF_VISITS};
static const struct gl_product_column pages[] = {
    {"label", "page", PATH},
    {"metadata_url", "hostname", GL_PRODUCT_HOST},
    {"nb_uniq_visitors", "visitors", COUNT},
    {"nb_visits", "visits", COUNT},
    {"nb_hits", "pageviews", COUNT},
    {NULL, NULL, COUNT}};
static const struct gl_product_column entries[] = {
    {"label", "entry_page", PATH},
    {"entry_nb_uniq_visitors", "visitors", COUNT},
    {"entry_nb_visits", "entrances", COUNT},
    {"entry_sum_visit_length", "visit_duration", COUNT},
    {"entry_bounce_count", "bounces", COUNT},
    {"entry_nb_actions", "pageviews", COUNT},
    {NULL, NULL, COUNT}};
static const struct gl_product_column exits[] = {
    {"label", "exit_page", PATH},
    {"exit_nb_uniq_visitors", "visitors", COUNT},
    {"exit_nb_visits", "exits", COUNT},
    {NULL, NULL, COUNT}};
static const struct gl_product_column events[] = {
    {"label", "name", TEXT},
    {"nb_uniq_visitors", "visitors", COUNT},
    {"nb_events", "events", COUNT},
    {NULL, NULL, COUNT}};
static const struct gl_product_column places[] = {
    {"metadata_code", "country", GL_PRODUCT_CODE}, OF_VISITS};
static const struct gl_product_column devices[] = {{"label", "device", WORD},
                                                   OF_VISITS};
static const struct gl_product_column browsers[] = {{"label", "browser", WORD},
                                                    OF_VISITS};
static const struct gl_product_column systems[] = {
    {"label", "operating_system", WORD}, OF_VISITS};

static const struct gl_product_table tables[] = {
    {"API.get", "imported_visitors", NULL, visitors},
    {"VisitsSummary.get", "imported_visitors", NULL, visitors},
    {"Referrers.getAll", "imported_sources", "source", sources},
    {"Actions.getPageUrls", "imported_pages", "page", pages},
    {"Actions.getEntryPageUrls", "imported_entry_pages", "entry_page",
     entries},
    {"Actions.getExitPageUrls", "imported_exit_pages", "exit_page", exits},
    {"Events.getAction", "imported_custom_events", "name", events},
    {"UserCountry.getCountry", "imported_locations", "country", places},
    {"DevicesDetection.getType", "imported_devices", "device", devices},
    {"DevicesDetection.getBrowsers", "imported_browsers", "browser", browsers},
    {"DevicesDetection.getOsFamilies", "imported_operating_systems",
     "operating_system", systems},
    {NULL, NULL, NULL, NULL}};

/* A day without data is a line without cells. */
static int
is_empty_day(const json_t *row)
{
    json_t *cells = (json_t *) (uintptr_t) row, *cell;
    const char *name;
    int empty = 1;

    json_object_foreach (cells, name, cell)
        empty &= strcmp(name, "date") == 0 || json_string_length(cell) == 0;
    return empty;
}

const struct gl_product gl_product_matomo_ = {
    .format = "matomo-csv",
    .tables = tables,
    .visits = "nb_visits",
    .leaves_out = is_empty_day,
};
