/* Counts of weeks; see facts.h. */

#include "summary/facts.h"

#include <string.h>

#include "gl_assert.h"

static void
clear_value(gpointer value)
{
    g_free(((struct gl_summary_value *) value)->text);
}

void
gl_summary_facts_init(struct gl_summary_facts *facts, int weeks)
{
    GL_ASSERT(weeks >= 1 && weeks <= GL_SUMMARY_WEEKS);
    memset(facts, 0, sizeof *facts);
    facts->weeks = weeks;
    for (int by = 0; by < GL_SUMMARY_BY_N; by++) {
        facts->by[by] =
            g_array_new(FALSE, FALSE, sizeof(struct gl_summary_value));
        g_array_set_clear_func(facts->by[by], clear_value);
    }
}

void
gl_summary_facts_fini(struct gl_summary_facts *facts)
{
    for (int by = 0; by < GL_SUMMARY_BY_N; by++)
        g_array_free(facts->by[by], TRUE);
    g_free(facts->most_week);
}

const struct gl_summary_value *
gl_summary_find(const struct gl_summary_facts *facts, enum gl_summary_by by,
                const char *text)
{
    const GArray *list = facts->by[by];

    for (guint i = 0; i < list->len; i++) {
        const struct gl_summary_value *value =
            &g_array_index(list, struct gl_summary_value, i);

        if (strcmp(value->text, text) == 0)
            return value;
    }
    return NULL;
}

void
gl_summary_add(struct gl_summary_facts *facts, enum gl_summary_by by,
               const char *text, int week, double n)
{
    GArray *list = facts->by[by];
    guint i = 0;

    GL_ASSERT(week >= 0 && week < facts->weeks);
    while (i < list->len &&
           strcmp(g_array_index(list, struct gl_summary_value, i).text,
                  text) != 0)
        i++;
    if (i == list->len) {
        struct gl_summary_value value = {.text = g_strdup(text)};

        g_array_append_val(list, value);
    }
    g_array_index(list, struct gl_summary_value, i).n[week] += n;
}
