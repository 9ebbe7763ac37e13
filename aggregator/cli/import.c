/*
 * glinto import: events of the past, or totals of days.  The file goes over in
 * chunks of whole lines; glintod keeps how far the file with this hash has
 * come, so the same command after a failure goes on where it stopped.
 */

#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/import_file.h"
#include "cli/import_tables.h"
#include "cli/log.h"
#include "number.h"

/* A line that changes faster cannot be read. */
#define GL_CLI_PROGRESS_MS 200

static const char help[] =
    "glinto import - count events of the past\n"
    "\n"
    "  glinto import --site DOMAIN --format FORMAT FILE ...\n"
    "      --site DOMAIN     must exist; lines may not name another\n"
    "      --format combined, common, vcombined, caddy, json:SPEC, or the\n"
    "                        text of nginx's log_format\n"
    "                        access logs, plain, gzip or zstd, many of them,\n"
    "                        or standard input (-)\n"
    "      --follow          go on with one log as it grows, through "
    "rotation\n"
    "      --beside          also pages since the site's first event: "
    "without\n"
    "                        it only what lies before that is counted\n"
    "      --format events   one JSON object a line:\n"
    "        kind            pageview, event (with name) or engagement\n"
    "        visitor         any text; the same text is the same person\n"
    "        at              RFC 3339 with offset; absent = now\n"
    "        host, path      default: the site, /\n"
    "        ...             all keys are in conf/README.md\n"
    "      --format plausible-csv\n"
    "                        the ten tables of Plausible's export, or some\n"
    "                        of them: totals of days, told where \"imports\"\n"
    "                        is asked for\n"
    "      --format matomo-csv, ga4-csv\n"
    "                        the same of reports of Matomo or Google\n"
    "                        Analytics 4\n"
    "      --format umami-csv, goatcounter-csv\n"
    "                        the events of Umami's or GoatCounter's export\n"
    "      --before-first-event\n"
    "                        leave out days from the site's first event on;\n"
    "                        without it tables that have such are refused\n"
    "      FILE              of events: a regular file, UTF-8, lines of at\n"
    "                        most 256 KiB; of tables: a folder, ZIP or CSV\n"
    "\n"
    "Returns when the rows are committed and every query sees them.  After a\n"
    "failure the same command goes on where it stopped; what has been "
    "imported\n"
    "is not imported again.  What of a log is counted: conf/LOGS.md\n"
    "\n"
    "  glinto import --site example.com --format combined access.log*\n"
    "  glinto import --site example.com --format events 2025.jsonl\n"
    "  glinto import --site example.com --format plausible-csv export.zip\n";

struct import {
    struct gl_cli *cli;
    const char *site, *format;
    int before; /* --before-first-event */
    struct gl_cli_file file;
    struct gl_cli_tables tables; /* of what is no list of lines */
    int64_t offset;              /* bytes done */
    int64_t lines;               /* lines done */
    int64_t first_lines;         /* of them by an earlier run */
    int64_t first_offset;
    char until[16]; /* of tables: days taken; "" = all */
    int64_t start_ms, shown_ms;
    int terminal; /* show progress */
};

static int64_t
now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* 1,234,567 lines  45.2 MB of 180.3 MB  25 %  123,000 lines/s  12 s left */
static void
show_progress(struct import *import, int64_t at_ms)
{
    char lines[GL_NUMBER_MAX], rate[GL_NUMBER_MAX], done[32], all[32];
    double seconds = (double) (at_ms - import->start_ms) / 1000;
    int64_t bytes = import->offset - import->first_offset;
    int64_t left = import->file.bytes - import->offset;
    gl_number(lines, import->lines);
    gl_cli_bytes(done, sizeof done, import->offset);
    gl_cli_bytes(all, sizeof all, import->file.bytes);
    gl_number(rate, (int64_t) ((double) (import->lines - import->first_lines) /
                               seconds));
    fprintf(stderr, "\r%s lines  %s of %s  %lld %%  %s lines/s  %.0f s left ",
            lines, done, all,
            (long long) (100 * import->offset /
                         (import->file.bytes ? import->file.bytes : 1)),
            rate, bytes > 0 ? seconds * (double) left / (double) bytes : 0.0);
    /* What a longer line left behind. */
    fputs("\033[K", stderr);
    import->shown_ms = at_ms;
}

static void
progress(struct import *import)
{
    int64_t at_ms = now_ms();
    if (import->terminal && at_ms - import->shown_ms >= GL_CLI_PROGRESS_MS)
        show_progress(import, at_ms);
}

static void
end_progress(struct import *import)
{
    if (import->terminal && import->shown_ms > import->start_ms) {
        show_progress(import, now_ms());
        fputc('\n', stderr);
    }
}

/* Post one chunk, again while glintod is busy.  NULL: said why. */
static json_t *
post_chunk(struct import *import, int64_t len)
{
    char path[1024];
    char *site = gl_cli_encode(import->site);
    int status;
    snprintf(path, sizeof path,
             "/v1/import/chunk?hash=%s&offset=%lld&site=%s&format=%s",
             import->file.hash, (long long) import->offset, site,
             import->format);
    free(site);
    json_t *answer = gl_cli_post_again(import->cli, path, import->file.chunk,
                                       (size_t) len, &status);
    if (status == 200)
        return answer;
    const char *why = json_string_value(json_object_get(answer, "error"));
    end_progress(import);
    if (status != 0)
        gl_cli_fail("%s: %s", import->file.path,
                    why == NULL ? "glintod refused a chunk" : why);
    json_decref(answer);
    return NULL;
}

static int
send_chunks(struct import *import)
{
    while (import->offset < import->file.bytes) {
        int64_t len = gl_cli_file_chunk(&import->file, import->offset);
        if (len == 0) {
            end_progress(import);
            return gl_cli_fail("%s has become shorter", import->file.path);
        }
        json_auto_t *answer = len == -1 ? NULL : post_chunk(import, len);
        if (answer == NULL)
            return GL_CLI_FAILED;
        int64_t before = import->offset;
        import->offset = gl_cli_number(answer, "offset");
        import->lines = gl_cli_number(answer, "lines");
        if (import->offset <= before) {
            end_progress(import);
            return gl_cli_fail("glintod did not take a chunk");
        }
        progress(import);
    }
    return GL_CLI_OK;
}

static void
print_summary(const struct import *import, const json_t *answer)
{
    char lines[64], visits[64], bytes[32];
    double seconds = (double) (now_ms() - import->start_ms) / 1000;
    gl_cli_count(lines, sizeof lines, gl_cli_number(answer, "lines"), "line");
    gl_cli_count(visits, sizeof visits, gl_cli_number(answer, "visits"),
                 "visit");
    gl_cli_bytes(bytes, sizeof bytes, import->file.bytes);
    printf("%s: %s (%s) imported into %s in %.1f s; the site has %s now\n",
           import->file.path, lines, bytes, import->site, seconds, visits);
    if (import->until[0] == '\0')
        return;
    if (strcmp(import->until, import->tables.first) < 0)
        puts("No day of them was added: the site has events of its own "
             "since then.");
    else
        printf("Days after %s were left out: then the site's own events "
               "begin.\n",
               import->until);
}

static int
finish(struct import *import)
{
    int done, status;
    json_t *answer =
        gl_cli_ask_and_print(import->cli, "import.finish",
                             json_pack("{s:s, s:s}", "hash", import->file.hash,
                                       "site", import->site),
                             &done, &status);
    if (!done) {
        print_summary(import, answer);
        json_decref(answer);
    }
    return status;
}

/* The whole file was imported: nothing is done, one sentence says so. */
static int
tell_before(const struct import *import)
{
    char lines[64];
    gl_cli_count(lines, sizeof lines, import->lines, "line");
    if (import->cli->json)
        printf("{\"lines\": %lld, \"before\": true}\n",
               (long long) import->lines);
    else
        printf("%s was imported into %s before, with %s: nothing was added\n",
               import->file.path, import->site, lines);
    return GL_CLI_OK;
}

static int
import_file(struct import *import)
{
    json_t *args =
        json_pack("{s:s, s:s, s:I, s:s}", "site", import->site, "hash",
                  import->file.hash, "bytes", (json_int_t) import->file.bytes,
                  "format", import->format);
    if (import->tables.dates != GL_CLI_DATES_NONE)
        json_object_update_new(args, json_pack("{s:s, s:s, s:b}", "first",
                                               import->tables.first, "last",
                                               import->tables.last, "before",
                                               import->before));
    json_auto_t *answer = gl_cli_ask(import->cli, "import.start", args);
    if (answer == NULL)
        return import->cli->status;
    int done = json_is_true(json_object_get(answer, "done"));
    import->offset = import->first_offset = gl_cli_number(answer, "offset");
    import->lines = import->first_lines = gl_cli_number(answer, "lines");
    snprintf(import->until, sizeof import->until, "%s",
             gl_cli_text(answer, "until"));
    if (done)
        return tell_before(import);
    if (import->offset > 0) {
        char lines[64];
        gl_cli_count(lines, sizeof lines, import->lines, "line");
        fprintf(stderr, "going on after %s of an earlier run\n", lines);
    }
    import->start_ms = import->shown_ms = now_ms();
    int status = send_chunks(import);
    if (status != GL_CLI_OK)
        return status;
    end_progress(import);
    if (import->terminal)
        fputs("making visits ...\r", stderr);
    return finish(import);
}

/* What can be read, and how. */
static const struct {
    const char *format;
    int tables;
    enum gl_cli_dates dates;
} formats[] = {
    {"events", 0, GL_CLI_DATES_NONE},
    {"plausible-csv", 1, GL_CLI_DATES_ISO},
    {"matomo-csv", 1, GL_CLI_DATES_ISO},
    {"ga4-csv", 1, GL_CLI_DATES_GOOGLE},
    {"umami-csv", 1, GL_CLI_DATES_NONE},
    {"goatcounter-csv", 1, GL_CLI_DATES_NONE},
};
#define FORMATS_N (sizeof formats / sizeof formats[0])

/* The place of import->format in FORMATS, or FORMATS_N. */
static size_t
find_format(const struct import *import)
{
    size_t i = 0;
    while (i < FORMATS_N && strcmp(formats[i].format, import->format) != 0)
        i++;
    return i;
}

/* FILE of import->format: 0, or -1 and it has been said why. */
static int
open_file(struct import *import, const char *file)
{
    size_t format = find_format(import);
    if (!formats[format].tables)
        return gl_cli_file_open(&import->file, file);
    return gl_cli_file_take(
        &import->file, file,
        gl_cli_tables_read(file, formats[format].dates, &import->tables));
}

static int
check(const struct import *import)
{
    if (import->site == NULL || import->format == NULL)
        return gl_cli_misuse("import needs --site DOMAIN and --format FORMAT");
    size_t format = find_format(import);
    if (format == FORMATS_N)
        return gl_cli_misuse("cannot read format \"%s\"; there are events, "
                             "plausible-csv, matomo-csv, ga4-csv, umami-csv, "
                             "goatcounter-csv and, of access logs, combined, "
                             "common, vcombined, caddy, json:... and the "
                             "text of log_format",
                             import->format);
    if (import->before && formats[format].dates == GL_CLI_DATES_NONE)
        return gl_cli_misuse("--before-first-event goes with plausible-csv, "
                             "matomo-csv and ga4-csv");
    return GL_CLI_OK;
}

static int
run_lines(struct import *import, const char *file)
{
    int status = check(import);
    if (status != GL_CLI_OK)
        return status;
    if (open_file(import, file) == -1)
        return GL_CLI_FAILED;
    import->terminal = isatty(STDERR_FILENO) && !import->cli->json;
    status = import_file(import);
    gl_cli_file_close(&import->file);
    return status;
}

static int
run_files(struct import *import, int follow, int beside, const char **files,
          int n)
{
    struct gl_cli *cli = import->cli;
    if (n == 0)
        return gl_cli_misuse("import needs a FILE");
    if (import->site != NULL && import->format != NULL && !import->before &&
        gl_logs_format_is(import->format))
        return gl_cli_import_logs(cli, import->site, import->format, follow,
                                  beside, files, n);
    if (follow || beside)
        return gl_cli_misuse("--follow and --beside go with formats of access "
                             "logs");
    return n == 1 ? run_lines(import, files[0])
                  : gl_cli_misuse("\"%s\" is one word too many", files[1]);
}

static int
run(struct gl_cli *cli)
{
    struct import import = {.cli = cli, .file.fd = -1};
    int follow = 0, beside = 0, n;
    const char **files = calloc((size_t) cli->argc + 1, sizeof *files);
    const struct gl_cli_option options[] = {
        {"site", &import.site, NULL},
        {"format", &import.format, NULL},
        {"before-first-event", NULL, &import.before},
        {"follow", NULL, &follow},
        {"beside", NULL, &beside},
        {0}};
    if (files == NULL)
        return gl_cli_fail("out of memory");
    gl_cli_without_verb(cli);
    int status = gl_cli_read_some(cli, options, files, cli->argc, &n);
    if (status == GL_CLI_OK)
        status = run_files(&import, follow, beside, files, n);
    free(files);
    return status;
}

const struct gl_cli_noun gl_cli_import = {
    .name = "import", .run = run, .help = help};
