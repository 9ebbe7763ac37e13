
/*
 * Copyright (C) Glinto contributors
 *
 * The table of known sites, from the file of glinto_sites.  The aggregator
 * replaces that file at every change (a new file, renamed), one line a site:
 *
 *   DOMAIN [KEY=VALUE ...]
 *
 *   alias=NAME      another name of the site; may come several times
 *   ...             what else there is says ngx_http_glinto_site.c
 *
 * No file: every site is taken.
 *
 * The tick looks at the file once a second.  A changed one is read in slices
 * of bounded size, first its text, then its lines into a hash table; the new
 * table takes the place of the old one when it is complete.
 *
 *   text     the file; names and values point into it
 *   slots    power of two, at most half full, linear probing
 *
 * A table is a pool of its own, freed when its successor takes over: between
 * two events of the loop nobody holds a pointer into it.
 */


#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_sites.h"
#include "ngx_http_glinto_worker.h"


/*
 * A slice takes a millisecond or so.  Parsing is dearer by the byte: in a new
 * table each name meets a page that the kernel has to zero.
 */

#define NGX_HTTP_GLINTO_SITES_READ    (128 * 1024)
#define NGX_HTTP_GLINTO_SITES_PARSE   (24 * 1024)

/* 100,000 sites have 4 MiB; more would be somebody's mistake */

#define NGX_HTTP_GLINTO_SITES_BYTES   (64 * 1024 * 1024)


typedef struct {
    ngx_str_t                 name;        /* domain or alias */
    ngx_http_glinto_site_t   *site;        /* NULL: the slot is free */
} ngx_http_glinto_slot_t;


struct ngx_http_glinto_sites_s {
    ngx_pool_t               *pool;

    int                       fd;          /* -1 when read to the end */
    struct stat               st;          /* of the file when opened */

    u_char                   *text;
    size_t                    size;
    size_t                    read;        /* bytes there */
    size_t                    parsed;      /* bytes done */

    ngx_uint_t                names;       /* domains and aliases, at most */
    ngx_uint_t                nsites;

    ngx_http_glinto_slot_t   *slots;
    ngx_uint_t                mask;

    ngx_http_glinto_slot_t   *found;       /* the last time */
};


static ngx_uint_t ngx_http_glinto_sites_changed(ngx_http_glinto_sites_t *sites,
    struct stat *st);
static void ngx_http_glinto_sites_open(ngx_http_glinto_worker_t *gw,
    struct stat *st);
static ngx_int_t ngx_http_glinto_sites_slice(ngx_http_glinto_sites_t *sites);
static ngx_int_t ngx_http_glinto_sites_read(ngx_http_glinto_sites_t *sites);
static ngx_int_t ngx_http_glinto_sites_parse(ngx_http_glinto_sites_t *sites);
static ngx_int_t ngx_http_glinto_sites_line(ngx_http_glinto_sites_t *sites,
    u_char *p, u_char *last);
static ngx_int_t ngx_http_glinto_sites_word(ngx_http_glinto_sites_t *sites,
    ngx_http_glinto_site_t *site, ngx_str_t *word);
static void ngx_http_glinto_sites_insert(ngx_http_glinto_sites_t *sites,
    ngx_str_t *name, ngx_http_glinto_site_t *site);
static ngx_http_glinto_slot_t *ngx_http_glinto_sites_slot(
    ngx_http_glinto_sites_t *sites, const ngx_str_t *name);
static void ngx_http_glinto_sites_destroy(ngx_http_glinto_sites_t **sites);


/* 1: there is more to do than one slice */

ngx_uint_t
ngx_http_glinto_sites_tick(ngx_http_glinto_worker_t *gw)
{
    ngx_int_t    rc;
    struct stat  st;

    if (gw->loading == NULL) {

        if (stat((char *) gw->gmcf->sites.data, &st) == -1) {

            if (ngx_errno == NGX_ENOENT) {
                ngx_http_glinto_sites_destroy(&gw->sites);
            }

            return 0;
        }

        if (!ngx_http_glinto_sites_changed(gw->sites, &st)) {
            return 0;
        }

        ngx_http_glinto_sites_open(gw, &st);
    }

    if (gw->loading == NULL) {
        return 0;
    }

    rc = ngx_http_glinto_sites_slice(gw->loading);

    if (rc == NGX_AGAIN) {
        return 1;
    }

    if (rc != NGX_OK) {

        /* the old table stays; the next second tries again */

        ngx_http_glinto_sites_destroy(&gw->loading);
        return 0;
    }

    ngx_http_glinto_sites_destroy(&gw->sites);

    gw->sites = gw->loading;
    gw->loading = NULL;

    return 0;
}


void
ngx_http_glinto_sites_free(ngx_http_glinto_worker_t *gw)
{
    ngx_http_glinto_sites_destroy(&gw->sites);
    ngx_http_glinto_sites_destroy(&gw->loading);
}


static ngx_uint_t
ngx_http_glinto_sites_changed(ngx_http_glinto_sites_t *sites, struct stat *st)
{
    return sites == NULL
           || sites->st.st_ino != st->st_ino
           || sites->st.st_dev != st->st_dev
           || sites->st.st_size != st->st_size
           || sites->st.st_mtim.tv_sec != st->st_mtim.tv_sec
           || sites->st.st_mtim.tv_nsec != st->st_mtim.tv_nsec;
}


static void
ngx_http_glinto_sites_open(ngx_http_glinto_worker_t *gw, struct stat *st)
{
    int                       fd;
    ngx_pool_t               *pool;
    ngx_http_glinto_sites_t  *sites;

    fd = open((char *) gw->gmcf->sites.data, O_RDONLY|O_CLOEXEC|O_NONBLOCK);
    if (fd == -1) {
        return;
    }

    /* another file may have taken the name since */

    if (fstat(fd, st) == -1
        || !S_ISREG(st->st_mode)
        || st->st_size > NGX_HTTP_GLINTO_SITES_BYTES)
    {
        (void) close(fd);
        return;
    }

    pool = ngx_create_pool(NGX_DEFAULT_POOL_SIZE, gw->log);
    if (pool == NULL) {
        (void) close(fd);
        return;
    }

    sites = ngx_pcalloc(pool, sizeof(ngx_http_glinto_sites_t));

    if (sites) {
        sites->text = ngx_pnalloc(pool, (size_t) st->st_size + 1);
    }

    if (sites == NULL || sites->text == NULL) {
        ngx_destroy_pool(pool);
        (void) close(fd);
        return;
    }

    sites->pool = pool;
    sites->fd = fd;
    sites->st = *st;
    sites->size = (size_t) st->st_size;

    gw->loading = sites;
}


/* one slice of work; NGX_OK when the table is complete */

static ngx_int_t
ngx_http_glinto_sites_slice(ngx_http_glinto_sites_t *sites)
{
    ngx_uint_t  n;

    if (sites->read < sites->size) {

        if (ngx_http_glinto_sites_read(sites) != NGX_OK) {
            return NGX_ERROR;
        }

        if (sites->size > NGX_HTTP_GLINTO_SITES_PARSE) {
            return NGX_AGAIN;
        }
    }

    if (sites->slots == NULL) {

        for (n = 16; n < 2 * (sites->names + 1); n *= 2) { /* void */ }

        /* pages that the kernel zeroes at their first use, in many slices */

        sites->slots = calloc(n, sizeof(ngx_http_glinto_slot_t));
        if (sites->slots == NULL) {
            return NGX_ERROR;
        }

        sites->mask = n - 1;
    }

    return ngx_http_glinto_sites_parse(sites);
}


/* names are counted on the way: what becomes a name follows one of these */

static ngx_int_t
ngx_http_glinto_sites_read(ngx_http_glinto_sites_t *sites)
{
    size_t    i, len;
    u_char   *p;
    ssize_t   n;

    p = sites->text + sites->read;
    len = ngx_min(sites->size - sites->read, NGX_HTTP_GLINTO_SITES_READ);

    n = read(sites->fd, p, len);

    if (n <= 0) {

        /* shorter than it was: somebody writes it in place */

        return NGX_ERROR;
    }

    for (i = 0; i < (size_t) n; i++) {
        if (p[i] == '\n' || p[i] == '=') {
            sites->names++;
        }
    }

    sites->read += n;

    if (sites->read == sites->size) {
        (void) close(sites->fd);
        sites->fd = -1;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_sites_parse(ngx_http_glinto_sites_t *sites)
{
    size_t   start;
    u_char  *p, *last, *end;

    start = sites->parsed;
    last = sites->text + sites->size;

    while (sites->parsed < sites->size) {

        if (sites->parsed - start >= NGX_HTTP_GLINTO_SITES_PARSE) {
            return NGX_AGAIN;
        }

        p = sites->text + sites->parsed;

        end = ngx_strlchr(p, last, '\n');
        if (end == NULL) {
            end = last;
        }

        if (ngx_http_glinto_sites_line(sites, p, end) != NGX_OK) {
            return NGX_ERROR;
        }

        sites->parsed = end - sites->text + 1;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_sites_line(ngx_http_glinto_sites_t *sites, u_char *p,
    u_char *last)
{
    u_char                  *space;
    ngx_str_t                word;
    ngx_http_glinto_site_t  *site;

    site = NULL;

    for ( /* void */ ; p < last; p += word.len + 1) {

        space = ngx_strlchr(p, last, ' ');

        word.data = p;
        word.len = (space ? space : last) - p;

        if (word.len == 0) {
            continue;
        }

        if (site) {

            if (ngx_http_glinto_sites_word(sites, site, &word) != NGX_OK) {
                return NGX_ERROR;
            }

            continue;
        }

        site = ngx_pcalloc(sites->pool, sizeof(ngx_http_glinto_site_t));
        if (site == NULL) {
            return NGX_ERROR;
        }

        site->domain = word;
        sites->nsites++;

        ngx_http_glinto_sites_insert(sites, &word, site);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_sites_word(ngx_http_glinto_sites_t *sites,
    ngx_http_glinto_site_t *site, ngx_str_t *word)
{
    u_char     *p;
    ngx_str_t   key, value;

    p = ngx_strlchr(word->data, word->data + word->len, '=');
    if (p == NULL) {
        return NGX_OK;
    }

    key.data = word->data;
    key.len = p - word->data;

    value.data = p + 1;
    value.len = word->len - key.len - 1;

    if (value.len == 0) {
        return NGX_OK;
    }

    if (key.len == 5 && ngx_memcmp(key.data, "alias", 5) == 0) {
        ngx_http_glinto_sites_insert(sites, &value, site);
        return NGX_OK;
    }

    return ngx_http_glinto_site_word(sites->pool, site, &key, &value);
}


/* there is always a free slot: names counts more than comes here */

static void
ngx_http_glinto_sites_insert(ngx_http_glinto_sites_t *sites, ngx_str_t *name,
    ngx_http_glinto_site_t *site)
{
    ngx_http_glinto_slot_t  *slot;

    slot = ngx_http_glinto_sites_slot(sites, name);

    if (slot->site == NULL) {
        slot->name = *name;
        slot->site = site;
    }
}


/* the slot of this name, or the free one where it belongs */

static ngx_http_glinto_slot_t *
ngx_http_glinto_sites_slot(ngx_http_glinto_sites_t *sites,
    const ngx_str_t *name)
{
    ngx_uint_t               i;
    ngx_http_glinto_slot_t  *slot;

    i = ngx_murmur_hash2(name->data, name->len) & sites->mask;

    for ( ;; ) {
        slot = &sites->slots[i];

        if (slot->site == NULL
            || (slot->name.len == name->len
                && ngx_memcmp(slot->name.data, name->data, name->len) == 0))
        {
            return slot;
        }

        i = (i + 1) & sites->mask;
    }
}


ngx_http_glinto_site_t *
ngx_http_glinto_sites_find(ngx_http_glinto_sites_t *sites,
    const ngx_str_t *name)
{
    ngx_http_glinto_slot_t  *slot;

    /* most servers have one site, and a busy site is asked for in a row */

    slot = sites->found;

    if (slot == NULL || slot->name.len != name->len
        || ngx_memcmp(slot->name.data, name->data, name->len) != 0)
    {
        slot = ngx_http_glinto_sites_slot(sites, name);

        sites->found = slot->site ? slot : NULL;
    }

    return slot->site;
}


void
ngx_http_glinto_sites_stat(ngx_http_glinto_sites_t *sites, ngx_uint_t *n,
    time_t *mtime)
{
    *n = sites->nsites;
    *mtime = sites->st.st_mtime;
}


static void
ngx_http_glinto_sites_destroy(ngx_http_glinto_sites_t **sites)
{
    if (*sites == NULL) {
        return;
    }

    if ((*sites)->fd != -1) {
        (void) close((*sites)->fd);
    }

    free((*sites)->slots);
    ngx_destroy_pool((*sites)->pool);

    *sites = NULL;
}
