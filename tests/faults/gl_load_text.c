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
    "Sec-Fetch-Site: same-origin\r\n"
    "Connection: keep-alive\r\n";
static const char image[] =
    "Sec-Fetch-Dest: image\r\nSec-Fetch-Mode: no-cors\r\n";
static const char document[] =
    "Sec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\n";

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

/* Pages of a site when attempts have no path of their own. */
#define PAGES 50
/* Campaigns: an event's differs from the one before, so that a visit's tells
 * which was its first. */
#define SOURCES 7

static void
page_path(const struct load *load, uint32_t number, char *path, size_t size)
{
    if (load->nonce != NULL)
        snprintf(path, size, "/n/%s-%u", load->nonce,
                 load->attempts[number].page);
    else
        snprintf(path, size, "/page/%u",
                 (number / load->visitors + number % load->visitors) % PAGES);
}

/* The body of an event, as a tracker sends it. */
static int
event_body(const struct load *load, uint32_t number, const char *site,
           const char *path, char *body, size_t size)
{
    char more[64] = "", *name = "pageview";

    if (load->body != NULL)
        return snprintf(body, size, "%s", load->body);
    switch (load->attempts[number].act) {
    case LOAD_PASSIVE:
        snprintf(more, sizeof more, ",\"i\":false");
        name = "scrolled";
        break;
    case LOAD_CUSTOM:
        name = "signup";
        break;
    case LOAD_ENGAGE:
        snprintf(more, sizeof more, ",\"e\":%u,\"sd\":%u", number % 5000,
                 number % 101);
        name = "engagement";
        break;
    }
    return snprintf(body, size,
                    "{\"n\":\"%s\",\"u\":\"https://%s%s?utm_source=s%u\","
                    "\"d\":\"%s\",\"r\":\"https://www.google.com/\"%s}",
                    name, site, path, number % SOURCES, site, more);
}

static void
request_head(const struct load *load, uint32_t number, const char *site,
             const char *path, int body_len, char *head, size_t size)
{
    if (body_len > 0)
        snprintf(head, size,
                 "POST %s HTTP/1.1\r\nContent-Type: text/plain\r\n"
                 "Content-Length: %d\r\n",
                 load->path, body_len);
    else if (load->kind == LOAD_VISITS)
        snprintf(head, size,
                 "GET /g.gif?d=%s&u=https%%3A%%2F%%2F%s%s%%3Futm_source%%3D"
                 "s%u HTTP/1.1\r\n",
                 site, site, path, number % SOURCES);
    else if (load->kind == LOAD_GET)
        snprintf(head, size, "GET %s%s HTTP/1.1\r\n", load->path,
                 load->path[strlen(load->path) - 1] == '/' ? site : "");
    else
        snprintf(head, size,
                 "GET /g.gif?d=%s&u=https%%3A%%2F%%2F%s%s HTTP/1.1\r\n", site,
                 site, path);
}

static int
is_post(const struct load *load, const struct attempt *attempt)
{
    if (load->kind != LOAD_VISITS)
        return load->kind == LOAD_EVENT;
    return attempt->act != LOAD_VIEW && attempt->act != LOAD_REFRESH;
}

size_t
load_request(const struct load *load, uint32_t number, char *buf, size_t size)
{
    const struct attempt *attempt = &load->attempts[number];
    uint32_t visitor = attempt->visitor;
    char site[256], path[256], head[900], body[800] = "";
    const char *agent =
        load->agent != NULL ? load->agent : agents[visitor % AGENTS];
    char made_up[64] = "", token[128] = "";
    int n, body_len = 0;

    if (load->made_up)
        snprintf(made_up, sizeof made_up, " Made%x/%u.%u Up/%u", number,
                 number % 89, number % 7, number);
    if (load->token != NULL)
        snprintf(token, sizeof token, "Authorization: Bearer %s\r\n",
                 load->token);
    if (load->sites > 0)
        snprintf(site, sizeof site, "s%u.%s", visitor % load->sites,
                 load->site);
    else
        snprintf(site, sizeof site, "%s", load->site);
    page_path(load, number, path, sizeof path);
    if (is_post(load, attempt))
        body_len = event_body(load, number, site, path, body, sizeof body);
    request_head(load, number, site, path, body_len, head, sizeof head);
    n = snprintf(buf, size,
                 "%sHost: %s\r\nUser-Agent:%s %s\r\n%s%s%s"
                 "Referer: https://%s%s\r\n"
                 "X-Forwarded-For: 10.%u.%u.%u\r\n\r\n%s",
                 head, site, made_up, agent, browser,
                 load->document ? document : image, token, site, path,
                 visitor >> 16, visitor >> 8 & 255, visitor & 255, body);
    return n < 0 || (size_t) n >= size ? 0 : (size_t) n;
}

static int
by_size(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* Monotonic clock; 0 = not known, since only an open loop's attempts have
 * their times by their numbers. */
static int64_t
answered_us(const struct load *load, uint32_t i)
{
    if (load->rate == 0)
        return 0;
    return load->start_us + (int64_t) ((double) i * 1e6 / load->rate) +
           load->attempts[i].latency_us;
}

static int
write_log(const struct load *load)
{
    FILE *file = fopen(load->log, "w");

    if (file == NULL)
        return -1;
    for (uint32_t i = 0; i < load->next; i++) {
        const struct attempt *attempt = &load->attempts[i];

        fprintf(file, "%u %c %u %u %c %lld\n", i, attempt->outcome,
                attempt->visitor, attempt->page, attempt->act,
                (long long) answered_us(load, i));
    }
    return fclose(file);
}

int
load_report(struct load *load)
{
    uint32_t n[256] = {0}, answered = 0;
    uint32_t *took_us = malloc((load->next + 1) * sizeof *took_us);
    double seconds = (double) (load->end_us - load->start_us) / 1e6;

    if (took_us == NULL)
        return -1;
    for (uint32_t i = 0; i < load->conns_n; i++)
        if (load->conns[i].fd != -1)
            load_conn_lost(load, &load->conns[i]);
    for (uint32_t i = 0; i < load->next; i++) {
        n[(unsigned char) load->attempts[i].outcome]++;
        if (load->attempts[i].outcome == '2')
            took_us[answered++] = load->attempts[i].latency_us;
    }
    qsort(took_us, answered, sizeof *took_us, by_size);
    printf("{\"attempts\":%u,\"ok\":%u,\"unavailable\":%u,\"other\":%u,"
           "\"unknown\":%u,\"unsent\":%u,\"seconds\":%.3f,\"p50_us\":%u,"
           "\"p99_us\":%u,\"p999_us\":%u}\n",
           load->next, n['2'], n['5'], n['4'], n['u'], n['-'], seconds,
           answered > 0 ? took_us[answered / 2] : 0,
           answered > 0 ? took_us[answered * 99 / 100] : 0,
           answered > 0 ? took_us[answered * 999 / 1000] : 0);
    free(took_us);
    if (load->log != NULL && write_log(load) != 0) {
        perror(load->log);
        return -1;
    }
    return 0;
}
