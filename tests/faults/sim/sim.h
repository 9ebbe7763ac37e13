/*
 * F5, the simulator: the real spool writer and the real ingest files run on a
 * fake disk, a fake clock and a model of the store, and everything that can
 * happen to a process or a machine happens to them by chance, from one seed.
 *
 *   main.c      seeds, command line          history.c  one history of a seed
 *   process.c   processes and what ends them
 *   disk.c      files, what is synced        calls.c    system calls on them,
 *                                            listing.c  the directory
 *   store.c     databases, what is synced    tables.c   account.h, meta.h
 *   worker.c    one nginx worker             agent.c    the aggregator
 *   days.c      days that are sealed         seal.c     what seals stands on
 *   truth.c     what must be true
 *
 * A process is a coroutine.  Wherever it could be interrupted (sim_op) it may
 * have to wait while others go on, and that is where it is killed: it is just
 * never resumed.  One seed is one history, to the byte.
 *
 * The product's files are compiled as they are, but for a few limits that a
 * short history must reach (sim_limits.h), and linked with --wrap, so that
 * their system calls end up here.  In the same way each file of wrong/ brings
 * a function or two in the place of theirs, and must be caught.
 */

#ifndef GL_SIM_H
#define GL_SIM_H

#include "sim_limits.h"
#include "segment.h"

#include <stddef.h>
#include <stdint.h>

#define SIM_FILES 160 /* in one history */
#define SIM_FILE_BYTES (16 * 1024)
#define SIM_SECTOR 512
#define SIM_SECTORS (SIM_FILE_BYTES / SIM_SECTOR)
#define SIM_SEGMENTS 200
#define SIM_FRAMES 400                     /* numbers given to frames */
#define SIM_WALL_MS INT64_C(1800000000000) /* when a history begins, 08:00 */
#define SIM_SITE 1                         /* whose rows are let go */
#define SIM_DBS 6                          /* meta.db is number 0 */
#define SIM_WORKERS 4
#define SIM_AGENT SIM_WORKERS /* its place among the processes */

/* What this seed makes happen; rates are one in N, 0 = never. */
struct sim_plan {
    uint32_t workers, dbs, frames, segment_bytes, budget;
    uint32_t yield;                         /* one op in N lets others go on */
    uint32_t kills, cuts;                   /* how many are left */
    uint32_t gap;                           /* ops between two of them */
    uint32_t worker_io, agent_io, store_io; /* calls that fail */
    uint32_t short_writes, torn_writes, bad_frames, unknown_sites;
    uint32_t slow_objects;
    uint32_t counts;     /* frames that concern several databases */
    uint32_t hints;      /* percent that arrive */
    uint32_t write_back; /* one op in N brings something to the disk */
    uint32_t stops;      /* one pause in N ends a process in order */
    uint32_t park_after_s;
    int clock_jumps;
    uint32_t gather_s;
    uint32_t cold;      /* one account in N that is not connected */
    int seals;          /* accounts have days */
    uint32_t nights;    /* one turn in N begins to let rows go */
    int after_midnight; /* yesterday is not yet over for two hours */
};

struct sim {
    uint64_t seed, random;
    struct sim_plan plan;
    int64_t now_us;      /* true time since the history began */
    int64_t boot_at_us;  /* of the machine */
    int64_t wall_off_ms; /* what its clock shows */
    uint32_t ops, fault_at;
    int calm;    /* no faults any more: everything must come to its end */
    int closing; /* workers are to end, then the aggregator */
    int cut_asked, cuts, verbose;
    int reaping;        /* a dead process's memory is freed: nothing happens */
    int64_t trouble_us; /* aggregator up and its calls well since then */
    char violation[200];
};

extern struct sim sim;

uint32_t sim_below(uint32_t n);  /* 0 .. n - 1 */
int sim_one_in(uint32_t n);      /* never when n is 0 */
int sim_fault_in(uint32_t rate); /* the same, and never when calm */
void sim_trace(const char *format, ...) __attribute__((format(printf, 1, 2)));
void sim_violation(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
int64_t sim_boot_ms(void);
int64_t sim_wall_ms(void);
#define sim_note(...)                                                         \
    do {                                                                      \
        if (sim.verbose)                                                      \
            sim_trace(__VA_ARGS__);                                           \
    } while (0)

/* ---- process.c ---- */

enum sim_weight { SIM_LIGHT, SIM_HEAVY }; /* of interest to faults */

void sim_start(int place, void (*run)(int place));
int sim_alive(int place);
/* Kill what runs at PLACE, which may be the caller: then it does
 * not return. */
void sim_kill(int place);
/* The caller may be interrupted here. */
void sim_op(enum sim_weight weight, const char *what);
void sim_sleep_us(int64_t us);
void sim_wake(int place);
/* Run whoever is next: 0 = all have ended. */
int sim_step(void);
int sim_place(void); /* of the caller; -1 = none */
void sim_processes_end(void);

/* ---- disk.c ---- */

enum sim_name { SIM_NO_NAME, SIM_TEMP, SIM_FINAL, SIM_REMOVED };

struct sim_file {
    char names[2][GL_SEGMENT_NAME_MAX + 2]; /* temporary, final */
    enum sim_name name, disk_name;          /* the latter survives a cut */
    unsigned visited;                       /* names since then, bits */
    uint8_t *bytes, *disk;
    uint32_t size, disk_size;
    uint32_t dirty; /* sectors, one bit each */
    uint32_t end;   /* of what was ever written behind the header */
    int64_t mtime_ms;
};

void sim_disk_reset(void);
int sim_disk_files(void);
struct sim_file *sim_disk_file(int file);
const char *sim_disk_name(int file); /* NULL = has none */
int sim_disk_find(const char *name); /* -1 = none */
int sim_disk_make(const char *name); /* -1 = no room */
void sim_disk_changed(void);         /* the directory */
int64_t sim_disk_dir_mtime_ms(void);
void sim_disk_write(int file, const uint8_t *bytes, size_t len, uint32_t at);
void sim_disk_sync(int file);
void sim_disk_sync_dir(void);
void sim_disk_write_back(void); /* something, by chance */
void sim_disk_cut(void);

/* ---- calls.c ---- */

void sim_calls_close_all(int place); /* that process is gone */
void sim_calls_reset(void);

/* ---- store.c ---- */

struct gl_account;

enum sim_change_kind {
    SIM_APPLY,
    SIM_UPTO,
    SIM_FORGET,
    SIM_TOTAL,
    SIM_PIECE, /* these and the first: days.h */
    SIM_SEAL,
    SIM_UNSEAL,
    SIM_LET_GO
};

void sim_store_reset(void);
void sim_store_killed(void); /* the process that had them open */
void sim_store_cut(void);
int sim_db_begin(int db, int later);
int sim_db_commit(int db);
int sim_db_rollback(int db);
void sim_db_let_go(int db);
void sim_db_doubt(int db);
int sim_db_change(int db, enum sim_change_kind kind, uint32_t a, uint32_t b);
int sim_db_usable(int db); /* 0 or -enum gl_store_error */
void sim_db_save(int db);
void sim_db_undo(int db);
void sim_db_refuse(int db); /* as data */
int sim_store_sync(void);
void sim_store_close_some(void);
int sim_store_days_are_sealed(void);
uint32_t sim_db_upto(int db, uint32_t segment);
uint32_t sim_db_connection(int db);
uint32_t sim_db_total(uint32_t incarnation);
int sim_db_applied(int db, uint32_t frame);
int sim_db_durable(int db, uint32_t frame);

/* ---- tables.c ---- */

int sim_account_db(const struct gl_account *account);

/* ---- parked.c ---- */

void sim_parked_reset(void);
void sim_parked_cut(void);
void sim_parked_sync(void);
int sim_parked_any(void);
int sim_parked_durable(int db, uint32_t number);

/* ---- worker.c, agent.c ---- */

#define SIM_PAYLOAD_HEAD 8
#define SIM_PAYLOAD_MAX 1200

void sim_worker(int place);
void sim_agent(int place);
void sim_agent_killed(void);
void sim_agent_drop_mail(void);
void sim_agent_hint(const uint8_t *packet, size_t len);
extern int sim_frame_now; /* the one being applied */

/* ---- truth.c ---- */

enum sim_answer { SIM_UNKNOWN, SIM_STORED, SIM_REFUSED };

void sim_truth_reset(void);
/* A new frame for the databases of MASK: its number, 0 = enough of them. */
uint32_t sim_truth_frame(uint32_t mask, int refused_as_data);
uint32_t sim_truth_mask(uint32_t frame);
int sim_truth_is_bad(uint32_t frame);
/* A new segment's id, and its number; 0, or -1 when there are too many. */
int sim_truth_segment_id(uint8_t id[GL_SEGMENT_ID_BYTES]);
/* Its number; -1 = no segment has this id. */
int sim_truth_segment(const uint8_t id[GL_SEGMENT_ID_BYTES]);
void sim_truth_id_of(int segment, uint8_t id[GL_SEGMENT_ID_BYTES]);
void sim_truth_in_segment(uint32_t frame, int segment);
void sim_truth_answer(uint32_t frame, enum sim_answer answer);
uint32_t sim_truth_incarnation(void); /* a new worker process */
void sim_truth_refused(uint32_t incarnation, uint64_t total);
void sim_truth_recorded(uint32_t incarnation, uint64_t total);
void sim_truth_unsure(uint32_t incarnation);
void sim_truth_ended(uint32_t incarnation, int exact);
void sim_truth_unlinked(int file);
void sim_truth_before_cut(void);
void sim_truth_lost(uint64_t n); /* the aggregator reports damage */
void sim_truth_judge(void);
uint32_t sim_truth_frames(void);

/* ---- history.c ---- */

/* 0, or -1 with sim.violation. */
int sim_history(uint64_t seed, int verbose);
void sim_plan_draw(struct sim_plan *plan);

#endif
