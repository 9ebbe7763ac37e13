/*
 * glinto top: what glintod does just now, a picture a second, until Ctrl-C.
 * Made of two answers of "metrics" (schema/metrics.def) and the time between.
 */

#include "cli/cli.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "number.h"

#define ROWS_MAX 12 /* of a list: the busiest */

static const char help[] =
    "glinto top - what glintod does just now, until Ctrl-C\n"
    "\n"
    "  glinto top             a picture a second: events, commits, answers,\n"
    "                         what is not counted\n"
    "  glinto top --once      one picture, of one second\n"
    "  glinto top --once --json\n"
    "                         its numbers since the start: METRICS.md\n";

/* Two answers, and what is between them. */
struct span {
    const json_t *was, *now;
    double seconds;
};

/* The sample NAME, of LABEL where it is not NULL. */
static const json_t *
sample(const json_t *all, const char *name, const char *label)
{
    const json_t *value = json_object_get(all, name);
    return label == NULL ? value : json_object_get(value, label);
}

static double
number(const json_t *all, const char *name, const char *label)
{
    return json_number_value(sample(all, name, label));
}

static double
a_second(const struct span *span, const char *name, const char *label)
{
    double more =
        number(span->now, name, label) - number(span->was, name, label);
    return more > 0 ? more / span->seconds : 0;
}

/* ---- histograms ---- */

static double
part(const json_t *histogram, const char *key)
{
    return json_number_value(json_object_get(histogram, key));
}

static double
in_bucket(const json_t *histogram, size_t i)
{
    return json_number_value(json_array_get(
        json_array_get(json_object_get(histogram, "buckets"), i), 1));
}

/* How many of NAME came. */
static double
came(const struct span *span, const char *name, const char *label)
{
    double more = part(sample(span->now, name, label), "count") -
                  part(sample(span->was, name, label), "count");
    return more > 0 ? more : 0;
}

/* "12.3 ms" on average, "<= 25 ms" for 95 of 100. */
static void
print_times(const struct span *span, const char *name, const char *label)
{
    const json_t *was = sample(span->was, name, label);
    const json_t *now = sample(span->now, name, label);
    const json_t *buckets = json_object_get(now, "buckets");
    double n = came(span, name, label);
    size_t i = 0;
    if (n == 0) {
        printf("%10s %12s", "-", "-");
        return;
    }
    printf("%7.1f ms", 1e3 * (part(now, "sum") - part(was, "sum")) / n);
    while (i + 1 < json_array_size(buckets) &&
           in_bucket(now, i) - in_bucket(was, i) < 0.95 * n)
        i++;
    const json_t *bound = json_array_get(json_array_get(buckets, i), 0);
    if (json_is_null(bound))
        printf("%12s", "more");
    else
        printf("  <= %4.4g ms", 1e3 * json_real_value(bound));
}

/* ---- the picture ---- */

static void
print_size(const char *before, double bytes)
{
    char text[32];
    gl_cli_bytes(text, sizeof text, (int64_t) bytes);
    printf("%s%s", before, text);
}

static void
print_count(const char *before, double n)
{
    char text[GL_NUMBER_MAX];
    gl_number(text, (int64_t) n);
    printf("%s%s", before, text);
}

static double
hits(const struct span *span, const char *cache)
{
    double hit = number(span->now, "glinto_cache_hits_total", cache);
    double miss = number(span->now, "glinto_cache_misses_total", cache);
    return hit + miss > 0 ? 100 * hit / (hit + miss) : 0;
}

static void
print_head(const struct span *span)
{
    const json_t *now = span->now;
    double needs = number(now, "glinto_conditions", "alarm") +
                   number(now, "glinto_conditions", "storage");
    char at[32];
    time_t clock = time(NULL);
    struct tm tm;
    gmtime_r(&clock, &tm);
    strftime(at, sizeof at, "%Y-%m-%d %H:%M:%S UTC", &tm);
    printf("glinto top, %s: %s\n\n", at,
           needs > 0 ? "something needs you, see glinto status"
           : number(now, "glinto_catching_up", NULL) > 0 ? "catching up"
                                                         : "all is well");
    printf("events     %9.1f/s", a_second(span, "glinto_frames_total", NULL));
    print_count("   rows ", number(now, "glinto_rows_total", NULL));
    print_count("   late ", number(now, "glinto_late_events_total", NULL));
    print_count("   refused ",
                number(now, "glinto_requests_refused_total", NULL));
    printf("\ncommits    %9.1f/s  ",
           came(span, "glinto_commit_duration_seconds", NULL) / span->seconds);
    print_times(span, "glinto_commit_duration_seconds", NULL);
    printf("\nmemory     ");
    print_size("", number(now, "glinto_resident_memory_bytes", NULL));
    print_count("   sites in memory ",
                number(now, "glinto_site_objects", NULL));
    print_count("   let go ",
                number(now, "glinto_site_evictions_total", NULL));
    print_count("\ndashboards ", number(now, "glinto_websockets", NULL));
    print_size(" open   kept for questions ",
               number(now, "glinto_cache_bytes", "days"));
    printf("\nfound      agents %.1f %%   days %.1f %%\n",
           hits(span, "agents"), hits(span, "days"));
}

static void
print_answers(const struct span *span)
{
    static const char name[] = "glinto_query_duration_seconds";
    const char *kind;
    json_t *value;
    int rows = 0;
    printf("\n%-18s %8s %10s %12s\n", "ANSWERS", "a second", "mean",
           "95 of 100");
    json_object_foreach (json_object_get(span->now, name), kind, value) {
        /* what this asks itself is not shown */
        if (strcmp(kind, "metrics") == 0 || rows == ROWS_MAX)
            continue;
        rows++;
        printf("%-18s %8.1f ", kind, came(span, name, kind) / span->seconds);
        print_times(span, name, kind);
        putchar('\n');
    }
    if (rows == 0)
        puts("(none yet)");
}

static void
print_not_counted(const struct span *span)
{
    static const char name[] = "glinto_events_not_counted_total";
    const char *reason;
    json_t *value;
    int rows = 0;
    printf("\n%-18s %8s %10s\n", "NOT COUNTED", "a second", "in all");
    json_object_foreach (json_object_get(span->now, name), reason, value) {
        char all[GL_NUMBER_MAX];
        if (rows++ == ROWS_MAX)
            break;
        gl_number(all, json_integer_value(value));
        printf("%-18s %8.1f %10s\n", reason, a_second(span, name, reason),
               all);
    }
    if (rows == 0)
        puts("(nothing)");
}

/* ---- a second ---- */

static double
clock_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

/* 1 = Ctrl-C, which is blocked otherwise. */
static int
wait_a_second(const sigset_t *end)
{
    const struct timespec second = {.tv_sec = 1};
    return sigtimedwait(end, NULL, &second) != -1;
}

static void
print_picture(const struct span *span, int terminal)
{
    if (terminal)
        fputs("\033[H\033[J", stdout);
    print_head(span);
    print_answers(span);
    print_not_counted(span);
    fflush(stdout);
}

static int
watch(struct gl_cli *cli, int once)
{
    json_t *was = gl_cli_ask(cli, "metrics", json_object());
    double was_s = clock_s();
    sigset_t end;
    sigemptyset(&end);
    sigaddset(&end, SIGINT);
    sigprocmask(SIG_BLOCK, &end, NULL);
    while (was != NULL && !wait_a_second(&end)) {
        json_t *now = gl_cli_ask(cli, "metrics", json_object());
        double now_s = clock_s();
        if (now != NULL)
            print_picture(&(struct span){was, now, now_s - was_s}, !once);
        json_decref(was);
        was = once ? NULL : now;
        was_s = now_s;
        if (once) {
            json_decref(now);
            return now == NULL ? cli->status : GL_CLI_OK;
        }
    }
    if (was == NULL)
        return cli->status;
    json_decref(was);
    putchar('\n');
    return GL_CLI_OK;
}

static int
run(struct gl_cli *cli)
{
    int once = 0;
    const struct gl_cli_option options[] = {{"once", NULL, &once}, {0}};
    gl_cli_without_verb(cli);
    int status = gl_cli_read(cli, options, NULL, 0);
    if (status != GL_CLI_OK)
        return status;
    if (!once && cli->json)
        return gl_cli_misuse("--json goes with --once");
    if (!cli->json)
        return watch(cli, once || !isatty(STDOUT_FILENO));
    json_auto_t *answer = gl_cli_ask(cli, "metrics", json_object());
    if (answer == NULL)
        return cli->status;
    gl_cli_print_json(answer);
    return GL_CLI_OK;
}

const struct gl_cli_noun gl_cli_top = {
    .name = "top", .run = run, .help = help};
