/* One visit and one event; see visit.h. */

#include "count/visit.h"

#include <string.h>

#include "event.h"
#include "gl_assert.h"

int
gl_visit_takes(const struct gl_visit *visit, const struct gl_row *row)
{
    return row->at_ms - visit->seen_ms <= GL_VISIT_GAP_MS &&
           row->at_ms - visit->start_ms <= GL_VISIT_LONGEST_MS;
}

static int
is_page(const struct gl_viewed *viewed, const struct gl_row *row)
{
    return viewed->host == row->host && viewed->path == row->path;
}

static int64_t
viewed_ms(const struct gl_visit *visit, const struct gl_viewed *viewed)
{
    return visit->start_ms + viewed->after_ms;
}

static int
is_before(const struct gl_row *row, const struct gl_visit *visit,
          const struct gl_viewed *viewed, const struct gl_words *words)
{
    struct gl_row other = {.at_ms = viewed_ms(visit, viewed),
                           .kind = GL_PAGEVIEW,
                           .host = viewed->host,
                           .path = viewed->path};

    return gl_row_compare(row, &other, words) < 0;
}

int
gl_visit_place(const struct gl_visit *visit, const struct gl_row *row,
               const struct gl_words *words)
{
    const struct gl_viewed *viewed = visit->viewed;
    int place = 0;

    while (place < visit->viewed_n &&
           is_before(row, visit, &viewed[place], words))
        place++;
    if (place == 0)
        return 0;
    if (place == visit->viewed_n || is_page(&viewed[place - 1], row) ||
        (viewed[place - 1].host == viewed[place].host &&
         viewed[place - 1].path == viewed[place].path))
        return -1; /* the mark of the one after it depends on ROW */
    return place;
}

static void
note_viewed(struct gl_visit *visit, const struct gl_row *row, int place)
{
    struct gl_viewed *viewed = &visit->viewed[place];

    GL_ASSERT(place >= 0 && place < GL_VIEWED_MAX);
    GL_ASSERT(place <= visit->viewed_n && row->at_ms >= visit->start_ms);
    if (visit->viewed_n < GL_VIEWED_MAX)
        visit->viewed_n++;
    memmove(viewed + 1, viewed,
            (size_t) (visit->viewed_n - place - 1) * sizeof *viewed);
    viewed->after_ms = (uint32_t) (row->at_ms - visit->start_ms);
    viewed->host = row->host;
    viewed->path = row->path;
}

static void
add_pageview(struct gl_visit *visit, struct gl_row *row, int place,
             const struct gl_count_rules *rules)
{
    const struct gl_viewed *before = &visit->viewed[place];

    GL_ASSERT(row->kind == GL_PAGEVIEW);
    if (place < visit->viewed_n && is_page(before, row)) {
        visit->refreshes++;
        row->mark =
            row->at_ms - viewed_ms(visit, before) < rules->refresh_window_ms
                ? GL_MARK_REPEAT
                : GL_MARK_REFRESH;
    }
    if (visit->viewed_n == 0) {
        visit->entry_host = row->host;
        visit->entry_path = row->path;
    }
    if (row->mark != GL_MARK_REPEAT)
        visit->pageviews++;
    if (place == 0) {
        visit->exit_host = row->host;
        visit->exit_path = row->path;
    }
    note_viewed(visit, row, place);
}

void
gl_visit_start(struct gl_visit *visit, struct gl_row *row,
               const struct gl_count_rules *rules)
{
    GL_ASSERT(row->kind != GL_ENGAGEMENT);
    memset(visit, 0, sizeof *visit);
    visit->id = row->id;
    visit->visitor = row->visitor;
    visit->server = row->server != 0;
    visit->start_ms = visit->seen_ms = visit->last_ms = row->at_ms;
    gl_visit_add(visit, row, 0, rules);
}

void
gl_visit_add(struct gl_visit *visit, struct gl_row *row, int place,
             const struct gl_count_rules *rules)
{
    GL_ASSERT(visit->visitor == row->visitor);
    GL_ASSERT(visit->server == (row->server != 0));
    if (row->at_ms > visit->seen_ms)
        visit->seen_ms = row->at_ms;
    if (row->kind != GL_ENGAGEMENT && row->at_ms > visit->last_ms)
        visit->last_ms = row->at_ms;
    row->mark = GL_MARK_NONE;
    GL_ASSERT(visit->last_ms <= visit->seen_ms);

    switch (row->kind) {
    case GL_PAGEVIEW:
        add_pageview(visit, row, place, rules);
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
