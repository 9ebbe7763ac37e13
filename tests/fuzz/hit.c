/*
 * The way of collect.c, without batch and replies: parse, route, visitor,
 * encode.
 */

#include "hit.h"

#include "fuzz.h"
#include "payload.h"

#define LITERAL(text)                                                         \
    (struct gl_text)                                                          \
    {                                                                         \
        text, sizeof(text) - 1                                                \
    }

void
hit_browser(struct stand_in *in)
{
    stand_in_header(in, LITERAL("User-Agent"),
                    LITERAL("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) "
                            "Gecko/20100101 Firefox/133.0"));
    stand_in_header(in, LITERAL("Accept-Language"), LITERAL("de-AT,de"));
}

static void
check_hit(struct stand_in *in)
{
    ngx_http_glinto_hit_t *hit = &in->worker->hit;
    ngx_http_glinto_collect_t collect = {.request = &in->request,
                                         .worker = in->worker,
                                         .ctx = &in->ctx,
                                         .glcf = &in->location,
                                         .hit = hit};
    ngx_uint_t i;

    FUZZ_MUST(hit->nsites <= NGX_HTTP_GLINTO_SITES_MAX);
    if (ngx_http_glinto_route(&collect) != NGX_OK)
        return;
    FUZZ_MUST(collect.ntaken + hit->dropped == hit->nsites);
    for (i = 0; i < collect.ntaken; i++) {
        hit->event.site.data = (char *) collect.taken[i].name.data;
        hit->event.site.len = (uint32_t) collect.taken[i].name.len;
        FUZZ_MUST(ngx_http_glinto_visitor(&in->request, in->worker,
                                          &hit->person,
                                          &hit->event) == NGX_OK);
        FUZZ_MUST((hit->event.visitor & ~GL_VISITOR_MASK) == 0);
        payload_check(&hit->event);
    }
}

/* Returns how many allocations there were. */
static size_t
try_once(hit_parse *parse, void *arg, size_t allocations)
{
    struct stand_in in;
    ngx_int_t rc;
    size_t used;

    stand_in_init(&in, stand_in_pool(allocations));
    rc = parse(&in, arg);
    FUZZ_MUST(rc == NGX_OK || rc == NGX_HTTP_BAD_REQUEST ||
              (rc == NGX_HTTP_INTERNAL_SERVER_ERROR &&
               stand_in_used(in.request.pool) == allocations));
    if (rc == NGX_HTTP_BAD_REQUEST)
        FUZZ_MUST(in.worker->hit.field != NULL &&
                  in.worker->hit.message != NULL);
    if (rc == NGX_OK)
        check_hit(&in);
    used = stand_in_used(in.request.pool);
    stand_in_fini(&in);
    return used;
}

void
hit_try(hit_parse *parse, void *arg)
{
    size_t used = try_once(parse, arg, STAND_IN_ALL);

    /* which one fails is another one for each input, always the same */
    if (used > 0)
        try_once(parse, arg, (used * 7 / 3) % used);
}
