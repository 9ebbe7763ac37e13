/*
 * One nginx worker around the real segment writer: requests come in turns of
 * the event loop, are framed, appended, answered and hinted, as
 * ngx_http_glinto_batch.c does it.
 */

#include "sim.h"

#include "gl_segment.h"
#include "hint.h"

#include <endian.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define TICK_MS 1000
#define REQUESTS_MAX 6 /* in one turn */
#define BATCH_BYTES (REQUESTS_MAX * (SIM_PAYLOAD_MAX + 64))

struct request {
    uint32_t frame, end; /* its frame ends here in the batch */
};

struct worker {
    struct gl_writer writer;
    uint8_t batch[BATCH_BYTES] __attribute__((aligned(8)));
    struct request waiting[REQUESTS_MAX];
    int waiting_n;
    uint32_t incarnation;
    int exact; /* every refusal found a segment to be counted in */
};

static struct worker workers[SIM_WORKERS];

static void
refuse(struct worker *worker, uint64_t n)
{
    struct gl_writer *w = &worker->writer;

    sim_truth_refused(worker->incarnation, w->drops.total + n);
    gl_writer_drop(w, n, sim_wall_ms(), sim_boot_ms());
}

static void
hint(const struct gl_writer *w, uint32_t index, uint32_t offset,
     const uint8_t *batch, uint32_t len, uint32_t n)
{
    uint8_t packet[GL_HINT_EVENTS_HEADER_BYTES + BATCH_BYTES] = {
        GL_HINT_EVENTS, GL_HINT_PROTO};
    uint32_t fields[] = {htole32(index), htole32(offset), htole32(n)};

    if (len == 0 || sim_below(100) >= sim.plan.hints)
        return;
    memcpy(packet + 4, fields, sizeof fields);
    memcpy(packet + 16, w->current.id, GL_SEGMENT_ID_BYTES);
    memcpy(packet + GL_HINT_EVENTS_HEADER_BYTES, batch, len);
    sim_agent_hint(packet, GL_HINT_EVENTS_HEADER_BYTES + len);
    if (sim_one_in(16)) /* twice */
        sim_agent_hint(packet, GL_HINT_EVENTS_HEADER_BYTES + len);
}

static void
append(struct worker *worker)
{
    struct gl_writer *w = &worker->writer;
    uint32_t index = w->index, offset = w->offset, written, end = 0, n = 0;
    uint64_t refused = 0;

    if (w->pending_bytes == 0)
        return;
    gl_writer_append(w, worker->batch, &written);
    for (int i = 0; i < worker->waiting_n; i++) {
        const struct request *request = &worker->waiting[i];

        if (request->end <= written) {
            end = request->end;
            n++;
        } else {
            refused++;
        }
    }
    if (refused > 0)
        refuse(worker, refused);
    sim_op(SIM_HEAVY, "reply");
    for (int i = 0; i < worker->waiting_n; i++)
        sim_truth_answer(worker->waiting[i].frame,
                         worker->waiting[i].end <= written ? SIM_STORED
                                                           : SIM_REFUSED);
    worker->waiting_n = 0;
    hint(w, index, offset, worker->batch, end, n);
}

static void
compose(uint8_t *payload, uint32_t frame, uint32_t len)
{
    uint32_t head[2] = {frame, len};

    memcpy(payload, head, sizeof head);
    memset(payload + sizeof head, (int) (frame * 7 & 255), len - sizeof head);
}

static uint32_t
any_mask(void)
{
    uint32_t mask;

    if (sim_one_in(sim.plan.counts)) {
        mask = sim_below(1u << sim.plan.dbs);
        return mask == 0 ? 1 : mask;
    }
    if (sim_one_in(sim.plan.unknown_sites) || sim.plan.dbs == 1)
        return 1;
    return 1u << (1 + sim_below(sim.plan.dbs - 1));
}

static void
request(struct worker *worker)
{
    struct gl_writer *w = &worker->writer;
    uint32_t len =
        SIM_PAYLOAD_HEAD +
        sim_below(sim_one_in(4) ? SIM_PAYLOAD_MAX - SIM_PAYLOAD_HEAD : 200);
    uint32_t mask = any_mask(), need = (uint32_t) GL_FRAME_BYTES(len), frame;
    int several = (mask & (mask - 1)) != 0;
    uint8_t *at;

    frame = sim_truth_frame(mask, !several && mask != 1 &&
                                      sim_one_in(sim.plan.bad_frames));
    if (frame == 0)
        return;
    if (w->pending_bytes > 0 && gl_writer_room(w) < need)
        append(worker);
    if (gl_writer_ready(w, need, sim_wall_ms(), sim_boot_ms()) !=
        GL_WRITER_OK) {
        refuse(worker, 1);
        sim_truth_answer(frame, SIM_REFUSED);
        return;
    }
    at = worker->batch + w->pending_bytes;
    compose(at + GL_FRAME_HEADER_BYTES, frame, len);
    if (gl_writer_frame(w, at, len, sim_boot_ms(),
                        several          ? GL_FRAME_COUNTS
                        : frame % 3 == 0 ? GL_FRAME_SERVED
                                         : GL_FRAME_EVENT) == 0)
        sim_violation("a segment that is ready has no room");
    sim_truth_in_segment(frame, sim_truth_segment(w->current.id));
    worker->waiting[worker->waiting_n++] =
        (struct request){frame, w->pending_bytes};
}

/* Whether the last word on refusals reached an open segment. */
static int
is_exact(const struct gl_writer *w)
{
    return (w->current.fd != -1 && !w->current.stale_drops) ||
           (w->next.fd != -1 && !w->next.stale_drops) || w->drops.total == 0;
}

static void
start(struct worker *worker, int place)
{
    uint8_t incarnation[GL_SEGMENT_ID_BYTES] = {0}, boot_id[16] = {0};
    int dirfd = open("spool", O_RDONLY | O_DIRECTORY);

    memset(worker, 0, sizeof *worker);
    worker->incarnation = sim_truth_incarnation();
    incarnation[0] = worker->incarnation & 255;
    incarnation[1] = (uint8_t) (worker->incarnation >> 8);
    gl_writer_init(&worker->writer, dirfd, incarnation, boot_id,
                   (uint32_t) place, (uint32_t) place, sim.plan.segment_bytes,
                   sim.plan.budget);
}

static int
turn(struct worker *worker)
{
    int requests = 1 + (int) sim_below(REQUESTS_MAX);

    if (sim.closing || sim_fault_in(sim.plan.stops))
        return 0;
    for (int i = 0; i < requests && !sim.calm; i++)
        request(worker);
    append(worker);
    return 1;
}

void
sim_worker(int place)
{
    struct worker *worker = &workers[place];
    int64_t tick_ms, due_ms;

    start(worker, place);
    tick_ms = sim_boot_ms() + TICK_MS;
    do {
        due_ms = sim_one_in(8) ? sim_below(7000) : sim_below(120);
        while (due_ms > 0 && !sim.closing) {
            int64_t sleep_ms = tick_ms - sim_boot_ms();

            if (sleep_ms > due_ms)
                sleep_ms = due_ms;
            due_ms -= sleep_ms;
            if (sleep_ms > 0)
                sim_sleep_us(sleep_ms * 1000);
            if (sim_boot_ms() < tick_ms)
                continue;
            tick_ms = sim_boot_ms() + TICK_MS;
            gl_writer_tick(&worker->writer, sim_wall_ms(), sim_boot_ms());
        }
    } while (turn(worker));
    worker->exact = is_exact(&worker->writer);
    gl_writer_seal(&worker->writer);
    sim_truth_ended(worker->incarnation, worker->exact);
}
