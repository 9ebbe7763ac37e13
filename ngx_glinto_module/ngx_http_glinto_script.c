
/*
 * Copyright (C) Glinto contributors
 *
 * The tracker script, from bytes in the module.  In an exact location it is
 * served under any name; elsewhere under glinto.js and the names that
 * Plausible's scripts have: script.js, plausible.js, analytics.js, with
 * extensions between, in any order ("script.hash.outbound-links.js").
 *
 * What an extension does is in the file of its name in tracker/, which is put
 * before the script; under another name than glinto's so is name.js.  The
 * script of one site, "pa-ID.js", is told what it does by the page: init.js.
 *
 * A name promises what it does: one with an extension that there is not is
 * 404, and a line in the log, so that a site that was moved here does not lose
 * a part of its events without a word.
 */


#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_reply.h"
#include "tracker.h"


/* the longest, "form-submissions", has 16 bytes */

#define NGX_HTTP_GLINTO_SCRIPT_EXTENSION  32

/* pages that ask for one ask all the time */

#define NGX_HTTP_GLINTO_SCRIPT_TOLD_S     3600


static ngx_uint_t ngx_http_glinto_script_known(ngx_http_request_t *r,
    uint32_t *files);
static ngx_uint_t ngx_http_glinto_script_of_site(u_char *p, u_char *last);
static ngx_uint_t ngx_http_glinto_script_extends(ngx_http_request_t *r,
    u_char *p, u_char *last, uint32_t *files);
static ngx_uint_t ngx_http_glinto_script_does(const ngx_str_t *extension,
    uint32_t *files);
static uint32_t ngx_http_glinto_script_file(const char *data);
static ngx_uint_t ngx_http_glinto_script_is(const struct gl_embed_file *file,
    const ngx_str_t *extension);
static ngx_int_t ngx_http_glinto_script_compose(ngx_http_request_t *r,
    uint32_t files, ngx_str_t *body);
static void ngx_http_glinto_script_tell(ngx_http_request_t *r,
    const ngx_str_t *extension);
static ngx_int_t ngx_http_glinto_script_etag(ngx_http_request_t *r,
    const ngx_str_t *body);


/* the first is ours */

static const ngx_str_t  ngx_http_glinto_script_names[] = {
    ngx_string("glinto"),
    ngx_string("script"),
    ngx_string("plausible"),
    ngx_string("analytics"),
    ngx_null_string
};

/*
 * What the script does under any name.  Browsers that "compat" is for, which
 * know no ES2020, count nothing.
 */

static const ngx_str_t  ngx_http_glinto_script_extensions[] = {
    ngx_string("revenue"),
    ngx_string("pageleave"),
    ngx_string("compat"),
    ngx_null_string
};

static const ngx_str_t  ngx_http_glinto_script_type =
    ngx_string("application/javascript");

static const ngx_table_elt_t  ngx_http_glinto_script_headers[] = {
    ngx_http_glinto_header("Access-Control-Allow-Origin", "*"),
    ngx_http_glinto_header("Cache-Control",
                           "public, max-age=86400, must-revalidate"),
    ngx_http_glinto_header("Cross-Origin-Resource-Policy", "cross-origin"),
    ngx_http_glinto_header("X-Content-Type-Options", "nosniff"),
};


ngx_int_t
ngx_http_glinto_script_handler(ngx_http_request_t *r)
{
    uint32_t    files;
    ngx_int_t   rc;
    ngx_str_t   body;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return NGX_HTTP_NOT_ALLOWED;
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    if (!ngx_http_glinto_script_known(r, &files)) {
        return NGX_HTTP_NOT_FOUND;
    }

    if (ngx_http_glinto_script_compose(r, files, &body) != NGX_OK
        || ngx_http_glinto_reply_headers(r, ngx_http_glinto_script_headers, 4)
           != NGX_OK
        || ngx_http_glinto_script_etag(r, &body) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_glinto_reply_send(r, NGX_HTTP_OK,
                                      &ngx_http_glinto_script_type, &body);
}


/* "name.js" or "name.extension.js" after the last slash */

static ngx_uint_t
ngx_http_glinto_script_known(ngx_http_request_t *r, uint32_t *files)
{
    u_char                    *p, *last;
    const ngx_str_t           *name;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    *files = ngx_http_glinto_script_file(gl_embed_name_js);
    last = r->uri.data + r->uri.len;

    for (p = last; p > r->uri.data && p[-1] != '/'; p--) { /* void */ }

    if (ngx_http_glinto_script_of_site(p, last)) {
        *files |= ngx_http_glinto_script_file(gl_embed_init_js)
                  | ngx_http_glinto_script_file(gl_embed_outbound_links_js)
                  | ngx_http_glinto_script_file(gl_embed_file_downloads_js)
                  | ngx_http_glinto_script_file(gl_embed_form_submissions_js);
        return 1;
    }

    for (name = ngx_http_glinto_script_names; name->len; name++) {
        if ((size_t) (last - p) >= name->len + 3
            && ngx_strncmp(p, name->data, name->len) == 0
            && p[name->len] == '.'
            && ngx_strncmp(last - 3, ".js", 3) == 0)
        {
            if (name == ngx_http_glinto_script_names) {
                *files = 0;
            }

            return ngx_http_glinto_script_extends(r, p + name->len, last - 3,
                                                  files);
        }
    }

    return clcf->exact_match;
}


/* "pa-ID.js": every site's is the same */

static ngx_uint_t
ngx_http_glinto_script_of_site(u_char *p, u_char *last)
{
    if (last - p <= (ssize_t) (sizeof("pa-.js") - 1)
        || ngx_strncmp(p, "pa-", 3) != 0
        || ngx_strncmp(last - 3, ".js", 3) != 0)
    {
        return 0;
    }

    for (p += 3; p < last - 3; p++) {
        if ((*p < 'a' || *p > 'z') && (*p < 'A' || *p > 'Z')
            && (*p < '0' || *p > '9') && *p != '-' && *p != '_')
        {
            return 0;
        }
    }

    return 1;
}


/* from p to last: "", ".hash", ".hash.manual" */

static ngx_uint_t
ngx_http_glinto_script_extends(ngx_http_request_t *r, u_char *p, u_char *last,
    uint32_t *files)
{
    ngx_str_t  extension;

    while (p < last) {

        extension.data = ++p;

        while (p < last && *p != '.') {
            p++;
        }

        extension.len = p - extension.data;

        if (!ngx_http_glinto_script_does(&extension, files)) {
            ngx_http_glinto_script_tell(r, &extension);
            return 0;
        }
    }

    return 1;
}


static ngx_uint_t
ngx_http_glinto_script_does(const ngx_str_t *extension, uint32_t *files)
{
    ngx_uint_t                   i;
    const ngx_str_t             *known;
    const struct gl_embed_file  *file;

    for (known = ngx_http_glinto_script_extensions; known->len; known++) {
        if (known->len == extension->len
            && ngx_memcmp(known->data, extension->data, known->len) == 0)
        {
            return 1;
        }
    }

    for (i = 0; gl_embed_tracker_list[i].name; i++) {
        file = &gl_embed_tracker_list[i];

        if (file->data != gl_embed_glinto_js && file->data != gl_embed_name_js
            && file->data != gl_embed_init_js
            && ngx_http_glinto_script_is(file, extension))
        {
            *files |= ngx_http_glinto_script_file(file->data);
            return 1;
        }
    }

    return 0;
}


/* its bit in a mask of files: there are fewer than 32 */

static uint32_t
ngx_http_glinto_script_file(const char *data)
{
    ngx_uint_t  i;

    for (i = 0; gl_embed_tracker_list[i].name; i++) {
        if (gl_embed_tracker_list[i].data == data) {
            return (uint32_t) 1 << (i & 31);
        }
    }

    return 0;
}


/* ".../EXTENSION.js" */

static ngx_uint_t
ngx_http_glinto_script_is(const struct gl_embed_file *file,
    const ngx_str_t *extension)
{
    size_t       len;
    const char  *p;

    len = ngx_strlen(file->name);

    if (extension->len == 0 || len < extension->len + sizeof("/.js") - 1) {
        return 0;
    }

    p = file->name + len - (sizeof(".js") - 1) - extension->len;

    return p[-1] == '/' && ngx_memcmp(p, extension->data, extension->len) == 0;
}


/* the plain one is where it is; the files of others come before it */

static ngx_int_t
ngx_http_glinto_script_compose(ngx_http_request_t *r, uint32_t files,
    ngx_str_t *body)
{
    u_char                      *p;
    const struct gl_embed_file  *file;

    body->data = (u_char *) gl_embed_glinto_js;
    body->len = gl_embed_glinto_js_len;

    if (files == 0) {
        return NGX_OK;
    }

    for (file = gl_embed_tracker_list; file->name; file++) {
        if (files & ngx_http_glinto_script_file(file->data)) {
            body->len += file->len;
        }
    }

    p = ngx_pnalloc(r->pool, body->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    body->data = p;

    for (file = gl_embed_tracker_list; file->name; file++) {
        if (files & ngx_http_glinto_script_file(file->data)) {
            p = ngx_cpymem(p, file->data, file->len);
        }
    }

    ngx_memcpy(p, gl_embed_glinto_js, gl_embed_glinto_js_len);

    return NGX_OK;
}


/*
 * Strangers choose the name, so that only what may be an extension is told,
 * and in each worker once in a while.  The log is that of the process: its
 * lines are of no client.
 */

static void
ngx_http_glinto_script_tell(ngx_http_request_t *r, const ngx_str_t *extension)
{
    size_t                        i;
    ngx_http_glinto_main_conf_t  *gmcf;

    gmcf = ngx_http_get_module_main_conf(r, ngx_http_glinto_module);

    if (extension->len == 0
        || extension->len > NGX_HTTP_GLINTO_SCRIPT_EXTENSION
        || ngx_time() < gmcf->script_told)
    {
        return;
    }

    for (i = 0; i < extension->len; i++) {
        if ((extension->data[i] < 'a' || extension->data[i] > 'z')
            && extension->data[i] != '-')
        {
            return;
        }
    }

    gmcf->script_told = ngx_time() + NGX_HTTP_GLINTO_SCRIPT_TOLD_S;

    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                  "glinto: a script with \"%V\" in its name was asked for, "
                  "which the tracker does not have: 404", extension);
}


/*
 * The tag is a hash of the bytes: the same on every server of a cluster.
 * nginx answers If-None-Match with 304 by it.
 */

static ngx_int_t
ngx_http_glinto_script_etag(ngx_http_request_t *r, const ngx_str_t *body)
{
    u_char           *p;
    uint32_t          hash;
    ngx_table_elt_t  *h;

    static const ngx_table_elt_t  etag = ngx_http_glinto_header("ETag", "");

    p = ngx_pnalloc(r->pool, sizeof("\"12345678-\"") - 1 + NGX_SIZE_T_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    hash = ngx_murmur_hash2(body->data, body->len);

    *h = etag;
    h->value.data = p;
    h->value.len = ngx_sprintf(p, "\"%08xD-%uz\"", hash, body->len) - p;

    r->headers_out.etag = h;

    return NGX_OK;
}
