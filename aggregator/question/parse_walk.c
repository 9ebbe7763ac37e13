/* What a question about steps has in common with others; see parse.h. */

#include "question/filter.h"
#include "question/parse_internal.h"

static int
read_filters(struct gl_asked_walk *walk, const struct gl_parse_site *site,
             const json_t *filters, char **why)
{
    GPtrArray *left = g_ptr_array_new();
    int error = filters == NULL ? 0
                                : gl_filters_read(filters, site->defined, left,
                                                  &walk->filter, why);

    g_ptr_array_free(left, TRUE);
    return error == 0;
}

int
gl_parse_walk(const json_t *query, const struct gl_parse_site *site, int pages,
              json_t *told, struct gl_asked_walk *walk, char **why)
{
    struct gl_asked asked = {.query = told};
    struct gl_parsing parsing = {.site = site, .asked = &asked, .why = why};
    const char *wrong = gl_range_read(json_object_get(query, "date_range"),
                                      &site->range, &walk->range);

    if (wrong != NULL)
        return gl_defined_refuse_(why, "%s", wrong);
    gl_parse_say_(&parsing, "date_range",
                  gl_parse_range_json_(&parsing, &walk->range));
    if (pages && gl_parse_pagination_(
                     &parsing, json_object_get(query, "pagination")) != 0)
        return 0;
    walk->limit = asked.limit;
    walk->offset = asked.offset;
    return read_filters(walk, site, json_object_get(query, "filters"), why);
}

void
gl_asked_walk_fini(struct gl_asked_walk *walk)
{
    gl_predicate_free(walk->filter);
}
