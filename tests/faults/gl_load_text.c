/* What gl-load sends, and what it reports. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gl_load.h"

/* A desktop browser's headers, some 600 bytes with the rest of the request. */
static const char browser[] =
    "Accept: image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
    "\r\nAccept-Language: en-GB,en;q=0.9,de;q=0.8\r\n"
    "Accept-Encoding: gzip, deflate, br\r\n"
    "Sec-Fetch-Dest: image\r\nSec-Fetch-Mode: no-cors\r\n"
    "Sec-Fetch-Site: same-origin\r\n"
    "Connection: keep-alive\r\n";

static const char *const agents[] = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, "
    "like Gecko) Chrome/138.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) "
    "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 "
    "Safari/604.1",
};
#define AGENTS (sizeof(agents) / sizeof(agents[0]))

#define PAGES                                                                 \
    50 /* pages of a site when attempts have no path of their own             \
        */

static void
page_path(const struct load *load, uint32_t number, char *path, size_t size)
{
    if (load->nonce != NULL)
        snprintf(path, size, "/n/%s-%u", load->nonce, number);
    else
        snprintf(path, size, "/page/%u",
                 (number / load->visitors + number % load->visitors) % PAGES);
}

size_t
load_request(const struct load *load, uint32_t number, char *buf, size_t size)
{
    uint32_t visitor = number % load->visitors;
    char site[256], path[256], head[900], body[600] = "";
    int n;

    if (load->sites > 0)
        snprintf(site, sizeof(site), "s%u.%s", visitor % load->sites,
                 load->site);
    else
        snprintf(site, sizeof(site), "%s", load->site);
    page_path(load, number, path, sizeof(path));

    if (load->kind == LOAD_EVENT) {
        int len =
            snprintf(body, sizeof(body),
                     "{\"n\":\"pageview\",\"u\":\"https://%s%s\",\"d\":\"%s\","
                     "\"r\":\"https://www.google.com/\"}",
                     site, path, site);

        snprintf(head, sizeof(head),
                 "POST %s HTTP/1.1\r\nContent-Type: text/plain\r\n"
                 "Content-Length: %d\r\n",
                 load->path, len);
    } else if (load->kind == LOAD_PIXEL) {
        snprintf(head, sizeof(head),
                 "GET /g.gif?d=%s&u=https%%3A%%2F%%2F%s%s HTTP/1.1\r\n", site,
                 site, path);
    } else {
        snprintf(head, sizeof(head),
                 "GET %s?d=%s&u=https%%3A%%2F%%2F%s%s HTTP/1.1\r\n",
                 load->path, site, site, path);
    }
    n = snprintf(buf, size,
                 "%sHost: %s\r\nUser-Agent: %s\r\n%s"
                 "Referer: https://%s%s\r\n"
                 "X-Forwarded-For: 10.%u.%u.%u\r\n\r\n%s",
                 head, site, agents[visitor % AGENTS], browser, site, path,
                 visitor >> 16, visitor >> 8 & 255, visitor & 255, body);
    return n < 0 || (size_t) n >= size ? 0 : (size_t) n;
}

static int
by_size(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static int
write_log(const struct load *load)
{
    FILE *file = fopen(load->log, "w");

    if (file == NULL)
        return -1;
    for (uint32_t i = 0; i < load->next; i++)
        fprintf(file, "%u %c\n", i, load->outcome[i]);
    return fclose(file);
}

int
load_report(struct load *load)
{
    uint32_t n[256] = {0}, answered = 0;
    double seconds = (double) (load->end_us - load->start_us) / 1e6;

    for (uint32_t i = 0; i < load->conns_n; i++) {
        if (load->conns[i].fd != -1)
            load_conn_lost(load, &load->conns[i]);
    }
    for (uint32_t i = 0; i < load->next; i++) {
        n[(unsigned char) load->outcome[i]]++;
        if (load->outcome[i] == '2')
            load->latency_us[answered++] = load->latency_us[i];
    }
    qsort(load->latency_us, answered, sizeof(*load->latency_us), by_size);
    printf("{\"attempts\":%u,\"ok\":%u,\"unavailable\":%u,\"other\":%u,"
           "\"unknown\":%u,\"unsent\":%u,\"seconds\":%.3f,\"p50_us\":%u,"
           "\"p99_us\":%u}\n",
           load->next, n['2'], n['5'], n['4'], n['u'], n['-'], seconds,
           answered > 0 ? load->latency_us[answered / 2] : 0,
           answered > 0 ? load->latency_us[answered * 99 / 100] : 0);
    if (load->log != NULL && write_log(load) != 0) {
        perror(load->log);
        return -1;
    }
    return 0;
}
