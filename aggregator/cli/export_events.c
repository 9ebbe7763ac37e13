/*
 * glinto export --format events: lines that glinto import reads.  A file gets
 * its name when all of it is there and on the disk.
 */

#include "cli/export.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct events {
    const struct gl_cli_exporting *export;
    char *part; /* FILE.part */
    FILE *out;
    int64_t lines, bytes;
    int64_t all, left; /* rowids; 0: not known */
};

static void
show_progress(const struct events *events)
{
    char lines[64], bytes[32];
    if (!events->export->terminal)
        return;
    gl_cli_count(lines, sizeof lines, events->lines, "event");
    gl_cli_bytes(bytes, sizeof bytes, events->bytes);
    fprintf(stderr, "\r%s  %s  %lld %%\033[K", lines, bytes,
            (long long) (events->all == 0
                             ? 100
                             : 100 - 100 * events->left / events->all));
}

static int
cannot_write(const struct events *events)
{
    return gl_cli_fail("cannot write %s: %s",
                       events->export->path == NULL ? "the events"
                                                    : events->part,
                       strerror(errno));
}

/* ---- chunks ---- */

/* 0, or the exit status; said why. */
static int
take(void *arg, const json_t *answer)
{
    struct events *events = arg;
    const json_t *text = json_object_get(answer, "events");
    size_t len = json_string_length(text);
    if (len > 0 && fwrite(json_string_value(text), 1, len, events->out) != len)
        return cannot_write(events);
    events->lines += gl_cli_number(answer, "lines");
    events->bytes += (int64_t) len;
    events->left = gl_cli_number(answer, "left");
    if (events->all == 0) /* what the first chunk had is little */
        events->all = events->left;
    show_progress(events);
    return GL_CLI_OK;
}

/* ---- the file ---- */

static int
open_out(struct events *events)
{
    events->out = stdout;
    if (events->export->path == NULL)
        return GL_CLI_OK;
    events->part = malloc(strlen(events->export->path) + sizeof ".part");
    if (events->part == NULL)
        return gl_cli_fail("out of memory");
    sprintf(events->part, "%s.part", events->export->path);
    events->out = fopen(events->part, "we");
    return events->out == NULL ? cannot_write(events) : GL_CLI_OK;
}

static int
close_out(struct events *events, int status)
{
    int file = events->out != NULL && events->out != stdout;
    if (status == GL_CLI_OK && (fflush(events->out) != 0 ||
                                (file && fsync(fileno(events->out)) != 0)))
        status = cannot_write(events);
    if (file && fclose(events->out) != 0 && status == GL_CLI_OK)
        status = cannot_write(events);
    if (file && status == GL_CLI_OK &&
        rename(events->part, events->export->path) != 0)
        status = cannot_write(events);
    if (file && status != GL_CLI_OK)
        unlink(events->part);
    free(events->part);
    return status;
}

static void
print_summary(const struct events *events)
{
    char lines[64], bytes[32];
    gl_cli_count(lines, sizeof lines, events->lines, "event");
    gl_cli_bytes(bytes, sizeof bytes, events->bytes);
    if (events->export->cli->json)
        printf("{\"lines\": %lld, \"bytes\": %lld}\n",
               (long long) events->lines, (long long) events->bytes);
    else
        printf("%s of %s (%s) written to %s\n", lines, events->export->site,
               bytes, events->export->path);
}

int
gl_cli_export_events(const struct gl_cli_exporting *export)
{
    struct events events = {.export = export};
    int status = open_out(&events);
    if (status == GL_CLI_OK)
        status = gl_cli_export_all(export, "cursor", "cursor", take, &events);
    status = close_out(&events, status);
    if (status == GL_CLI_OK && export->path != NULL)
        print_summary(&events);
    return status;
}
