
/*
 * Copyright (C) Glinto contributors
 *
 * The status page: JSON with the numbers of the worker that answers, since its
 * start, and what it sees of the spool; 503 while events are refused, for
 * probes.  The sums of all workers are in metrics.c.  It lists the spool
 * directory: not for the public.
 */


#include "ngx_http_glinto_clock.h"
#include "ngx_http_glinto_counts.h"
#include "ngx_http_glinto_hint.h"
#include "ngx_http_glinto_json.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_reply.h"
#include "ngx_http_glinto_salt.h"
#include "ngx_http_glinto_sites.h"
#include "ngx_http_glinto_status.h"
#include "ngx_http_glinto_worker.h"

#include <dirent.h>


/* a spool has budget / segment files, 1024 by default */

#define NGX_HTTP_GLINTO_FILES_MAX  65536

/* a path of NGX_MAX_PATH bytes, each of them escaped, and the numbers */

#define NGX_HTTP_GLINTO_STATUS_MAX  32768


static ngx_uint_t ngx_http_glinto_status_fails(ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_status_json(ngx_http_glinto_json_writer_t *jw,
    ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_status_dropped(ngx_http_glinto_json_writer_t *jw,
    ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_status_spool(ngx_http_glinto_json_writer_t *jw,
    ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_status_salt(ngx_http_glinto_json_writer_t *jw,
    ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_status_sites(ngx_http_glinto_json_writer_t *jw,
    ngx_http_glinto_worker_t *gw);


static const ngx_table_elt_t  ngx_http_glinto_status_headers[] = {
    ngx_http_glinto_header("Cache-Control", "no-store"),
};

static const ngx_str_t  ngx_http_glinto_status_type =
    ngx_string("application/json");


ngx_int_t
ngx_http_glinto_status_handler(ngx_http_request_t *r)
{
    ngx_int_t                      rc;
    ngx_str_t                      body;
    ngx_http_glinto_worker_t      *gw;
    ngx_http_glinto_main_conf_t   *gmcf;
    ngx_http_glinto_json_writer_t  jw;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return NGX_HTTP_NOT_ALLOWED;
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    gmcf = ngx_http_get_module_main_conf(r, ngx_http_glinto_module);
    gw = ngx_http_glinto_worker_get(gmcf);

    if (gw == NULL
        || ngx_http_glinto_json_begin(&jw, r->pool, NGX_HTTP_GLINTO_STATUS_MAX)
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_glinto_status_json(&jw, gw);

    if (ngx_http_glinto_json_finish(&jw, &body) != NGX_OK
        || ngx_http_glinto_reply_headers(r, ngx_http_glinto_status_headers, 1)
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_glinto_reply_send(r,
                                      ngx_http_glinto_status_fails(gw)
                                      ? NGX_HTTP_SERVICE_UNAVAILABLE
                                      : NGX_HTTP_OK,
                                      &ngx_http_glinto_status_type, &body);
}


/* the last events were not taken; the next may be */

static ngx_uint_t
ngx_http_glinto_status_fails(ngx_http_glinto_worker_t *gw)
{
    return gw->dirfd == -1 || gw->outage;
}


static void
ngx_http_glinto_status_json(ngx_http_glinto_json_writer_t *jw,
    ngx_http_glinto_worker_t *gw)
{
    ngx_http_glinto_clock(gw);

    (void) yajl_gen_config(jw->gen, yajl_gen_beautify, 1);
    (void) yajl_gen_config(jw->gen, yajl_gen_indent_string, "  ");

    (void) yajl_gen_map_open(jw->gen);

    /* what a probe wants to know comes first: waiting = glintod is away */

    ngx_http_glinto_json_put_key(jw, "status");
    ngx_http_glinto_json_put_key(jw,
                            ngx_http_glinto_status_fails(gw) ? "failing"
                            : gw->hint.fd == -1 ? "waiting" : "ok");

    ngx_http_glinto_json_put_key(jw, "version");
    ngx_http_glinto_json_put_key(jw, NGX_HTTP_GLINTO_VERSION);
    ngx_http_glinto_json_put_key(jw, "nginx");
    ngx_http_glinto_json_put_key(jw, NGINX_VERSION);

    ngx_http_glinto_json_put_key(jw, "worker");
    (void) yajl_gen_map_open(jw->gen);
    ngx_http_glinto_json_put_number(jw, "pid", ngx_pid);
    ngx_http_glinto_json_put_number(jw, "number", (int64_t) ngx_worker);
    (void) yajl_gen_map_close(jw->gen);

    ngx_http_glinto_json_put_number(jw, "requests",
                                    (int64_t) gw->measured.requests);
    ngx_http_glinto_json_put_number(jw, "stored",
                                    (int64_t) gw->measured.stored);
    ngx_http_glinto_json_put_number(jw, "served",
                                    (int64_t) gw->measured.served);

    ngx_http_glinto_status_dropped(jw, gw);
    ngx_http_glinto_status_spool(jw, gw);

    ngx_http_glinto_json_put_key(jw, "hints");
    (void) yajl_gen_map_open(jw->gen);
    ngx_http_glinto_json_put_flag(jw, "connected", gw->hint.fd != -1);
    ngx_http_glinto_json_put_number(jw, "away_since",
                                    ngx_http_glinto_link_away(gw));
    (void) yajl_gen_map_close(jw->gen);

    ngx_http_glinto_status_salt(jw, gw);
    ngx_http_glinto_status_sites(jw, gw);

    (void) yajl_gen_map_close(jw->gen);
}


static void
ngx_http_glinto_status_dropped(ngx_http_glinto_json_writer_t *jw,
    ngx_http_glinto_worker_t *gw)
{
    ngx_uint_t  i;

    ngx_http_glinto_json_put_key(jw, "dropped");
    (void) yajl_gen_map_open(jw->gen);

    for (i = 0; i < NGX_HTTP_GLINTO_REASONS; i++) {
        ngx_http_glinto_json_put_number(jw,
                                    (char *) ngx_http_glinto_reasons[i].data,
                                    (int64_t) gw->measured.dropped[i]);
    }

    (void) yajl_gen_map_close(jw->gen);
}


static void
ngx_http_glinto_status_spool(ngx_http_glinto_json_writer_t *jw,
    ngx_http_glinto_worker_t *gw)
{
    off_t                         fill;
    time_t                        oldest;
    ngx_uint_t                    files;
    ngx_http_glinto_main_conf_t  *gmcf;

    gmcf = gw->gmcf;

    ngx_http_glinto_status_files(gw, &files, &oldest);

    fill = (off_t) files * (off_t) gmcf->segment * 100 / gmcf->budget;

    ngx_http_glinto_json_put_key(jw, "spool");
    (void) yajl_gen_map_open(jw->gen);

    ngx_http_glinto_json_put_key(jw, "path");
    ngx_http_glinto_json_put_text(jw, (char *) gmcf->spool.data,
                                  gmcf->spool.len);
    ngx_http_glinto_json_put_flag(jw, "writable",
                                  gw->dirfd != -1 && !gw->outage);
    ngx_http_glinto_json_put_number(jw, "budget_bytes", gmcf->budget);
    ngx_http_glinto_json_put_number(jw, "segment_bytes",
                                    (int64_t) gmcf->segment);
    ngx_http_glinto_json_put_number(jw, "files", (int64_t) files);
    ngx_http_glinto_json_put_number(jw, "fill_percent", fill);
    ngx_http_glinto_json_put_number(jw, "oldest_age_s",
                                    files ? ngx_time() - oldest : 0);

    (void) yajl_gen_map_close(jw->gen);
}


void
ngx_http_glinto_status_files(ngx_http_glinto_worker_t *gw, ngx_uint_t *files,
    time_t *oldest)
{
    DIR            *dir;
    struct stat     st;
    struct dirent  *entry;

    *files = 0;
    *oldest = ngx_time();

    dir = opendir((char *) gw->gmcf->spool.data);
    if (dir == NULL) {
        return;
    }

    while (*files < NGX_HTTP_GLINTO_FILES_MAX
           && (entry = readdir(dir)) != NULL)
    {
        if (!gl_segment_name_ends(entry->d_name)
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


static void
ngx_http_glinto_status_salt(ngx_http_glinto_json_writer_t *jw,
    ngx_http_glinto_worker_t *gw)
{
    time_t     noon;
    u_char     day[sizeof("2026-11-23")];
    struct tm  tm;

    noon = (time_t) (gw->salts.today.day * (NGX_HTTP_GLINTO_DAY_MS / 1000)
                     + 43200);
    ngx_libc_gmtime(noon, &tm);

    *ngx_snprintf(day, sizeof(day) - 1, "%4d-%02d-%02d", tm.tm_year + 1900,
                  tm.tm_mon + 1, tm.tm_mday) = '\0';

    ngx_http_glinto_json_put_key(jw, "salt");
    (void) yajl_gen_map_open(jw->gen);
    ngx_http_glinto_json_put_key(jw, "day");
    ngx_http_glinto_json_put_key(jw, (char *) day);
    ngx_http_glinto_json_put_flag(jw, "local", gw->salts.today.local);
    ngx_http_glinto_json_put_flag(jw, "ahead", gw->salts.next.known);
    (void) yajl_gen_map_close(jw->gen);
}


static void
ngx_http_glinto_status_sites(ngx_http_glinto_json_writer_t *jw,
    ngx_http_glinto_worker_t *gw)
{
    time_t      mtime;
    ngx_uint_t  n;

    ngx_http_glinto_json_put_key(jw, "sites");

    if (gw->sites == NULL) {
        (void) yajl_gen_null(jw->gen);
        return;
    }

    ngx_http_glinto_sites_stat(gw->sites, &n, &mtime);

    (void) yajl_gen_map_open(jw->gen);
    ngx_http_glinto_json_put_number(jw, "known", (int64_t) n);
    ngx_http_glinto_json_put_number(jw, "changed_at", mtime);
    (void) yajl_gen_map_close(jw->gen);
}
