
/*
 * Copyright (C) Glinto contributors
 *
 * What a body of Plausible's event API says.  Each step reads some of its
 * fields into the hit; the first that refuses ends the request with 400.
 * Fields that are not known are ignored.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_json.h"
#include "ngx_http_glinto_plausible.h"
#include "ngx_http_glinto_request.h"


typedef ngx_int_t (*ngx_http_glinto_plausible_step_pt)(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);


static ngx_uint_t ngx_http_glinto_plausible_empty(
    const ngx_http_glinto_json_t *fields);
static ngx_int_t ngx_http_glinto_plausible_address(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_plausible_name(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);
static ngx_uint_t ngx_http_glinto_plausible_kind(const struct gl_text *name);
static ngx_uint_t ngx_http_glinto_plausible_no(
    const ngx_http_glinto_json_t *value);
static ngx_int_t ngx_http_glinto_plausible_domain(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_plausible_engagement(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);


/* the path is a property of some events, so it must be known before */

static const ngx_http_glinto_plausible_step_pt
    ngx_http_glinto_plausible_steps[] =
{
    ngx_http_glinto_plausible_address,
    ngx_http_glinto_plausible_name,
    ngx_http_glinto_plausible_domain,
    ngx_http_glinto_plausible_engagement,
    ngx_http_glinto_plausible_props,
    ngx_http_glinto_plausible_revenue,
    NULL
};


ngx_int_t
ngx_http_glinto_plausible_parse_body(ngx_pool_t *pool, const ngx_str_t *body,
    ngx_uint_t form, ngx_http_glinto_hit_t *hit)
{
    ngx_int_t                                 rc;
    ngx_http_glinto_json_t                    root;
    ngx_http_glinto_json_t           fields[NGX_HTTP_GLINTO_PLAUSIBLE_FIELDS];
    const ngx_http_glinto_plausible_step_pt  *step;

    hit->event.schema = GL_EVENT_SCHEMA;

    root.type = form ? NGX_HTTP_GLINTO_JSON_FORM : NGX_HTTP_GLINTO_JSON_OBJECT;
    root.text.data = (const char *) body->data;
    root.text.len = (uint32_t) body->len;
    root.outer.len = 0;

    ngx_memzero(fields, sizeof(fields));

    rc = ngx_http_glinto_members(pool, &root, ngx_http_glinto_plausible_slot,
                                 fields);

    if (rc == NGX_OK && form && ngx_http_glinto_plausible_empty(fields)) {
        rc = NGX_DECLINED;
    }

    if (rc == NGX_DECLINED) {
        (void) ngx_http_glinto_hit_refuse(hit, "request",
                                                "is not a JSON object");
    }

    for (step = ngx_http_glinto_plausible_steps; *step && rc == NGX_OK;
         step++)
    {
        rc = (*step)(pool, fields, hit);
    }

    return ngx_http_glinto_hit_status(rc);
}


/* Any text is a form; one without a field of ours is none that was meant. */

static ngx_uint_t
ngx_http_glinto_plausible_empty(const ngx_http_glinto_json_t *fields)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_HTTP_GLINTO_PLAUSIBLE_FIELDS; i++) {
        if (fields[i].type != NGX_HTTP_GLINTO_JSON_NONE) {
            return 0;
        }
    }

    return 1;
}


static ngx_int_t
ngx_http_glinto_plausible_address(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit)
{
    int64_t                        hash;
    const ngx_http_glinto_json_t  *value;

    value = ngx_http_glinto_plausible_first(fields,
                                        NGX_HTTP_GLINTO_PLAUSIBLE_REFERRER, 2);

    if (value->type == NGX_HTTP_GLINTO_JSON_STRING
        && gl_page_referrer(ngx_http_glinto_memory(pool), value->text,
                            &hit->event.referrer)
           != 0)
    {
        return NGX_ERROR;
    }

    value = ngx_http_glinto_plausible_first(fields,
                                            NGX_HTTP_GLINTO_PLAUSIBLE_HASH, 2);

    if (ngx_http_glinto_json_count(value, &hash) != NGX_OK) {
        hash = 0;
    }

    value = ngx_http_glinto_plausible_first(fields,
                                            NGX_HTTP_GLINTO_PLAUSIBLE_URL, 2);

    if (value->type == NGX_HTTP_GLINTO_JSON_NONE) {
        return ngx_http_glinto_hit_refuse(hit, "url", "is missing");
    }

    if (value->type != NGX_HTTP_GLINTO_JSON_STRING) {
        return ngx_http_glinto_hit_refuse(hit, "url",
                                                "is not a string");
    }

    return ngx_http_glinto_page(pool, value->text, hash == 1, hit);
}


static ngx_int_t
ngx_http_glinto_plausible_name(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit)
{
    const char                    *wrong;
    struct gl_text                 name;
    struct gl_event               *event;
    const ngx_http_glinto_json_t  *value;

    value = ngx_http_glinto_plausible_first(fields,
                                            NGX_HTTP_GLINTO_PLAUSIBLE_NAME, 2);

    if (value->type == NGX_HTTP_GLINTO_JSON_NONE) {
        return ngx_http_glinto_hit_refuse(hit, "event_name",
                                                "is missing");
    }

    /* scripts for pages that were not found send the number 404 */

    if (value->type != NGX_HTTP_GLINTO_JSON_STRING
        && !ngx_http_glinto_json_is_integer(value))
    {
        return ngx_http_glinto_hit_refuse(hit, "event_name",
                                        "is neither a string nor an integer");
    }

    name = value->text;

    if (gl_name_read(ngx_http_glinto_memory(pool), &name, &wrong) != 0) {
        return NGX_ERROR;
    }

    if (wrong) {
        return ngx_http_glinto_hit_refuse(hit, "event_name", wrong);
    }

    event = &hit->event;
    event->kind = ngx_http_glinto_plausible_kind(&name);

    if (event->kind == GL_CUSTOM) {
        event->name = name;
        fields += NGX_HTTP_GLINTO_PLAUSIBLE_INTERACTIVE;
        event->passive = ngx_http_glinto_plausible_no(&fields[0])
                         || ngx_http_glinto_plausible_no(&fields[1]);
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_http_glinto_plausible_kind(const struct gl_text *name)
{
    if (ngx_http_glinto_json_text_is(name, "pageview")) {
        return GL_PAGEVIEW;
    }

    /* "pageleave" was the name in trackers of 2024 */

    if (ngx_http_glinto_json_text_is(name, "engagement")
        || ngx_http_glinto_json_text_is(name, "pageleave"))
    {
        return GL_ENGAGEMENT;
    }

    return GL_CUSTOM;
}


/* false, in a form "false"; a field that is not there is not false */

static ngx_uint_t
ngx_http_glinto_plausible_no(const ngx_http_glinto_json_t *value)
{
    return value->type == NGX_HTTP_GLINTO_JSON_FALSE
           || (value->type == NGX_HTTP_GLINTO_JSON_STRING
               && ngx_http_glinto_json_text_is(&value->text, "false"));
}


static ngx_int_t
ngx_http_glinto_plausible_domain(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit)
{
    const ngx_http_glinto_json_t  *value;

    value = ngx_http_glinto_plausible_first(fields,
                                          NGX_HTTP_GLINTO_PLAUSIBLE_DOMAIN, 2);

    /* without it collect takes glinto_site, else the page's host */

    if (value->type != NGX_HTTP_GLINTO_JSON_STRING) {
        return NGX_OK;
    }

    return ngx_http_glinto_domain_list(pool, value->text, hit);
}


static ngx_int_t
ngx_http_glinto_plausible_engagement(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit)
{
    int64_t           depth, time;
    struct gl_event  *event;

    event = &hit->event;

    if (event->kind != GL_ENGAGEMENT) {
        return NGX_OK;
    }

    if (ngx_http_glinto_json_count(&fields[NGX_HTTP_GLINTO_PLAUSIBLE_DEPTH],
                                   &depth)
        == NGX_OK)
    {
        event->scroll_depth = ngx_min(depth, 100) + 1;
    }

    if (ngx_http_glinto_json_count(&fields[NGX_HTTP_GLINTO_PLAUSIBLE_TIME],
                                   &time)
        == NGX_OK
        && time < GL_LONGEST_engagement_ms)
    {
        event->engagement_ms = time;
    }

    if (event->scroll_depth == 0 && event->engagement_ms == 0) {
        return ngx_http_glinto_hit_refuse(hit, "event_name",
                          "engagement has neither a valid sd nor a valid e");
    }

    return NGX_OK;
}
