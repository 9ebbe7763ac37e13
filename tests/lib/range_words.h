/* Moments and questions as a test writes them down. */

#ifndef GL_TEST_RANGE_WORDS_H
#define GL_TEST_RANGE_WORDS_H

#include <glib.h>
#include <jansson.h>
#include <stdint.h>

#include "tap.h"

/* "2026-11-28T14:00:00Z" in ms since the epoch. */
static inline int64_t
utc(const char *text)
{
    GDateTime *time = g_date_time_new_from_iso8601(text, NULL);
    int64_t at_ms = g_date_time_to_unix(time) * 1000;

    g_date_time_unref(time);
    return at_ms;
}

/* JSON of any kind, with ' for "; the caller's. */
static inline json_t *
json_of(const char *words)
{
    char *text = g_strdelimit(g_strdup(words), "'", '"');
    json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);

    if (json == NULL)
        tap_bail("no JSON: %s", text);
    g_free(text);
    return json;
}

#endif
