/* A log beside what Glinto counted: sums by the hour. */

#ifndef GL_CLI_EXPLAIN_H
#define GL_CLI_EXPLAIN_H

#include <glib.h>

#include "cli/log.h"

#define GL_CLI_HOUR 20 /* "2026-03-02 10:00:00" with its NUL */

/* Lines of an hour of the site's time. */
struct gl_cli_hour {
    char label[GL_CLI_HOUR];
    int64_t lines, counts[GL_LOGS_CLASSES];
    int64_t bare;    /* pages of clients that fetched nothing else */
    int64_t counted; /* pageviews of Glinto */
};

struct gl_cli_sums {
    GHashTable *hours;  /* label -> struct gl_cli_hour */
    GHashTable *agents; /* text -> its place, from 1 */
    GPtrArray *texts;   /* agents by place */
    GHashTable *people; /* hash of address and agent -> place, from 1 */
    GArray *persons, *pages;
    uint8_t key[GL_CLI_LOG_KEY];
    int64_t quarter; /* of an hour, whose label is known: .hour */
    struct gl_cli_hour *hour;
};

void gl_cli_sums_begin(struct gl_cli_sums *sums);
/* A line of the log, which is CLASS. */
void gl_cli_sums_add(struct gl_cli_sums *sums, enum gl_logs_class class,
                     const struct gl_logs_record *record);
/* All lines were added: whose agents are bots?  0, or -1: said why. */
int gl_cli_sums_end(struct gl_cli_sums *sums, struct gl_cli *cli);
void gl_cli_sums_free(struct gl_cli_sums *sums);

#endif
