/*
 * glinto_columns: a loadable extension of SQLite that gives the sealed days
 * (columns/sealed.h) of one account's file as two tables with texts:
 *
 *   visits   one row a visit
 *   events   one row a pageview or custom event, of a visit
 *
 * It reads nothing but that file, in SQLite's thread.  Inside this room only.
 */

#ifndef GL_EXTENSION_H
#define GL_EXTENSION_H

#include <sqlite3ext.h>

#include "columns/columns.h"

extern const struct sqlite3_api_routines *sqlite3_api;

/* ---- day.c: days of the file ---- */

struct gl_extension_day {
    int64_t site, day;
    struct gl_columns *set;
};

/* The days that are asked for: all where a value is at its end. */
struct gl_extension_range {
    int64_t site; /* -1 = any */
    int64_t from, to;
};

struct gl_extension_days;
/* NULL: an error, which DB tells. */
struct gl_extension_days *
gl_extension_days_new(sqlite3 *db, const struct gl_extension_range *range);
void gl_extension_days_free(struct gl_extension_days *days);
/* The next day that is sealed as it is, whose set is the caller's: 1, 0 =
 * there is none, or -1. */
int gl_extension_days_next(struct gl_extension_days *days,
                           struct gl_extension_day *day);

/* ---- words.c: what codes say ---- */

enum gl_extension_words {
    GL_WORDS_HOSTS,
    GL_WORDS_PATHS,
    GL_WORDS_NAMES,
    GL_WORDS_SCREENS,
    GL_WORDS_LANGUAGES,
    GL_WORDS_KEYS,
    GL_WORDS_VALUES,
    GL_WORDS_REFERRERS,
    GL_WORDS_AGENTS,
    GL_WORDS_PLACES,
    GL_WORDS_N
};

struct gl_extension_dictionary {
    sqlite3 *db;
    sqlite3_stmt *ask[GL_WORDS_N];
    uint32_t code[GL_WORDS_N]; /* on which ASK stands; 0 = on none */
};
void gl_extension_words_fini(struct gl_extension_dictionary *words);
/* Text number AT of CODE, until the next one is asked for; NULL = none. */
const char *gl_extension_word(struct gl_extension_dictionary *words,
                              enum gl_extension_words kind, uint32_t code,
                              int at);

/* ---- table.c: both tables ---- */

struct gl_extension_row {
    struct gl_extension_day day;
    uint32_t visit, event; /* of its set */
};

struct gl_extension_table {
    const char *sql; /* CREATE TABLE */
    int of_events;
    /* Column AT of ROW. */
    void (*column)(struct gl_extension_dictionary *words,
                   const struct gl_extension_row *row, int at,
                   sqlite3_context *to);
};
/* Both begin so, and the first four are the same. */
#define GL_EXTENSION_KEYS                                                     \
    "site INTEGER, date TEXT, visit INTEGER, visitor INTEGER, "
enum { GL_KEY_SITE, GL_KEY_DATE, GL_KEY_VISIT, GL_KEY_VISITOR, GL_KEYS };

int gl_extension_table(sqlite3 *db, const char *name,
                       const struct gl_extension_table *table);

/* ---- visits.c, events.c ---- */

extern const struct gl_extension_table gl_extension_visits;
extern const struct gl_extension_table gl_extension_events;

/* Text, or NULL where it is "" or none. */
void gl_extension_text(sqlite3_context *to, const char *text);

#endif
