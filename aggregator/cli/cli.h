/*
 * The glinto command: a thin client of the admin socket.  Shared by its files,
 * one a noun; each noun has one function that returns the exit status.
 */

#ifndef GL_CLI_H
#define GL_CLI_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include "domain.h"

enum gl_cli_exit { GL_CLI_OK = 0, GL_CLI_FAILED = 1, GL_CLI_USAGE = 2 };

struct gl_cli {
    const char *socket;
    int json; /* print answers as they are */
    int argc; /* what follows the noun, global options left out */
    char **argv;
    int status; /* exit status of the last question that failed */
    /* Called every 200 ms while an answer is waited for; NULL = never. */
    void (*waits)(struct gl_cli *cli);
    char site[GL_DOMAIN_BYTES]; /* of WAITS: whose rows are read, or "" */
};

/* One --NAME of a verb: TEXT takes a value, FLAG does not. */
struct gl_cli_option {
    const char *name;
    const char **text;
    int *flag;
};

/* ---- words: words.c ---- */
/*
 * Read the arguments after the verb: options into OPTIONS (ended by a NULL
 * name), WORDS_N other words into WORDS.  0, or GL_CLI_USAGE when something is
 * missing, unknown or too much; that has been said.
 */
int gl_cli_read(struct gl_cli *cli, const struct gl_cli_option *options,
                const char **words, int words_n);
void gl_cli_without_verb(struct gl_cli *cli); /* first, where it has none */
/* The same, of *N words, WORDS_N at most; none may be missing. */
int gl_cli_read_some(struct gl_cli *cli, const struct gl_cli_option *options,
                     const char **words, int words_n, int *n);

/* Say that the verb is unknown or missing; returns GL_CLI_USAGE. */
int gl_cli_no_verb(const struct gl_cli *cli, const char *noun);

void gl_cli_tame(char *text); /* control characters become "?" */
/* "glinto: SENTENCE" on standard error; returns GL_CLI_FAILED. */
int gl_cli_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* "glinto: SENTENCE; see glinto NOUN --help" on standard error, of the NOUN
 * that gl_cli_asks() named; returns GL_CLI_USAGE. */
void gl_cli_asks(const char *noun);
int gl_cli_misuse(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* DROPS is the answer of "drops", UNKNOWN of status: names that are no site;
 * not_counted.c. */
void gl_cli_not_counted(const json_t *drops, const json_t *unknown);
/* ---- the socket: client.c ---- */
/* 1 = glintod takes connections; says nothing. */
int gl_cli_answers(const struct gl_cli *cli);
/* Ask "site.add" with ARGS (taken).  The answer, or NULL; then it has been
 * said why, and CLI->status is USAGE for a bad value, else FAILED. */
json_t *gl_cli_ask(struct gl_cli *cli, const char *verb, json_t *args);

/* As gl_cli_ask(); with --json the answer is printed, else its note said on
 * standard error.  *DONE: nothing is left to print, *STATUS: exit status. */
json_t *gl_cli_ask_and_print(struct gl_cli *cli, const char *verb,
                             json_t *args, int *done, int *status);

/* ANSWER as --json has it. */
void gl_cli_print_json(const json_t *answer);
/* Post BODY to PATH ("/v1/import/chunk?..."), again for some seconds while
 * glintod is busy (503); *STATUS is the HTTP status, 0 when there was no
 * answer (said on standard error). */
json_t *gl_cli_post_again(struct gl_cli *cli, const char *path,
                          const char *body, size_t len, int *status);
/* GET PATH and call LINE for each line until the other side ends.  0, or -1;
 * then it has been said why. */
int gl_cli_stream(struct gl_cli *cli, const char *path,
                  void (*line)(void *arg, const char *text, size_t len),
                  void *arg);

/* TEXT for a path or query, malloc'd; exits when out of memory. */
char *gl_cli_encode(const char *text);
/* ---- long work of glintod: job.c ---- */

/* Start NOUN ("backup") with ARGS (taken), show a line of progress on a
 * terminal until it ends.  Its last status, or NULL; then it has been said
 * why. */
json_t *gl_cli_job(struct gl_cli *cli, const char *noun, json_t *args);
/* The faults of such a status, a line each with BEFORE; returns how many. */
size_t gl_cli_job_faults(const json_t *news, const char *before);

/* ---- output: print.c ---- */
struct gl_cli_column {
    const char *title;
    const char *key; /* member of each row's object */
    int right;       /* numbers */
};
#define GL_CLI_COLUMNS_MAX 64 /* 4 dimensions; 20 metrics, then, change */
/* ROWS, an array of objects, as aligned columns; NONE when there is none. */
void gl_cli_table(const json_t *rows, const struct gl_cli_column *columns,
                  int columns_n, const char *none);

/* The text KEY of ARGS; "" when it is none. */
const char *gl_cli_text(const json_t *args, const char *key);
/* The whole number KEY of it; 0 when it is none. */
int64_t gl_cli_number(const json_t *args, const char *key);
/* VALUE for a human: by KEY a time ("created"), a size ("_bytes") ... */
void gl_cli_value(char *text, size_t size, const char *key,
                  const json_t *value);
/* 12,345 files */
void gl_cli_count(char *text, size_t size, int64_t n, const char *one);
/* 12.3 MB */
void gl_cli_bytes(char *text, size_t size, int64_t bytes);
/* ---- nouns ---- */
/* WHAT ("site a.example") has so much, by ERASES, a verb, with ARGS: go on?
 * sure.c asks on the terminal.  0 = yes, else the exit status; said why. */
int gl_cli_sure(struct gl_cli *cli, const char *what, const char *erases,
                json_t *args);

struct gl_cli_verb; /* verb.h */

/* With VERBS, or with a RUN of its own that returns the exit status; what is
 * below its name is in CLI->argv. */
struct gl_cli_noun {
    const char *name;
    const struct gl_cli_verb *verbs; /* ended by a NULL name */
    int (*run)(struct gl_cli *cli);
    const char *help;     /* with VERBS the part before their usage */
    const char *examples; /* with VERBS, after it */
};

extern const struct gl_cli_noun gl_cli_account, gl_cli_site, gl_cli_goal,
    gl_cli_segment, gl_cli_funnel, gl_cli_annotation, gl_cli_token,
    gl_cli_person, gl_cli_share, gl_cli_query, gl_cli_rows, gl_cli_status,
    gl_cli_live, gl_cli_import, gl_cli_explain, gl_cli_export, gl_cli_backup,
    gl_cli_check, gl_cli_setup, gl_cli_summary, gl_cli_top, gl_cli_usage,
    gl_cli_networks, gl_cli_recipient;

/* ---- verbs that are one question: verb.c ---- */
/* The verb of NOUN and its arguments, asked and printed.  The exit status. */
int gl_cli_verb(struct gl_cli *cli, const struct gl_cli_noun *noun);
void gl_cli_help(const struct gl_cli_noun *noun);
#endif
