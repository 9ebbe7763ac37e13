/* What an import of logs says: while it runs, and at its end. */

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "cli/log.h"
#include "number.h"

#define SHOWN_MS 200 /* a line that changes faster cannot be read */
#define DAY_S 86400

/* 1,234,567 lines  45.2 MB of 180.3 MB  25 %  123,000 lines/s  12 s left */
static void
show(struct gl_cli_log *log, int64_t at_ms)
{
    char lines[GL_NUMBER_MAX], rate[GL_NUMBER_MAX], done[32], all[32];
    double seconds = (double) (at_ms - log->start_ms + 1) / 1000;
    int64_t bytes = log->bytes_before;
    if (log->input.bytes != NULL)
        bytes += gl_cli_log_read(&log->input);
    gl_number(lines, log->all_lines);
    gl_number(rate, (int64_t) ((double) log->all_lines / seconds));
    gl_cli_bytes(done, sizeof done, bytes);
    gl_cli_bytes(all, sizeof all, log->bytes);
    fprintf(stderr, "\r%s lines  %s", lines, done);
    if (log->bytes > 0 && bytes > 0)
        fprintf(stderr, " of %s  %lld %%  %s lines/s  %.0f s left ", all,
                (long long) (100 * bytes / log->bytes), rate,
                seconds * (double) (log->bytes - bytes) / (double) bytes);
    else
        fprintf(stderr, "  %s lines/s ", rate);
    fputs("\033[K", stderr);
    log->shown_ms = at_ms;
}

void
gl_cli_log_progress(struct gl_cli_log *log, int always)
{
    int64_t at_ms = gl_cli_log_clock();
    if (!log->terminal)
        return;
    if (always == 0 && at_ms - log->shown_ms < SHOWN_MS)
        return;
    if (always == -1 && log->shown_ms == log->start_ms)
        return;
    show(log, at_ms);
    if (always == -1)
        fputc('\n', stderr);
}

/* ---- at the end ---- */

void
gl_cli_log_tell_odd(const struct gl_cli_log *log)
{
    const struct gl_cli_log_odd *odd = &log->odd;
    char lines[64];
    if (odd->n == 0)
        return;
    gl_cli_count(lines, sizeof lines, odd->n, "line");
    fprintf(stderr, "%s could not be read, for example:\n", lines);
    for (int i = 0; i < GL_CLI_LOG_EXAMPLES && i < odd->n; i++)
        fprintf(stderr, "  %s, line %lld %s: %s\n", odd->examples[i].path,
                (long long) odd->examples[i].line, odd->examples[i].why,
                odd->examples[i].text);
}

void
gl_cli_log_tell_again(struct gl_cli_log *log, int all)
{
    for (size_t i = 0; i < log->days_n; i++) {
        struct gl_cli_log_day *day = &log->days[i];
        time_t at = (time_t) (day->day * DAY_S);
        struct tm tm;
        char date[16];
        if (!day->made || !day->pages || (day->told && !all) ||
            (!day->before && day->day != log->read_day) ||
            gmtime_r(&at, &tm) == NULL)
            continue;
        day->told = 1;
        strftime(date, sizeof date, "%Y-%m-%d", &tm);
        fprintf(stderr,
                "The key of %s is a new one (the run before had ended, the "
                "machine was started again, or 25 h went by): visitors of "
                "that day may count once more\n",
                date);
    }
}

static void
tell_json(const struct gl_cli_log *log, int64_t visits)
{
    json_auto_t *answer = json_pack(
        "{s:I, s:I, s:I}", "lines", (json_int_t) log->all_lines, "visits",
        (json_int_t) visits, "spam", (json_int_t) log->spam);
    for (int i = 0; i < GL_LOGS_CLASSES; i++)
        json_object_set_new(answer, gl_logs_class_word((enum gl_logs_class) i),
                            json_integer(log->counts[i]));
    gl_cli_print_json(answer);
}

void
gl_cli_log_told(struct gl_cli_log *log, int64_t visits)
{
    char lines[64], of[64], number[GL_NUMBER_MAX];
    double seconds = (double) (gl_cli_log_clock() - log->start_ms) / 1000;
    gl_cli_log_tell_odd(log);
    gl_cli_log_tell_again(log, 1);
    if (log->cli->json) {
        tell_json(log, visits);
        return;
    }
    gl_cli_count(lines, sizeof lines, log->all_lines, "line");
    gl_cli_count(of, sizeof of, visits, "visit");
    printf("%s read into %s in %.1f s; the site has %s now\n", lines,
           log->domain[0] != '\0' ? log->domain : log->site, seconds, of);
    for (int i = GL_LOGS_CLASSES - 1; i >= 0; i--) {
        enum gl_logs_class class = (enum gl_logs_class) i;
        if (log->counts[i] == 0)
            continue;
        gl_number(number, log->counts[i]);
        printf("%12s  %-13s  %s\n", number, gl_logs_class_word(class),
               gl_logs_class_sentence(class));
    }
    if (log->spam > 0)
        printf("%12lld  %-13s  %s\n", (long long) log->spam, "spam",
               "its referrer is in spammers.txt");
}
