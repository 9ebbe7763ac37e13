/* The groups that totals of days are added to; see imports.h. */

#include "query/imports/imports_internal.h"

void
gl_imports_begin_groups_(struct gl_adding *adding)
{
    struct gl_counted *counted = adding->counted;
    gsize size = adding->question->by_n * sizeof(uint32_t);

    adding->groups = g_hash_table_new_full(
        g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
    for (guint i = 0; i < counted->groups->len; i++)
        g_hash_table_insert(
            adding->groups,
            g_bytes_new(
                g_array_index(counted->groups, struct gl_group, i).keys, size),
            GUINT_TO_POINTER(i + 1));
    for (size_t i = 0; i < adding->question->by_n; i++) {
        adding->values[i] = g_hash_table_new(g_str_hash, g_str_equal);
        for (guint k = 0;
             counted->values[i] != NULL && k < counted->values[i]->len; k++)
            g_hash_table_insert(adding->values[i],
                                counted->values[i]->pdata[k],
                                GUINT_TO_POINTER(k + 1));
    }
}

uint32_t
gl_imports_key_of_text_(struct gl_adding *adding, size_t i, const char *text)
{
    struct gl_counted *counted = adding->counted;
    guint key = GPOINTER_TO_UINT(g_hash_table_lookup(adding->values[i], text));
    char *kept;

    if (key != 0)
        return key - 1;
    kept = g_string_chunk_insert(counted->texts, text);
    g_ptr_array_add(counted->values[i], kept);
    key = counted->values[i]->len;
    g_hash_table_insert(adding->values[i], kept, GUINT_TO_POINTER(key));
    return key - 1;
}

/* The bucket in which DATE begins; it is in the range. */
uint32_t
gl_imports_key_of_date_(const struct gl_adding *adding, int64_t date)
{
    const GArray *edges = adding->question->time.edges;
    int64_t at_ms = gl_zone_date_begins(adding->zone, date);
    uint32_t low = 0, high = edges->len - 2;

    while (low < high) {
        uint32_t middle = (low + high + 1) / 2;

        if (g_array_index(edges, int64_t, middle) <= at_ms)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

struct gl_group *
gl_imports_group_(struct gl_adding *adding, const struct gl_group *key)
{
    GArray *groups = adding->counted->groups;
    GBytes *keys =
        g_bytes_new(key->keys, adding->question->by_n * sizeof key->keys[0]);
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(adding->groups, keys));

    if (at == 0) {
        g_array_append_vals(groups, key, 1);
        at = groups->len;
        g_hash_table_insert(adding->groups, keys, GUINT_TO_POINTER(at));
    } else {
        g_bytes_unref(keys);
    }
    return &g_array_index(groups, struct gl_group, at - 1);
}

/* As Plausible: events of a table without them are its pageviews. */
void
gl_imports_add_sums_(const struct gl_adding *adding, struct gl_group *group,
                     const int64_t *sums)
{
    uint64_t *to = group->sums;
    int of_visits =
        adding->table != GL_DAY_PAGES && adding->table != GL_DAY_CUSTOM_EVENTS;

    to[GL_SUM_VISITORS] += (uint64_t) sums[GL_DAY_SUM_VISITORS];
    to[GL_SUM_VISITS] += (uint64_t) sums[GL_DAY_SUM_VISITS];
    to[GL_SUM_PAGEVIEWS] += (uint64_t) sums[GL_DAY_SUM_PAGEVIEWS];
    to[GL_SUM_EVENTS] +=
        (uint64_t) (sums[GL_DAY_SUM_EVENTS] + sums[GL_DAY_SUM_PAGEVIEWS]);
    if (!of_visits)
        return;
    to[GL_SUM_ENTRIES] += (uint64_t) sums[GL_DAY_SUM_VISITS];
    to[GL_SUM_BOUNCES] += (uint64_t) sums[GL_DAY_SUM_BOUNCES];
    to[GL_SUM_SECONDS] += (uint64_t) sums[GL_DAY_SUM_SECONDS];
    to[GL_SUM_VIEWS] += (uint64_t) sums[GL_DAY_SUM_PAGEVIEWS];
}
