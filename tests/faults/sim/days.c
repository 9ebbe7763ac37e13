/*
 * What must be true of sealed days: a head of which the token is the day's
 * has all its pieces, and they are what the rows are; rows are let go of such
 * a day alone; no day is sealed before it was over for two hours.
 */

#include "days.h"

#include "count/count.h"

#include <string.h>

static uint32_t tokens_n;

void
sim_days_reset(void)
{
    tokens_n = 0;
}

uint32_t
sim_day_of(uint32_t frame)
{
    return frame % SIM_DAYS;
}

static int64_t
today(void)
{
    return gl_day_of(SIM_WALL_MS);
}

int64_t
sim_day_number(uint32_t day)
{
    return today() - (SIM_DAYS - 1) + day;
}

uint32_t
sim_day_place(int64_t number)
{
    return (uint32_t) (number - today() + (SIM_DAYS - 1));
}

int
sim_day_is_over(uint32_t day)
{
    return (sim_day_number(day) + 1) * GL_DAY_MS + 2 * 3600 * 1000 <=
           sim_wall_ms();
}

uint32_t
sim_day_token(const struct sim_day *day)
{
    return day->let_go || !sim.plan.seals ? 0 : ++tokens_n;
}

/* ---- changes ---- */

static void
insert(struct sim_day days[SIM_DAYS], uint32_t frame, uint32_t token)
{
    struct sim_day *day = &days[sim_day_of(frame)];

    if (token == 0)
        return;
    day->token = token;
    day->rows[frame / SIM_DAYS % SIM_PIECES] += frame * 2654435761u | 1;
}

/* The head, and pieces from the first on. */
static void
unseal(struct sim_day *day, uint32_t pieces)
{
    day->head = 0;
    for (int i = 0; i < SIM_PIECES && pieces > 0; i++) {
        pieces -= day->piece[i] != 0;
        day->piece[i] = 0;
    }
}

int
sim_days_take(struct sim_day days[SIM_DAYS], enum sim_change_kind kind,
              uint32_t a, uint32_t b)
{
    struct sim_day *day = &days[a % SIM_DAYS];

    switch (kind) {
    case SIM_APPLY:
        insert(days, a, b);
        return 0;
    case SIM_PIECE:
        day->piece[a / SIM_DAYS] = b;
        return 1;
    case SIM_SEAL:
        day->pieces = a / SIM_DAYS;
        day->head = b;
        return 1;
    case SIM_UNSEAL:
        unseal(day, b);
        return 1;
    case SIM_LET_GO:
        day->let_go = 1;
        return 1;
    default:
        return 0;
    }
}

/* ---- what must be true ---- */

static void
judge(int db, uint32_t at, const struct sim_day *day)
{
    uint32_t pieces = 0;

    if (day->let_go && day->head != day->token)
        sim_violation("database %d: rows of day %u were let go, and it is not "
                      "sealed",
                      db, at);
    if (day->head == 0 || day->head != day->token)
        return; /* nobody believes it */
    for (int i = 0; i < SIM_PIECES; i++) {
        pieces += day->piece[i] != 0;
        if (day->piece[i] != day->rows[i])
            sim_violation("database %d: what is sealed of day %u is not what "
                          "its rows are",
                          db, at);
    }
    if (pieces != day->pieces)
        sim_violation("database %d: day %u has %u pieces, its head says %u",
                      db, at, pieces, day->pieces);
}

void
sim_days_judge(int db, const struct sim_day days[SIM_DAYS])
{
    for (uint32_t at = 0; at < SIM_DAYS; at++)
        judge(db, at, &days[at]);
}

int
sim_days_are_sealed(const struct sim_day days[SIM_DAYS])
{
    for (uint32_t at = 0; at < SIM_DAYS; at++)
        if (sim_day_is_over(at) && days[at].head != days[at].token)
            return 0;
    return 1;
}
