/* Reading access logs: what import and explain share. */

#ifndef GL_CLI_LOG_H
#define GL_CLI_LOG_H

#include "cli/cli.h"
#include "cli/log_input.h"
#include "logs/chunk.h"
#include "logs/judge.h"
#include "logs/line.h"

#define GL_CLI_LOG_KEY 16
#define GL_CLI_LOG_DROPS 64   /* days and reasons of one chunk */
#define GL_CLI_LOG_EXAMPLES 5 /* of lines that could not be read */
#define GL_CLI_LOG_SHOWN 160  /* bytes of one */

struct gl_cli_log_day {
    int64_t day;
    uint8_t key[GL_CLI_LOG_KEY];
    unsigned made : 1;   /* the key is a new one */
    unsigned pages : 1;  /* of this day are sent */
    unsigned before : 1; /* ... and an earlier run has sent some */
    unsigned told : 1;   /* that its visitors may count once more */
};

struct gl_cli_log_drop {
    int64_t day;
    enum gl_logs_class class;
    uint32_t n;
};

/* Lines that could not be read. */
struct gl_cli_log_odd {
    int64_t n;
    struct {
        const char *path, *why;
        int64_t line;
        char text[GL_CLI_LOG_SHOWN];
    } examples[GL_CLI_LOG_EXAMPLES];
};

/* A run over one or many logs of a site. */
struct gl_cli_log {
    struct gl_cli *cli;
    const char *site; /* as it was typed */
    char domain[256]; /* as it is stored */
    struct gl_logs_format format;
    struct gl_logs_memory memory;
    int64_t now_ms, began_ms; /* wall clock; of the run */
    int64_t until_ms; /* pages since then are not sent; INT64_MAX = all are */

    /* the log under way */
    struct gl_cli_log_input input;
    char hash[65];
    int known;          /* some of it was read before */
    int64_t offset;     /* up to there glintod has it */
    int64_t lines;      /* read since the last chunk */
    int64_t first_line; /* of the log, that this run reads; from 0 */
    int64_t line;       /* of this run */
    int resumed;        /* its beginning was read before */
    int earlier;        /* ... by an earlier run */
    int64_t resumed_day;
    struct gl_logs_chunk chunk;
    struct gl_cli_log_drop drops[GL_CLI_LOG_DROPS];
    int drops_n;

    struct gl_cli_log_day *days;
    size_t days_n, day; /* the one used last */
    int64_t read_day;   /* the last of logs that an earlier run has read */

    /* what is told */
    int64_t counts[GL_LOGS_CLASSES];
    int64_t spam, all_lines;
    int64_t bytes, bytes_before; /* of all files; of those read */
    struct gl_cli_log_odd odd;
    int64_t start_ms, shown_ms;
    int terminal;
    int failed; /* it has been said why */
};

/* ---- log.c ---- */

/* A run: 0, or an exit status; to be freed in both cases. */
int gl_cli_log_prepare(struct gl_cli_log *log, struct gl_cli *cli,
                       const char *site, const char *format);
void gl_cli_log_free(struct gl_cli_log *log);
int64_t gl_cli_log_clock(void); /* ms, monotonic */

/* ---- one line: log_line.c ---- */

/* What TEXT is; a page goes into EVENT, without visitor.  *WHY of one that is
 * unreadable.  LOG->record is what it says. */
enum gl_logs_class gl_cli_log_read_line(struct gl_cli_log *log,
                                        struct gl_text text,
                                        struct gl_logs_record *record,
                                        struct gl_event *event,
                                        const char **why);
/* Note TEXT, which is unreadable, without addresses. */
void gl_cli_log_odd(struct gl_cli_log *log, const char *why,
                    struct gl_text text);

/* ---- glintod: log_send.c ---- */

/* The log that LOG->input has opened: how far it was read, if it was; with
 * ONLY_LOOK one that was not is not begun.  0, or -1; it has been said why. */
int gl_cli_log_begin(struct gl_cli_log *log, int only_look);
/* LOG->domain, without a log: 0, or -1. */
int gl_cli_log_site(struct gl_cli_log *log);
/* LOG->until_ms: 0, or -1. */
int gl_cli_log_until(struct gl_cli_log *log);
/* All lines that are there, committed; 0 or -1. */
int gl_cli_log_take_all(struct gl_cli_log *log);
/* The run has ended, or rests (KEYS 0): visits are made.  Their number, or
 * -1. */
int64_t gl_cli_log_end(struct gl_cli_log *log, int keys);

/* ---- import_logs.c, log_told.c, log_follow.c ---- */

/* glinto import of FILES; BESIDE: also of the time that the site counted
 * itself.  The exit status. */
int gl_cli_import_logs(struct gl_cli *cli, const char *site,
                       const char *format, int follow, int beside,
                       const char **files, int files_n);

/* PATH as it grows, through rotations, until a signal ends it: the exit
 * status. */
int gl_cli_log_follow(struct gl_cli_log *log, const char *path);

/* A line on a terminal, once in a while; ALWAYS 1: now, -1: the last one. */
void gl_cli_log_progress(struct gl_cli_log *log, int always);
/* Lines that could not be read, on standard error. */
void gl_cli_log_tell_odd(const struct gl_cli_log *log);
/* Days whose visitors may count once more; ALL: also what has been told. */
void gl_cli_log_tell_again(struct gl_cli_log *log, int all);
void gl_cli_log_told(struct gl_cli_log *log, int64_t visits);

#endif
