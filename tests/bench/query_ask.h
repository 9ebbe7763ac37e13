/* Questions of a dashboard about made data, as the engine is asked them. */

#ifndef GL_BENCH_QUERY_ASK_H
#define GL_BENCH_QUERY_ASK_H

#include <glib.h>

#include "columns/shelf.h"
#include "query/execute/execute.h"
#include "query_data.h"

#define SITE 1

struct column {
    enum gl_dimension what;
    const char *name;
};
extern const struct column columns[DATA_COLUMNS];

/* A kind of question: which columns are filtered, each to keep that share. */
struct work {
    const char *name;
    int64_t zone_ms;
    int filters_n;
    struct {
        enum data_column column;
        double keeps;
    } filters[3];
};

#define WORKS 6
extern const struct work works[WORKS];
/* Some of them. */
#define WORK_NO_FILTER 0
#define WORK_13 3

struct chosen {
    const struct work *work;
    uint8_t *passes[3]; /* [value] */
};

/* What is asked. */
extern struct data data;
extern struct gl_account *reader;
extern struct gl_shelf *shelf;

/* For how many days: DATA_DAYS, or DATA_YEAR_DAYS. */
extern int asked_days;

double cpu_ms(void);
/* Values at random until they are that share of the visits. */
uint8_t *choose(enum data_column column, double keeps, GRand *random);
/* Whole local days within the data. */
struct gl_question question_of(const struct chosen *chosen,
                               struct gl_predicate *filter, int by);
/* The series and ten breakdowns: ms. */
double ours(const struct chosen *chosen, struct data_answer *answer);

struct data_answer *new_answer(void);
void free_answer(struct data_answer *answer);
uint64_t sum_of(const struct data_sum *sums, uint32_t n);
uint64_t sum_of_all(const struct data_answer *answer);
/* With a shelf of so much. */
void open_data(const char *folder, size_t budget);
void close_data(void);

/* query_today.c */
int be_today(const char *folder, int runs, GRand *random);
/* query_year.c; FRESH: what it asks a process of its own. */
int be_year(const char *program, const char *folder, int runs, GRand *random);
int be_year_fresh(const char *folder, size_t budget_mib);
/* query_zones.c */
int be_zones(const char *folder, int runs);
/* query_walk.c */
int be_walked(const char *folder, int runs);

#endif
