/*
 * What questions of an order of events cost: funnels, journeys, retention.
 * Lines of "name TAB ms".
 */

#include <stdio.h>
#include <stdlib.h>

#include "answer/steps.h"
#include "query_ask.h"

static const struct {
    const char *name, *body;
} walks[] = {
    {"funnel of three pages", "\"funnel\": {\"steps\": [{\"page\": "
                              "\"/page/0\"}, {\"page\": \"/page/1*\"}, "
                              "{\"page\": \"/page/*\"}]}"},
    {"journey, two steps on",
     "\"journey\": {\"from\": \"/page/0\", \"steps\": 2}"},
    {"journey, a step back",
     "\"journey\": {\"from\": \"/page/0\", \"direction\": \"previous\"}"},
    {"retention by week", "\"retention\": \"week\""},
};

static void
ask(const char *name, const char *body, struct gl_parse_site *site)
{
    struct gl_execution run = {.reader = reader, .shelf = shelf};
    char *text = g_strdup_printf("{\"site_id\": \"a\", \"date_range\": "
                                 "[\"2024-10-04\", \"2024-11-02\"], %s}",
                                 body);
    json_t *query = json_loads(text, 0, NULL), *answer;
    double begun = cpu_ms();

    if (gl_steps_answer(&run, site, query, &answer) != GL_EXECUTED) {
        fprintf(stderr, "bench: %s: %s\n", name, run.why);
        exit(1);
    }
    printf("%s\t%.3f\n", name, cpu_ms() - begun);
    fflush(stdout);
    json_decref(answer);
    json_decref(query);
    g_free(text);
}

int
be_walked(const char *folder, int runs)
{
    struct gl_parse_site site = {.id = SITE};

    site.defined = gl_defined_new();
    site.range.zone = gl_zone_new("UTC");
    site.range.now_ms = (DATA_FIRST_DAY + DATA_DAYS) * DATA_DAY_MS;
    open_data(folder, (size_t) 4 << 30);
    for (int run = 0; run <= runs; run++)
        for (size_t i = 0; i < G_N_ELEMENTS(walks); i++)
            ask(run > 0 ? walks[i].name : "first", walks[i].body, &site);
    return 0;
}
