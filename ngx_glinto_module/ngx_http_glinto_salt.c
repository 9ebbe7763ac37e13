
/*
 * Copyright (C) Glinto contributors
 *
 * The day's key of visitor ids.  The aggregator writes a file of 32 random
 * bytes for each UTC day, SALT/2026-11-23, days ahead; a worker only reads
 * them, and keeps the first 16 bytes, SipHash's key.
 *
 *   today   the key of the present UTC day
 *   before  yesterday's, in the first 30 minutes of a day only
 *   next    tomorrow's, read in the last minute of a day
 *
 * Without a file for the day the worker draws a key of its own and says so in
 * every event (a visitor may then count once in each worker).  The tick looks
 * for the file each second and takes it as soon as it is there: the visitors
 * of a few seconds may count twice, those of a whole day would otherwise.
 *
 * A key is used until 24 h 30 min after its day began, never longer.
 */


#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_salt.h"
#include "ngx_http_glinto_worker.h"

#include <sodium.h>
#include <sys/random.h>


#define NGX_HTTP_GLINTO_SALT_BYTES    32

/* a visit goes on over a gap of up to 30 minutes, over midnight too */

#define NGX_HTTP_GLINTO_BEFORE_MS     INT64_C(1800000)

#define NGX_HTTP_GLINTO_AHEAD_MS      INT64_C(60000)


static ngx_int_t ngx_http_glinto_salt_load(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_salt_t *salt, int64_t day);
static void ngx_http_glinto_salt_draw(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_salt_t *salt, int64_t day);
static ngx_int_t ngx_http_glinto_salt_read(int fd, u_char *bytes);
static void ngx_http_glinto_salt_wipe(ngx_http_glinto_salt_t *salt);


/* the wall clock is outside of the time for which the keys were chosen */

void
ngx_http_glinto_salt_roll(ngx_http_glinto_worker_t *gw)
{
    int64_t                   day, start_ms;
    ngx_http_glinto_salts_t  *salts;

    salts = &gw->salts;
    salts->changed++;

    day = gw->wall_ms / NGX_HTTP_GLINTO_DAY_MS;
    start_ms = day * NGX_HTTP_GLINTO_DAY_MS;

    if (salts->today.known && salts->today.day == day - 1) {
        salts->before = salts->today;
    }

    if (!salts->today.known || salts->today.day != day) {

        if (salts->next.known && salts->next.day == day) {
            salts->today = salts->next;

        } else if (ngx_http_glinto_salt_load(gw, &salts->today, day)
                   != NGX_OK)
        {
            ngx_http_glinto_salt_draw(gw, &salts->today, day);
        }

        ngx_http_glinto_salt_wipe(&salts->next);
    }

    salts->from_ms = start_ms;

    if (gw->wall_ms < start_ms + NGX_HTTP_GLINTO_BEFORE_MS) {

        salts->until_ms = start_ms + NGX_HTTP_GLINTO_BEFORE_MS;

        if (!salts->before.known || salts->before.day != day - 1) {
            (void) ngx_http_glinto_salt_load(gw, &salts->before, day - 1);
        }

    } else {
        salts->from_ms += NGX_HTTP_GLINTO_BEFORE_MS;
        salts->until_ms = start_ms + NGX_HTTP_GLINTO_DAY_MS;

        ngx_http_glinto_salt_wipe(&salts->before);
    }
}


void
ngx_http_glinto_salt_tick(ngx_http_glinto_worker_t *gw)
{
    int64_t                   day;
    ngx_http_glinto_salt_t    found;
    ngx_http_glinto_salts_t  *salts;

    salts = &gw->salts;

    if (gw->wall_ms < salts->from_ms || gw->wall_ms >= salts->until_ms) {
        ngx_http_glinto_salt_roll(gw);
    }

    day = salts->today.day;

    if (salts->today.local
        && ngx_http_glinto_salt_load(gw, &found, day) == NGX_OK)
    {
        salts->today = found;
        salts->changed++;
        ngx_http_glinto_salt_wipe(&found);

        ngx_log_error(NGX_LOG_ERR, gw->log, 0,
                      "glinto: today's salt is there now");
    }

    if (!salts->next.known
        && gw->wall_ms >= salts->until_ms - NGX_HTTP_GLINTO_AHEAD_MS
        && salts->until_ms == (day + 1) * NGX_HTTP_GLINTO_DAY_MS)
    {
        (void) ngx_http_glinto_salt_load(gw, &salts->next, day + 1);
    }
}


void
ngx_http_glinto_salt_forget(ngx_http_glinto_worker_t *gw)
{
    ngx_http_glinto_salt_wipe(&gw->salts.today);
    ngx_http_glinto_salt_wipe(&gw->salts.before);
    ngx_http_glinto_salt_wipe(&gw->salts.next);
}


static ngx_int_t
ngx_http_glinto_salt_load(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_salt_t *salt, int64_t day)
{
    int        fd;
    time_t     noon;
    u_char     bytes[NGX_HTTP_GLINTO_SALT_BYTES];
    u_char     name[NGX_MAX_PATH];
    ngx_int_t  rc;
    struct tm  tm;

    ngx_http_glinto_salt_wipe(salt);

    noon = (time_t) (day * (NGX_HTTP_GLINTO_DAY_MS / 1000) + 43200);
    ngx_libc_gmtime(noon, &tm);

    *ngx_snprintf(name, NGX_MAX_PATH - 1, "%V/%4d-%02d-%02d", &gw->gmcf->salt,
                  tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) = '\0';

    /* NONBLOCK: whatever lies there must not hold the worker */

    fd = open((char *) name, O_RDONLY|O_CLOEXEC|O_NOFOLLOW|O_NONBLOCK);
    if (fd == -1) {
        return NGX_DECLINED;
    }

    rc = ngx_http_glinto_salt_read(fd, bytes);

    (void) close(fd);

    if (rc == NGX_OK) {
        ngx_memcpy(salt->key, bytes, NGX_HTTP_GLINTO_KEY_BYTES);
        salt->day = day;
        salt->known = 1;
    }

    sodium_memzero(bytes, sizeof(bytes));

    return rc;
}


static ngx_int_t
ngx_http_glinto_salt_read(int fd, u_char *bytes)
{
    struct stat  st;

    if (fstat(fd, &st) == -1
        || !S_ISREG(st.st_mode)
        || st.st_size != NGX_HTTP_GLINTO_SALT_BYTES)
    {
        return NGX_ERROR;
    }

    if (read(fd, bytes, NGX_HTTP_GLINTO_SALT_BYTES)
        != NGX_HTTP_GLINTO_SALT_BYTES)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static void
ngx_http_glinto_salt_draw(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_salt_t *salt, int64_t day)
{
    ngx_http_glinto_salt_wipe(salt);

    salt->day = day;
    salt->known = 1;
    salt->local = 1;

    if (getrandom(salt->key, NGX_HTTP_GLINTO_KEY_BYTES, GRND_NONBLOCK)
        != NGX_HTTP_GLINTO_KEY_BYTES)
    {
        /* only before the kernel's first seed; a guess must stay hard */

        ngx_log_error(NGX_LOG_WARN, gw->log, ngx_errno,
                      "glinto: the kernel has no random bytes yet");

        ngx_memcpy(salt->key, gw->writer.incarnation,
                   NGX_HTTP_GLINTO_KEY_BYTES);
    }

    ngx_log_error(NGX_LOG_ERR, gw->log, 0,
                  "glinto: no salt file of %d bytes for today in \"%V\", "
                  "this worker uses a salt of its own",
                  NGX_HTTP_GLINTO_SALT_BYTES, &gw->gmcf->salt);
}


static void
ngx_http_glinto_salt_wipe(ngx_http_glinto_salt_t *salt)
{
    sodium_memzero(salt, sizeof(ngx_http_glinto_salt_t));
}
