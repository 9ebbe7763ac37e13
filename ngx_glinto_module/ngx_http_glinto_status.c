
/*
 * Copyright (C) Glinto contributors
 *
 * The status page: JSON with the numbers of the worker that answers, since its
 * start, and what it sees of the spool.  The sums of all workers are the
 * aggregator's business.  It lists the spool directory: not for the public.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_worker.h"

#include <dirent.h>
#include <jansson.h>


/* a spool has budget / segment files, 1024 by default */

#define NGX_HTTP_GLINTO_FILES_MAX  65536


static json_t *ngx_http_glinto_status_json(ngx_http_glinto_worker_t *gw);
static json_t *ngx_http_glinto_status_dropped(ngx_http_glinto_worker_t *gw);
static json_t *ngx_http_glinto_status_spool(ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_status_files(ngx_http_glinto_worker_t *gw,
    ngx_uint_t *files, time_t *oldest);
static json_t *ngx_http_glinto_status_salt(ngx_http_glinto_worker_t *gw);
static json_t *ngx_http_glinto_status_sites(ngx_http_glinto_worker_t *gw);


static const ngx_table_elt_t  ngx_http_glinto_status_headers[] = {
    ngx_http_glinto_header("Cache-Control", "no-store"),
};

static const ngx_str_t  ngx_http_glinto_status_type =
    ngx_string("application/json");


ngx_int_t
ngx_http_glinto_status_handler(ngx_http_request_t *r)
{
    char                         *text;
    json_t                       *root;
    ngx_int_t                     rc;
    ngx_str_t                     body;
    ngx_http_glinto_worker_t     *gw;
    ngx_http_glinto_main_conf_t  *gmcf;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return NGX_HTTP_NOT_ALLOWED;
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    gmcf = ngx_http_get_module_main_conf(r, ngx_http_glinto_module);
    gw = ngx_http_glinto_worker_get(gmcf);

    root = gw ? ngx_http_glinto_status_json(gw) : NULL;
    text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;

    json_decref(root);

    if (text == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    body.len = ngx_strlen(text) + 1;
    body.data = ngx_pnalloc(r->pool, body.len);

    if (body.data) {
        ngx_memcpy(body.data, text, body.len - 1);
        body.data[body.len - 1] = LF;
    }

    free(text);

    if (body.data == NULL
        || ngx_http_glinto_reply_headers(r, ngx_http_glinto_status_headers, 1)
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_glinto_reply_send(r, NGX_HTTP_OK,
                                      &ngx_http_glinto_status_type, &body);
}


/* json_pack() takes over what it is given by "o", NULL makes it fail */

static json_t *
ngx_http_glinto_status_json(ngx_http_glinto_worker_t *gw)
{
    time_t  away;

    ngx_http_glinto_worker_clock(gw);

    away = ngx_http_glinto_link_away(gw);

    return json_pack("{s:s, s:s, s:{s:i, s:i}, s:I, s:I, s:o, s:o,"
                     " s:{s:b, s:I}, s:o, s:o}",
                     "version", NGX_HTTP_GLINTO_VERSION,
                     "nginx", NGINX_VERSION,
                     "worker",
                         "pid", (int) ngx_pid,
                         "number", (int) ngx_worker,
                     "requests", (json_int_t) gw->requests,
                     "stored", (json_int_t) gw->stored,
                     "dropped", ngx_http_glinto_status_dropped(gw),
                     "spool", ngx_http_glinto_status_spool(gw),
                     "hints",
                         "connected", gw->hint.fd != -1,
                         "away_since", (json_int_t) away,
                     "salt", ngx_http_glinto_status_salt(gw),
                     "sites", ngx_http_glinto_status_sites(gw));
}


static json_t *
ngx_http_glinto_status_dropped(ngx_http_glinto_worker_t *gw)
{
    json_t      *dropped;
    ngx_uint_t   i;

    dropped = json_object();

    for (i = 0; i < NGX_HTTP_GLINTO_REASONS; i++) {
        if (json_object_set_new(dropped,
                                (char *) ngx_http_glinto_reasons[i].data,
                                json_integer((json_int_t) gw->dropped[i]))
            == -1)
        {
            json_decref(dropped);
            return NULL;
        }
    }

    return dropped;
}


static json_t *
ngx_http_glinto_status_spool(ngx_http_glinto_worker_t *gw)
{
    off_t                         fill;
    time_t                        oldest;
    ngx_uint_t                    files;
    ngx_http_glinto_main_conf_t  *gmcf;

    gmcf = gw->gmcf;

    ngx_http_glinto_status_files(gw, &files, &oldest);

    fill = (off_t) files * (off_t) gmcf->segment * 100 / gmcf->budget;

    return json_pack("{s:s%, s:b, s:I, s:I, s:I, s:I, s:I}",
                     "path", (char *) gmcf->spool.data,
                             (size_t) gmcf->spool.len,
                     "writable", gw->dirfd != -1 && !gw->outage,
                     "budget_bytes", (json_int_t) gmcf->budget,
                     "segment_bytes", (json_int_t) gmcf->segment,
                     "files", (json_int_t) files,
                     "fill_percent", (json_int_t) fill,
                     "oldest_age_s",
                     (json_int_t) (files ? ngx_time() - oldest : 0));
}


/* segments, and when the one that was left alone longest was written */

static void
ngx_http_glinto_status_files(ngx_http_glinto_worker_t *gw, ngx_uint_t *files,
    time_t *oldest)
{
    DIR            *dir;
    size_t          len, suffix;
    struct stat     st;
    struct dirent  *entry;

    *files = 0;
    *oldest = ngx_time();

    suffix = sizeof(GL_SEGMENT_SUFFIX) - 1;

    dir = opendir((char *) gw->gmcf->spool.data);
    if (dir == NULL) {
        return;
    }

    while (*files < NGX_HTTP_GLINTO_FILES_MAX
           && (entry = readdir(dir)) != NULL)
    {
        len = ngx_strlen(entry->d_name);

        if (len < suffix
            || ngx_strcmp(entry->d_name + len - suffix, GL_SEGMENT_SUFFIX) != 0
            || fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW)
               == -1)
        {
            continue;
        }

        (*files)++;
        *oldest = ngx_min(*oldest, st.st_mtime);
    }

    (void) closedir(dir);
}


static json_t *
ngx_http_glinto_status_salt(ngx_http_glinto_worker_t *gw)
{
    time_t     noon;
    u_char     day[sizeof("2026-11-23")];
    struct tm  tm;

    noon = (time_t) (gw->salts.today.day * (NGX_HTTP_GLINTO_DAY_MS / 1000)
                     + 43200);
    ngx_libc_gmtime(noon, &tm);

    *ngx_snprintf(day, sizeof(day) - 1, "%4d-%02d-%02d", tm.tm_year + 1900,
                  tm.tm_mon + 1, tm.tm_mday) = '\0';

    return json_pack("{s:s, s:b, s:b}", "day", day,
                     "local", gw->salts.today.local,
                     "ahead", gw->salts.next.known);
}


static json_t *
ngx_http_glinto_status_sites(ngx_http_glinto_worker_t *gw)
{
    time_t      mtime;
    ngx_uint_t  n;

    if (gw->sites == NULL) {
        return json_null();
    }

    ngx_http_glinto_sites_stat(gw->sites, &n, &mtime);

    return json_pack("{s:I, s:I}", "known", (json_int_t) n,
                     "changed_at", (json_int_t) mtime);
}
