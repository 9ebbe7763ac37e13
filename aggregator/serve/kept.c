/*
 * A short list, the last used first.  The last of a full list makes room; a
 * timer drops what nobody asked for in a minute.  Loop thread.
 */

#include "serve/kept.h"

#include "gl_assert.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "clock.h"

/* The writer thread looks once a second at each site that is watched. */
#define GL_KEPT_SITES_MAX 64
#define GL_KEPT_MS 60000
#define GL_KEPT_LOOK_S 10

struct site {
    struct gl_watch watch;
    TAILQ_ENTRY(site) link;
    int64_t used_ms;
};

TAILQ_HEAD(site_list, site);

struct gl_kept {
    struct gl_hub *hub;
    struct event *look;
    struct site_list sites; /* last used first */
    int sites_n;
};

static void
on_changed(struct gl_watch *watch, const struct gl_news *news)
{
    (void) watch; /* the hub keeps them */
    (void) news;
}

static void
drop(struct gl_kept *kept, struct site *site)
{
    GL_ASSERT(kept->sites_n > 0);
    gl_hub_leave(kept->hub, &site->watch);
    TAILQ_REMOVE(&kept->sites, site, link);
    kept->sites_n--;
    free(site);
}

static void
look(evutil_socket_t fd, short what, void *arg)
{
    struct gl_kept *kept = arg;
    int64_t since_ms = gl_clock_boot_ms() - GL_KEPT_MS;
    struct site *last;
    (void) fd;
    (void) what;
    while ((last = TAILQ_LAST(&kept->sites, site_list)) != NULL &&
           last->used_ms < since_ms)
        drop(kept, last);
}

static struct site *
find(struct gl_kept *kept, int64_t id)
{
    struct site *site;
    TAILQ_FOREACH (site, &kept->sites, link)
        if (gl_hub_site_id(&site->watch) == id)
            break;
    return site;
}

static struct site *
add(struct gl_kept *kept, const struct gl_meta_site *wanted)
{
    struct site *site = calloc(1, sizeof *site);
    if (site == NULL)
        return NULL;
    site->watch.changed = on_changed;
    if (gl_hub_join(kept->hub, &site->watch, wanted->domain, wanted->id) ==
        -1) {
        free(site);
        return NULL;
    }
    if (kept->sites_n == GL_KEPT_SITES_MAX)
        drop(kept, TAILQ_LAST(&kept->sites, site_list));
    TAILQ_INSERT_HEAD(&kept->sites, site, link);
    kept->sites_n++;
    GL_ASSERT(kept->sites_n <= GL_KEPT_SITES_MAX);
    return site;
}

const struct gl_news *
gl_kept_news(struct gl_kept *kept, const struct gl_meta_site *wanted)
{
    struct site *site = find(kept, wanted->id);
    if (site == NULL)
        site = add(kept, wanted);
    if (site == NULL)
        return NULL;
    TAILQ_REMOVE(&kept->sites, site, link);
    TAILQ_INSERT_HEAD(&kept->sites, site, link);
    site->used_ms = gl_clock_boot_ms();
    return gl_hub_news(&site->watch);
}

struct gl_kept *
gl_kept_new(struct event_base *base, struct gl_hub *hub)
{
    static const struct timeval every = {GL_KEPT_LOOK_S, 0};
    struct gl_kept *kept = calloc(1, sizeof *kept);
    if (kept == NULL)
        return NULL;
    kept->hub = hub;
    TAILQ_INIT(&kept->sites);
    kept->look = event_new(base, -1, EV_PERSIST, look, kept);
    if (kept->look == NULL || event_add(kept->look, &every) == -1) {
        gl_kept_free(kept);
        return NULL;
    }
    return kept;
}

void
gl_kept_stop(struct gl_kept *kept)
{
    struct site *site;
    while ((site = TAILQ_FIRST(&kept->sites)) != NULL)
        drop(kept, site);
}

void
gl_kept_free(struct gl_kept *kept)
{
    if (kept == NULL)
        return;
    gl_kept_stop(kept);
    GL_ASSERT(kept->sites_n == 0);
    if (kept->look != NULL)
        event_free(kept->look);
    free(kept);
}
