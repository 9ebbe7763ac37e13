/* site.page: the sites of an account, a page at a time, as Plausible's sites
 * API lists them.  Query threads. */

#include "admin/verbs_internal.h"

#include "gl_assert.h"
#include "calls/answer.h"
#include "domain.h"

#include <string.h>

/* As Plausible's. */
#define LIMIT 100
#define LIMIT_MAX 1000

/* Sites by domain: those of the page, and one more where there is one. */
struct page {
    const char *after, *before; /* a domain; NULL = from the beginning */
    size_t limit;
    GQueue sites; /* struct gl_meta_site, of the version */
    int earlier;  /* there is one before AFTER */
};

static int
collect(void *arg, const struct gl_meta_site *site)
{
    struct page *page = arg;

    GL_ASSERT(page->sites.length <= page->limit + 1);

    if (page->before != NULL && strcmp(site->domain, page->before) >= 0)
        return 1;
    if (page->after != NULL && strcmp(site->domain, page->after) <= 0) {
        page->earlier = 1;
        return 0;
    }
    g_queue_push_tail(&page->sites, (gpointer) (uintptr_t) site);
    if (page->before == NULL)
        return page->sites.length > page->limit;
    if (page->sites.length > page->limit + 1)
        g_queue_pop_head(&page->sites);
    return 0;
}

static json_t *
domain_json(const struct gl_meta_site *site)
{
    return site == NULL ? json_null() : json_string(site->domain);
}

/* The caller's. */
static json_t *
page_json(struct page *page)
{
    const int backwards = page->before != NULL;
    const int more = page->sites.length > page->limit;
    const int earlier = backwards ? more : page->earlier;
    const int later = backwards || more;
    json_t *sites = json_array();

    if (more && backwards)
        g_queue_pop_head(&page->sites);
    else if (more)
        g_queue_pop_tail(&page->sites);
    for (GList *at = page->sites.head; at != NULL; at = at->next) {
        const struct gl_meta_site *site = at->data;

        json_array_append_new(sites,
                              json_pack("{s:s, s:s}", "domain", site->domain,
                                        "timezone", site->timezone));
    }
    return json_pack(
        "{s:o, s:{s:o, s:o, s:I}}", "sites", sites, "meta", "after",
        domain_json(later ? g_queue_peek_tail(&page->sites) : NULL), "before",
        domain_json(earlier ? g_queue_peek_head(&page->sites) : NULL), "limit",
        (json_int_t) page->limit);
}

/* A number as a text of the URL: 0, or a status. */
static int
read_limit(const char *text, size_t *limit, json_t **answer)
{
    char *end = NULL;
    guint64 n = LIMIT;

    if (text != NULL)
        n = g_ascii_isdigit(text[0]) ? g_ascii_strtoull(text, &end, 10) : 0;
    if (n < 1 || n > LIMIT_MAX || (end != NULL && *end != '\0'))
        return gl_verb_refuse_(answer, 400,
                               "\"limit\" is a whole number from 1 to %d",
                               LIMIT_MAX);
    *limit = (size_t) n;
    return 0;
}

int
gl_verb_site_page_(const struct gl_query_view *view,
                   const struct gl_call *call, json_t **answer)
{
    struct page page = {.after = gl_verb_text_(call, "after", NULL),
                        .before = gl_verb_text_(call, "before", NULL)};
    int status =
        read_limit(gl_verb_text_(call, "limit", NULL), &page.limit, answer);

    if (status == 0 && page.after != NULL && page.before != NULL)
        status = gl_verb_refuse_(
            answer, 400, "\"after\" and \"before\" do not go together");
    if (status != 0)
        return status;
    g_queue_init(&page.sites);
    gl_version_sites(gl_directory_enter(view->directory),
                     gl_verb_text_(call, "of", NULL), collect, &page);
    *answer = page_json(&page);
    gl_directory_leave(view->directory);
    g_queue_clear(&page.sites);
    return 200;
}
