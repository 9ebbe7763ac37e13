/* A run over logs: begun and ended. */

#include "cli/log.h"

#include <glib.h>
#include <sodium.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "admin/table.h"

#define DROPS_BYTES (GL_CLI_LOG_DROPS * 64)

int64_t
gl_cli_log_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int
gl_cli_log_prepare(struct gl_cli_log *log, struct gl_cli *cli,
                   const char *site, const char *format)
{
    char why[256];
    *log = (struct gl_cli_log){
        .cli = cli, .site = site, .read_day = -1, .until_ms = INT64_MAX};
    log->input.fd = -1;
    if (gl_logs_format_read(&log->format, format, why, sizeof why) != 0)
        return gl_cli_misuse("the format %s", why);
    log->now_ms = log->began_ms = g_get_real_time() / 1000;
    log->memory = (struct gl_logs_memory){malloc(GL_LOGS_MEMORY_MAX),
                                          GL_LOGS_MEMORY_MAX, 0};
    log->chunk = (struct gl_logs_chunk){malloc(GL_LOG_CHUNK_MAX),
                                        GL_LOG_CHUNK_MAX - DROPS_BYTES, 0};
    if (log->memory.bytes == NULL || log->chunk.bytes == NULL ||
        sodium_init() == -1)
        return gl_cli_fail("out of memory");
    log->terminal = isatty(STDERR_FILENO) && !cli->json;
    log->start_ms = log->shown_ms = gl_cli_log_clock();
    return GL_CLI_OK;
}

void
gl_cli_log_free(struct gl_cli_log *log)
{
    for (size_t i = 0; i < log->days_n; i++)
        sodium_memzero(log->days[i].key, GL_CLI_LOG_KEY);
    free(log->days);
    free(log->memory.bytes);
    free(log->chunk.bytes);
}
