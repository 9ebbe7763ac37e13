
/*
 * Copyright (C) Glinto contributors
 *
 * What a body of Plausible's event API says, with the names of its fields,
 * short first:
 *
 *   u url, n name, d domain, r referrer, h hashMode, i interactive,
 *   m meta p props, $ revenue, sd, e
 *
 * Each step reads some of them into the hit; the first that refuses ends the
 * request with 400.  Fields that are not known are ignored.
 */


#include "ngx_http_glinto_adapter.h"


#define NGX_HTTP_GLINTO_PLAUSIBLE_NAME_MAX  120           /* characters */
#define NGX_HTTP_GLINTO_PLAUSIBLE_TIME_MAX  2592000000LL  /* ms, 30 days */
#define NGX_HTTP_GLINTO_PLAUSIBLE_AMOUNT_MAX  32          /* bytes */


typedef ngx_int_t (*ngx_http_glinto_plausible_step_pt)(ngx_pool_t *pool,
    const json_t *root, ngx_http_glinto_hit_t *hit);


static ngx_int_t ngx_http_glinto_plausible_refuse(ngx_http_glinto_hit_t *hit,
    const char *field, const char *message);
static ngx_int_t ngx_http_glinto_plausible_url(ngx_pool_t *pool,
    const json_t *root, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_plausible_name(ngx_pool_t *pool,
    const json_t *root, ngx_http_glinto_hit_t *hit);
static ngx_uint_t ngx_http_glinto_plausible_kind(const struct gl_text *name);
static ngx_uint_t ngx_http_glinto_plausible_is(const struct gl_text *text,
    const char *word);
static ngx_uint_t ngx_http_glinto_plausible_no(const json_t *value);
static ngx_int_t ngx_http_glinto_plausible_domain(ngx_pool_t *pool,
    const json_t *root, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_plausible_engagement(ngx_pool_t *pool,
    const json_t *root, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_plausible_object(ngx_pool_t *pool,
    json_t *value, json_t **object);
static ngx_int_t ngx_http_glinto_plausible_props(ngx_pool_t *pool,
    const json_t *root, ngx_http_glinto_hit_t *hit);
static ngx_uint_t ngx_http_glinto_plausible_wants_path(
    const struct gl_event *event, json_t *props);
static ngx_uint_t ngx_http_glinto_plausible_blank(const struct gl_text *text);
static ngx_int_t ngx_http_glinto_plausible_revenue(ngx_pool_t *pool,
    const json_t *root, ngx_http_glinto_hit_t *hit);
static ngx_uint_t ngx_http_glinto_plausible_amount(struct gl_text *text);


/* the path is a property of some events, so it must be known before */

static const ngx_http_glinto_plausible_step_pt
    ngx_http_glinto_plausible_steps[] =
{
    ngx_http_glinto_plausible_url,
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
    json_t                                   *root;
    ngx_int_t                                 rc;
    const ngx_http_glinto_plausible_step_pt  *step;

    hit->event.schema = GL_EVENT_SCHEMA;

    if (form) {
        rc = ngx_http_glinto_json_form(pool, body, &root);

    } else {
        rc = ngx_http_glinto_json_load(pool, body->data, body->len, &root);
    }

    if (rc == NGX_DECLINED) {
        ngx_http_glinto_plausible_refuse(hit, "request",
                                         "is not a JSON object");
    }

    for (step = ngx_http_glinto_plausible_steps; *step && rc == NGX_OK;
         step++)
    {
        rc = (*step)(pool, root, hit);
    }

    switch (rc) {

    case NGX_OK:
        return NGX_OK;

    case NGX_DECLINED:
        return NGX_HTTP_BAD_REQUEST;

    default:
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }
}


static ngx_int_t
ngx_http_glinto_plausible_refuse(ngx_http_glinto_hit_t *hit,
    const char *field, const char *message)
{
    hit->field = field;
    hit->message = message;

    return NGX_DECLINED;
}


static ngx_int_t
ngx_http_glinto_plausible_url(ngx_pool_t *pool, const json_t *root,
    ngx_http_glinto_hit_t *hit)
{
    int64_t      hash;
    json_t      *value;
    ngx_str_t    address;

    value = ngx_http_glinto_json_either(root, "r", "referrer");

    if (json_is_string(value)) {
        hit->event.referrer.data = json_string_value(value);
        hit->event.referrer.len = (uint32_t) json_string_length(value);
    }

    value = ngx_http_glinto_json_either(root, "h", "hashMode");

    if (ngx_http_glinto_json_count(value, &hash) != NGX_OK) {
        hash = 0;
    }

    value = ngx_http_glinto_json_either(root, "u", "url");

    if (value == NULL) {
        return ngx_http_glinto_plausible_refuse(hit, "url", "is missing");
    }

    if (!json_is_string(value)) {
        return ngx_http_glinto_plausible_refuse(hit, "url",
                                                "is not a string");
    }

    address.data = (u_char *) json_string_value(value);
    address.len = json_string_length(value);

    return ngx_http_glinto_url_parse(pool, &address, hash == 1, hit);
}


static ngx_int_t
ngx_http_glinto_plausible_name(ngx_pool_t *pool, const json_t *root,
    ngx_http_glinto_hit_t *hit)
{
    json_t           *value;
    uint32_t          i, n;
    struct gl_text    name;
    struct gl_event  *event;

    value = ngx_http_glinto_json_either(root, "n", "name");

    if (value == NULL) {
        return ngx_http_glinto_plausible_refuse(hit, "event_name",
                                                "is missing");
    }

    /* scripts for pages that were not found send the number 404 */

    if (!json_is_string(value) && !json_is_integer(value)) {
        return ngx_http_glinto_plausible_refuse(hit, "event_name",
                                        "is neither a string nor an integer");
    }

    if (ngx_http_glinto_json_text(pool, value, &name) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_http_glinto_plausible_blank(&name)) {
        return ngx_http_glinto_plausible_refuse(hit, "event_name",
                                                "must not be blank");
    }

    for (i = 0, n = 0; i < name.len; i++) {
        n += ((u_char) name.data[i] & 0xc0) != 0x80;
    }

    if (n > NGX_HTTP_GLINTO_PLAUSIBLE_NAME_MAX) {
        return ngx_http_glinto_plausible_refuse(hit, "event_name",
                                                "is over 120 characters");
    }

    event = &hit->event;
    event->kind = ngx_http_glinto_plausible_kind(&name);

    if (event->kind == GL_CUSTOM) {
        event->name = name;
        event->passive =
            ngx_http_glinto_plausible_no(json_object_get(root, "i"))
            || ngx_http_glinto_plausible_no(json_object_get(root,
                                                            "interactive"));
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_http_glinto_plausible_kind(const struct gl_text *name)
{
    if (ngx_http_glinto_plausible_is(name, "pageview")) {
        return GL_PAGEVIEW;
    }

    /* "pageleave" was the name in trackers of 2024 */

    if (ngx_http_glinto_plausible_is(name, "engagement")
        || ngx_http_glinto_plausible_is(name, "pageleave"))
    {
        return GL_ENGAGEMENT;
    }

    return GL_CUSTOM;
}


static ngx_uint_t
ngx_http_glinto_plausible_is(const struct gl_text *text, const char *word)
{
    return text->len == ngx_strlen(word)
           && ngx_memcmp(text->data, word, text->len) == 0;
}


/* false, in a form "false"; a field that is not there is not false */

static ngx_uint_t
ngx_http_glinto_plausible_no(const json_t *value)
{
    return json_is_false(value)
           || (json_is_string(value)
               && ngx_strcmp(json_string_value(value), "false") == 0);
}


static ngx_int_t
ngx_http_glinto_plausible_domain(ngx_pool_t *pool, const json_t *root,
    ngx_http_glinto_hit_t *hit)
{
    json_t     *value;
    ngx_str_t   list;

    value = ngx_http_glinto_json_either(root, "d", "domain");

    /* without it collect takes glinto_site, else the page's host */

    if (!json_is_string(value)) {
        return NGX_OK;
    }

    list.data = (u_char *) json_string_value(value);
    list.len = json_string_length(value);

    return ngx_http_glinto_domain_list(pool, &list, hit);
}


static ngx_int_t
ngx_http_glinto_plausible_engagement(ngx_pool_t *pool, const json_t *root,
    ngx_http_glinto_hit_t *hit)
{
    int64_t           depth, time;
    struct gl_event  *event;

    event = &hit->event;

    if (event->kind != GL_ENGAGEMENT) {
        return NGX_OK;
    }

    if (ngx_http_glinto_json_count(json_object_get(root, "sd"), &depth)
        == NGX_OK)
    {
        event->scroll_depth = ngx_min(depth, 100) + 1;
    }

    if (ngx_http_glinto_json_count(json_object_get(root, "e"), &time)
        == NGX_OK
        && time < NGX_HTTP_GLINTO_PLAUSIBLE_TIME_MAX)
    {
        event->engagement_ms = time;
    }

    if (event->scroll_depth == 0 && event->engagement_ms == 0) {
        return ngx_http_glinto_plausible_refuse(hit, "event_name",
                          "engagement has neither a valid sd nor a valid e");
    }

    return NGX_OK;
}


/* an object, or one in a string; NGX_DECLINED when it is neither */

static ngx_int_t
ngx_http_glinto_plausible_object(ngx_pool_t *pool, json_t *value,
    json_t **object)
{
    if (json_is_string(value)) {
        return ngx_http_glinto_json_load(pool,
                                  (const u_char *) json_string_value(value),
                                  json_string_length(value), object);
    }

    *object = value;

    return json_is_object(value) ? NGX_OK : NGX_DECLINED;
}


static ngx_int_t
ngx_http_glinto_plausible_props(ngx_pool_t *pool, const json_t *root,
    ngx_http_glinto_hit_t *hit)
{
    size_t            len;
    json_t           *value, *props;
    ngx_int_t         rc;
    const char       *key;
    struct gl_prop    prop;
    struct gl_event  *event;

    event = &hit->event;

    value = ngx_http_glinto_json_either(root, "m", "meta");

    if (value == NULL || json_is_false(value)) {
        value = ngx_http_glinto_json_either(root, "p", "props");
    }

    rc = ngx_http_glinto_plausible_object(pool, value, &props);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc == NGX_DECLINED) {
        props = NULL;
    }

    if (ngx_http_glinto_plausible_wants_path(event, props)) {
        event->props[0].key.data = "path";
        event->props[0].key.len = 4;
        event->props[0].value = event->path;
        event->props_n = 1;
    }

    json_object_keylen_foreach(props, key, len, value) {

        if (event->props_n == GL_EVENT_PROPS_MAX) {
            break;
        }

        prop.key.data = key;
        prop.key.len = (uint32_t) len;

        rc = ngx_http_glinto_json_text(pool, value, &prop.value);

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }

        if (rc == NGX_DECLINED
            || ngx_http_glinto_plausible_blank(&prop.key)
            || ngx_http_glinto_plausible_blank(&prop.value))
        {
            continue;
        }

        if (len > GL_EVENT_PROP_KEY_MAX
            || prop.value.len > GL_EVENT_PROP_VALUE_MAX)
        {
            return ngx_http_glinto_plausible_refuse(hit, "props",
                   "has a key of over 300 bytes or a value of over 2000");
        }

        event->props[event->props_n++] = prop;
    }

    return NGX_OK;
}


/* events whose reports are by page, though their scripts do not send it */

static ngx_uint_t
ngx_http_glinto_plausible_wants_path(const struct gl_event *event,
    json_t *props)
{
    return (ngx_http_glinto_plausible_is(&event->name, "404")
            || ngx_http_glinto_plausible_is(&event->name,
                                            "WP Form Completions")
            || ngx_http_glinto_plausible_is(&event->name, "Form: Submission"))
           && json_object_get(props, "path") == NULL;
}


static ngx_uint_t
ngx_http_glinto_plausible_blank(const struct gl_text *text)
{
    return ngx_http_glinto_text_rtrim((const u_char *) text->data, text->len)
           == 0;
}


/* what is not revenue is ignored: the event itself still counts */

static ngx_int_t
ngx_http_glinto_plausible_revenue(ngx_pool_t *pool, const json_t *root,
    ngx_http_glinto_hit_t *hit)
{
    json_t           *value, *revenue, *amount, *currency;
    ngx_int_t         rc;
    const char       *code;
    struct gl_text    text;
    struct gl_event  *event;

    value = ngx_http_glinto_json_either(root, "revenue", "$");

    rc = ngx_http_glinto_plausible_object(pool, value, &revenue);

    if (rc != NGX_OK) {
        return rc == NGX_ERROR ? NGX_ERROR : NGX_OK;
    }

    amount = json_object_get(revenue, "amount");
    currency = json_object_get(revenue, "currency");
    code = json_string_value(currency);

    if (code == NULL || strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3
        || json_string_length(currency) != 3
        || (!json_is_string(amount) && !json_is_number(amount)))
    {
        return NGX_OK;
    }

    rc = ngx_http_glinto_json_text(pool, amount, &text);

    if (rc == NGX_OK && ngx_http_glinto_plausible_amount(&text)) {
        event = &hit->event;
        event->amount = text;
        event->currency.data = code;
        event->currency.len = 3;
    }

    return rc == NGX_ERROR ? NGX_ERROR : NGX_OK;
}


/*
 * Cuts text to the plain decimal number it begins with.  0 when there is none,
 * or when digits follow that would change its value: "1,234.50", "1e3".
 */

static ngx_uint_t
ngx_http_glinto_plausible_amount(struct gl_text *text)
{
    uint32_t     i, digits, end;
    const char  *p;

    p = text->data;
    digits = 0;
    end = 0;

    i = (text->len && (p[0] == '-' || p[0] == '+')) ? 1 : 0;

    for ( /* void */ ; i < text->len && p[i] >= '0' && p[i] <= '9'; i++) {
        digits++;
        end = i + 1;
    }

    if (i < text->len && p[i] == '.') {
        for (i++; i < text->len && p[i] >= '0' && p[i] <= '9'; i++) {
            digits++;
            end = i + 1;
        }
    }

    for ( /* void */ ; i < text->len; i++) {
        if (p[i] >= '0' && p[i] <= '9') {
            return 0;
        }
    }

    if (text->len && p[0] == '+' && end) {
        text->data++;
        end--;
    }

    text->len = end;

    return digits && end <= NGX_HTTP_GLINTO_PLAUSIBLE_AMOUNT_MAX;
}
