/* Pages that are made before somebody asks; see ahead.h.  Loop thread. */

#include "serve/ahead.h"

#include "gl_assert.h"

#include <glib.h>
#include <string.h>
#include <sys/queue.h>

#include "clock.h"
#include "domain.h"
#include "dashboard/render.h"
#include "language/language.h"
#include "serve/shown.h"

#define PAGES_MAX 64 /* some 60 KB each; the writer looks at each site */
#define LOOK_S 1
/* Made anew so long after it was made, if visits changed it... */
#define MADE_MS 60000
/* ...and in any case: late rows change what live numbers do not tell. */
#define AGE_MS 600000
/* nginx tells nobody who gets a file: an open page that moves does. */
#define USED_MS 600000

struct page {
    struct gl_watch watch; /* the first */
    TAILQ_ENTRY(page) link;
    int64_t id; /* of the site */
    struct gl_speech speech;
    char domain[GL_DOMAIN_BYTES];
    char account[GL_ACCOUNT_ID_LEN + 1];
    char *text;
    json_t *live; /* that it was made of */
    int64_t tried_ms, used_ms;
    unsigned serial; /* no other page has it */
    int making;
};

TAILQ_HEAD(page_list, page);

struct gl_ahead {
    struct gl_hub *hub;
    struct gl_asks *asks;
    struct gl_shown *shown;
    struct event *look;
    struct gl_directory *directory; /* NULL = not attached */
    uint64_t commits;               /* of it, at the last look */
    unsigned serial;
    struct page_list pages; /* the last used first */
    int pages_n;
};

static void
on_news(struct gl_watch *watch, const struct gl_news *news)
{
    (void) watch; /* the hub keeps them */
    (void) news;
}

/* Of site ID, as this thread speaks. */
static struct page *
find(struct gl_ahead *ahead, int64_t id)
{
    struct gl_speech speech = gl_spoken();
    struct page *page;

    TAILQ_FOREACH (page, &ahead->pages, link)
        if (page->id == id && page->speech.language == speech.language &&
            page->speech.by == speech.by)
            break;
    return page;
}

/* The page with SERIAL, or NULL: it is gone. */
static struct page *
find_serial(struct gl_ahead *ahead, unsigned serial)
{
    struct page *page;

    TAILQ_FOREACH (page, &ahead->pages, link)
        if (page->serial == serial)
            break;
    return page;
}

static void
drop(struct gl_ahead *ahead, struct page *page)
{
    GL_ASSERT(ahead->pages_n > 0);
    gl_hub_leave(ahead->hub, &page->watch);
    TAILQ_REMOVE(&ahead->pages, page, link);
    ahead->pages_n--;
    json_decref(page->live);
    g_free(page->text);
    g_free(page);
}

/* Its file is the last for a while. */
static void
rest(struct gl_ahead *ahead, struct page *page)
{
    gl_speak(page->speech);
    gl_shown_rest(ahead->shown, page->id);
    drop(ahead, page);
}

/* NULL: the hub has no room. */
static struct page *
add(struct gl_ahead *ahead, const struct gl_meta_site *site)
{
    struct page *page = g_new0(struct page, 1);

    page->watch.changed = on_news;
    page->id = site->id;
    page->speech = gl_spoken();
    page->serial = ++ahead->serial;
    g_strlcpy(page->domain, site->domain, sizeof page->domain);
    g_strlcpy(page->account, site->account, sizeof page->account);
    if (gl_hub_join(ahead->hub, &page->watch, site->domain, site->id) == -1) {
        g_free(page);
        return NULL;
    }
    if (ahead->pages_n == PAGES_MAX)
        rest(ahead, TAILQ_LAST(&ahead->pages, page_list));
    TAILQ_INSERT_HEAD(&ahead->pages, page, link);
    ahead->pages_n++;
    GL_ASSERT(ahead->pages_n <= PAGES_MAX);
    return page;
}

static void
use(struct gl_ahead *ahead, struct page *page)
{
    page->used_ms = gl_clock_boot_ms();
    TAILQ_REMOVE(&ahead->pages, page, link);
    TAILQ_INSERT_HEAD(&ahead->pages, page, link);
}

static void
fill(struct page *page, const char *text, const json_t *live)
{
    g_free(page->text);
    page->text = g_strdup(text);
    json_decref(page->live);
    page->live = json_deep_copy(live);
    page->tried_ms = gl_clock_boot_ms();
}

/* ---- made anew ---- */

struct making {
    struct gl_ahead *ahead;
    unsigned serial; /* of the page, which may be gone */
    json_t *live;
};

static void
on_made(void *arg, int status, const char *text)
{
    struct making *making = arg;
    struct gl_ahead *ahead = making->ahead;
    struct page *page = find_serial(ahead, making->serial);

    if (page == NULL) {
        /* gone meanwhile */
    } else if (status == 200 && text != NULL) {
        page->making = 0;
        fill(page, text, making->live);
        gl_speak(page->speech);
        gl_shown_put(ahead->shown, page->id, text);
    } else {
        rest(ahead, page); /* who asks next is told why */
    }
    json_decref(making->live);
    g_free(making);
}

static void
make(struct gl_ahead *ahead, struct page *page, const struct gl_news *news)
{
    struct making *making = g_new(struct making, 1);
    char word[GL_SPEECH_MAX], query[sizeof "lang=de"] = "";

    gl_speech_word(page->speech, word);
    if (page->speech.by == GL_LANGUAGE_CHOSEN)
        g_snprintf(query, sizeof query, "lang=%s",
                   gl_language_code(page->speech.language));
    json_t *args = json_pack("{s:s, s:s, s:s, s:O, s:s}", "site", page->domain,
                             "account", page->account, "query", query, "live",
                             news->object, "lang", word);

    *making = (struct making){ahead, page->serial, json_incref(news->object)};
    page->making = 1;
    page->tried_ms = gl_clock_boot_ms();
    gl_ask(ahead->asks, NULL, "page", args, NULL, 0, "page", on_made, making);
}

/* All but when they were told. */
static int
is_same(const json_t *live, const json_t *other)
{
    static const char *const keys[] = {"visitors", "today", "pageviews_30m",
                                       "conditions"};

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        if (!json_equal(json_object_get(live, keys[i]),
                        json_object_get(other, keys[i])))
            return 0;
    return 1;
}

static void
look_at(struct gl_ahead *ahead, struct page *page, int64_t now_ms)
{
    const struct gl_news *news = gl_hub_news(&page->watch);
    int64_t age_ms = now_ms - page->tried_ms;

    if (gl_hub_outside(ahead->hub, page->id) > 0)
        page->used_ms = now_ms;
    if (now_ms - page->used_ms > USED_MS)
        rest(ahead, page);
    else if (!page->making && age_ms >= MADE_MS && news != NULL &&
             gl_render_has_numbers(news->object) &&
             (age_ms >= AGE_MS || !is_same(news->object, page->live)))
        make(ahead, page, news);
}

/* What a stranger may not see any more is not shown. */
static void
follow_directory(struct gl_ahead *ahead)
{
    uint64_t commits = gl_directory_commits(ahead->directory);

    if (commits == ahead->commits)
        return;
    ahead->commits = commits;
    gl_shown_check(ahead->shown);
}

static void
on_look(evutil_socket_t fd, short what, void *arg)
{
    struct gl_ahead *ahead = arg;
    int64_t now_ms = gl_clock_boot_ms();
    struct page *page = TAILQ_FIRST(&ahead->pages);

    (void) fd;
    (void) what;
    GL_ASSERT(ahead->directory != NULL);
    follow_directory(ahead);
    while (page != NULL) {
        struct page *next = TAILQ_NEXT(page, link);

        look_at(ahead, page, now_ms);
        page = next;
    }
}

/* ---- who asks ---- */

const char *
gl_ahead_page(struct gl_ahead *ahead, const struct gl_meta_site *site,
              const char *host, const json_t *live)
{
    struct page *page = find(ahead, site->id);

    if (page == NULL || (live != NULL && !is_same(live, page->live)))
        return NULL;
    use(ahead, page);
    if (gl_shown_open(ahead->shown, site, host))
        gl_shown_put(ahead->shown, site->id, page->text);
    return page->text;
}

void
gl_ahead_keep(struct gl_ahead *ahead, const struct gl_meta_site *site,
              const char *host, const char *text, const json_t *live,
              unsigned changes)
{
    if (changes != gl_asks_changes(ahead->asks))
        return;
    struct page *page = find(ahead, site->id);
    if (page == NULL)
        page = add(ahead, site);
    if (page == NULL)
        return;
    use(ahead, page);
    /* Many may have waited for this one. */
    int is_kept = page->text != NULL && strcmp(page->text, text) == 0;
    fill(page, text, live);
    if (gl_shown_open(ahead->shown, site, host) || !is_kept)
        gl_shown_put(ahead->shown, site->id, text);
}

void
gl_ahead_open(struct gl_ahead *ahead, const struct gl_meta_site *site,
              const char *host)
{
    gl_shown_open(ahead->shown, site, host);
}

/* DOMAIN as in gl_asks_on_change(). */
static void
on_change(void *arg, const char *domain)
{
    struct gl_ahead *ahead = arg;
    struct page *page = TAILQ_FIRST(&ahead->pages);
    char stored[GL_DOMAIN_BYTES];

    follow_directory(ahead);
    if (gl_domain(domain, stored) != 0)
        return;
    gl_shown_remove(ahead->shown, stored);
    while (page != NULL) {
        struct page *next = TAILQ_NEXT(page, link);

        if (strcmp(page->domain, stored) == 0)
            drop(ahead, page);
        page = next;
    }
}

/* ---- life ---- */

struct gl_ahead *
gl_ahead_new(struct event_base *base, struct gl_hub *hub, struct gl_asks *asks)
{
    struct gl_ahead *ahead = g_new0(struct gl_ahead, 1);

    ahead->hub = hub;
    ahead->asks = asks;
    TAILQ_INIT(&ahead->pages);
    ahead->look = event_new(base, -1, EV_PERSIST, on_look, ahead);
    return ahead;
}

void
gl_ahead_attach(struct gl_ahead *ahead, const struct gl_access *access,
                const char *folder)
{
    static const struct timeval every = {LOOK_S, 0};

    ahead->directory = access->directory;
    ahead->shown = gl_shown_new(access, folder);
    gl_asks_on_change(ahead->asks, on_change, ahead);
    event_add(ahead->look, &every);
}

void
gl_ahead_reread(struct gl_ahead *ahead)
{
    if (ahead->shown == NULL)
        return;
    gl_shown_check(ahead->shown);
    gl_shown_asides(ahead->shown);
}

void
gl_ahead_stop(struct gl_ahead *ahead)
{
    struct page *page;

    while ((page = TAILQ_FIRST(&ahead->pages)) != NULL)
        rest(ahead, page);
}

void
gl_ahead_free(struct gl_ahead *ahead)
{
    if (ahead == NULL)
        return;
    gl_ahead_stop(ahead);
    gl_shown_free(ahead->shown);
    event_free(ahead->look);
    g_free(ahead);
}
