/* Journeys asked about: "journey": {"from": ["/", "/buy"], "direction":
 * "next", "steps": 2}; see steps.h. */

#include "answer/steps_internal.h"

#include <stdlib.h>
#include <string.h>

#include "query/walk/journey.h"
#include "question/terms.h"

/* ---- the question ---- */

static int
read_page(struct gl_steps_ *steps, const json_t *page,
          struct gl_journey *journey)
{
    if (!json_is_string(page))
        return gl_defined_refuse_(steps->why,
                                  "\"journey\": \"from\" is a page, or a list "
                                  "of 1 to %d",
                                  GL_JOURNEY_STEPS_MAX);
    journey->pages[journey->pages_n++] = json_string_value(page);
    return 1;
}

/* In the order in which they are walked: backwards the last one first. */
static int
read_from(struct gl_steps_ *steps, struct gl_journey *journey)
{
    const json_t *from = json_object_get(steps->body, "from");
    size_t n = json_array_size(from);

    if (n == 0 || n > GL_JOURNEY_STEPS_MAX)
        return read_page(steps, from, journey);
    for (size_t i = 0; i < n; i++)
        if (!read_page(steps,
                       json_array_get(from, journey->back ? n - 1 - i : i),
                       journey))
            return 0;
    return 1;
}

static int
read_direction(struct gl_steps_ *steps, struct gl_journey *journey)
{
    const json_t *direction = json_object_get(steps->body, "direction");
    const char *word =
        direction == NULL ? "next" : json_string_value(direction);

    journey->back = g_strcmp0(word, "previous") == 0;
    return journey->back || g_strcmp0(word, "next") == 0
               ? 1
               : gl_defined_refuse_(steps->why, "\"journey\": \"direction\" "
                                                "is next or previous");
}

static int
read_steps(struct gl_steps_ *steps, struct gl_journey *journey)
{
    const json_t *given = json_object_get(steps->body, "steps");
    json_int_t n = given == NULL ? 1 : json_integer_value(given);

    if (n < 1 || n > GL_JOURNEY_STEPS_MAX)
        return gl_defined_refuse_(steps->why,
                                  "\"journey\": \"steps\" is a whole number "
                                  "from 1 to %d",
                                  GL_JOURNEY_STEPS_MAX);
    journey->steps_n = (size_t) n;
    return 1;
}

static int
read_keys(struct gl_steps_ *steps)
{
    static const char *const known[] = {"from", "direction", "steps", NULL};
    json_t *body = (json_t *) (uintptr_t) steps->body, *value;
    const char *key;

    if (!json_is_object(body))
        return gl_defined_refuse_(steps->why, "\"journey\" is an object with "
                                              "\"from\"");
    json_object_foreach (body, key, value) {
        if (!g_strv_contains(known, key))
            return gl_defined_refuse_(steps->why,
                                      "\"journey\" has no key \"%s\"", key);
    }
    return 1;
}

static enum gl_executed
count(struct gl_steps_ *steps, struct gl_journey *journey)
{
    struct gl_question question = {
        .site = steps->site->id,
        .from_ms = steps->asked.range.from_ms,
        .to_ms = steps->asked.range.to_ms,
        .by = {{.what = GL_DIMENSION_PAGE}},
        .by_n = 1,
        .filter = steps->asked.filter,
    };
    const struct gl_question *list[] = {&question};

    return gl_steps_end_(
        steps, gl_execute_walk(steps->run, list, 1, gl_journey_step, journey),
        journey->groups.many,
        "there are too many different journeys; ask for fewer steps or days");
}

/* ---- the answer ---- */

struct row {
    uint64_t visitors, visits;
    const char **pages; /* [steps_n], then NULL */
};

struct rows {
    struct row *row; /* [n] */
    size_t n;
    const char **pages; /* of all rows */
};

static const char *
page_text(const struct gl_journey *journey, const char *page)
{
    if (page == NULL)
        return journey->back ? "(entry)" : "(exit)";
    return page[0] == '\0' ? gl_term_none(GL_DIMENSION_PAGE) : page;
}

/* PAGES of the visits that were last at node AT: "" where there were none. */
static void
fill_pages(const struct gl_journey *journey, uint32_t at, const char **pages)
{
    const char *back[GL_JOURNEY_STEPS_MAX];
    size_t n = 0;

    while (at != 0) {
        const struct gl_journey_node *node =
            &g_array_index(journey->nodes, struct gl_journey_node, at);

        back[n++] = page_text(journey, node->page);
        at = node->before;
    }
    for (size_t i = 0; i < journey->steps_n; i++)
        pages[i] = i < n ? back[n - 1 - i] : "";
    pages[journey->steps_n] = NULL;
}

static int
down(uint64_t a, uint64_t b)
{
    return (a < b) - (a > b);
}

/* Rows that are equal stand by their pages, so that pages of an answer fit
 * together. */
static int
compare(const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    int order = down(a->visitors, b->visitors);

    if (order == 0)
        order = down(a->visits, b->visits);
    for (size_t i = 0; order == 0 && a->pages[i] != NULL; i++)
        order = strcmp(a->pages[i], b->pages[i]);
    return order;
}

/* Of the nodes where a visit was last. */
static void
make_rows(const struct gl_journey *journey, struct rows *rows)
{
    size_t columns = journey->steps_n + 1;

    *rows = (struct rows){
        .row = g_new(struct row, journey->nodes->len),
        .pages = g_new(const char *, columns * journey->nodes->len)};
    for (uint32_t at = 1; at < journey->nodes->len; at++) {
        const uint64_t *sums =
            gl_groups_tally(&journey->groups, at)->group.sums;
        const char **pages = rows->pages + rows->n * columns;

        if (sums[GL_SUM_VISITS] == 0)
            continue;
        fill_pages(journey, at, pages);
        rows->row[rows->n++] =
            (struct row){sums[GL_SUM_VISITORS], sums[GL_SUM_VISITS], pages};
    }
    qsort(rows->row, rows->n, sizeof *rows->row, compare);
}

/* VISITORS: of all rows. */
static void
tell_row(struct gl_steps_ *steps, const struct row *row, uint64_t visitors)
{
    json_t *pages = json_array();

    for (size_t i = 0; row->pages[i] != NULL; i++)
        json_array_append_new(pages, json_string(row->pages[i]));
    gl_steps_add_row_(steps,
                      json_pack("[I, I, o]", (json_int_t) row->visitors,
                                (json_int_t) row->visits,
                                gl_steps_share_(row->visitors, visitors)),
                      pages);
}

static void
tell(struct gl_steps_ *steps, const struct gl_journey *journey)
{
    const uint64_t *all = gl_groups_tally(&journey->groups, 0)->group.sums;
    struct rows rows;

    make_rows(journey, &rows);
    for (size_t i = steps->asked.offset;
         i < MIN(rows.n, steps->asked.offset + steps->asked.limit); i++)
        tell_row(steps, &rows.row[i], all[GL_SUM_VISITORS]);
    json_object_update_new(steps->meta,
                           json_pack("{s:I, s:I, s:I}", "visitors",
                                     (json_int_t) all[GL_SUM_VISITORS],
                                     "visits", (json_int_t) all[GL_SUM_VISITS],
                                     "total_rows", (json_int_t) rows.n));
    steps->metrics =
        json_pack("[s, s, s]", "visitors", "visits", "percentage");
    steps->dimensions = json_array();
    for (size_t i = 1; i <= journey->steps_n; i++)
        json_array_append_new(steps->dimensions, json_sprintf("step_%zu", i));
    g_free(rows.row);
    g_free(rows.pages);
}

enum gl_executed
gl_steps_journey_(struct gl_steps_ *steps)
{
    struct gl_journey journey = {0};
    enum gl_executed result;

    if (!read_keys(steps) || !read_direction(steps, &journey) ||
        !read_from(steps, &journey) || !read_steps(steps, &journey))
        return GL_EXECUTE_BAD;
    gl_journey_init(&journey);
    result = count(steps, &journey);
    if (result == GL_EXECUTED)
        tell(steps, &journey);
    gl_journey_fini(&journey);
    return result;
}
