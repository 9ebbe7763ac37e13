
/*
 * Copyright (C) Glinto contributors
 *
 * Whose events a site turns away: lists of its line in the sites file, made
 * ready once, when the line is read.
 *
 *   block_addresses=203.0.113.0/24,2001:db8::/32
 *   block_countries=DE,FR
 *   block_pages=**.pdf,/thanks
 *   block_agents=uptime
 *
 * Each list is as long as glintod lets it be, 200 texts of 200 bytes; an event
 * is compared with each, patterns within a number of steps.
 */


#include "ngx_http_glinto_counts.h"
#include "ngx_http_glinto_request.h"
#include "ngx_http_glinto_shields.h"

#include "request/pattern.h"


static ngx_array_t *ngx_http_glinto_shields_list(
    ngx_http_glinto_shields_t *shields, const ngx_str_t *key);
static ngx_int_t ngx_http_glinto_shields_add(ngx_pool_t *pool,
    ngx_array_t *list, size_t size, struct gl_text item);
static ngx_uint_t ngx_http_glinto_shields_address(ngx_array_t *list,
    const struct gl_text *addr);
static ngx_uint_t ngx_http_glinto_shields_country(const ngx_array_t *list,
    struct gl_text country);
static ngx_uint_t ngx_http_glinto_shields_page(const ngx_array_t *list,
    struct gl_text path);
static ngx_uint_t ngx_http_glinto_shields_agent(const ngx_array_t *list,
    struct gl_text agent);


ngx_int_t
ngx_http_glinto_shields_word(ngx_pool_t *pool,
    ngx_http_glinto_shields_t **shields, const ngx_str_t *key,
    const ngx_str_t *value)
{
    size_t           size;
    ngx_array_t     *list;
    struct gl_text   values;

    if (key->len < 7 || ngx_memcmp(key->data, "block_", 6) != 0) {
        return NGX_DECLINED;
    }

    if (*shields == NULL) {
        *shields = ngx_pcalloc(pool, sizeof(ngx_http_glinto_shields_t));
        if (*shields == NULL) {
            return NGX_ERROR;
        }
    }

    list = ngx_http_glinto_shields_list(*shields, key);
    if (list == NULL) {
        return NGX_OK;
    }

    size = (list == &(*shields)->addresses) ? sizeof(ngx_cidr_t)
                                            : sizeof(ngx_str_t);

    if (list->elts == NULL && ngx_array_init(list, pool, 4, size) != NGX_OK) {
        return NGX_ERROR;
    }

    values = ngx_http_glinto_text(value);

    do {
        if (ngx_http_glinto_shields_add(pool, list, size,
                                        gl_text_item(&values))
            != NGX_OK)
        {
            return NGX_ERROR;
        }

    } while (values.data);

    return NGX_OK;
}


/* NULL: a list that a newer glintod wrote */

static ngx_array_t *
ngx_http_glinto_shields_list(ngx_http_glinto_shields_t *shields,
    const ngx_str_t *key)
{
    ngx_uint_t  i;

    const struct {
        ngx_str_t     key;
        ngx_array_t  *list;
    } lists[] = {
        { ngx_string("block_addresses"), &shields->addresses },
        { ngx_string("block_countries"), &shields->countries },
        { ngx_string("block_pages"), &shields->pages },
        { ngx_string("block_agents"), &shields->agents }
    };

    for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        if (lists[i].key.len == key->len
            && ngx_memcmp(lists[i].key.data, key->data, key->len) == 0)
        {
            return lists[i].list;
        }
    }

    return NULL;
}


static ngx_int_t
ngx_http_glinto_shields_add(ngx_pool_t *pool, ngx_array_t *list, size_t size,
    struct gl_text item)
{
    void        *element;
    ngx_str_t    text;
    ngx_cidr_t   cidr;

    if (gl_text_decode(ngx_http_glinto_memory(pool), item, GL_CODED_PATH,
                       &item)
        != 0)
    {
        return NGX_ERROR;
    }

    if (item.len == 0) {
        return NGX_OK;
    }

    text.data = (u_char *) item.data;
    text.len = item.len;

    ngx_memzero(&cidr, sizeof(ngx_cidr_t));

    if (size == sizeof(ngx_cidr_t)
        && ngx_ptocidr(&text, &cidr) == NGX_ERROR)
    {
        return NGX_OK;
    }

    element = ngx_array_push(list);
    if (element == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(element, size == sizeof(ngx_cidr_t) ? (void *) &cidr
                                                   : (void *) &text, size);

    return NGX_OK;
}


ngx_uint_t
ngx_http_glinto_shields_block(ngx_http_glinto_shields_t *shields,
    const struct gl_event *event, const struct gl_text *addr)
{
    if (ngx_http_glinto_shields_address(&shields->addresses, addr)) {
        return NGX_HTTP_GLINTO_BLOCKED_ADDRESS;
    }

    if (ngx_http_glinto_shields_country(&shields->countries, event->country)) {
        return NGX_HTTP_GLINTO_BLOCKED_COUNTRY;
    }

    if (ngx_http_glinto_shields_page(&shields->pages, event->path)) {
        return NGX_HTTP_GLINTO_BLOCKED_PAGE;
    }

    if (ngx_http_glinto_shields_agent(&shields->agents, event->agent)) {
        return NGX_HTTP_GLINTO_BLOCKED_AGENT;
    }

    return NGX_HTTP_GLINTO_TAKEN;
}


/* nginx compares an IPv4 address that stands within an IPv6 one as such */

static ngx_uint_t
ngx_http_glinto_shields_address(ngx_array_t *list, const struct gl_text *addr)
{
    struct sockaddr_in6  sin6;

    if (list->nelts == 0 || addr->len != GL_VISITOR_IP_BYTES) {
        return 0;
    }

    ngx_memzero(&sin6, sizeof(struct sockaddr_in6));
    sin6.sin6_family = AF_INET6;
    ngx_memcpy(&sin6.sin6_addr, addr->data, GL_VISITOR_IP_BYTES);

    return ngx_cidr_match((struct sockaddr *) &sin6, list) == NGX_OK;
}


static ngx_uint_t
ngx_http_glinto_shields_country(const ngx_array_t *list,
    struct gl_text country)
{
    ngx_str_t   *code;
    ngx_uint_t   i;

    for (i = 0, code = list->elts; i < list->nelts; i++) {
        if (gl_text_is(country, ngx_http_glinto_text(&code[i]))) {
            return 1;
        }
    }

    return 0;
}


static ngx_uint_t
ngx_http_glinto_shields_page(const ngx_array_t *list, struct gl_text path)
{
    uint32_t     steps;
    ngx_str_t   *pattern;
    ngx_uint_t   i;

    steps = GL_PATTERN_STEPS;

    for (i = 0, pattern = list->elts; i < list->nelts; i++) {
        if (gl_pattern_fits(ngx_http_glinto_text(&pattern[i]), path, &steps)) {
            return 1;
        }
    }

    return 0;
}


static ngx_uint_t
ngx_http_glinto_shields_agent(const ngx_array_t *list, struct gl_text agent)
{
    u_char      *p;
    ngx_str_t   *part;
    ngx_uint_t   i;

    p = (u_char *) agent.data;

    for (i = 0, part = list->elts; i < list->nelts; i++) {
        if (agent.len >= part[i].len
            && ngx_strlcasestrn(p, p + agent.len, part[i].data,
                                part[i].len - 1))
        {
            return 1;
        }
    }

    return 0;
}
