/* One visit and one event; see visit.h. */

#include "count/visit.h"

#include <string.h>

#include "event.h"

int
gl_visit_takes(const struct gl_visit *visit, const struct gl_row *row)
{
    return row->at_ms - visit->seen_ms <= GL_VISIT_GAP_MS &&
           row->at_ms - visit->start_ms <= GL_VISIT_LONGEST_MS;
}

static void
add_pageview(struct gl_visit *visit, struct gl_row *row,
             const struct gl_count_rules *rules)
{
    int first = visit->pageviews == 0;
    int refresh = !first && row->host == visit->exit_host &&
                  row->path == visit->exit_path;

    row->mark = GL_MARK_NONE;
    if (refresh) {
        visit->refreshes++;
        row->mark = row->at_ms - visit->viewed_ms < rules->refresh_window_ms
                        ? GL_MARK_REPEAT
                        : GL_MARK_REFRESH;
    }
    if (first) {
        visit->entry_host = row->host;
        visit->entry_path = row->path;
    }
    if (row->mark != GL_MARK_REPEAT)
        visit->pageviews++;
    visit->exit_host = row->host;
    visit->exit_path = row->path;
    visit->viewed_ms = row->at_ms;
}

void
gl_visit_start(struct gl_visit *visit, struct gl_row *row,
               const struct gl_count_rules *rules)
{
    memset(visit, 0, sizeof(*visit));
    visit->id = row->id;
    visit->visitor = row->visitor;
    visit->server = row->server != 0;
    visit->start_ms = visit->seen_ms = visit->last_ms = row->at_ms;
    gl_visit_add(visit, row, rules);
}

void
gl_visit_add(struct gl_visit *visit, struct gl_row *row,
             const struct gl_count_rules *rules)
{
    if (row->at_ms > visit->seen_ms)
        visit->seen_ms = row->at_ms;
    if (row->kind != GL_ENGAGEMENT && row->at_ms > visit->last_ms)
        visit->last_ms = row->at_ms;
    row->mark = GL_MARK_NONE;

    switch (row->kind) {
    case GL_PAGEVIEW:
        add_pageview(visit, row, rules);
        break;
    case GL_CUSTOM:
        visit->events++;
        visit->interactive += !row->passive;
        break;
    case GL_ENGAGEMENT:
        visit->engagement_ms += row->engagement_ms;
        break;
    }
}

/* Engagement is of the page that is left: before the next pageview. */
static int
rank(const struct gl_row *row)
{
    return row->kind == GL_ENGAGEMENT ? 0 : row->kind;
}

int
gl_row_compare(const struct gl_row *a, const struct gl_row *b,
               const struct gl_words *words)
{
    if (a->at_ms != b->at_ms)
        return a->at_ms < b->at_ms ? -1 : 1;
    if (a->kind != b->kind)
        return rank(a) < rank(b) ? -1 : 1;
    if (a->host != b->host)
        return words->compare_host(words->arg, a->host, b->host);
    if (a->path != b->path)
        return words->compare_path(words->arg, a->path, b->path);
    return 0;
}
