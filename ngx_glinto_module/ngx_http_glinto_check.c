
/*
 * Copyright (C) Glinto contributors
 *
 * What "nginx -t" and every start find in the system: warnings only.  Nothing
 * of it stops nginx, since a site is worth more than its statistics, and since
 * an error in this phase of a reload would end the running master.
 */


#include "ngx_http_glinto_module.h"

#include <grp.h>
#include <sys/vfs.h>
#include <linux/magic.h>


/* more groups of the worker's user than this are not looked at */

#define NGX_HTTP_GLINTO_GROUPS   64


static void ngx_http_glinto_check_spool(ngx_cycle_t *cycle, ngx_log_t *log,
    ngx_http_glinto_main_conf_t *gmcf);
static void ngx_http_glinto_check_salt(ngx_cycle_t *cycle, ngx_log_t *log,
    ngx_http_glinto_main_conf_t *gmcf);
static ngx_uint_t ngx_http_glinto_check_access(ngx_core_conf_t *ccf,
    struct stat *st, mode_t want);
static ngx_uint_t ngx_http_glinto_check_member(ngx_core_conf_t *ccf,
    gid_t gid);
static ngx_uint_t ngx_http_glinto_check_remote(u_char *path);


ngx_int_t
ngx_http_glinto_check(ngx_cycle_t *cycle)
{
    ngx_log_t                    *log;
    ngx_http_glinto_main_conf_t  *gmcf;

    /*
     * ngx_cycle is still the cycle that has read the configuration: its log
     * shows warnings, while the new one's is at level "error" by default
     */

    log = ngx_cycle->log;

    gmcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_glinto_module);

    if (gmcf && gmcf->spool.len) {
        ngx_http_glinto_check_spool(cycle, log, gmcf);
        ngx_http_glinto_check_salt(cycle, log, gmcf);
    }

    return NGX_OK;
}


static void
ngx_http_glinto_check_spool(ngx_cycle_t *cycle, ngx_log_t *log,
    ngx_http_glinto_main_conf_t *gmcf)
{
    struct stat       st;
    ngx_core_conf_t  *ccf;

    ccf = (ngx_core_conf_t *) ngx_get_conf(cycle->conf_ctx, ngx_core_module);

    if (stat((char *) gmcf->spool.data, &st) == -1) {
        ngx_log_error(NGX_LOG_WARN, log, ngx_errno,
                      "\"glinto_spool\" directory \"%V\" cannot be opened, "
                      "tracking requests will get 503", &gmcf->spool);
        return;
    }

    if (!S_ISDIR(st.st_mode)) {
        ngx_log_error(NGX_LOG_WARN, log, 0,
                      "\"glinto_spool\" \"%V\" is not a directory, tracking "
                      "requests will get 503", &gmcf->spool);
        return;
    }

    if (!ngx_http_glinto_check_access(ccf, &st, 07)) {
        ngx_log_error(NGX_LOG_WARN, log, 0,
                      "\"glinto_spool\" directory \"%V\" is not writable by "
                      "the worker user \"%s\", tracking requests will get "
                      "503", &gmcf->spool,
                      ccf->username ? ccf->username : "of this process");
    }

    if (ngx_http_glinto_check_remote(gmcf->spool.data)) {
        ngx_log_error(NGX_LOG_WARN, log, 0,
                      "\"glinto_spool\" directory \"%V\" is on a network "
                      "file system: locks and appends are not reliable there",
                      &gmcf->spool);
    }
}


/* a directory that is not there yet is the aggregator's to make */

static void
ngx_http_glinto_check_salt(ngx_cycle_t *cycle, ngx_log_t *log,
    ngx_http_glinto_main_conf_t *gmcf)
{
    struct stat       st;
    ngx_core_conf_t  *ccf;

    ccf = (ngx_core_conf_t *) ngx_get_conf(cycle->conf_ctx, ngx_core_module);

    if (stat((char *) gmcf->salt.data, &st) == -1) {
        return;
    }

    if (!S_ISDIR(st.st_mode) || !ngx_http_glinto_check_access(ccf, &st, 01)) {
        ngx_log_error(NGX_LOG_WARN, log, 0,
                      "\"glinto_salt\" \"%V\" is not a directory that the "
                      "worker user \"%s\" can read, visitors may count once "
                      "in each worker", &gmcf->salt,
                      ccf->username ? ccf->username : "of this process");
    }
}


/* want: rwx bits; access control lists are not looked at */

static ngx_uint_t
ngx_http_glinto_check_access(ngx_core_conf_t *ccf, struct stat *st,
    mode_t want)
{
    uid_t  uid;

    uid = geteuid() == 0 ? (uid_t) ccf->user : geteuid();

    if (uid == 0) {
        return 1;
    }

    if (uid == st->st_uid) {
        return ((st->st_mode >> 6) & want) == want;
    }

    if (ngx_http_glinto_check_member(ccf, st->st_gid)) {
        return ((st->st_mode >> 3) & want) == want;
    }

    return (st->st_mode & want) == want;
}


static ngx_uint_t
ngx_http_glinto_check_member(ngx_core_conf_t *ccf, gid_t gid)
{
    int    i, n;
    gid_t  groups[NGX_HTTP_GLINTO_GROUPS];

    n = NGX_HTTP_GLINTO_GROUPS;

    if (geteuid() != 0) {

        if (getegid() == gid) {
            return 1;
        }

        n = getgroups(n, groups);

    } else if (ccf->username
               && getgrouplist(ccf->username, (gid_t) ccf->group, groups, &n)
                  == -1)
    {
        n = NGX_HTTP_GLINTO_GROUPS;
    }

    for (i = 0; i < n; i++) {
        if (groups[i] == gid) {
            return 1;
        }
    }

    return 0;
}


static ngx_uint_t
ngx_http_glinto_check_remote(u_char *path)
{
    struct statfs  fs;

    if (statfs((char *) path, &fs) == -1) {
        return 0;
    }

    switch ((uint32_t) fs.f_type) {

    case NFS_SUPER_MAGIC:
    case SMB_SUPER_MAGIC:
    case SMB2_SUPER_MAGIC:
    case CIFS_SUPER_MAGIC:
    case V9FS_MAGIC:
    case CEPH_SUPER_MAGIC:
        return 1;
    }

    return 0;
}
