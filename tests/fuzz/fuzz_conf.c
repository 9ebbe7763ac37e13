/*
 * Door: glinto.conf.  Every text is read or refused with one sentence that
 * names file and line.
 */

#include "conf.h"
#include "fuzz.h"
#include "tap.h"

#include <string.h>

static char path[512];

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    snprintf(path, sizeof path, "%s/glinto.conf", tap_dir());
    return 0;
}

static void
check_path(const char *text)
{
    FUZZ_MUST(memchr(text, '\0', GL_CONF_PATH_MAX) != NULL);
    FUZZ_MUST(text[0] == '/');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gl_conf conf;
    char why[512] = "";

    fuzz_store(path, data, size);
    if (gl_conf_read(&conf, path, why, sizeof why) == -1) {
        FUZZ_MUST(strncmp(why, "glinto.conf:", 12) == 0);
        return 0;
    }
    check_path(conf.data);
    check_path(conf.spool);
    check_path(conf.salt);
    check_path(conf.sites);
    check_path(conf.enrich);
    check_path(conf.events_socket);
    check_path(conf.admin_socket);
    check_path(conf.dashboard_socket);
    FUZZ_MUST(conf.workers_n >= 0 && conf.workers_n <= GL_CONF_WORKERS_MAX);
    FUZZ_MUST(conf.dashboard_hosts.n >= 0 &&
              conf.dashboard_hosts.n <= GL_CONF_HOSTS_MAX);
    for (int i = 0; i < conf.dashboard_hosts.n; i++)
        FUZZ_MUST(conf.dashboard_hosts.names[i][0] != '\0');
    FUZZ_MUST(conf.log_level >= 0 && conf.log_level <= 2);
    FUZZ_MUST(conf.paths_per_day > 0 && conf.watchers_max > 0);
    return 0;
}
