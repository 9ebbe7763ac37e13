/*
 * What engagement tells of pageviews.  Each goes to the last pageview of its
 * path in its visit before it, if that was of its host; to none, it counts for
 * nothing.  Time adds up; of depths the greatest holds.
 */

#include "columns/build_internal.h"

#include "event.h"
#include "store/words/dictionary.h"

struct gl_engaging {
    uint32_t *viewed; /* [path]: 1 + the last pageview of it, of any visit */
    uint32_t paths_n;
    uint32_t *ms, *depth; /* [event] */
};

/* A code beyond them is one of a damaged file. */
static uint32_t
count_paths(const struct gl_building *b)
{
    uint32_t most = 0;

    for (guint i = 0; i < b->rows->len; i++)
        most = MAX(most, g_array_index(b->rows, struct gl_build_row, i).path);
    return MIN(most, GL_DICTIONARY_CODES_MAX) + 1;
}

struct gl_engaging *
gl_engaging_new_(const struct gl_building *b)
{
    struct gl_engaging *engaging;

    if (b->engaged_n == 0)
        return NULL;
    engaging = g_new0(struct gl_engaging, 1);
    engaging->paths_n = count_paths(b);
    engaging->viewed = g_new0(uint32_t, engaging->paths_n);
    engaging->ms = g_new0(uint32_t, b->rows->len + 1);
    engaging->depth = g_new0(uint32_t, b->rows->len + 1);
    return engaging;
}

void
gl_engaging_view_(struct gl_engaging *engaging, uint32_t path, uint32_t event)
{
    if (engaging != NULL && path < engaging->paths_n)
        engaging->viewed[path] = event + 1;
}

/* HOSTS are those of events; the visit's first one is FIRST. */
int
gl_engaging_add_(struct gl_engaging *engaging, const struct gl_build_row *row,
                 uint32_t first, const uint32_t *hosts)
{
    uint32_t at =
        row->path < engaging->paths_n ? engaging->viewed[row->path] : 0;
    uint32_t *ms;

    if (at-- <= first)
        return 0;
    if (hosts[at] != row->host)
        return 1;
    ms = &engaging->ms[at];
    *ms += MIN(row->engagement_ms, UINT32_MAX - *ms);
    /* 0 = nothing was told */
    engaging->depth[at] =
        MAX(engaging->depth[at], (uint32_t) row->scroll_depth);
    return 1;
}

/* The pageviews of which something was told, as a part of SET. */
void
gl_engaging_end_(struct gl_engaging *engaging, struct gl_columns *set)
{
    struct gl_engaged *engaged = &set->engaged;
    uint32_t *ms, *depth, n = 0;

    if (engaging == NULL)
        return;
    for (uint32_t e = 0; e < set->events_n; e++)
        engaged->n += (engaging->ms[e] | engaging->depth[e]) != 0;
    ms = g_new(uint32_t, engaged->n + 1);
    depth = g_new(uint32_t, engaged->n + 1);
    engaged->event = g_new(uint32_t, engaged->n + 1);
    set->bytes += engaged->n * sizeof *engaged->event;
    for (uint32_t e = 0; e < set->events_n; e++) {
        if ((engaging->ms[e] | engaging->depth[e]) == 0)
            continue;
        engaged->event[n] = e;
        ms[n] = engaging->ms[e];
        depth[n++] = engaging->depth[e];
    }
    engaged->ms = gl_column_new(ms, n, &set->bytes);
    engaged->depth = gl_column_new(depth, n, &set->bytes);
    g_free(engaging->viewed);
    g_free(engaging->ms);
    g_free(engaging->depth);
    g_free(engaging);
}
