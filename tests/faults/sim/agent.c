/*
 * The aggregator around the real ingest files: its start and end, its mail,
 * what its frames are.
 */

#include "admin/verbs.h"
#include "calls/query.h"
#include "sim.h"

#include "ingest/state.h"
#include "log.h"
#include "calls/bulletin.h"
#include "calls/mailbox.h"
#include "patience.h"
#include "writer/writer.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAIL 64
#define PACKET_BYTES 16384
/* A thread may be late by so much without anything being wrong. */
#define LATE_MS 150

int sim_frame_now;

static struct gl_ingest *ingest; /* while it lives */
static struct {
    size_t len;
    uint8_t bytes[PACKET_BYTES];
} mail[MAIL];
static int mail_n;

/* ---- mail ---- */

void
sim_agent_drop_mail(void)
{
    mail_n = 0;
}

void
sim_agent_hint(const uint8_t *packet, size_t len)
{
    if (mail_n == MAIL || len > PACKET_BYTES || !sim_alive(SIM_AGENT))
        return;
    memcpy(mail[mail_n].bytes, packet, len);
    mail[mail_n++].len = len;
    sim_wake(SIM_AGENT);
}

struct gl_mailbox *
gl_mailbox_new(void)
{
    return (struct gl_mailbox *) mail;
}

void
gl_mailbox_free(struct gl_mailbox *box)
{
    (void) box;
}

void
gl_mailbox_hint(struct gl_mailbox *box, const uint8_t *packet, size_t len)
{
    (void) box;
    sim_agent_hint(packet, len);
}

int
gl_mailbox_call(struct gl_mailbox *box, const struct gl_call *call)
{
    (void) box;
    (void) call;
    return -1;
}

void
gl_mailbox_watch(struct gl_mailbox *box, int64_t site, int change)
{
    (void) box;
    (void) site;
    (void) change;
}

void
gl_mailbox_stop(struct gl_mailbox *box)
{
    (void) box;
}

void
gl_mailbox_wake(struct gl_mailbox *box)
{
    (void) box;
}

void
gl_mailbox_wait(struct gl_mailbox *box, int64_t timeout_ms)
{
    (void) box;
    if (mail_n > 0)
        return;
    if (sim_fault_in(200)) { /* stopped for a while */
        int64_t us = (int64_t) sim_below(9000) * 1000;

        sim.trouble_us = sim.now_us + us;
        sim_sleep_us(us);
        return;
    }
    if (sim.calm && timeout_ms > 0)
        timeout_ms += 700;
    sim_sleep_us((timeout_ms + (sim_one_in(4) ? sim_below(LATE_MS) : 0)) *
                 1000);
}

int
gl_mailbox_take(struct gl_mailbox *box, const struct gl_mailbox_reader *reader)
{
    int n = mail_n;

    (void) box;
    for (int i = 0; i < n; i++)
        reader->hint(reader->arg, mail[i].bytes, mail[i].len);
    mail_n = 0;
    return n > 0 && sim_one_in(8);
}

int
gl_mailbox_take_call(struct gl_mailbox *box, struct gl_call *call)
{
    (void) box;
    (void) call;
    return 0;
}

void
gl_mailbox_call_fini(struct gl_call *call)
{
    (void) call;
}

int
gl_mailbox_has_calls(struct gl_mailbox *box)
{
    (void) box;
    return 0;
}

int
gl_mailbox_stopping(struct gl_mailbox *box)
{
    (void) box;
    if (sim.closing == 2)
        return 1;
    return sim_fault_in(sim.plan.stops * 8);
}

/* ---- clocks, threads, log ---- */

int64_t
gl_clock_now_ms(void)
{
    return sim_wall_ms();
}

int64_t
gl_clock_boot_ms(void)
{
    return sim_boot_ms();
}

void
gl_clock_boot_id(char id[GL_CLOCK_BOOT_MAX])
{
    id[0] = '\0';
}

void
gl_patience_begin(int nice)
{
    (void) nice; /* there is one thread, the simulator's */
}

void
gl_log(int level, const char *format, ...)
{
    char line[300];
    va_list args;

    (void) level;
    if (!sim.verbose)
        return;
    va_start(args, format);
    (void) vsnprintf(line, sizeof line, format, args);
    va_end(args);
    sim_trace("log: %s", line);
}

static int
frame_of(const uint8_t *payload, size_t len)
{
    uint32_t head[2];

    memcpy(head, payload, sizeof head);
    if (len < sizeof head || head[1] != len || head[0] == 0 ||
        head[0] > sim_truth_frames()) {
        sim_violation("a frame that nobody wrote is applied");
        return 0;
    }
    for (size_t i = sizeof head; i < len; i++)
        if (payload[i] != (head[0] * 7 & 255)) {
            sim_violation("an altered payload is applied");
            return 0;
        }
    return (int) head[0];
}

static struct gl_text
domain_of(int db)
{
    static const char digits[] = "0123456789";

    return (struct gl_text){digits + db, db == 0 ? 0 : 1};
}

int
gl_event_decode(struct gl_decoder *decoder, struct gl_event *event,
                const uint8_t *payload, size_t len, const char **why)
{
    uint32_t mask;

    (void) decoder;
    *why = "by chance";
    sim_frame_now = frame_of(payload, len);
    mask = sim_truth_mask((uint32_t) sim_frame_now);
    if (sim_frame_now == 0 || (mask == 1 && sim_frame_now % 2 == 0))
        return -1; /* undecodable: meta.db's as well */
    memset(event, 0, sizeof *event);
    event->site = domain_of(__builtin_ctz(mask));
    return 0;
}

int
gl_counts_decode(struct gl_decoder *decoder,
                 struct gl_count counts[GL_COUNTS_MAX], const uint8_t *payload,
                 size_t len, const char **why)
{
    uint32_t mask;
    int n = 0;

    (void) decoder;
    *why = "by chance";
    sim_frame_now = frame_of(payload, len);
    mask = sim_truth_mask((uint32_t) sim_frame_now);
    for (int db = 0; db < SIM_DBS && sim_frame_now != 0; db++)
        if (mask & 1u << db)
            counts[n++] = (struct gl_count){.site = domain_of(db), .n = 1};
    return n > 0 ? n : -1;
}

/* ---- start and end: the writer thread is this very process ---- */

static void *(*thread)(void *);

void __real_gl_ingest_gather_init_(struct gl_ingest *in);
void __wrap_gl_ingest_gather_init_(struct gl_ingest *in);
int __wrap_pthread_create(pthread_t *id, const pthread_attr_t *attr,
                          void *(*run)(void *), void *arg);
int __wrap_pthread_join(pthread_t id, void **result);

/* The first that is called with it: from now on it must be freed. */
void
__wrap_gl_ingest_gather_init_(struct gl_ingest *in)
{
    ingest = in;
    __real_gl_ingest_gather_init_(in);
}

int
__wrap_pthread_create(pthread_t *id, const pthread_attr_t *attr,
                      void *(*run)(void *), void *arg)
{
    (void) id;
    (void) attr;
    (void) arg;
    thread = run;
    return 0;
}

int
__wrap_pthread_join(pthread_t id, void **result)
{
    (void) id;
    (void) result;
    return 0;
}

/* GLib's memory is not the process's own, which process.c frees. */
static void
reap(void)
{
    sim.reaping = 1;
    if (ingest != NULL)
        gl_writer_stop(ingest);
    sim.reaping = 0;
    ingest = NULL;
}

void
sim_agent_killed(void)
{
    sim_agent_drop_mail();
    sim_store_killed();
    reap();
}

void
sim_agent(int place)
{
    static struct gl_conf conf;
    static const struct gl_ingest_events events;
    char why[256];
    int exit_code;

    (void) place;
    conf.workers[0] = geteuid();
    conf.workers_n = 1;
    conf.park_after_s = sim.plan.park_after_s;
    conf.park_mib = 16;
    conf.gather_s = sim.plan.gather_s;
    if (gl_writer_start(&conf, &events, why, sizeof why, &exit_code) == NULL) {
        sim_note("no start: %s", why);
        ingest = NULL; /* freed there */
        return;
    }
    thread(ingest);
    reap();
}

/* Nobody asks. */
const struct gl_verb *
gl_verb_by_name(const char *name)
{
    (void) name;
    return NULL;
}

int
gl_verb_answer(const struct gl_query_view *view, const struct gl_call *call,
               json_t **answer)
{
    (void) view;
    (void) call;
    (void) answer;
    return 500;
}

struct gl_query_view *
gl_query_view_new(void)
{
    static struct gl_query_view view;

    return &view;
}

void
gl_query_view_free(struct gl_query_view *view)
{
    (void) view;
}

void
gl_query_keep_memory(void)
{
}

struct gl_query *
gl_query_new(const struct gl_query_view *view, int n, int nice,
             gl_query_answer *answer)
{
    static char threads; /* nobody asks: that there are some is enough */

    (void) view;
    (void) n;
    (void) nice;
    (void) answer;
    return (struct gl_query *) (void *) &threads;
}

int
gl_query_call(struct gl_query *query, const struct gl_call *call)
{
    (void) query;
    (void) call;
    return -1;
}

void
gl_query_free(struct gl_query *query)
{
    (void) query;
}

struct gl_bulletin *
gl_bulletin_new(struct gl_mailbox *wake)
{
    (void) wake;
    return NULL;
}

void
gl_bulletin_free(struct gl_bulletin *bulletin)
{
    (void) bulletin;
}

void
gl_bulletin_tell_live_(struct gl_ingest *in)
{
    (void) in;
}

void
gl_bulletin_tell_(struct gl_ingest *in)
{
    (void) in;
}
