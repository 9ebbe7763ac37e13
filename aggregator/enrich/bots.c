/*
 * Bots by their User-Agent.  make-data joins the list's patterns into a few
 * big ones that leave a mark, the number of the family.
 */

#include "bots.h"

#include <stdlib.h>

#include <jansson.h>

/* The list's plain texts, its expressions, and our words for the rest. */
#define PATTERNS_MAX 4

struct gl_bots {
    json_t *data; /* owns the texts */
    const json_t *families;
    struct gl_pattern *patterns[PATTERNS_MAX];
    size_t patterns_n;
};

static int
load(struct gl_bots *bots)
{
    size_t i;
    json_t *regex;
    json_t *list = json_object_get(bots->data, "regexes");

    bots->families = json_object_get(bots->data, "families");
    if (json_array_size(bots->families) == 0 || json_array_size(list) == 0 ||
        json_array_size(list) > PATTERNS_MAX)
        return -1;
    json_array_foreach(list, i, regex)
    {
        if (!json_is_string(regex))
            return -1;
        bots->patterns[i] = gl_pattern_new_(json_string_value(regex));
        if (bots->patterns[i] == NULL)
            return -1;
        bots->patterns_n = i + 1;
    }
    return 0;
}

struct gl_bots *
gl_bots_new_(const char *file, const char **why)
{
    struct gl_bots *bots = calloc(1, sizeof(*bots));

    if (bots == NULL) {
        *why = "out of memory";
        return NULL;
    }
    bots->data = json_load_file(file, 0, NULL);
    if (bots->data == NULL)
        *why = "bots.json is missing or is not JSON: build it again";
    else if (load(bots) == -1)
        *why = "bots.json does not hold patterns: build it again";
    else
        return bots;
    gl_bots_free_(bots);
    return NULL;
}

void
gl_bots_free_(struct gl_bots *bots)
{
    size_t i;

    if (bots == NULL)
        return;
    for (i = 0; i < bots->patterns_n; i++)
        gl_pattern_free_(bots->patterns[i]);
    json_decref(bots->data);
    free(bots);
}

const char *
gl_bots_find_(struct gl_bots *bots, struct gl_matcher *matcher)
{
    size_t i;
    const char *mark, *family;

    for (i = 0; i < bots->patterns_n; i++) {
        if (!gl_matcher_find_(matcher, bots->patterns[i]))
            continue;
        mark = gl_matcher_mark_(matcher);
        if (mark == NULL)
            mark = "0"; /* the family of those without a name */
        family = json_string_value(
            json_array_get(bots->families, strtoul(mark, NULL, 10)));
        return family != NULL ? family : "";
    }
    return "";
}
