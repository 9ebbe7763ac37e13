
/*
 * Copyright (C) Glinto contributors
 *
 * Which sites a request names, each once, whatever it is called.  Whether they
 * exist is not asked here.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_request.h"


static ngx_uint_t ngx_http_glinto_domain_of_page(
    const ngx_http_glinto_hit_t *hit, const struct gl_text *item);
static ngx_uint_t ngx_http_glinto_domain_known(ngx_http_glinto_hit_t *hit,
    const struct gl_text *name);


ngx_int_t
ngx_http_glinto_domain_list(ngx_pool_t *pool, struct gl_text list,
    ngx_http_glinto_hit_t *hit)
{
    ngx_str_t       *site;
    struct gl_text   name, item;

    hit->field = "domain";

    do {
        item = gl_text_item(&list);
        name = item;

        if (!ngx_http_glinto_domain_of_page(hit, &item)
            && gl_host_read(ngx_http_glinto_memory(pool), item, &name) != 0) {
            return NGX_ERROR;
        }

        if (name.len == 0 && !gl_utf8_is_blank(item)) {
            hit->message = "names something that is not a host";
            return NGX_DECLINED;
        }

        if (name.len == 0 || ngx_http_glinto_domain_known(hit, &name)) {
            continue;
        }

        if (hit->nsites == NGX_HTTP_GLINTO_SITES_MAX) {
            hit->message = "names more than 16 sites";
            return NGX_DECLINED;
        }

        site = &hit->sites[hit->nsites++];
        site->data = (u_char *) name.data;
        site->len = name.len;

    } while (list.data);

    if (hit->nsites == 0) {
        hit->message = "must not be blank";
        return NGX_DECLINED;
    }

    return NGX_OK;
}


/* nearly always it is the host of the page, whose form is known */

static ngx_uint_t
ngx_http_glinto_domain_of_page(const ngx_http_glinto_hit_t *hit,
    const struct gl_text *item)
{
    return item->len && item->len == hit->event.host.len
           && item->data[0] != '('
           && ngx_memcmp(item->data, hit->event.host.data, item->len) == 0;
}


static ngx_uint_t
ngx_http_glinto_domain_known(ngx_http_glinto_hit_t *hit,
    const struct gl_text *name)
{
    ngx_uint_t  i;

    for (i = 0; i < hit->nsites; i++) {
        if (hit->sites[i].len == name->len
            && ngx_memcmp(hit->sites[i].data, name->data, name->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


ngx_int_t
ngx_http_glinto_domain_check(ngx_http_request_t *r,
    ngx_http_glinto_hit_t *hit)
{
    ngx_http_glinto_loc_conf_t  *glcf;

    glcf = ngx_http_get_module_loc_conf(r, ngx_http_glinto_module);

    /* only the name that stands for no host begins with a bracket */

    if (hit->nsites || glcf->site || hit->event.host.data[0] != '(') {
        return NGX_OK;
    }

    hit->field = "domain";
    hit->message = "is missing, and the page's address has no host";

    return NGX_HTTP_BAD_REQUEST;
}
