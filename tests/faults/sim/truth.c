/*
 * What really happened, and what must be true of it:
 *
 *   every frame answered 2xx is applied once in each database it is for,
 *   unless a power cut came while it was younger than SYNC_US (counted from
 *   when the aggregator was up and its calls well);
 *   nothing is applied twice, or where it does not belong, or though refused;
 *   no segment is removed before its frames are on the disk in the databases;
 *   refusals recorded in a segment are in meta.db, exactly;
 *   damage is reported only after a power cut; the spool ends empty.
 */

#include "sim.h"

#include <stdio.h>
#include <string.h>

/* R12: read, unsettled for 1 s, next tick 1 s later; the aggregator may be
 * late by agent.c's LATE_MS at each wait. */
#define SYNC_US INT64_C(3000000)

struct frame {
    uint32_t mask;
    int bad, segment, may_miss;
    enum sim_answer answer;
    int64_t at_us;
};

struct incarnation {
    uint64_t refused, recorded;
    int unsure; /* a drop block was written in part, or a power cut */
};

static struct frame frames[SIM_FRAMES];
static struct incarnation incarnations[SIM_FRAMES];
static uint32_t frames_n, incarnations_n;
static int segments_n;

void
sim_truth_reset(void)
{
    memset(incarnations, 0, sizeof incarnations);
    frames_n = incarnations_n = 0;
    segments_n = 0;
}

uint32_t
sim_truth_frames(void)
{
    return frames_n;
}

uint32_t
sim_truth_frame(uint32_t mask, int refused_as_data)
{
    if (frames_n + 1 == SIM_FRAMES || frames_n >= sim.plan.frames)
        return 0;
    frames[++frames_n] =
        (struct frame){.mask = mask, .bad = refused_as_data, .segment = -1};
    return frames_n;
}

uint32_t
sim_truth_mask(uint32_t frame)
{
    return frames[frame].mask;
}

int
sim_truth_is_bad(uint32_t frame)
{
    return frames[frame].bad;
}

/* ---- segments: the first two bytes of an id are its number ---- */

void
sim_truth_id_of(int segment, uint8_t id[GL_SEGMENT_ID_BYTES])
{
    uint64_t mixed = (uint64_t) (segment + 1) * UINT64_C(0x9e3779b97f4a7c15);

    memset(id, 0, GL_SEGMENT_ID_BYTES);
    id[0] = (uint8_t) (segment >> 8);
    id[1] = segment & 255;
    memcpy(id + 2, &mixed, sizeof mixed);
}

int
sim_truth_segment(const uint8_t id[GL_SEGMENT_ID_BYTES])
{
    int segment = id[0] << 8 | id[1];

    return segment < SIM_SEGMENTS ? segment : -1;
}

int
sim_truth_segment_id(uint8_t id[GL_SEGMENT_ID_BYTES])
{
    if (segments_n == SIM_SEGMENTS)
        return -1;
    sim_truth_id_of(segments_n++, id);
    return 0;
}

void
sim_truth_in_segment(uint32_t frame, int segment)
{
    frames[frame].segment = segment;
}

void
sim_truth_answer(uint32_t frame, enum sim_answer answer)
{
    frames[frame].answer = answer;
    frames[frame].at_us = sim.now_us;
    sim_note("frame %u (segment %04x, databases %x): %s", frame,
             (unsigned) frames[frame].segment, frames[frame].mask,
             answer == SIM_STORED ? "2xx" : "503");
}

/* ---- while it goes on ---- */

/* In database DB, or in a parked file of its account. */
static int
durable(int db, uint32_t frame)
{
    return sim_db_durable(db, frame) || sim_parked_durable(db, frame);
}

void
sim_truth_unlinked(int file)
{
    unsigned segment;

    if (sscanf(sim_disk_file(file)->names[1], "%4x", &segment) != 1)
        return;
    for (uint32_t i = 1; i <= frames_n; i++) {
        if (frames[i].segment != (int) segment || frames[i].may_miss ||
            frames[i].answer != SIM_STORED)
            continue;
        for (int db = 0; db < SIM_DBS; db++)
            if (frames[i].mask & 1u << db && !durable(db, i)) {
                sim_violation("segment %04x is removed before frame %u is "
                              "settled in database %d",
                              segment, i, db);
                return;
            }
    }
}

void
sim_truth_lost(uint64_t n)
{
    if (sim.cuts == 0)
        sim_violation("%d frames are reported lost", (int) n);
}

void
sim_truth_before_cut(void)
{
    /* segments beyond the limit wait, to be synced as well */
    int64_t since_us = sim_alive(SIM_AGENT) && sim_files_max > SIM_FILES
                           ? sim.trouble_us
                           : INT64_MAX;

    for (uint32_t i = 1; i <= frames_n; i++) {
        struct frame *frame = &frames[i];
        int64_t from_us = frame->at_us > since_us ? frame->at_us : since_us;
        int safe = 1;

        for (int db = 0; db < SIM_DBS; db++)
            if (frame->mask & 1u << db && !durable(db, i))
                safe = 0;
        if (!safe && (since_us == INT64_MAX || sim.now_us - from_us < SYNC_US))
            frame->may_miss = 1;
    }
    for (uint32_t i = 0; i < incarnations_n; i++)
        incarnations[i].unsure = 1;
}

/* ---- refusals ---- */

uint32_t
sim_truth_incarnation(void)
{
    return incarnations_n < SIM_FRAMES - 1 ? incarnations_n++ : incarnations_n;
}

void
sim_truth_refused(uint32_t incarnation, uint64_t total)
{
    incarnations[incarnation].refused = total;
}

void
sim_truth_recorded(uint32_t incarnation, uint64_t total)
{
    incarnations[incarnation].recorded = total;
}

/* Half a drop block: its checksum is wrong until it is written again. */
void
sim_truth_unsure(uint32_t incarnation)
{
    incarnations[incarnation].unsure = 1;
}

void
sim_truth_ended(uint32_t incarnation, int exact)
{
    struct incarnation *in = &incarnations[incarnation];

    if (exact && in->recorded != in->refused)
        sim_violation("a worker refused %d and recorded %d", (int) in->refused,
                      (int) in->recorded);
}

static void
judge_refusals(void)
{
    for (uint32_t i = 0; i < incarnations_n; i++) {
        const struct incarnation *in = &incarnations[i];
        uint64_t total = sim_db_total(i);

        if (total > in->refused)
            sim_violation("worker %u refused %d, %d are counted", i,
                          (int) in->refused, (int) total);
        if (!in->unsure && total < in->recorded)
            sim_violation("worker %u recorded %d refusals, %d are counted", i,
                          (int) in->recorded, (int) total);
    }
}

/* ---- at the end ---- */

static void
judge_frame(uint32_t number)
{
    const struct frame *frame = &frames[number];

    for (int db = 0; db < SIM_DBS; db++) {
        int n = sim_db_applied(db, number);

        if (n > 1)
            sim_violation("frame %u is applied %d times in database %d",
                          number, n, db);
        else if (n == 1 && !(frame->mask & 1u << db))
            sim_violation("frame %u is applied in database %d", number, db);
        else if (n == 1 && frame->answer == SIM_REFUSED)
            sim_violation("frame %u was refused and is applied", number);
        else if (n == 0 && frame->mask & 1u << db && !frame->may_miss &&
                 frame->answer == SIM_STORED)
            sim_violation("frame %u is lost in database %d", number, db);
    }
}

void
sim_truth_judge(void)
{
    for (int i = 0; i < sim_disk_files(); i++) {
        const char *name = sim_disk_name(i);

        if (name == NULL || strcmp(name, "aggregator.lock") == 0)
            continue;
        /* a clock set back makes debris young again */
        if (sim_disk_file(i)->name == SIM_FINAL || !sim.plan.clock_jumps)
            sim_violation("%s is left in the spool", name);
    }
    if (sim_parked_any())
        sim_violation("parked frames are left");
    if (!sim.plan.clock_jumps && !sim_store_days_are_sealed())
        sim_violation("a day that is over is not sealed");
    for (uint32_t i = 1; i <= frames_n; i++)
        judge_frame(i);
    judge_refusals();
}
