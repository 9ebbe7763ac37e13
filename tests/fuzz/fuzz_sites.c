/*
 * Door: the sites file, as the worker reads it.  Every first word of a line is
 * found as a site.  Input: the file.
 */

#define _GNU_SOURCE /* memfd_create */

#include "fuzz.h"
#include "stand_in.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static char path[64];
static int file = -1;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    file = memfd_create("sites", MFD_CLOEXEC);
    FUZZ_MUST(file != -1);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return 0;
}

static void
check_lines(ngx_http_glinto_sites_t *sites, const uint8_t *data, size_t size)
{
    struct gl_text host = {"shop.example", 12},
                   addr = {"\0\0\0\0\0\0\0\0\0\0\xff\xff\xcb\0\x71\7", 16};
    const struct gl_event event = {.path = {"/a/b.pdf", 8},
                                   .agent = {"Uptime/1", 8},
                                   .country = {"DE", 2}};
    ngx_http_glinto_site_t *site;
    ngx_str_t name;
    size_t i, start;

    for (i = 0; i < size; i++) {
        while (i < size && data[i] == ' ')
            i++;
        start = i;
        while (i < size && data[i] != ' ' && data[i] != '\n')
            i++;
        name.data = (u_char *) (uintptr_t) data + start;
        name.len = i - start;
        if (name.len > 0) {
            site = ngx_http_glinto_sites_find(sites, &name);
            FUZZ_MUST(site != NULL);
            (void) ngx_http_glinto_route_allows(site, &host);
            if (site->shields != NULL)
                (void) ngx_http_glinto_shields_block(site->shields, &event,
                                                     &addr);
        }
        while (i < size && data[i] != '\n')
            i++;
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct stand_in in;
    ngx_http_glinto_main_conf_t conf;

    FUZZ_MUST(ftruncate(file, 0) == 0);
    FUZZ_MUST(pwrite(file, data, size, 0) == (ssize_t) size);
    stand_in_init(&in, stand_in_pool(STAND_IN_ALL));
    memset(&conf, 0, sizeof conf);
    conf.sites.data = (u_char *) path;
    conf.sites.len = strlen(path);
    in.worker->gmcf = &conf;
    while (ngx_http_glinto_sites_tick(in.worker)) {
    }
    FUZZ_MUST(in.worker->loading == NULL);
    FUZZ_MUST(in.worker->sites != NULL);
    check_lines(in.worker->sites, data, size);
    ngx_http_glinto_sites_free(in.worker);
    stand_in_fini(&in);
    return 0;
}
