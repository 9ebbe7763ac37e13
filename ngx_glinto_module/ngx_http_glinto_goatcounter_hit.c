
/*
 * Copyright (C) Glinto contributors
 *
 * One page or event of a list that a server sends in GoatCounter's words; see
 * ngx_http_glinto_goatcounter_api.c.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_goatcounter.h"
#include "ngx_http_glinto_request.h"

#include <sodium.h>


/* who is nobody, anew each time */

#define NGX_HTTP_GLINTO_GOATCOUNTER_NOBODY  16


enum {
    NGX_HTTP_GLINTO_GOATCOUNTER_PATH = 0,
    NGX_HTTP_GLINTO_GOATCOUNTER_TITLE,
    NGX_HTTP_GLINTO_GOATCOUNTER_EVENT,
    NGX_HTTP_GLINTO_GOATCOUNTER_REF,
    NGX_HTTP_GLINTO_GOATCOUNTER_SIZE,
    NGX_HTTP_GLINTO_GOATCOUNTER_QUERY,
    NGX_HTTP_GLINTO_GOATCOUNTER_ITS_BOT,
    NGX_HTTP_GLINTO_GOATCOUNTER_AGENT,
    NGX_HTTP_GLINTO_GOATCOUNTER_LOCATION,
    NGX_HTTP_GLINTO_GOATCOUNTER_LANGUAGE,
    NGX_HTTP_GLINTO_GOATCOUNTER_IP,
    NGX_HTTP_GLINTO_GOATCOUNTER_CREATED,
    NGX_HTTP_GLINTO_GOATCOUNTER_SESSION,
    NGX_HTTP_GLINTO_GOATCOUNTER_FIELDS
};

static const ngx_str_t
    ngx_http_glinto_goatcounter_fields[NGX_HTTP_GLINTO_GOATCOUNTER_FIELDS] =
{
    ngx_string("path"),
    ngx_string("title"),
    ngx_string("event"),
    ngx_string("ref"),
    ngx_string("size"),
    ngx_string("query"),
    ngx_string("bot"),
    ngx_string("user_agent"),
    ngx_string("location"),
    ngx_string("language"),
    ngx_string("ip"),
    ngx_string("created_at"),
    ngx_string("session"),
};


static ngx_http_glinto_json_t *ngx_http_glinto_goatcounter_field(void *ctx,
    const struct gl_text *key);
static ngx_int_t ngx_http_glinto_goatcounter_hit_take(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_goatcounter_whose(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *fields, ngx_uint_t alone,
    ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_goatcounter_where(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *fields, struct gl_event *event);
static struct gl_text ngx_http_glinto_goatcounter_text(
    const ngx_http_glinto_json_t *value);
static struct gl_text ngx_http_glinto_goatcounter_list(
    const ngx_http_glinto_json_t *value);


ngx_int_t
ngx_http_glinto_goatcounter_parse_hit(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *item, ngx_uint_t alone,
    ngx_http_glinto_hit_t *hit)
{
    ngx_int_t               rc;
    ngx_http_glinto_json_t  fields[NGX_HTTP_GLINTO_GOATCOUNTER_FIELDS];

    hit->event.schema = GL_EVENT_SCHEMA;

    ngx_memzero(fields, sizeof(fields));

    rc = item->type == NGX_HTTP_GLINTO_JSON_OBJECT
         ? ngx_http_glinto_members(pool, item,
                                   ngx_http_glinto_goatcounter_field, fields)
         : NGX_DECLINED;

    if (rc == NGX_DECLINED) {
        rc = ngx_http_glinto_hit_refuse(hit, "hit", "is not an object");
    }

    if (rc == NGX_OK) {
        rc = ngx_http_glinto_goatcounter_whose(pool, fields, alone, hit);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_glinto_goatcounter_hit_take(pool, fields, hit);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_glinto_goatcounter_where(pool, fields, &hit->event);
    }

    return ngx_http_glinto_hit_status(rc);
}


static ngx_http_glinto_json_t *
ngx_http_glinto_goatcounter_field(void *ctx, const struct gl_text *key)
{
    return ngx_http_glinto_json_named(ngx_http_glinto_goatcounter_fields,
                                      NGX_HTTP_GLINTO_GOATCOUNTER_FIELDS, ctx,
                                      key);
}


/* address and agent, or what else is one person's; or each is somebody else */

static ngx_int_t
ngx_http_glinto_goatcounter_whose(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *fields, ngx_uint_t alone,
    ngx_http_glinto_hit_t *hit)
{
    char            *p;
    u_char           bytes[NGX_HTTP_GLINTO_GOATCOUNTER_NOBODY];
    struct gl_text   ip, agent, session;

    ip = ngx_http_glinto_goatcounter_text(
                                     &fields[NGX_HTTP_GLINTO_GOATCOUNTER_IP]);
    agent = ngx_http_glinto_goatcounter_text(
                                  &fields[NGX_HTTP_GLINTO_GOATCOUNTER_AGENT]);
    session = ngx_http_glinto_goatcounter_text(
                                &fields[NGX_HTTP_GLINTO_GOATCOUNTER_SESSION]);

    hit->event.agent = gl_headers_agent(agent);

    if (!alone) {
        hit->person = (ip.len && agent.len) ? ip : session;
    }

    if (hit->person.len > GL_VISITOR_ADDRESS_MAX) {
        return ngx_http_glinto_hit_refuse(hit, "session",
                                          "has more than 128 bytes");
    }

    if (hit->person.len) {
        return NGX_OK;
    }

    if (!alone) {
        return ngx_http_glinto_hit_refuse(hit, "session",
                                          "is missing, and so is ip or "
                                          "user_agent");
    }

    p = ngx_pnalloc(pool, 2 * sizeof(bytes) + 1);
    if (p == NULL) {
        return NGX_ERROR;
    }

    randombytes_buf(bytes, sizeof(bytes));

    hit->person.data = sodium_bin2hex(p, 2 * sizeof(bytes) + 1, bytes,
                                      sizeof(bytes));
    hit->person.len = 2 * sizeof(bytes);

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_goatcounter_hit_take(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit)
{
    u_char                         *p;
    struct gl_text                  page;
    ngx_http_glinto_goatcounter_t   said;

    if (!ngx_http_glinto_time_is_now(ngx_http_glinto_goatcounter_text(
                               &fields[NGX_HTTP_GLINTO_GOATCOUNTER_CREATED])))
    {
        return ngx_http_glinto_hit_refuse(hit, "created_at",
                                          "is not within a minute of now");
    }

    said.path = ngx_http_glinto_goatcounter_text(
                                   &fields[NGX_HTTP_GLINTO_GOATCOUNTER_PATH]);
    said.title = ngx_http_glinto_goatcounter_text(
                                  &fields[NGX_HTTP_GLINTO_GOATCOUNTER_TITLE]);
    said.referrer = ngx_http_glinto_goatcounter_text(
                                    &fields[NGX_HTTP_GLINTO_GOATCOUNTER_REF]);
    said.query = ngx_http_glinto_goatcounter_text(
                                  &fields[NGX_HTTP_GLINTO_GOATCOUNTER_QUERY]);
    said.size = ngx_http_glinto_goatcounter_list(
                                   &fields[NGX_HTTP_GLINTO_GOATCOUNTER_SIZE]);
    said.bot = fields[NGX_HTTP_GLINTO_GOATCOUNTER_ITS_BOT].text;
    said.event = fields[NGX_HTTP_GLINTO_GOATCOUNTER_EVENT].text;

    if (gl_utf8_mend(ngx_http_glinto_memory(pool), said.title, &said.title)
        != 0)
    {
        return NGX_ERROR;
    }

    /* a path is of the site, and so is the page of an event */

    p = ngx_pnalloc(pool, sizeof("https://") + hit->event.host.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    page.data = (char *) p;

    p = ngx_cpymem(p, "https://", sizeof("https://") - 1);
    p = ngx_cpymem(p, hit->event.host.data, hit->event.host.len);

    page.len = (uint32_t) ((char *) p - page.data);

    return ngx_http_glinto_goatcounter_take(pool, &said, page, hit);
}


/* "AT", "AT-9" */

static ngx_int_t
ngx_http_glinto_goatcounter_where(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *fields, struct gl_event *event)
{
    struct gl_text    place, country, language;
    struct gl_memory  memory;

    memory = ngx_http_glinto_memory(pool);

    place = ngx_http_glinto_goatcounter_text(
                               &fields[NGX_HTTP_GLINTO_GOATCOUNTER_LOCATION]);
    language = ngx_http_glinto_goatcounter_text(
                               &fields[NGX_HTTP_GLINTO_GOATCOUNTER_LANGUAGE]);

    country = place;

    if (country.len > 2 && country.data[2] == '-') {
        country.len = 2;
    }

    if (gl_country_read(memory, country, &event->country) != 0
        || gl_language_read(memory, gl_headers_language(language),
                            &event->language)
           != 0)
    {
        return NGX_ERROR;
    }

    return place.len == country.len
           || gl_region_read(memory, place, event->country, &event->region)
              == 0
           ? NGX_OK : NGX_ERROR;
}


/* what is no text says nothing */

static struct gl_text
ngx_http_glinto_goatcounter_text(const ngx_http_glinto_json_t *value)
{
    static const struct gl_text  none = { NULL, 0 };

    return value->type == NGX_HTTP_GLINTO_JSON_STRING ? value->text : none;
}


/* "1920,1080,1", or [1920, 1080, 1] */

static struct gl_text
ngx_http_glinto_goatcounter_list(const ngx_http_glinto_json_t *value)
{
    struct gl_text  text;

    if (value->type != NGX_HTTP_GLINTO_JSON_ARRAY) {
        return ngx_http_glinto_goatcounter_text(value);
    }

    text.data = value->text.data + 1;
    text.len = value->text.len >= 2 ? value->text.len - 2 : 0;

    return text;
}
