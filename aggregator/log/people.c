/* Who goes on over midnight; see people.h. */

#include "log/people.h"

#include "count/count.h"
#include "count/fold.h"
#include "enrich/enrich.h"
#include "enrich/verdict.h"
#include "gl_assert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of one visitor and site; the same of both ids. */
struct person {
    uint64_t visitor, before;
    int64_t midnight_ms;
    int64_t until_ms[2]; /* its visit over midnight, of scripts and of pages
                            served: last seen; 0 = there is none */
};

struct key {
    uint64_t visitor;
    guint site;
};

struct gl_people {
    struct gl_decoder *decoder;
    struct gl_enrich *enrich;
    GHashTable *sites; /* name -> number */
    GHashTable *after; /* struct key -> struct person, by the id since */
    GHashTable *first; /* struct key -> struct person, by the id until */
    GPtrArray *all;    /* struct person */
    GArray *rows;      /* struct gl_row: .visitor is the person's number */
    int64_t from_ms, to_ms;
};

static guint
hash_key(gconstpointer key)
{
    const struct key *k = key;

    return (guint) k->visitor ^ (guint) (k->visitor >> 32) ^ k->site;
}

static gboolean
equal_key(gconstpointer left, gconstpointer right)
{
    const struct key *a = left, *b = right;

    return a->visitor == b->visitor && a->site == b->site;
}

struct gl_people *
gl_people_new(const char *enrich, char *why, size_t why_len)
{
    struct gl_people *p = g_new0(struct gl_people, 1);
    const char *sentence = "out of memory";

    p->sites = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    p->after = g_hash_table_new_full(hash_key, equal_key, g_free, NULL);
    p->first = g_hash_table_new_full(hash_key, equal_key, g_free, NULL);
    p->all = g_ptr_array_new_with_free_func(g_free);
    p->rows = g_array_new(FALSE, FALSE, sizeof(struct gl_row));
    p->from_ms = INT64_MAX;
    p->to_ms = INT64_MIN;
    p->decoder = gl_decoder_new();
    if (p->decoder != NULL)
        p->enrich = gl_enrich_new(enrich, &sentence);
    if (p->enrich != NULL)
        return p;
    snprintf(why, why_len, "%s (key \"enrich\"): %s", enrich, sentence);
    gl_people_free(p);
    return NULL;
}

void
gl_people_free(struct gl_people *p)
{
    if (p == NULL)
        return;
    gl_enrich_free(p->enrich);
    gl_decoder_free(p->decoder);
    g_hash_table_destroy(p->after);
    g_hash_table_destroy(p->first);
    g_hash_table_destroy(p->sites);
    g_ptr_array_free(p->all, TRUE);
    g_array_free(p->rows, TRUE);
    g_free(p);
}

static int
read_event(struct gl_people *p, const struct gl_chunk_frame *frame,
           struct gl_event *event)
{
    const char *why;

    if ((frame->type != GL_FRAME_EVENT && frame->type != GL_FRAME_SERVED) ||
        gl_event_decode(p->decoder, event, frame->payload, frame->payload_len,
                        &why) != 0)
        return -1;
    event->at_ms = frame->at_ms;
    return 0;
}

/* The number of SITE; MAKE = one that is not known gets one, else 0. */
static guint
site_number(struct gl_people *p, struct gl_text site, int make)
{
    char *name = g_strndup(site.data, site.len);
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(p->sites, name));

    if (n == 0 && make) {
        n = g_hash_table_size(p->sites) + 1;
        g_hash_table_insert(p->sites, name, GUINT_TO_POINTER(n));
        return n;
    }
    g_free(name);
    return n;
}

static void
insert(GHashTable *into, uint64_t visitor, guint site, struct person *person)
{
    struct key key = {visitor, site};

    g_hash_table_insert(into, g_memdup2(&key, sizeof key), person);
}

void
gl_people_pair(struct gl_people *p, const struct gl_chunk_frame *frame,
               uint64_t before)
{
    struct gl_event event;
    struct person *person;
    struct key key;

    if (before == 0 || read_event(p, frame, &event) != 0)
        return;
    key = (struct key){event.visitor, site_number(p, event.site, 1)};
    if (g_hash_table_contains(p->after, &key))
        return;
    person = g_new0(struct person, 1);
    person->visitor = event.visitor;
    person->before = before;
    /* the clock that chose the ids may differ by a little: the nearest */
    person->midnight_ms = gl_day_of(frame->at_ms + GL_DAY_MS / 2) * GL_DAY_MS;
    g_ptr_array_add(p->all, person);
    insert(p->after, event.visitor, key.site, person);
    insert(p->first, before, key.site, person);
    p->from_ms = MIN(p->from_ms, person->midnight_ms - GL_DAY_MS);
    p->to_ms = MAX(p->to_ms, person->midnight_ms + GL_DAY_MS);
}

guint
gl_people_n(const struct gl_people *p)
{
    return p->all->len;
}

void
gl_people_times(const struct gl_people *p, int64_t *from_ms, int64_t *to_ms)
{
    *from_ms = p->from_ms;
    *to_ms = p->to_ms;
}

struct gl_decoder *
gl_people_decoder(struct gl_people *p)
{
    return p->decoder;
}

/* A bot, or spam, has no row. */
static int
has_row(struct gl_people *p, const struct gl_event *event)
{
    const struct gl_agent *agent = gl_enrich_client(p->enrich, event);
    struct gl_identity identity = gl_enrich_identity(p->enrich, agent, event);
    struct gl_origin origin;
    struct gl_verdict verdict;

    if (gl_verdict(agent, &identity, event, 0, &verdict))
        return 0;
    gl_enrich_origin(p->enrich, &origin, event, event->site);
    return !origin.spam;
}

static struct person *
find(struct gl_people *p, GHashTable *by, const struct gl_event *event)
{
    struct key key = {event->visitor, site_number(p, event->site, 0)};

    return key.site == 0 ? NULL : g_hash_table_lookup(by, &key);
}

static void
add_row(struct gl_people *p, const struct person *person,
        const struct gl_event *event)
{
    struct gl_row row = {.id = p->rows->len + 1,
                         .at_ms = event->at_ms,
                         .visitor = (uintptr_t) person,
                         .kind = (uint8_t) event->kind,
                         .passive = (uint8_t) event->passive,
                         .server = event->server != 0};

    g_array_append_val(p->rows, row);
}

/* The second id of one midnight is the first of the next. */
void
gl_people_frame(struct gl_people *p, const struct gl_chunk_frame *frame)
{
    struct gl_event event;
    const struct person *since, *until;

    if (frame->type != GL_FRAME_EVENT || read_event(p, frame, &event) != 0)
        return;
    since = find(p, p->after, &event);
    until = find(p, p->first, &event);
    if ((since == NULL && until == NULL) || !has_row(p, &event))
        return;
    if (since != NULL)
        add_row(p, since, &event);
    if (until != NULL)
        add_row(p, until, &event);
}

/* ---- the fold ---- */

/* Words make no difference to who is in a visit. */
static int
equal_words(void *arg, uint32_t a, uint32_t b)
{
    (void) arg;
    (void) a;
    (void) b;
    return 0;
}

static void
take_visit(void *arg, const struct gl_visit *visit, size_t first, size_t last)
{
    struct person *person = (struct person *) (uintptr_t) visit->visitor;

    (void) arg;
    GL_ASSERT(first <= last && person != NULL);
    if (visit->start_ms < person->midnight_ms &&
        visit->seen_ms >= person->midnight_ms)
        person->until_ms[visit->server != 0] = visit->seen_ms;
}

void
gl_people_fold(struct gl_people *p)
{
    const struct gl_words words = {equal_words, equal_words, NULL};
    const struct gl_count_rules rules = {0};
    struct gl_row *rows = (struct gl_row *) (void *) p->rows->data;

    gl_fold_sort(rows, p->rows->len, &words);
    gl_fold(rows, p->rows->len, &rules, take_visit, NULL);
    g_array_set_size(p->rows, 0);
}

/* Of a page served no visit knows: it is of who looks at it. */
uint64_t
gl_people_visitor(struct gl_people *p, const struct gl_chunk_frame *frame)
{
    struct gl_event event;
    const struct person *person;

    if (p->all->len == 0 || read_event(p, frame, &event) != 0)
        return 0;
    person = find(p, p->after, &event);
    if (person == NULL ||
        frame->at_ms > person->until_ms[frame->type == GL_FRAME_EVENT &&
                                        event.server != 0])
        return 0;
    return person->before;
}
