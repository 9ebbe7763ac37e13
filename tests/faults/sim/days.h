/*
 * Days of an account in the model of the store: what their rows are, what is
 * sealed of them, and whether the rows were let go.  A frame is of a day by
 * its number: of today or one of those before it.
 */

#ifndef GL_SIM_DAYS_H
#define GL_SIM_DAYS_H

#include "sim.h"

#define SIM_DAYS 4 /* the last one is today */
#define SIM_PIECES 6

struct sim_day {
    uint32_t token;            /* 0 = it has no rows */
    uint32_t rows[SIM_PIECES]; /* what they sum up to; 0 = nothing */
    int let_go;                /* what is sealed is all there is */
    uint32_t head;             /* the token that is sealed; 0 = none is */
    uint32_t pieces;           /* of which it says that they are there */
    uint32_t piece[SIM_PIECES];
};

/* ---- days.c ---- */

void sim_days_reset(void);
/* Its place among SIM_DAYS, and the number that the product has for it. */
uint32_t sim_day_of(uint32_t frame);
int64_t sim_day_number(uint32_t day);
uint32_t sim_day_place(int64_t number);
/* A change of DAYS; 0 = it is none of theirs. */
int sim_days_take(struct sim_day days[SIM_DAYS], enum sim_change_kind kind,
                  uint32_t a, uint32_t b);
/* For an insertion into DAY: never the same twice; 0 = its rows were let go.
 */
uint32_t sim_day_token(const struct sim_day *day);
/* What is believed of the days of database DB must be what was sealed. */
void sim_days_judge(int db, const struct sim_day days[SIM_DAYS]);
/* Those that are over are sealed. */
int sim_days_are_sealed(const struct sim_day days[SIM_DAYS]);
/* 1 = two hours ago DAY had ended. */
int sim_day_is_over(uint32_t day);

/* ---- store.c ---- */

/* Of the last commit. */
void sim_db_days(int db, struct sim_day days[SIM_DAYS]);
/* An open transaction's too. */
const struct sim_day *sim_db_day(int db, uint32_t day);

/* ---- seal.c ---- */

/* A process comes: nobody has looked at the days. */
void sim_seal_forget(void);
/* DAY of database DB has another token. */
void sim_seal_changed(int db, uint32_t day);

#endif
