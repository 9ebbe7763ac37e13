/* The end of a set; see columns.h. */

#include <glib.h>

#include "columns/growth.h"

void
gl_columns_lend(struct gl_columns *set, int column)
{
    for (int i = 0; i < column; i++)
        gl_column_lend(&set->visit_codes[column], &set->visit_codes[i],
                       set->visits_n, &set->bytes);
}

void
gl_columns_free(struct gl_columns *set)
{
    if (set == NULL)
        return;
    for (int i = 0; i < GL_VISIT_COLUMNS; i++)
        gl_column_fini(&set->visit_codes[i]);
    for (int i = 0; i < GL_EVENT_COLUMNS; i++)
        gl_column_fini(&set->event_codes[i]);
    for (uint32_t i = 0; i < set->props_n; i++) {
        g_free(set->props[i].event);
        gl_column_fini(&set->props[i].value);
    }
    g_free(set->midnight.event);
    g_free(set->midnight.at);
    g_free(set->midnight.is);
    g_free(set->engaged.event);
    gl_column_fini(&set->engaged.ms);
    gl_column_fini(&set->engaged.depth);
    g_free(set->paid.event);
    g_free(set->paid.money);
    gl_column_fini(&set->visit_seconds);
    gl_column_fini(&set->visit_views);
    g_free(set->visitor_id);
    g_free(set->visit_visitor);
    g_free(set->visit_first);
    g_free(set->visit_at);
    g_free(set->visit_bounced);
    g_free(set->event_at);
    g_free(set->event_viewed);
    g_free(set->props);
    if (set->growth != NULL)
        g_free(set->growth->last);
    g_free(set->growth);
    g_free(set);
}
