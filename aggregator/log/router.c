/* Whose a frame is; see router.h. */

#include "log/router.h"

#include "domain.h"
#include "event.h"
#include "store/routes.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

/* A change in the moment of a look may leave the file's time as it was: so
 * much later it is looked at once more.  A clock of the kernel ticks each
 * 10 ms at most. */
#define MOMENT_MS 50
/* Names as workers write them, of sites that are not here by that: some may
 * come that are none. */
#define NAMES_MAX 65536

struct gl_router {
    const char *data;
    struct gl_decoder *decoder;
    GHashTable *primaries; /* domain -> primary, both inside this file; also
                              of names that came, until it is read again */
    GStringChunk *texts;
    int64_t upto;    /* change */
    uint64_t look;   /* of meta.db, when it was read; 0 = it was not */
    int64_t read_ms; /* boot */
    int sure;        /* it was read once more, a moment later */
};

struct gl_router *
gl_router_new(const char *data)
{
    struct gl_router *r = g_new0(struct gl_router, 1);

    r->data = data;
    r->decoder = gl_decoder_new();
    r->primaries = g_hash_table_new(g_str_hash, g_str_equal);
    r->texts = g_string_chunk_new(4096);
    if (r->decoder != NULL)
        return r;
    gl_router_free(r);
    return NULL;
}

void
gl_router_free(struct gl_router *r)
{
    if (r == NULL)
        return;
    gl_decoder_free(r->decoder);
    g_hash_table_destroy(r->primaries);
    g_string_chunk_free(r->texts);
    g_free(r);
}

/* ---- meta.db ---- */

static void
take_site(void *arg, const char *domain, const char *primary)
{
    struct gl_router *r = arg;

    /* of the first, as of nobody */
    if (domain != NULL && primary != NULL && primary[0] != '\0')
        g_hash_table_insert(r->primaries,
                            g_string_chunk_insert(r->texts, domain),
                            g_string_chunk_insert_const(r->texts, primary));
}

static int
read_all(struct gl_router *r, char *why, size_t why_len)
{
    g_hash_table_remove_all(r->primaries);
    g_string_chunk_clear(r->texts);
    if (gl_routes_read(r->data, &r->upto, take_site, r, why, why_len) != 0)
        return -1;
    if (r->upto > 0)
        return 0;
    g_strlcpy(why,
              "glintod of this machine has made no change of the others "
              "yet",
              why_len);
    return -1;
}

int
gl_router_read(struct gl_router *r, int64_t boot_ms, char *why, size_t why_len)
{
    uint64_t look = gl_routes_look(r->data);
    int again =
        look == r->look && !r->sure && boot_ms - r->read_ms >= MOMENT_MS;

    if (look == r->look && !again)
        return 0;
    r->look = 0;
    if (read_all(r, why, why_len) != 0)
        return -1;
    r->look = look;
    r->read_ms = boot_ms;
    r->sure = again;
    return 0;
}

int64_t
gl_router_upto(const struct gl_router *r)
{
    return r->upto;
}

/* ---- frames ---- */

/* As ingest/sites.c: a worker of before writes names as they came. */
static const char *
primary_of_text(struct gl_router *r, struct gl_text site, const char *name)
{
    char domain[GL_DOMAIN_BYTES];
    const char *primary = NULL;

    if (gl_domain_text(site, domain) == 0)
        primary = g_hash_table_lookup(r->primaries, domain);
    if (primary == NULL)
        primary = "";
    if (name != NULL && g_hash_table_size(r->primaries) < NAMES_MAX)
        g_hash_table_insert(r->primaries,
                            g_string_chunk_insert(r->texts, name),
                            g_string_chunk_insert_const(r->texts, primary));
    return primary;
}

static const char *
primary_of(struct gl_router *r, struct gl_text site)
{
    char name[GL_DOMAIN_BYTES];
    const char *primary;

    if (site.len == 0)
        return "";
    if (site.len >= sizeof name || memchr(site.data, '\0', site.len) != NULL)
        return primary_of_text(r, site, NULL);
    memcpy(name, site.data, site.len);
    name[site.len] = '\0';
    primary = g_hash_table_lookup(r->primaries, name);
    return primary != NULL ? primary : primary_of_text(r, site, name);
}

/* How many of the N counts are of the primary of the first that is not DONE,
 * these then are; into SOME. */
static uint32_t
pick(struct gl_router *r, const struct gl_count *counts, int n, uint64_t *done,
     struct gl_count *some, const char **primary)
{
    uint32_t some_n = 0;

    for (int i = 0; i < n; i++) {
        const char *of = primary_of(r, counts[i].site);

        if ((*done & UINT64_C(1) << i) != 0 ||
            (some_n > 0 && strcmp(of, *primary) != 0))
            continue;
        *primary = of;
        *done |= UINT64_C(1) << i;
        some[some_n++] = counts[i];
    }
    return some_n;
}
_Static_assert(GL_COUNTS_MAX <= 64, "a bit for each");

/* One of the parts of FRAME, which has N counts in all. */
static int
route_counts(struct gl_router *r, struct gl_chunk_frame frame, int n,
             const struct gl_count *counts,
             int (*each)(void *arg, const char *primary,
                         const struct gl_chunk_frame *frame),
             void *arg)
{
    struct gl_count some[GL_COUNTS_MAX];
    uint8_t payload[GL_FRAME_PAYLOAD_MAX];
    const char *primary = "";
    uint64_t done = 0;
    uint32_t some_n;
    int result = 0;

    while (result == 0 &&
           (some_n = pick(r, counts, n, &done, some, &primary)) > 0) {
        if (some_n < (uint32_t) n) {
            frame.payload_len = (uint32_t) gl_counts_encode(
                some, some_n, payload, sizeof payload);
            frame.payload = payload;
        }
        if (frame.payload_len > 0)
            result = each(arg, primary, &frame);
    }
    return result;
}

int
gl_router_route(struct gl_router *r, const struct gl_spool_frame *frame,
                int (*each)(void *arg, const char *primary,
                            const struct gl_chunk_frame *frame),
                void *arg)
{
    struct gl_chunk_frame one = {frame->index, frame->payload_len,
                                 frame->at_ms, frame->type, frame->payload};
    struct gl_count counts[GL_COUNTS_MAX];
    struct gl_event event;
    const char *why, *primary = "";
    int n;

    if (frame->type == GL_FRAME_COUNTS) {
        n = gl_counts_decode(r->decoder, counts, frame->payload,
                             frame->payload_len, &why);
        if (n > 0)
            return route_counts(r, one, n, counts, each, arg);
    } else if ((frame->type == GL_FRAME_EVENT ||
                frame->type == GL_FRAME_SERVED) &&
               gl_event_decode(r->decoder, &event, frame->payload,
                               frame->payload_len, &why) == 0) {
        primary = primary_of(r, event.site);
    }
    return each(arg, primary, &one);
}
