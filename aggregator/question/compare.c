/* What a range is compared with; see compare.h. */

#include "question/compare.h"

#include <string.h>

#define WEEK_DAYS 7

static int
refuse(char **why, const char *sentence)
{
    *why = g_strdup_printf("\"comparisons\": %s", sentence);
    return -1;
}

/* So many days back that both begin on the same day of the week. */
static int64_t
whole_weeks(int64_t days)
{
    int64_t weeks = (2 * days + WEEK_DAYS) / (2 * WEEK_DAYS);

    return WEEK_DAYS * MAX(weeks, 1);
}

static int
check_keys(json_t *json, char **why)
{
    const char *key;
    json_t *value;

    if (!json_is_object(json))
        return refuse(why, "is an object with a \"mode\"");
    json_object_foreach (json, key, value) {
        if (strcmp(key, "match_day_of_week") == 0 && !json_is_boolean(value))
            return refuse(why, "\"match_day_of_week\" is true or false");
        if (strcmp(key, "mode") != 0 && strcmp(key, "date_range") != 0 &&
            strcmp(key, "match_day_of_week") != 0)
            return refuse(why, "has \"mode\", \"date_range\" and "
                               "\"match_day_of_week\", nothing else");
    }
    return 0;
}

static int
read_custom(json_t *json, const struct gl_range_site *site,
            struct gl_time_range *before, char **why)
{
    const json_t *dates = json_object_get(json, "date_range");

    if (json_object_get(json, "match_day_of_week") != NULL)
        return refuse(why,
                      "\"match_day_of_week\" does not go with \"custom\"");
    if (!json_is_array(dates) || gl_range_read(dates, site, before) != NULL)
        return refuse(why, "with \"custom\", \"date_range\" is a list of two "
                           "dates or of two times with an offset");
    return 0;
}

int
gl_compare_read(json_t *json, const struct gl_range_site *site,
                const struct gl_time_range *range,
                struct gl_time_range *before, char **why)
{
    const char *mode;
    struct gl_time_range now = *range;
    int64_t days;

    if (check_keys(json, why) == -1)
        return -1;
    mode = json_string_value(json_object_get(json, "mode"));
    if (g_strcmp0(mode, "custom") == 0)
        return read_custom(json, site, before, why);
    if (json_object_get(json, "date_range") != NULL)
        return refuse(why, "\"date_range\" goes with \"custom\" only");
    if (g_strcmp0(mode, "previous_period") == 0)
        days = gl_range_days(site->zone, range);
    else if (g_strcmp0(mode, "year_over_year") == 0)
        days = gl_range_days_of_year_before(site->zone, range);
    else
        return refuse(why, "\"mode\" is previous_period, year_over_year or "
                           "custom");
    if (json_is_true(json_object_get(json, "match_day_of_week")))
        days = whole_weeks(days);
    gl_range_cut(&now, site->now_ms);
    gl_range_back(site->zone, &now, days, before);
    return 0;
}
