/*
 * The hub of live numbers.  It does not know what a watcher is: a WebSocket or
 * a stream of the command line.
 *
 *     writer thread ── put ──► topic.pending (newest only)   behind the mutex
 *                                 │ wake
 *     loop thread                 ▼
 *                              topic.news ──► changed() of each watch
 *
 * Memory: one topic for each site looked at, whatever the rate of changes.
 */

#include "serve/hub.h"

#include "dashboard/bars.h"
#include "gl_assert.h"
#include "log.h"
#include "serve/websocket.h"
#include "writer/writer.h"

#include <pthread.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

struct gl_topic {
    int64_t id; /* of the site: key, first */
    char site[sizeof((struct gl_live *) NULL)->site];
    TAILQ_ENTRY(gl_topic) dirty_link;
    int dirty;              /* in hub.dirty; mutex */
    int waiting;            /* pending is newer than news; mutex */
    struct gl_live pending; /* mutex */
    struct gl_news news;    /* loop thread; text NULL = none yet */
    size_t watches_n;       /* in either list, or being told */
    size_t outside_n;       /* of them */
    LIST_HEAD(, gl_watch) watches;
    LIST_HEAD(, gl_watch) fresh; /* have not heard the news yet */
};

TAILQ_HEAD(topic_list, gl_topic);

struct gl_hub {
    struct gl_ingest *ingest;
    struct event *wake;
    pthread_mutex_t mutex;   /* of the two below and what is marked so */
    void *topics;            /* tsearch tree by id; changed by the loop */
    struct topic_list dirty; /* somebody is to be told */
};

static int
compare(const void *a, const void *b)
{
    int64_t one = *(const int64_t *) a, other = *(const int64_t *) b;
    return (one > other) - (one < other);
}

/* The topic of the site with ID, or NULL. */
static struct gl_topic *
find(struct gl_hub *hub, int64_t id)
{
    void *node = tfind(&id, &hub->topics, compare);
    return node == NULL ? NULL : *(struct gl_topic **) node;
}

static void
mark_dirty(struct gl_hub *hub, struct gl_topic *topic)
{
    if (!topic->dirty) {
        topic->dirty = 1;
        TAILQ_INSERT_TAIL(&hub->dirty, topic, dirty_link);
    }
}

static void
news_clear(struct gl_news *news)
{
    free(news->text);
    free(news->frame);
    json_decref(news->object);
    memset(news, 0, sizeof *news);
}

json_t *
gl_hub_object(const struct gl_live *live)
{
    json_t *object = gl_live_json(live);
    const json_t *minutes = json_object_get(object, "pageviews_30m");
    if (object != NULL)
        json_object_set_new(object, "bars", gl_bars(minutes));
    return object;
}

static int
news_make(struct gl_news *news, const struct gl_live *live)
{
    json_t *object = gl_hub_object(live);
    char *text = object == NULL ? NULL : json_dumps(object, JSON_COMPACT);
    struct gl_news made = {.text = text, .object = object};
    if (text != NULL) {
        made.text_len = strlen(text);
        made.frame = gl_websocket_frame(text, made.text_len, &made.frame_len);
    }
    if (made.frame == NULL) {
        news_clear(&made);
        return -1;
    }
    news_clear(news);
    *news = made;
    return 0;
}

/* Tell everybody on TOPIC, or only those who joined since the last news.  Each
 * is back in its list before it is told, so that it can leave as always; with
 * the last of them the topic may end. */
static void
tell(struct gl_topic *topic, int everybody)
{
    LIST_HEAD(, gl_watch) todo = LIST_HEAD_INITIALIZER(todo);
    struct gl_watch *watch;
    if (topic->news.text == NULL)
        return;
    while ((watch = LIST_FIRST(&topic->fresh)) != NULL) {
        LIST_REMOVE(watch, link);
        LIST_INSERT_HEAD(&todo, watch, link);
    }
    while (everybody && (watch = LIST_FIRST(&topic->watches)) != NULL) {
        LIST_REMOVE(watch, link);
        LIST_INSERT_HEAD(&todo, watch, link);
    }
    while ((watch = LIST_FIRST(&todo)) != NULL) {
        LIST_REMOVE(watch, link);
        LIST_INSERT_HEAD(&topic->watches, watch, link);
        watch->changed(watch, &topic->news);
    }
}

/* The next topic to tell of, or NULL.  *WAITING: LIVE holds newer numbers. */
static struct gl_topic *
take_dirty(struct gl_hub *hub, int *waiting, struct gl_live *live)
{
    pthread_mutex_lock(&hub->mutex);
    struct gl_topic *topic = TAILQ_FIRST(&hub->dirty);
    if (topic != NULL) {
        GL_ASSERT(topic->dirty);
        TAILQ_REMOVE(&hub->dirty, topic, dirty_link);
        *waiting = topic->waiting;
        topic->dirty = topic->waiting = 0;
        *live = topic->pending;
    }
    pthread_mutex_unlock(&hub->mutex);
    return topic;
}

static void
on_wake(evutil_socket_t fd, short what, void *arg)
{
    struct gl_hub *hub = arg;
    struct gl_topic *topic;
    struct gl_live live;
    int waiting;
    (void) fd;
    (void) what;
    while ((topic = take_dirty(hub, &waiting, &live)) != NULL) {
        if (waiting && news_make(&topic->news, &live) == -1) {
            gl_log(GL_LOG_ERROR, "live: out of memory, a change is skipped");
            continue;
        }
        tell(topic, waiting);
    }
}

struct gl_hub *
gl_hub_new(struct event_base *base)
{
    struct gl_hub *hub = calloc(1, sizeof *hub);
    if (hub == NULL)
        return NULL;
    TAILQ_INIT(&hub->dirty);
    pthread_mutex_init(&hub->mutex, NULL);
    hub->wake = event_new(base, -1, 0, on_wake, hub);
    if (hub->wake == NULL) {
        pthread_mutex_destroy(&hub->mutex);
        free(hub);
        return NULL;
    }
    return hub;
}

void
gl_hub_attach(struct gl_hub *hub, struct gl_ingest *ingest)
{
    hub->ingest = ingest;
}

void
gl_hub_free(struct gl_hub *hub)
{
    if (hub == NULL)
        return;
    event_free(hub->wake);
    pthread_mutex_destroy(&hub->mutex);
    free(hub);
}

void
gl_hub_put(struct gl_hub *hub, const struct gl_live *live)
{
    pthread_mutex_lock(&hub->mutex);
    struct gl_topic *topic = find(hub, live->id);
    if (topic != NULL) {
        topic->pending = *live;
        topic->waiting = 1;
        mark_dirty(hub, topic);
    }
    pthread_mutex_unlock(&hub->mutex);
    if (topic != NULL)
        event_active(hub->wake, EV_READ, 0);
}

static struct gl_topic *
new_topic(struct gl_hub *hub, const char *site, int64_t id)
{
    struct gl_topic *topic = calloc(1, sizeof *topic);
    if (topic == NULL || strlen(site) >= sizeof topic->site) {
        free(topic);
        return NULL;
    }
    strcpy(topic->site, site);
    topic->id = id;
    LIST_INIT(&topic->watches);
    LIST_INIT(&topic->fresh);
    pthread_mutex_lock(&hub->mutex);
    int kept = tsearch(topic, &hub->topics, compare) != NULL;
    pthread_mutex_unlock(&hub->mutex);
    if (!kept) {
        free(topic);
        return NULL;
    }
    gl_writer_watch(hub->ingest, id, 1);
    return topic;
}

int
gl_hub_join(struct gl_hub *hub, struct gl_watch *watch, const char *site,
            int64_t id)
{
    struct gl_topic *topic = find(hub, id);
    watch->topic = NULL;
    if (topic == NULL)
        topic = new_topic(hub, site, id);
    if (topic == NULL)
        return -1;
    watch->topic = topic;
    topic->watches_n++;
    topic->outside_n += watch->outside != 0;
    LIST_INSERT_HEAD(&topic->fresh, watch, link);
    if (topic->news.text != NULL) {
        /* Numbers are known and current: tell the new one on the next turn. */
        pthread_mutex_lock(&hub->mutex);
        mark_dirty(hub, topic);
        pthread_mutex_unlock(&hub->mutex);
        event_active(hub->wake, EV_READ, 0);
    }
    return 0;
}

void
gl_hub_leave(struct gl_hub *hub, struct gl_watch *watch)
{
    struct gl_topic *topic = watch->topic;
    if (topic == NULL)
        return;
    watch->topic = NULL;
    GL_ASSERT(topic->watches_n > 0);
    LIST_REMOVE(watch, link);
    topic->outside_n -= watch->outside != 0;
    if (--topic->watches_n > 0)
        return;
    pthread_mutex_lock(&hub->mutex);
    tdelete(topic, &hub->topics, compare);
    if (topic->dirty)
        TAILQ_REMOVE(&hub->dirty, topic, dirty_link);
    pthread_mutex_unlock(&hub->mutex);
    gl_writer_watch(hub->ingest, topic->id, -1);
    news_clear(&topic->news);
    free(topic);
}

const char *
gl_hub_site(const struct gl_watch *watch)
{
    return watch->topic->site;
}

int64_t
gl_hub_site_id(const struct gl_watch *watch)
{
    return watch->topic->id;
}

size_t
gl_hub_outside(struct gl_hub *hub, int64_t id)
{
    const struct gl_topic *topic = find(hub, id);
    return topic == NULL ? 0 : topic->outside_n;
}

const struct gl_news *
gl_hub_news(const struct gl_watch *watch)
{
    return watch->topic == NULL || watch->topic->news.text == NULL
               ? NULL
               : &watch->topic->news;
}

void
gl_hub_socket(struct gl_hub *hub, int change)
{
    gl_writer_socket(hub->ingest, change);
}
