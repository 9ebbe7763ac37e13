
/*
 * Copyright (C) Glinto contributors
 *
 * What an event of Umami's script says:
 *
 *   {"type": "event", "payload": {"website": UUID, "url": ..., ...}}
 *
 * Who a visitor is, at what time, from what address and with what agent, is
 * not the sender's to say: "id", "vid", "ip" and "userAgent" are not read, and
 * an event of another time is unsupported, as are those that count no page.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_json.h"
#include "ngx_http_glinto_props.h"
#include "ngx_http_glinto_request.h"


enum {
    NGX_HTTP_GLINTO_UMAMI_TYPE = 0,
    NGX_HTTP_GLINTO_UMAMI_PAYLOAD,
    NGX_HTTP_GLINTO_UMAMI_MEMBERS
};

static const ngx_str_t
    ngx_http_glinto_umami_members[NGX_HTTP_GLINTO_UMAMI_MEMBERS] =
{
    ngx_string("type"),
    ngx_string("payload"),
};


enum {
    NGX_HTTP_GLINTO_UMAMI_WEBSITE = 0,
    NGX_HTTP_GLINTO_UMAMI_HOSTNAME,
    NGX_HTTP_GLINTO_UMAMI_URL,
    NGX_HTTP_GLINTO_UMAMI_REFERRER,
    NGX_HTTP_GLINTO_UMAMI_TITLE,
    NGX_HTTP_GLINTO_UMAMI_LANGUAGE,
    NGX_HTTP_GLINTO_UMAMI_SCREEN,
    NGX_HTTP_GLINTO_UMAMI_NAME,
    NGX_HTTP_GLINTO_UMAMI_TAG,
    NGX_HTTP_GLINTO_UMAMI_DATA,
    NGX_HTTP_GLINTO_UMAMI_ENGAGEMENT,
    NGX_HTTP_GLINTO_UMAMI_TIMESTAMP,
    NGX_HTTP_GLINTO_UMAMI_FIELDS
};

static const ngx_str_t
    ngx_http_glinto_umami_fields[NGX_HTTP_GLINTO_UMAMI_FIELDS] =
{
    ngx_string("website"),
    ngx_string("hostname"),
    ngx_string("url"),
    ngx_string("referrer"),
    ngx_string("title"),
    ngx_string("language"),
    ngx_string("screen"),
    ngx_string("name"),
    ngx_string("tag"),
    ngx_string("data"),
    ngx_string("engagement"),
    ngx_string("timestamp"),
};


/* what types of requests are; 0 = nothing that is counted */

static const struct {
    const char                   *type;
    ngx_uint_t                    kind;
} ngx_http_glinto_umami_types[] = {
    { "event", GL_PAGEVIEW },
    { "engagement", GL_ENGAGEMENT },
    { "identify", 0 },
    { "performance", 0 },
    { "error", 0 }
};


typedef ngx_int_t (*ngx_http_glinto_umami_step_pt)(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);


static ngx_http_glinto_json_t *ngx_http_glinto_umami_member(void *ctx,
    const struct gl_text *key);
static ngx_http_glinto_json_t *ngx_http_glinto_umami_field(void *ctx,
    const struct gl_text *key);
static ngx_int_t ngx_http_glinto_umami_root(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *root, ngx_http_glinto_json_t *fields,
    ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_umami_type(
    const ngx_http_glinto_json_t *type, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_umami_website(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_umami_page(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_umami_from(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_umami_screen(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_umami_name(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_umami_engagement(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_umami_data(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);
static struct gl_text ngx_http_glinto_umami_text(
    const ngx_http_glinto_json_t *value);


static const ngx_http_glinto_umami_step_pt  ngx_http_glinto_umami_steps[] = {
    ngx_http_glinto_umami_page,
    ngx_http_glinto_umami_from,
    ngx_http_glinto_umami_screen,
    ngx_http_glinto_umami_name,
    ngx_http_glinto_umami_engagement,
    ngx_http_glinto_umami_data,
    NULL
};


ngx_int_t
ngx_http_glinto_umami_parse_event(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *root, ngx_http_glinto_hit_t *hit)
{
    ngx_int_t                             rc;
    ngx_http_glinto_json_t                fields[NGX_HTTP_GLINTO_UMAMI_FIELDS];
    const ngx_http_glinto_umami_step_pt  *step;

    hit->event.schema = GL_EVENT_SCHEMA;

    ngx_memzero(fields, sizeof(fields));

    rc = ngx_http_glinto_umami_root(pool, root, fields, hit);

    if (rc == NGX_OK) {
        rc = ngx_http_glinto_umami_website(pool, fields, hit);
    }

    if (hit->unsupported) {
        return ngx_http_glinto_hit_status(rc);
    }

    for (step = ngx_http_glinto_umami_steps; *step && rc == NGX_OK; step++) {
        rc = (*step)(pool, fields, hit);
    }

    return ngx_http_glinto_hit_status(rc);
}


static ngx_http_glinto_json_t *
ngx_http_glinto_umami_member(void *ctx, const struct gl_text *key)
{
    return ngx_http_glinto_json_named(ngx_http_glinto_umami_members,
                                      NGX_HTTP_GLINTO_UMAMI_MEMBERS, ctx, key);
}


static ngx_http_glinto_json_t *
ngx_http_glinto_umami_field(void *ctx, const struct gl_text *key)
{
    return ngx_http_glinto_json_named(ngx_http_glinto_umami_fields,
                                      NGX_HTTP_GLINTO_UMAMI_FIELDS, ctx, key);
}


static ngx_int_t
ngx_http_glinto_umami_root(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *root, ngx_http_glinto_json_t *fields,
    ngx_http_glinto_hit_t *hit)
{
    ngx_int_t                rc;
    ngx_http_glinto_json_t   members[NGX_HTTP_GLINTO_UMAMI_MEMBERS];
    ngx_http_glinto_json_t  *payload;

    ngx_memzero(members, sizeof(members));

    rc = ngx_http_glinto_members(pool, root, ngx_http_glinto_umami_member,
                                 members);

    if (rc == NGX_DECLINED) {
        return ngx_http_glinto_hit_refuse(hit, "request",
                                          "is not a JSON object");
    }

    if (rc == NGX_OK) {
        rc = ngx_http_glinto_umami_type(&members[NGX_HTTP_GLINTO_UMAMI_TYPE],
                                        hit);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    payload = &members[NGX_HTTP_GLINTO_UMAMI_PAYLOAD];

    rc = payload->type == NGX_HTTP_GLINTO_JSON_OBJECT
         ? ngx_http_glinto_members(pool, payload, ngx_http_glinto_umami_field,
                                   fields)
         : NGX_DECLINED;

    if (rc == NGX_DECLINED) {
        return ngx_http_glinto_hit_refuse(hit, "payload", "is not an object");
    }

    if (fields[NGX_HTTP_GLINTO_UMAMI_TIMESTAMP].type
        != NGX_HTTP_GLINTO_JSON_NONE)
    {
        hit->unsupported = 1;
    }

    return rc;
}


static ngx_int_t
ngx_http_glinto_umami_type(const ngx_http_glinto_json_t *type,
    ngx_http_glinto_hit_t *hit)
{
    ngx_uint_t      i, n;
    struct gl_text  name;

    name = ngx_http_glinto_umami_text(type);
    n = sizeof(ngx_http_glinto_umami_types)
        / sizeof(ngx_http_glinto_umami_types[0]);

    for (i = 0; i < n; i++) {
        if (ngx_http_glinto_json_text_is(&name,
                                         ngx_http_glinto_umami_types[i].type))
        {
            hit->event.kind = ngx_http_glinto_umami_types[i].kind;
            hit->unsupported = (hit->event.kind == 0);

            return NGX_OK;
        }
    }

    return ngx_http_glinto_hit_refuse(hit, "type", "is not one of Umami's");
}


/* its id in Umami, which is another name of the site; or the site's name */

static ngx_int_t
ngx_http_glinto_umami_website(ngx_pool_t *pool, ngx_http_glinto_json_t *fields,
    ngx_http_glinto_hit_t *hit)
{
    struct gl_text  id, name;

    id = ngx_http_glinto_umami_text(&fields[NGX_HTTP_GLINTO_UMAMI_WEBSITE]);

    if (gl_host_read(ngx_http_glinto_memory(pool), id, &name) != 0) {
        return NGX_ERROR;
    }

    if (name.len == 0) {
        return ngx_http_glinto_hit_refuse(hit, "website",
                                          "is neither an id nor a site");
    }

    hit->sites[0].data = (u_char *) name.data;
    hit->sites[0].len = name.len;
    hit->nsites = 1;

    return NGX_OK;
}


/* what is behind "#" is a page of its own there */

static ngx_int_t
ngx_http_glinto_umami_page(ngx_pool_t *pool, ngx_http_glinto_json_t *fields,
    ngx_http_glinto_hit_t *hit)
{
    ngx_int_t       rc;
    struct gl_text  url, host;

    url = ngx_http_glinto_umami_text(&fields[NGX_HTTP_GLINTO_UMAMI_URL]);
    host = ngx_http_glinto_umami_text(&fields[NGX_HTTP_GLINTO_UMAMI_HOSTNAME]);

    if (url.len == 0) {
        return ngx_http_glinto_hit_refuse(hit, "url", "is missing");
    }

    rc = ngx_http_glinto_page(pool, url, 1, hit);

    if (rc == NGX_OK && host.len
        && gl_page_host(ngx_http_glinto_memory(pool), host, &hit->event.host)
           != 0)
    {
        return NGX_ERROR;
    }

    return rc;
}


/* a path alone is another page of the site */

static ngx_int_t
ngx_http_glinto_umami_from(ngx_pool_t *pool, ngx_http_glinto_json_t *fields,
    ngx_http_glinto_hit_t *hit)
{
    struct gl_text  text;

    text = ngx_http_glinto_umami_text(&fields[NGX_HTTP_GLINTO_UMAMI_TITLE]);

    if (gl_utf8_mend(ngx_http_glinto_memory(pool), text, &text) != 0) {
        return NGX_ERROR;
    }

    hit->event.title = gl_value_kept(text, GL_LONGEST_title);

    text = ngx_http_glinto_umami_text(&fields[NGX_HTTP_GLINTO_UMAMI_REFERRER]);

    if (text.len == 0 || text.data[0] == '/') {
        return NGX_OK;
    }

    return gl_page_referrer(ngx_http_glinto_memory(pool), text,
                            &hit->event.referrer)
           == 0 ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_http_glinto_umami_screen(ngx_pool_t *pool, ngx_http_glinto_json_t *fields,
    ngx_http_glinto_hit_t *hit)
{
    struct gl_text  text;

    text = ngx_http_glinto_umami_text(&fields[NGX_HTTP_GLINTO_UMAMI_SCREEN]);

    if (gl_screen_is(text)) {
        hit->event.screen = text;
    }

    text = ngx_http_glinto_umami_text(&fields[NGX_HTTP_GLINTO_UMAMI_LANGUAGE]);

    return gl_language_read(ngx_http_glinto_memory(pool), text,
                            &hit->event.language)
           == 0 ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_http_glinto_umami_name(ngx_pool_t *pool, ngx_http_glinto_json_t *fields,
    ngx_http_glinto_hit_t *hit)
{
    const char      *wrong;
    struct gl_text   name;

    name = ngx_http_glinto_umami_text(&fields[NGX_HTTP_GLINTO_UMAMI_NAME]);

    if (name.len == 0 || hit->event.kind != GL_PAGEVIEW) {
        return NGX_OK;
    }

    if (gl_name_read(ngx_http_glinto_memory(pool), &name, &wrong) != 0) {
        return NGX_ERROR;
    }

    if (wrong) {
        return ngx_http_glinto_hit_refuse(hit, "name", wrong);
    }

    hit->event.kind = GL_CUSTOM;
    hit->event.name = name;

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_umami_engagement(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit)
{
    int64_t  time;

    if (hit->event.kind != GL_ENGAGEMENT) {
        return NGX_OK;
    }

    if (ngx_http_glinto_json_count(&fields[NGX_HTTP_GLINTO_UMAMI_ENGAGEMENT],
                                   &time)
        != NGX_OK
        || time == 0 || time >= GL_LONGEST_engagement_ms)
    {
        return ngx_http_glinto_hit_refuse(hit, "engagement",
                                          "is no number of milliseconds");
    }

    hit->event.engagement_ms = time;

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_umami_data(ngx_pool_t *pool, ngx_http_glinto_json_t *fields,
    ngx_http_glinto_hit_t *hit)
{
    ngx_int_t                      rc;
    ngx_http_glinto_props_t        props;
    const ngx_http_glinto_json_t  *amount, *currency;

    rc = ngx_http_glinto_props_add(pool, "tag",
             ngx_http_glinto_umami_text(&fields[NGX_HTTP_GLINTO_UMAMI_TAG]),
             hit);

    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_http_glinto_props_read(pool, &fields[NGX_HTTP_GLINTO_UMAMI_DATA],
                                   &props)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    amount = ngx_http_glinto_props_value(&props, "revenue");
    currency = ngx_http_glinto_props_value(&props, "currency");

    if (amount && currency && hit->event.kind == GL_CUSTOM
        && ngx_http_glinto_props_revenue(pool, amount, currency, &hit->event)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_glinto_props_take(pool, &props, hit);
}


/* what is no text says nothing */

static struct gl_text
ngx_http_glinto_umami_text(const ngx_http_glinto_json_t *value)
{
    static const struct gl_text  none = { NULL, 0 };

    return value->type == NGX_HTTP_GLINTO_JSON_STRING ? value->text : none;
}
