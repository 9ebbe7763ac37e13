
/*
 * Copyright (C) Glinto contributors
 *
 * What a request of Matomo's tracking API says: the first of these that it has
 * is what it is.
 *
 *   rec is not 1, ping, cdt       unsupported: nothing, or at another time
 *   e_c and e_a                   custom event "Category: Action"
 *   c_n                           unsupported: a content block
 *   download, link                "File Download", "Outbound Link: Click"
 *   search                        "Site Search"
 *   idgoal=0 and ec_id            "Order", with revenue; a cart: unsupported
 *   idgoal=N                      "Goal N", with revenue
 *   ca                            unsupported: an action of its own
 *
 * and else a view of url.  dimension1 to dimension10 are properties of any of
 * them.  Who the visitor is, and where, is not the sender's
 * to say: _id, uid, cip and the rest are not read.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_json.h"
#include "ngx_http_glinto_matomo.h"
#include "ngx_http_glinto_props.h"
#include "ngx_http_glinto_request.h"


/* numbers of sites: longer ones are no number */

#define NGX_HTTP_GLINTO_MATOMO_DIGITS  9


static ngx_int_t ngx_http_glinto_matomo_site(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_matomo_number(ngx_pool_t *pool,
    struct gl_text number, struct gl_text *name);
static ngx_int_t ngx_http_glinto_matomo_page(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_matomo_rest(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_matomo_dimensions(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_matomo_kind(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_matomo_event(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_matomo_click(ngx_pool_t *pool,
    const char *name, struct gl_text url, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_matomo_search(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_matomo_goal(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, struct gl_text goal,
    ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_matomo_join(ngx_pool_t *pool,
    struct gl_text first, const char *between, struct gl_text last,
    struct gl_text *whole);
static void ngx_http_glinto_matomo_named(struct gl_event *event,
    const char *name);
static ngx_int_t ngx_http_glinto_matomo_unsupported(
    ngx_http_glinto_hit_t *hit);


ngx_int_t
ngx_http_glinto_matomo_read(ngx_pool_t *pool, ngx_http_glinto_json_t *fields,
    ngx_http_glinto_hit_t *hit)
{
    ngx_int_t       rc;
    struct gl_text  silent;

    hit->event.schema = GL_EVENT_SCHEMA;

    silent = ngx_http_glinto_matomo_text(fields,
                                         NGX_HTTP_GLINTO_MATOMO_SEND_IMAGE);
    hit->silent = ngx_http_glinto_json_text_is(&silent, "0");

    rc = ngx_http_glinto_matomo_site(pool, fields, hit);

    if (rc == NGX_OK) {
        rc = ngx_http_glinto_matomo_kind(pool, fields, hit);
    }

    if (rc == NGX_OK && !hit->unsupported) {
        rc = ngx_http_glinto_matomo_page(pool, fields, hit);
    }

    if (rc == NGX_OK && !hit->unsupported) {
        rc = ngx_http_glinto_matomo_rest(pool, fields, hit);
    }

    if (rc == NGX_OK && !hit->unsupported) {
        rc = ngx_http_glinto_matomo_dimensions(pool, fields, hit);
    }

    return ngx_http_glinto_hit_status(rc);
}


/* its number in Matomo, which is another name of the site; or its name */

static ngx_int_t
ngx_http_glinto_matomo_site(ngx_pool_t *pool, ngx_http_glinto_json_t *fields,
    ngx_http_glinto_hit_t *hit)
{
    struct gl_text  id, name;

    id = ngx_http_glinto_matomo_text(fields, NGX_HTTP_GLINTO_MATOMO_IDSITE);

    if (ngx_http_glinto_matomo_number(pool, id, &name) != NGX_OK
        || (name.len == 0
            && gl_host_read(ngx_http_glinto_memory(pool), id, &name) != 0))
    {
        return NGX_ERROR;
    }

    if (name.len == 0) {
        return ngx_http_glinto_hit_refuse(hit, "idsite",
                                          "is neither a number nor a site");
    }

    hit->sites[0].data = (u_char *) name.data;
    hit->sites[0].len = name.len;
    hit->nsites = 1;

    return NGX_OK;
}


/* 7 is matomo:7, which no host is called; empty when it is no number */

static ngx_int_t
ngx_http_glinto_matomo_number(ngx_pool_t *pool, struct gl_text number,
    struct gl_text *name)
{
    uint32_t  i;

    static const struct gl_text  matomo = { "matomo", 6 };

    name->data = NULL;
    name->len = 0;

    for (i = 0; i < number.len; i++) {
        if (number.data[i] < '0' || number.data[i] > '9') {
            return NGX_OK;
        }
    }

    if (i == 0 || i > NGX_HTTP_GLINTO_MATOMO_DIGITS) {
        return NGX_OK;
    }

    return ngx_http_glinto_matomo_join(pool, matomo, ":", number, name);
}


static ngx_int_t
ngx_http_glinto_matomo_page(ngx_pool_t *pool, ngx_http_glinto_json_t *fields,
    ngx_http_glinto_hit_t *hit)
{
    struct gl_text  url;

    url = ngx_http_glinto_matomo_text(fields, NGX_HTTP_GLINTO_MATOMO_URL);

    return url.len ? ngx_http_glinto_page(pool, url, 0, hit)
                   : ngx_http_glinto_hit_refuse(hit, "url", "is missing");
}


static ngx_int_t
ngx_http_glinto_matomo_rest(ngx_pool_t *pool, ngx_http_glinto_json_t *fields,
    ngx_http_glinto_hit_t *hit)
{
    struct gl_text    text;
    struct gl_event  *event;
    struct gl_memory  memory;

    event = &hit->event;
    memory = ngx_http_glinto_memory(pool);

    text = ngx_http_glinto_matomo_text(fields, NGX_HTTP_GLINTO_MATOMO_RES);

    if (gl_screen_is(text)) {
        event->screen = text;
    }

    text = ngx_http_glinto_matomo_text(fields,
                                       NGX_HTTP_GLINTO_MATOMO_ACTION_NAME);

    if (gl_utf8_mend(memory, text, &text) != 0) {
        return NGX_ERROR;
    }

    event->title = gl_value_kept(text, GL_LONGEST_title);

    text = ngx_http_glinto_matomo_text(fields, NGX_HTTP_GLINTO_MATOMO_LANG);

    if (gl_language_read(memory, gl_headers_language(text), &event->language)
        != 0)
    {
        return NGX_ERROR;
    }

    text = ngx_http_glinto_matomo_text(fields, NGX_HTTP_GLINTO_MATOMO_URLREF);

    return gl_page_referrer(memory, text, &event->referrer) == 0
           ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_http_glinto_matomo_dimensions(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit)
{
    ngx_int_t   rc;
    ngx_uint_t  i;

    i = NGX_HTTP_GLINTO_MATOMO_DIMENSION;

    for (rc = NGX_OK; rc == NGX_OK && i < NGX_HTTP_GLINTO_MATOMO_FIELDS; i++) {
        rc = ngx_http_glinto_props_add(pool, ngx_http_glinto_matomo_key(i),
                         ngx_http_glinto_matomo_text(fields, i), hit);
    }

    return rc;
}


static ngx_int_t
ngx_http_glinto_matomo_kind(ngx_pool_t *pool, ngx_http_glinto_json_t *fields,
    ngx_http_glinto_hit_t *hit)
{
    struct gl_text  text;

#define HAS(field)                                                            \
    ((text = ngx_http_glinto_matomo_text(fields,                              \
                                         NGX_HTTP_GLINTO_MATOMO_##field)).len)

    hit->event.kind = GL_PAGEVIEW;

    if (!HAS(REC) || !ngx_http_glinto_json_text_is(&text, "1")
        || HAS(PING) || HAS(CDT))
    {
        return ngx_http_glinto_matomo_unsupported(hit);
    }

    if (HAS(EVENT_CATEGORY) && HAS(EVENT_ACTION)) {
        return ngx_http_glinto_matomo_event(pool, fields, hit);
    }

    if (HAS(CONTENT)) {
        return ngx_http_glinto_matomo_unsupported(hit);
    }

    if (HAS(DOWNLOAD)) {
        return ngx_http_glinto_matomo_click(pool, "File Download", text, hit);
    }

    if (HAS(LINK)) {
        return ngx_http_glinto_matomo_click(pool, "Outbound Link: Click", text,
                                            hit);
    }

    if (HAS(SEARCH)) {
        return ngx_http_glinto_matomo_search(pool, fields, hit);
    }

    if (HAS(GOAL)) {
        return ngx_http_glinto_matomo_goal(pool, fields, text, hit);
    }

    return HAS(ACTION) ? ngx_http_glinto_matomo_unsupported(hit) : NGX_OK;

#undef HAS
}


static ngx_int_t
ngx_http_glinto_matomo_event(ngx_pool_t *pool, ngx_http_glinto_json_t *fields,
    ngx_http_glinto_hit_t *hit)
{
    ngx_int_t       rc;
    const char     *wrong;
    struct gl_text  category, action;

    category = ngx_http_glinto_matomo_text(fields,
                                       NGX_HTTP_GLINTO_MATOMO_EVENT_CATEGORY);
    action = ngx_http_glinto_matomo_text(fields,
                                         NGX_HTTP_GLINTO_MATOMO_EVENT_ACTION);

    hit->event.kind = GL_CUSTOM;

    if (ngx_http_glinto_matomo_join(pool, category, ": ", action,
                                    &hit->event.name)
        != NGX_OK
        || gl_name_read(ngx_http_glinto_memory(pool), &hit->event.name, &wrong)
           != 0)
    {
        return NGX_ERROR;
    }

    if (wrong) {
        return ngx_http_glinto_hit_refuse(hit, "e_c", wrong);
    }

    rc = ngx_http_glinto_props_add(pool, "name",
             ngx_http_glinto_matomo_text(fields,
                                         NGX_HTTP_GLINTO_MATOMO_EVENT_NAME),
             hit);

    return rc != NGX_OK ? rc
           : ngx_http_glinto_props_add(pool, "value",
                 ngx_http_glinto_matomo_text(fields,
                                         NGX_HTTP_GLINTO_MATOMO_EVENT_VALUE),
                 hit);
}


/* as Plausible's script calls them */

static ngx_int_t
ngx_http_glinto_matomo_click(ngx_pool_t *pool, const char *name,
    struct gl_text url, ngx_http_glinto_hit_t *hit)
{
    ngx_http_glinto_matomo_named(&hit->event, name);

    return ngx_http_glinto_props_add(pool, "url", url, hit);
}


static ngx_int_t
ngx_http_glinto_matomo_search(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit)
{
    ngx_int_t   rc;
    ngx_uint_t  i;

    static const struct {
        const char               *key;
        ngx_uint_t                field;
    } props[] = {
        { "search_query", NGX_HTTP_GLINTO_MATOMO_SEARCH },
        { "category", NGX_HTTP_GLINTO_MATOMO_SEARCH_CATEGORY },
        { "results", NGX_HTTP_GLINTO_MATOMO_SEARCH_COUNT }
    };

    ngx_http_glinto_matomo_named(&hit->event, "Site Search");

    for (i = 0, rc = NGX_OK; i < 3 && rc == NGX_OK; i++) {
        rc = ngx_http_glinto_props_add(pool, props[i].key,
                 ngx_http_glinto_matomo_text(fields, props[i].field), hit);
    }

    return rc;
}


/* the currency is that of the site: route.c */

static ngx_int_t
ngx_http_glinto_matomo_goal(ngx_pool_t *pool, ngx_http_glinto_json_t *fields,
    struct gl_text goal, ngx_http_glinto_hit_t *hit)
{
    struct gl_text    amount;
    struct gl_event  *event;

    static const struct gl_text  word = { "Goal", 4 };

    event = &hit->event;

    if (!ngx_http_glinto_json_text_is(&goal, "0")) {
        event->kind = GL_CUSTOM;

        if (goal.len > NGX_HTTP_GLINTO_MATOMO_DIGITS
            || ngx_atoi((u_char *) goal.data, goal.len) == NGX_ERROR)
        {
            return ngx_http_glinto_hit_refuse(hit, "idgoal",
                                              "is no number of a goal");
        }

        if (ngx_http_glinto_matomo_join(pool, word, " ", goal, &event->name)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

    } else if (ngx_http_glinto_matomo_text(fields,
                                           NGX_HTTP_GLINTO_MATOMO_ORDER).len)
    {
        ngx_http_glinto_matomo_named(event, "Order");

    } else {
        return ngx_http_glinto_matomo_unsupported(hit);
    }

    amount = ngx_http_glinto_matomo_text(fields,
                                         NGX_HTTP_GLINTO_MATOMO_REVENUE);

    if (gl_amount_read(&amount)) {
        event->amount = amount;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_matomo_join(ngx_pool_t *pool, struct gl_text first,
    const char *between, struct gl_text last, struct gl_text *whole)
{
    u_char  *p;
    size_t   len;

    len = ngx_strlen(between);

    p = ngx_pnalloc(pool, first.len + len + last.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    whole->data = (char *) p;
    whole->len = (uint32_t) (first.len + len + last.len);

    p = ngx_cpymem(p, first.data, first.len);
    p = ngx_cpymem(p, between, len);
    ngx_memcpy(p, last.data, last.len);

    return NGX_OK;
}


static void
ngx_http_glinto_matomo_named(struct gl_event *event, const char *name)
{
    event->kind = GL_CUSTOM;
    event->name.data = name;
    event->name.len = (uint32_t) ngx_strlen(name);
}


static ngx_int_t
ngx_http_glinto_matomo_unsupported(ngx_http_glinto_hit_t *hit)
{
    hit->unsupported = 1;

    return NGX_OK;
}
