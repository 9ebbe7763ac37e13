/* One history of a seed: a plan is drawn, the processes live by it, then all
 * faults end and everything must come to its end. */

#include "days.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define STEPS_MAX 200000
#define RESTART_US 200000
/* So long faults may still come once all frames are written. */
#define AFTER_US INT64_C(15000000)
/* After the faults: accounts that failed wait up to 60 s, debris as long. */
#define CALM_US INT64_C(400000000)

struct sim sim;
unsigned sim_full_accounts, sim_begun_max, sim_round_frames;
unsigned sim_open_max, sim_files_max, sim_enough, sim_round_accounts;
unsigned sim_slice_bytes;
long long sim_keep_ms;

static int64_t dead_us[SIM_WORKERS + 1]; /* since when; 0 = alive */

uint32_t
sim_below(uint32_t n)
{
    uint64_t z = (sim.random += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    return (uint32_t) (((z & UINT32_MAX) * n) >> 32);
}

int
sim_one_in(uint32_t n)
{
    return n != 0 && sim_below(n) == 0;
}

int
sim_fault_in(uint32_t rate)
{
    return !sim.calm && sim_one_in(rate);
}

int64_t
sim_boot_ms(void)
{
    return (sim.now_us - sim.boot_at_us) / 1000 + 1000;
}

int64_t
sim_wall_ms(void)
{
    return SIM_WALL_MS + sim.wall_off_ms + sim.now_us / 1000;
}

void
sim_trace(const char *format, ...)
{
    va_list args;

    printf("%10.3f %d ", (double) sim.now_us / 1000, sim_place());
    va_start(args, format);
    (void) vprintf(format, args);
    va_end(args);
    printf("\n");
}

void
sim_violation(const char *format, ...)
{
    va_list args;

    if (sim.violation[0] != '\0')
        return;
    va_start(args, format);
    (void) vsnprintf(sim.violation, sizeof sim.violation, format, args);
    va_end(args);
    sim_note("VIOLATION: %s", sim.violation);
}

static uint32_t
maybe(uint32_t chance, uint32_t low, uint32_t high)
{
    return sim_one_in(chance) ? low + sim_below(high - low) : 0;
}

void
sim_plan_draw(struct sim_plan *plan)
{
    *plan = (struct sim_plan){
        .workers = 1 + sim_below(2),
        .dbs = 2 + sim_below(SIM_DBS - 1),
        .frames = 10 + sim_below(sim_one_in(4) ? 120 : 50),
        .segment_bytes = sim_one_in(2) ? 8192 : SIM_FILE_BYTES,
        .budget = 4 + sim_below(8),
        .yield = 1u << sim_below(4),
        .kills = sim_below(4),
        .cuts = sim_below(4) / 2,
        .gap = 8u << sim_below(6),
        .worker_io = maybe(4, 20, 200),
        .agent_io = maybe(4, 20, 400),
        .store_io = maybe(3, 10, 200),
        .short_writes = maybe(4, 4, 40),
        .torn_writes = maybe(2, 2, 10),
        .bad_frames = maybe(4, 4, 40),
        .unknown_sites = maybe(2, 4, 40),
        .counts = maybe(2, 4, 20),
        .hints = sim_one_in(3) ? 0 : sim_below(101),
        .write_back = maybe(2, 4, 100),
        .stops = maybe(3, 8, 60),
        .park_after_s = sim_one_in(2) ? 900 : sim_below(4),
        .clock_jumps = sim_one_in(6),
        .gather_s = sim_below(4),
        .cold = maybe(2, 1, 4),
        .slow_objects = maybe(3, 4, 40),
        .seals = sim_one_in(2),
        .nights = maybe(2, 4, 100),
        .after_midnight = sim_one_in(2),
    };
    sim_full_accounts = sim_one_in(2) ? 32 : sim_below(3);
    sim_begun_max = sim_one_in(2) ? 1000 : 1 + sim_below(3);
    sim_round_frames = sim_one_in(2) ? 512 : 2 + sim_below(20);
    sim_open_max = sim_one_in(2) ? 64 : 1 + sim_below(3);
    sim_enough = sim_one_in(2) ? 128 : 1 + sim_below(8);
    sim_round_accounts = sim_one_in(2) ? 200 : 1 + sim_below(3);
    sim_keep_ms = sim_one_in(2) ? 366 * INT64_C(86400000) : 0;
    sim_files_max = sim_one_in(2) ? 16384 : 2 + sim_below(6);
    sim_slice_bytes = 1 + sim_below(40);
}

/* Of some: the two hours after midnight end while they go on. */
static int64_t
wall_base_ms(void)
{
    return sim.plan.after_midnight ? -(6 * 3600 + 8) * INT64_C(1000) : 0;
}

static void
reset(uint64_t seed, int verbose)
{
    sim = (struct sim){.seed = seed, .random = seed, .verbose = verbose};
    sim.random = (uint64_t) sim_below(UINT32_MAX) << 32 | seed;
    memset(dead_us, 0, sizeof dead_us);
    sim_plan_draw(&sim.plan);
    sim.fault_at = 1 + sim_below(2 * sim.plan.gap);
    sim.wall_off_ms = wall_base_ms();
    sim_disk_reset();
    sim_calls_reset();
    sim_store_reset();
    sim_parked_reset();
    sim_truth_reset();
    sim_days_reset();
    sim_agent_drop_mail();
}

static void
cut_power(void)
{
    sim_note("POWER CUT");
    sim_truth_before_cut();
    sim_processes_end();
    sim_disk_cut();
    sim_store_cut();
    sim_parked_cut();
    sim.cuts++;
    sim.cut_asked = 0;
    sim.now_us += 1000000 + sim_below(60000) * INT64_C(1000);
    sim.boot_at_us = sim.now_us;
}

/* The master and systemd: what has ended is started again. */
static void
start_what_ended(void)
{
    for (int place = 0; place <= SIM_AGENT; place++) {
        int wanted = place == SIM_AGENT
                         ? sim.closing < 2
                         : place < (int) sim.plan.workers && !sim.closing;

        if (sim_alive(place) || !wanted) {
            dead_us[place] = 0;
            continue;
        }
        if (dead_us[place] == 0)
            dead_us[place] =
                sim.now_us + (sim.calm        ? 0
                              : sim_one_in(4) ? sim_below(8000) * INT64_C(1000)
                                              : sim_below(2 * RESTART_US));
        if (sim.now_us < dead_us[place])
            continue;
        dead_us[place] = 0;
        if (place == SIM_AGENT)
            sim.trouble_us = sim.now_us;
        sim_start(place, place == SIM_AGENT ? sim_agent : sim_worker);
    }
}

static int
all_applied(void)
{
    if (sim_parked_any() || !sim_store_days_are_sealed() ||
        (sim.plan.seals && !sim.plan.clock_jumps &&
         !sim_day_is_over(SIM_DAYS - 2)))
        return 0;
    for (int i = 0; i < sim_disk_files(); i++) {
        const char *name = sim_disk_name(i);

        if (name != NULL && strcmp(name, "aggregator.lock") != 0)
            return 0;
    }
    return 1;
}

static int
workers_alive(void)
{
    for (int place = 0; place < SIM_WORKERS; place++)
        if (sim_alive(place))
            return 1;
    return 0;
}

/* From one part of the history to the next; 0 = it is over. */
static int
go_on(int64_t *calm_us)
{
    if (sim_truth_frames() < sim.plan.frames)
        *calm_us = sim.now_us;
    if (!sim.calm && sim_truth_frames() >= sim.plan.frames &&
        (sim.plan.kills + sim.plan.cuts == 0 ||
         sim.now_us - *calm_us > AFTER_US)) {
        sim_note("no more faults");
        sim.calm = 1;
        sim.closing = 1;
        *calm_us = sim.now_us;
        for (int place = 0; place < SIM_WORKERS; place++)
            sim_wake(place);
    }
    if (sim.closing == 1 && !workers_alive() &&
        (all_applied() || sim.now_us - *calm_us > CALM_US)) {
        sim.closing = 2;
        sim_wake(SIM_AGENT);
    }
    return sim.closing < 2 || sim_alive(SIM_AGENT);
}

int
sim_history(uint64_t seed, int verbose)
{
    int64_t calm_us = 0;
    int steps = 0;

    reset(seed, verbose);
    while (go_on(&calm_us) && sim.violation[0] == '\0') {
        if (++steps > STEPS_MAX) {
            sim_violation("no end after %d steps", steps);
            break;
        }
        start_what_ended();
        if (sim.plan.clock_jumps && sim_fault_in(500))
            sim.wall_off_ms =
                wall_base_ms() + (int64_t) sim_below(7200000) - 3600000;
        if (!sim_step())
            sim.now_us += 10000;
        if (sim.cut_asked)
            cut_power();
    }
    if (sim.violation[0] == '\0')
        sim_truth_judge();
    sim_processes_end();
    return sim.violation[0] == '\0' ? 0 : -1;
}
