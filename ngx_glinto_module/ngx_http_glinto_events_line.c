
/*
 * Copyright (C) Glinto contributors
 *
 * One event line; see ngx_http_glinto_events.c.  Whoever sends it reads the
 * answer: as an import, it refuses what another door would leave out.  Where a
 * limit is of characters and the text too long, it is refused, too.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_events.h"
#include "ngx_http_glinto_props.h"
#include "ngx_http_glinto_request.h"


/* of a key that is not known, as much as tells it */

#define NGX_HTTP_GLINTO_LINE_KEY  40


static ngx_http_glinto_json_t *ngx_http_glinto_line_slot(void *ctx,
    const struct gl_text *key);
static ngx_int_t ngx_http_glinto_line_members(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *item, ngx_http_glinto_line_t *line,
    ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_line_unknown(ngx_pool_t *pool,
    const ngx_http_glinto_line_t *line, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_line_strings(
    const ngx_http_glinto_line_t *line, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_line_whose(
    const ngx_http_glinto_line_t *line, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_line_kind(
    const ngx_http_glinto_line_t *line, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_line_engaged(
    const ngx_http_glinto_line_t *line, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_line_worth(ngx_pool_t *pool,
    const ngx_http_glinto_line_t *line, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_line_props(ngx_pool_t *pool,
    const ngx_http_glinto_line_t *line, ngx_http_glinto_hit_t *hit);


const ngx_str_t
    ngx_http_glinto_line_fields[NGX_HTTP_GLINTO_LINE_FIELDS] =
{
    ngx_string("host"),
    ngx_string("path"),
    ngx_string("name"),
    ngx_string("referrer"),
    ngx_string("source"),
    ngx_string("utm_source"),
    ngx_string("utm_medium"),
    ngx_string("utm_campaign"),
    ngx_string("utm_content"),
    ngx_string("utm_term"),
    ngx_string("click_id"),
    ngx_string("title"),
    ngx_string("language"),
    ngx_string("screen"),
    ngx_string("country"),
    ngx_string("region"),
    ngx_string("city"),
    ngx_string("user_agent"),
    ngx_string("visitor"),
    ngx_string("ip"),
    ngx_string("at"),
    ngx_string("kind"),
    ngx_string("props"),
    ngx_string("interactive"),
    ngx_string("revenue"),
    ngx_string("scroll_depth"),
    ngx_string("engagement_ms"),
};


ngx_int_t
ngx_http_glinto_events_parse_line(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *item, ngx_http_glinto_hit_t *hit)
{
    ngx_int_t               rc;
    ngx_http_glinto_line_t  line;

    hit->event.schema = GL_EVENT_SCHEMA;
    hit->event.path.data = "/";
    hit->event.path.len = 1;

    ngx_memzero(&line, sizeof(ngx_http_glinto_line_t));

    rc = ngx_http_glinto_line_members(pool, item, &line, hit);

    if (rc == NGX_OK) {
        rc = ngx_http_glinto_line_strings(&line, hit);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_glinto_line_texts(pool, &line, hit);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_glinto_line_whose(&line, hit);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_glinto_line_kind(&line, hit);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_glinto_line_worth(pool, &line, hit);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_glinto_line_props(pool, &line, hit);
    }

    return ngx_http_glinto_hit_status(rc);
}


static ngx_http_glinto_json_t *
ngx_http_glinto_line_slot(void *ctx, const struct gl_text *key)
{
    ngx_http_glinto_line_t *line = ctx;

    ngx_http_glinto_json_t  *field;

    field = ngx_http_glinto_json_named(ngx_http_glinto_line_fields,
                                       NGX_HTTP_GLINTO_LINE_FIELDS,
                                       line->fields, key);

    if (field == NULL) {
        line->unknown = *key;
        line->other.type = NGX_HTTP_GLINTO_JSON_TRUE;
    }

    return field;
}


static ngx_int_t
ngx_http_glinto_line_members(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *item, ngx_http_glinto_line_t *line,
    ngx_http_glinto_hit_t *hit)
{
    ngx_int_t  rc;

    rc = item->type == NGX_HTTP_GLINTO_JSON_OBJECT
         ? ngx_http_glinto_members(pool, item, ngx_http_glinto_line_slot, line)
         : NGX_DECLINED;

    if (rc == NGX_DECLINED) {
        return ngx_http_glinto_hit_refuse(hit, "line",
                                          "is not a JSON object");
    }

    if (rc == NGX_OK && line->other.type) {
        return ngx_http_glinto_line_unknown(pool, line, hit);
    }

    return rc;
}


static ngx_int_t
ngx_http_glinto_line_unknown(ngx_pool_t *pool,
    const ngx_http_glinto_line_t *line, ngx_http_glinto_hit_t *hit)
{
    u_char          *name;
    uint32_t         i;
    struct gl_text   key;

    key = line->unknown;
    key.len = ngx_min(key.len, NGX_HTTP_GLINTO_LINE_KEY);

    name = ngx_pnalloc(pool, key.len + 1);
    if (name == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < key.len; i++) {
        name[i] = (key.data[i] >= ' ' && key.data[i] <= '~') ? key.data[i]
                                                             : '?';
    }

    name[i] = '\0';

    return ngx_http_glinto_hit_refuse(hit, (char *) name,
                                      "is no key of an event sent now");
}


/* null is as good as not there */

static ngx_int_t
ngx_http_glinto_line_strings(const ngx_http_glinto_line_t *line,
    ngx_http_glinto_hit_t *hit)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_HTTP_GLINTO_LINE_STRINGS; i++) {
        if (line->fields[i].type != NGX_HTTP_GLINTO_JSON_NONE
            && line->fields[i].type != NGX_HTTP_GLINTO_JSON_STRING)
        {
            return ngx_http_glinto_hit_refuse(hit,
                             (char *) ngx_http_glinto_line_fields[i].data,
                             "must be a text");
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_line_whose(const ngx_http_glinto_line_t *line,
    ngx_http_glinto_hit_t *hit)
{
    struct gl_text  ip, visitor, at;

    ip = line->fields[NGX_HTTP_GLINTO_LINE_IP].text;
    visitor = line->fields[NGX_HTTP_GLINTO_LINE_VISITOR].text;

    if (ip.len && visitor.len) {
        return ngx_http_glinto_hit_refuse(hit, "visitor",
                                          "does not go together with ip");
    }

    hit->person = ip.len ? ip : visitor;

    if (hit->person.len == 0) {
        return ngx_http_glinto_hit_refuse(hit, "visitor",
                                          "is missing, and so is ip");
    }

    if (hit->person.len > GL_VISITOR_ADDRESS_MAX) {
        return ngx_http_glinto_hit_refuse(hit, ip.len ? "ip" : "visitor",
                                          "has more than 128 bytes");
    }

    hit->event.agent =
        gl_headers_agent(line->fields[NGX_HTTP_GLINTO_LINE_USER_AGENT].text);

    at = line->fields[NGX_HTTP_GLINTO_LINE_AT].text;

    if (!ngx_http_glinto_time_is_now(at)) {
        return ngx_http_glinto_hit_refuse(hit, "at",
                                          "is not within a minute of now: the "
                                          "past is for glinto import");
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_line_kind(const ngx_http_glinto_line_t *line,
    ngx_http_glinto_hit_t *hit)
{
    ngx_uint_t                     passive;
    struct gl_text                 kind;
    const ngx_http_glinto_json_t  *interactive;

    kind = line->fields[NGX_HTTP_GLINTO_LINE_KIND].text;

    if (ngx_http_glinto_json_text_is(&kind, "pageview")) {
        hit->event.kind = GL_PAGEVIEW;

    } else if (ngx_http_glinto_json_text_is(&kind, "event")) {
        hit->event.kind = GL_CUSTOM;

    } else if (ngx_http_glinto_json_text_is(&kind, "engagement")) {
        hit->event.kind = GL_ENGAGEMENT;

    } else {
        return ngx_http_glinto_hit_refuse(hit, "kind",
                                          "must be pageview, event or "
                                          "engagement");
    }

    if ((hit->event.kind == GL_CUSTOM) != (hit->event.name.len != 0)) {
        return ngx_http_glinto_hit_refuse(hit, "name",
                                          "is what kind event has, and no "
                                          "other");
    }

    interactive = &line->fields[NGX_HTTP_GLINTO_LINE_INTERACTIVE];
    passive = (interactive->type == NGX_HTTP_GLINTO_JSON_FALSE);

    if ((interactive->type && !passive
         && interactive->type != NGX_HTTP_GLINTO_JSON_TRUE)
        || (passive && hit->event.kind != GL_CUSTOM))
    {
        return ngx_http_glinto_hit_refuse(hit, "interactive",
                                          "is true or false of kind event");
    }

    hit->event.passive = passive;

    return ngx_http_glinto_line_engaged(line, hit);
}


static ngx_int_t
ngx_http_glinto_line_engaged(const ngx_http_glinto_line_t *line,
    ngx_http_glinto_hit_t *hit)
{
    int64_t                        n;
    const ngx_http_glinto_json_t  *depth, *time;

    depth = &line->fields[NGX_HTTP_GLINTO_LINE_SCROLL_DEPTH];
    time = &line->fields[NGX_HTTP_GLINTO_LINE_ENGAGEMENT_MS];

    if ((hit->event.kind == GL_ENGAGEMENT)
        != (depth->type != NGX_HTTP_GLINTO_JSON_NONE
            || time->type != NGX_HTTP_GLINTO_JSON_NONE))
    {
        return ngx_http_glinto_hit_refuse(hit, "engagement_ms",
                                          "or scroll_depth is what kind "
                                          "engagement has, and no other");
    }

    if (depth->type) {
        if (ngx_http_glinto_json_count(depth, &n) != NGX_OK || n > 100) {
            return ngx_http_glinto_hit_refuse(hit, "scroll_depth",
                                              "must be a number from 0 to 100");
        }

        hit->event.scroll_depth = n + 1;
    }

    if (time->type) {
        if (ngx_http_glinto_json_count(time, &n) != NGX_OK
            || n >= GL_LONGEST_engagement_ms)
        {
            return ngx_http_glinto_hit_refuse(hit, "engagement_ms",
                                              "must be milliseconds, less than "
                                              "30 days of them");
        }

        hit->event.engagement_ms = n;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_line_worth(ngx_pool_t *pool,
    const ngx_http_glinto_line_t *line, ngx_http_glinto_hit_t *hit)
{
    ngx_http_glinto_props_t        parts;
    const ngx_http_glinto_json_t  *revenue, *amount, *currency;

    revenue = &line->fields[NGX_HTTP_GLINTO_LINE_REVENUE];

    if (revenue->type == NGX_HTTP_GLINTO_JSON_NONE) {
        return NGX_OK;
    }

    if (ngx_http_glinto_props_read(pool, revenue, &parts) != NGX_OK) {
        return NGX_ERROR;
    }

    amount = ngx_http_glinto_props_value(&parts, "amount");
    currency = ngx_http_glinto_props_value(&parts, "currency");

    if (amount && currency && parts.n == 2
        && ngx_http_glinto_props_revenue(pool, amount, currency, &hit->event)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return hit->event.amount.len
           ? NGX_OK
           : ngx_http_glinto_hit_refuse(hit, "revenue",
                                        "must have an amount, like 12.50, and "
                                        "a currency, like EUR");
}


static ngx_int_t
ngx_http_glinto_line_props(ngx_pool_t *pool,
    const ngx_http_glinto_line_t *line, ngx_http_glinto_hit_t *hit)
{
    ngx_http_glinto_props_t        props;
    const ngx_http_glinto_json_t  *object;

    object = &line->fields[NGX_HTTP_GLINTO_LINE_PROPS];

    if (object->type == NGX_HTTP_GLINTO_JSON_NONE) {
        return NGX_OK;
    }

    if (object->type != NGX_HTTP_GLINTO_JSON_OBJECT) {
        return ngx_http_glinto_hit_refuse(hit, "props",
                                          "must be an object");
    }

    if (ngx_http_glinto_props_read(pool, object, &props) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_glinto_props_take(pool, &props, hit);
}
