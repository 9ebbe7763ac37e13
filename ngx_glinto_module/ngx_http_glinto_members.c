
/*
 * Copyright (C) Glinto contributors
 *
 * Members of an object, whatever it was sent as: JSON, or a form.  An adapter
 * knows one shape.  Knows nothing of events.
 */


#include "ngx_http_glinto_json.h"
#include "ngx_http_glinto_request.h"


static ngx_int_t ngx_http_glinto_members_form(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *form, ngx_http_glinto_json_slot_pt slot,
    void *ctx);
static ngx_uint_t ngx_http_glinto_members_key(
    const ngx_http_glinto_json_t *form, struct gl_text *key,
    struct gl_text *outer);


ngx_int_t
ngx_http_glinto_members(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *object, ngx_http_glinto_json_slot_pt slot,
    void *ctx)
{
    switch (object->type) {

    case NGX_HTTP_GLINTO_JSON_FORM:
        return ngx_http_glinto_members_form(pool, object, slot, ctx);

    case NGX_HTTP_GLINTO_JSON_STRING:
    case NGX_HTTP_GLINTO_JSON_OBJECT:
        return ngx_http_glinto_json_parse(pool, &object->text, slot, ctx);

    default:
        return NGX_DECLINED;
    }
}


/* "key=value" is a member, all "key[sub]=value" of a key are one */

static ngx_int_t
ngx_http_glinto_members_form(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *form, ngx_http_glinto_json_slot_pt slot,
    void *ctx)
{
    struct gl_text           list, key, text, outer;
    struct gl_memory         memory;
    ngx_http_glinto_json_t  *value;

    list = form->text;
    memory = ngx_http_glinto_memory(pool);

    while (gl_text_pair(&list, &key, &text)) {

        if (gl_text_decode(memory, key, GL_CODED_QUERY, &key) != 0) {
            return NGX_ERROR;
        }

        if (key.len == 0
            || !ngx_http_glinto_members_key(form, &key, &outer))
        {
            continue;
        }

        value = slot(ctx, &key);

        if (value == NULL) {
            continue;
        }

        if (outer.len) {
            value->type = NGX_HTTP_GLINTO_JSON_FORM;
            value->text = form->text;
            value->outer = key;
            continue;
        }

        value->type = NGX_HTTP_GLINTO_JSON_STRING;

        if (gl_text_decode(memory, text, GL_CODED_QUERY, &value->text) != 0) {
            return NGX_ERROR;
        }

        if (value->text.len == 0) {

            /* it is there, and empty */

            value->text.data = "";
        }
    }

    return NGX_OK;
}


/*
 * The key within the form: in one of its own, which has no name, "key" with
 * outer empty, or the key of "key[sub]" with outer not; in the member "key" of
 * a form, the sub of "key[sub]".  0: it is not in there.
 */

static ngx_uint_t
ngx_http_glinto_members_key(const ngx_http_glinto_json_t *form,
    struct gl_text *key, struct gl_text *outer)
{
    const char  *bracket;

    outer->len = 0;

    bracket = (key->data[key->len - 1] == ']')
              ? memchr(key->data, '[', key->len) : NULL;

    if (bracket == NULL) {
        return form->outer.len == 0;
    }

    outer->data = key->data;
    outer->len = (uint32_t) (bracket - key->data);

    if (form->outer.len == 0) {
        key->len = outer->len;
        return key->len != 0;
    }

    if (form->outer.len != outer->len
        || ngx_memcmp(form->outer.data, outer->data, outer->len) != 0)
    {
        return 0;
    }

    key->len = (uint32_t) (key->data + key->len - 1 - (bracket + 1));
    key->data = bracket + 1;
    outer->len = 0;

    return 1;
}
