/* What is behind the numbers of a page; see behind.h. */

#include "dashboard/behind.h"

#include "dashboard/parts.h"
#include "answer/asking.h"
#include "recount/receipt.h"

static json_t *
query_of(const struct gl_page *page)
{
    return json_pack("{s:s, s:o, s:o, s:o}", "site_id", page->domain,
                     "metrics", gl_figure_metrics(&page->figures, 0),
                     "date_range", gl_period_range(&page->period), "filters",
                     gl_page_filters(page));
}

/* What the address asks for, by the site's clock: 200, or a status. */
static int
read_address(const struct gl_query_view *view, const struct gl_meta_site *site,
             const char *text, json_t **query, json_t **answer)
{
    struct gl_page page;
    struct gl_asking *asking;
    int status = gl_asking_open(view, site, &asking, answer);

    if (status != 200)
        return status;
    status = gl_page_init(view, asking, site, NULL, text, &page, answer);
    if (status == 200) {
        *query = query_of(&page);
        gl_page_fini(&page);
    }
    gl_asking_close(asking);
    return status;
}

/* *ANSWER, with its rows. */
static int
add_rows(const struct gl_receipt_ask *ask, json_t **answer)
{
    json_t *rows = NULL;
    int status = gl_receipt_rows(ask, 0, GL_BEHIND_ROWS, &rows);

    if (status == 200) {
        json_object_update(*answer, rows);
        json_decref(rows);
        return 200;
    }
    json_decref(*answer);
    *answer = rows;
    return status;
}

int
gl_dashboard_behind(const struct gl_query_view *view,
                    const struct gl_meta_site *site, const char *query,
                    const atomic_int *gone, json_t **answer)
{
    struct gl_receipt_ask ask = {.view = view, .site = site, .gone = gone};
    int status = read_address(view, site, query, &ask.query, answer);

    if (status == 200)
        status = gl_receipt(&ask, answer);
    if (status == 200)
        status = add_rows(&ask, answer);
    json_decref(ask.query);
    return status;
}
