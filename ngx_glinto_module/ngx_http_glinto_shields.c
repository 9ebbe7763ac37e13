
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

#include <strings.h>


/* a part of agents, and where its letter is that agents have least often */

typedef struct {
    ngx_str_t   text;
    size_t      rare;
} ngx_http_glinto_shields_part_t;


/* an element of a list, made of a text; NGX_DECLINED: the text is none */

typedef ngx_int_t (*ngx_http_glinto_shields_make_pt)(void *element,
    ngx_str_t *text);

typedef struct {
    ngx_str_t                         key;
    size_t                            list;     /* in the shields */
    size_t                            size;     /* of an element */
    ngx_http_glinto_shields_make_pt   make;
} ngx_http_glinto_shields_kind_t;


static const ngx_http_glinto_shields_kind_t *ngx_http_glinto_shields_kind(
    const ngx_str_t *key);
static ngx_int_t ngx_http_glinto_shields_add(ngx_pool_t *pool,
    ngx_array_t *list, const ngx_http_glinto_shields_kind_t *kind,
    struct gl_text item);
static ngx_int_t ngx_http_glinto_shields_network(void *element,
    ngx_str_t *text);
static ngx_int_t ngx_http_glinto_shields_text(void *element, ngx_str_t *text);
static ngx_int_t ngx_http_glinto_shields_part(void *element, ngx_str_t *text);
static ngx_uint_t ngx_http_glinto_shields_address(ngx_array_t *list,
    const struct gl_text *addr);
static ngx_uint_t ngx_http_glinto_shields_country(const ngx_array_t *list,
    struct gl_text country);
static ngx_uint_t ngx_http_glinto_shields_page(const ngx_array_t *list,
    struct gl_text path);
static ngx_uint_t ngx_http_glinto_shields_agent(const ngx_array_t *list,
    struct gl_text agent);
static ngx_uint_t ngx_http_glinto_shields_in(struct gl_text agent,
    const ngx_http_glinto_shields_part_t *part, u_char letter);


static const ngx_http_glinto_shields_kind_t
    ngx_http_glinto_shields_kinds[] =
{
    { ngx_string("block_addresses"),
      offsetof(ngx_http_glinto_shields_t, addresses),
      sizeof(ngx_cidr_t),
      ngx_http_glinto_shields_network },

    { ngx_string("block_countries"),
      offsetof(ngx_http_glinto_shields_t, countries),
      sizeof(ngx_str_t),
      ngx_http_glinto_shields_text },

    { ngx_string("block_pages"),
      offsetof(ngx_http_glinto_shields_t, pages),
      sizeof(ngx_str_t),
      ngx_http_glinto_shields_text },

    { ngx_string("block_agents"),
      offsetof(ngx_http_glinto_shields_t, agents),
      sizeof(ngx_http_glinto_shields_part_t),
      ngx_http_glinto_shields_part },

    { ngx_null_string, 0, 0, NULL }
};


ngx_int_t
ngx_http_glinto_shields_word(ngx_pool_t *pool,
    ngx_http_glinto_shields_t **shields, const ngx_str_t *key,
    const ngx_str_t *value)
{
    ngx_array_t                           *list;
    struct gl_text                         values;
    const ngx_http_glinto_shields_kind_t  *kind;

    if (key->len < 7 || ngx_memcmp(key->data, "block_", 6) != 0) {
        return NGX_DECLINED;
    }

    if (*shields == NULL) {
        *shields = ngx_pcalloc(pool, sizeof(ngx_http_glinto_shields_t));
        if (*shields == NULL) {
            return NGX_ERROR;
        }
    }

    kind = ngx_http_glinto_shields_kind(key);
    if (kind == NULL) {
        return NGX_OK;
    }

    list = (ngx_array_t *) ((u_char *) *shields + kind->list);

    if (list->elts == NULL
        && ngx_array_init(list, pool, 4, kind->size) != NGX_OK)
    {
        return NGX_ERROR;
    }

    values = ngx_http_glinto_text(value);

    do {
        if (ngx_http_glinto_shields_add(pool, list, kind,
                                        gl_text_item(&values))
            != NGX_OK)
        {
            return NGX_ERROR;
        }

    } while (values.data);

    return NGX_OK;
}


/* NULL: a list that a newer glintod wrote */

static const ngx_http_glinto_shields_kind_t *
ngx_http_glinto_shields_kind(const ngx_str_t *key)
{
    const ngx_http_glinto_shields_kind_t  *kind;

    for (kind = ngx_http_glinto_shields_kinds; kind->make; kind++) {
        if (kind->key.len == key->len
            && ngx_memcmp(kind->key.data, key->data, key->len) == 0)
        {
            return kind;
        }
    }

    return NULL;
}


static ngx_int_t
ngx_http_glinto_shields_add(ngx_pool_t *pool, ngx_array_t *list,
    const ngx_http_glinto_shields_kind_t *kind, struct gl_text item)
{
    void       *element;
    ngx_str_t   text;

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

    element = ngx_array_push(list);
    if (element == NULL) {
        return NGX_ERROR;
    }

    if (kind->make(element, &text) != NGX_OK) {
        list->nelts--;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_shields_network(void *element, ngx_str_t *text)
{
    ngx_memzero(element, sizeof(ngx_cidr_t));

    return ngx_ptocidr(text, element) == NGX_ERROR ? NGX_DECLINED : NGX_OK;
}


static ngx_int_t
ngx_http_glinto_shields_text(void *element, ngx_str_t *text)
{
    *(ngx_str_t *) element = *text;

    return NGX_OK;
}


/* which letter is rare, a text tells of what most agents have */

static ngx_int_t
ngx_http_glinto_shields_part(void *element, ngx_str_t *text)
{
    ngx_http_glinto_shields_part_t *part = element;

    size_t         i, n[256];
    const u_char  *p;

    static const u_char  usual[] =
        "mozilla/5.0 (macintosh; intel mac os x; linux; android; windows nt) "
        "applewebkit/537.36 (khtml, like gecko) chrome/ mobile safari/";

    ngx_memzero(n, sizeof(n));

    for (p = usual; *p; p++) {
        n[*p]++;
    }

    part->text = *text;
    part->rare = 0;

    for (i = 1; i < text->len; i++) {
        if (n[ngx_tolower(text->data[i])]
            < n[ngx_tolower(text->data[part->rare])])
        {
            part->rare = i;
        }
    }

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
    u_char                           small, large;
    ngx_uint_t                       i;
    ngx_http_glinto_shields_part_t  *part;

    for (i = 0, part = list->elts; i < list->nelts; i++) {
        small = ngx_tolower(part[i].text.data[part[i].rare]);
        large = ngx_toupper(small);

        if (ngx_http_glinto_shields_in(agent, &part[i], small)
            || (large != small
                && ngx_http_glinto_shields_in(agent, &part[i], large)))
        {
            return 1;
        }
    }

    return 0;
}


/* whether it is in there, in any case, with its rare letter as this one */

static ngx_uint_t
ngx_http_glinto_shields_in(struct gl_text agent,
    const ngx_http_glinto_shields_part_t *part, u_char letter)
{
    const char  *p, *last;

    if (agent.len < part->text.len) {
        return 0;
    }

    p = agent.data + part->rare;
    last = p + agent.len - part->text.len + 1;

    while (p < last && (p = memchr(p, letter, last - p)) != NULL) {

        if (strncasecmp(p - part->rare, (char *) part->text.data,
                        part->text.len)
            == 0)
        {
            return 1;
        }

        p++;
    }

    return 0;
}
