/* What parse.c and parse_how.c say: why not, and how it was understood. */

#include "question/parse_internal.h"

int
gl_parse_refuse_(struct gl_parsing *parse, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    *parse->why = g_strdup_vprintf(format, args);
    va_end(args);
    return -1;
}

int
gl_parse_refuse_word_(struct gl_parsing *parse, const char *key,
                      const char *what, const char *word)
{
    return gl_parse_refuse_(parse, "\"%s\": there is no %s \"%s\"", key, what,
                            word);
}

void
gl_parse_say_(struct gl_parsing *parse, const char *key, json_t *value)
{
    json_object_set_new(parse->asked->query, key, value);
}

json_t *
gl_parse_range_json_(const struct gl_parsing *parse,
                     const struct gl_time_range *range)
{
    const struct gl_zone *zone = parse->site->range.zone;
    char *from = gl_range_text(zone, range->from_ms);
    char *to = gl_range_text(zone, MAX(range->to_ms - 1000, range->from_ms));
    json_t *json = json_pack("[s, s]", from, to);

    g_free(from);
    g_free(to);
    return json;
}
