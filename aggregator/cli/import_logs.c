/*
 * glinto import of access logs: one after the other, each from where glintod
 * has it; visits are made at the end, and the keys of the days go.
 */

#include <sys/stat.h>

#include "cli/log.h"

/* The lines of one log that glintod has not. */
static int
send_log(struct gl_cli_log *log)
{
    if (gl_cli_log_head(&log->input) == 0)
        return 0; /* not one whole line */
    if (gl_cli_log_begin(log, 0) != 0)
        return -1;
    int skipped = gl_cli_log_skip(&log->input, log->offset);
    if (skipped == 1) /* a beginning of what was read */
        return 0;
    return skipped == -1 ? -1 : gl_cli_log_take_all(log);
}

static int
send_file(struct gl_cli_log *log, const char *path)
{
    if (gl_cli_log_open(&log->input, path) != 0)
        return -1;
    int result = send_log(log);
    if (result == 0 && gl_cli_log_unended(&log->input) > 0 &&
        log->input.offset > 0 && log->input.ended) {
        gl_cli_log_progress(log, -1);
        gl_cli_fail("%s: its last line has no end yet: it is read when it "
                    "has one",
                    path);
    }
    log->bytes_before += log->input.size;
    gl_cli_log_close(&log->input);
    return result;
}

/* How much there is to do; 0 where it cannot be known. */
static int64_t
bytes_of(const char **files, int n)
{
    int64_t bytes = 0;
    struct stat st;
    for (int i = 0; i < n; i++) {
        if (stat(files[i], &st) == -1 || !S_ISREG(st.st_mode))
            return 0;
        bytes += st.st_size;
    }
    return bytes;
}

static int
import_all(struct gl_cli_log *log, const char **files, int files_n)
{
    log->bytes = bytes_of(files, files_n);
    for (int i = 0; i < files_n; i++)
        if (send_file(log, files[i]) != 0)
            return GL_CLI_FAILED;
    gl_cli_log_progress(log, -1);
    int64_t visits = gl_cli_log_end(log, 1);
    if (visits == -1)
        return log->cli->status;
    gl_cli_log_told(log, visits);
    return GL_CLI_OK;
}

int
gl_cli_import_logs(struct gl_cli *cli, const char *site, const char *format,
                   int follow, int beside, const char **files, int files_n)
{
    struct gl_cli_log log;
    int status = gl_cli_log_prepare(&log, cli, site, format);
    if (status == GL_CLI_OK && follow && files_n != 1)
        status = gl_cli_misuse("--follow goes with one log");
    else if (status == GL_CLI_OK && !beside && gl_cli_log_until(&log) == -1)
        status = cli->status;
    else if (status == GL_CLI_OK)
        status = follow ? gl_cli_log_follow(&log, files[0])
                        : import_all(&log, files, files_n);
    gl_cli_log_free(&log);
    return status;
}
