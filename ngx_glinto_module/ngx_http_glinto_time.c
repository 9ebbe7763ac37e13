
/*
 * Copyright (C) Glinto contributors
 *
 * Times that a sender gives its events.  An event's time is the worker's
 * clock; the past is what imports are for.
 */


#include "ngx_http_glinto_adapter.h"

#include <time.h>


#define NGX_HTTP_GLINTO_TIME_NEAR  60       /* seconds */
#define NGX_HTTP_GLINTO_TIME_LONG  40       /* with nine digits of a second */


static ngx_int_t ngx_http_glinto_time_zone(const char *p, time_t *ahead);


/* "2026-11-23T10:00:00.123+01:00" */

ngx_uint_t
ngx_http_glinto_time_is_now(struct gl_text text)
{
    char         copy[NGX_HTTP_GLINTO_TIME_LONG];
    char        *p;
    time_t       ahead, off;
    struct tm    tm;

    if (text.len == 0) {
        return 1;
    }

    if (text.len >= NGX_HTTP_GLINTO_TIME_LONG) {
        return 0;
    }

    *ngx_cpymem(copy, text.data, text.len) = '\0';

    ngx_memzero(&tm, sizeof(struct tm));

    p = strptime(copy, "%Y-%m-%dT%H:%M:%S", &tm);

    if (p == NULL) {
        return 0;
    }

    if (*p == '.') {
        p += 1 + strspn(p + 1, "0123456789");
    }

    if (ngx_http_glinto_time_zone(p, &ahead) != NGX_OK) {
        return 0;
    }

    off = timegm(&tm) - ahead - ngx_time();

    return off <= NGX_HTTP_GLINTO_TIME_NEAR
           && off >= -NGX_HTTP_GLINTO_TIME_NEAR;
}


/* "Z", "+01:00" */

static ngx_int_t
ngx_http_glinto_time_zone(const char *p, time_t *ahead)
{
    ngx_int_t  hours, minutes;

    *ahead = 0;

    if ((*p == 'Z' || *p == 'z') && p[1] == '\0') {
        return NGX_OK;
    }

    if ((*p != '+' && *p != '-') || ngx_strlen(p) != 6 || p[3] != ':') {
        return NGX_DECLINED;
    }

    hours = ngx_atoi((u_char *) p + 1, 2);
    minutes = ngx_atoi((u_char *) p + 4, 2);

    if (hours < 0 || minutes < 0 || hours > 23 || minutes > 59) {
        return NGX_DECLINED;
    }

    *ahead = (hours * 60 + minutes) * 60;

    if (*p == '-') {
        *ahead = -*ahead;
    }

    return NGX_OK;
}
