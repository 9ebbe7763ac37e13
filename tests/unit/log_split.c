/*
 * Promise: what splits the spool of an edge for several primaries, killed at
 * random moments, while segments, sites and their accounts come and change,
 * puts each event into the lane of one primary, once; so it does each site's
 * share of a frame of counts.  A lane that nobody reads takes few files; while
 * one is full all events wait.  What workers refused is told to each primary.
 * What went to one primary, before there were several, goes nowhere again, and
 * what a power cut takes of files that were not synced comes back.
 */

#include "clock.h"
#include "cluster.h"
#include "event.h"
#include "gl_segment.h"
#include "lanes_probe.h"
#include "log/lane.h"
#include "log/split.h"
#include "spool/spool.h"
#include "store_probe.h"
#include "tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 40
#define EVENTS_MAX 20000
#define LIFE_US 30000 /* of a splitter, at most */
#define LANES 3       /* of a and b, and of c, which the cluster lacks */

/* Sites, and the lane of each. */
static const struct {
    const char *name;
    int lane;
} sites[] = {
    {"a.example", 0},  {"b.example", 1},      {"old.example", 1},
    {"c.example", 2},  {"nobody.example", 0}, {"www.b.example", 1},
    {"d.example", -1}, /* of the first or of b: it is moved */
};
#define SITES (sizeof sites / sizeof sites[0])

static struct gl_conf conf;
static char meta[1200], lanes[1100], lanes_db[1200];
static struct gl_writer worker;
static uint8_t buffer[128 * 1024] __attribute__((aligned(8)));
static int site_of[EVENTS_MAX];         /* what was written */
static uint8_t seen[EVENTS_MAX][LANES]; /* what lanes had */
static int written;
static uint64_t counted[SITES], counts_seen[LANES][SITES];
static uint64_t refused_seen[LANES];

/* ---- the edge ---- */

static void
begin(void)
{
    static const uint8_t life[GL_SEGMENT_ID_BYTES] = {7};

    memset(&conf, 0, sizeof conf);
    snprintf(conf.spool, sizeof conf.spool, "%s", tap_dir());
    snprintf(conf.data, sizeof conf.data, "%s", tap_dir());
    snprintf(meta, sizeof meta, "%s/meta.db", conf.data);
    snprintf(lanes, sizeof lanes, "%s/lanes", conf.spool);
    snprintf(lanes_db, sizeof lanes_db, "%s/lanes/lanes.db", conf.spool);
    conf.workers[0] = geteuid();
    conf.workers_n = 1;
    conf.log_is_cluster = 1;
    conf.lane_mib = 1024;
    conf.cluster.n = 2;
    strcpy(conf.cluster.primaries[0].name, "a");
    strcpy(conf.cluster.primaries[1].name, "b");
    gl_writer_init(&worker, open(conf.spool, O_RDONLY | O_DIRECTORY), life,
                   life, 1, 0, GL_SEGMENT_BYTES_MIN, 100000);
}

/* What of meta.db is read. */
static void
make_meta(void)
{
    probe_exec(
        meta, "PRAGMA journal_mode = WAL;"
              "CREATE TABLE made_change (one INTEGER PRIMARY KEY, id INTEGER);"
              "CREATE TABLE accounts (id TEXT, primary_name TEXT);"
              "CREATE TABLE sites (id INTEGER, domain TEXT, account TEXT);"
              "CREATE TABLE old_names (domain TEXT, site INTEGER);"
              "INSERT INTO accounts VALUES ('1', ''), ('2', 'b'), ('3', 'c');"
              "INSERT INTO sites VALUES (1, 'a.example', '1'),"
              " (2, 'b.example', '2'), (3, 'c.example', '3'),"
              " (4, 'd.example', '1');"
              "INSERT INTO old_names VALUES ('old.example', 2);");
}

static uint8_t *
room(void)
{
    uint32_t n;

    if (gl_writer_room(&worker) < GL_FRAME_MAX)
        gl_writer_append(&worker, buffer, &n);
    if (gl_writer_ready(&worker, GL_FRAME_MAX, gl_clock_now_ms(),
                        gl_clock_boot_ms()) != GL_WRITER_OK)
        tap_bail("no segment: %s", worker.error_call);
    return buffer + worker.pending_bytes;
}

static void
put(uint8_t *at, size_t len, enum gl_frame_type type)
{
    gl_writer_frame(&worker, at, (uint32_t) len, gl_clock_boot_ms(), type);
}

static struct gl_text
text_of(const char *text)
{
    return (struct gl_text){text, (uint32_t) strlen(text)};
}

static void
write_event(void)
{
    int site = (int) tap_below(SITES);
    uint8_t *at = room();
    char path[1024];
    struct gl_event event = {.schema = GL_EVENT_SCHEMA,
                             .kind = GL_PAGEVIEW,
                             .visitor = 1 + tap_below(1000),
                             .site = text_of(sites[site].name)};

    /* some turns are of a few bytes, some of many */
    snprintf(path, sizeof path, "/%d/%0*d", written, 1 + (int) tap_below(500),
             0);
    event.path = text_of(path);
    put(at,
        gl_event_encode(&event, at + GL_FRAME_HEADER_BYTES,
                        GL_FRAME_PAYLOAD_MAX),
        GL_FRAME_EVENT);
    site_of[written++] = site;
}

static void
append(void)
{
    uint32_t n;

    gl_writer_append(&worker, buffer, &n);
}

/* Of d nobody knows whose they are. */
static void
write_counts(void)
{
    struct gl_count counts[SITES];
    uint32_t n = 0;
    uint8_t *at = room();

    for (size_t i = 0; i < SITES; i++)
        if (sites[i].lane != -1 && tap_below(2) == 0) {
            counts[n] = (struct gl_count){text_of(sites[i].name),
                                          text_of("prefetch"), tap_below(9)};
            counted[i] += counts[n++].n;
        }
    put(at,
        gl_counts_encode(counts, n, at + GL_FRAME_HEADER_BYTES,
                         GL_FRAME_PAYLOAD_MAX),
        GL_FRAME_COUNTS);
}

static void
write_some(void)
{
    for (uint64_t i = 1 + tap_below(400); i > 0 && written < EVENTS_MAX; i--)
        write_event();
    write_counts();
    append();
    if (tap_below(3) == 0)
        gl_writer_seal(&worker);
}

/* ---- the splitter ---- */

#define BEFORE 2 /* events that went to one primary */

/* The segment of these, by its name. */
static int
ask_before(void *arg,
           void (*each)(void *each_arg, const uint8_t seg[GL_SEGMENT_ID_BYTES],
                        uint32_t upto),
           void *each_arg, char *why, size_t why_len)
{
    (void) why;
    (void) why_len;
    each(each_arg, arg, BEFORE);
    return 0;
}

static uint8_t before_id[GL_SEGMENT_ID_BYTES];
static const struct gl_split_before before = {ask_before, before_id};

/* One that lives for LIFE_US at most; an alarm that nobody handles is as kill
 * -9 is: nothing of it runs. */
static void
split_for_a_while(void)
{
    struct itimerval life = {.it_value.tv_usec =
                                 (suseconds_t) (1 + tap_below(LIFE_US))};
    pid_t child = fork();
    char why[512];
    int busy, status;

    if (child == 0) {
        struct gl_split *split;

        close(worker.current.fd);
        close(worker.next.fd);
        if (freopen("/dev/null", "w", stderr) == NULL) /* its log */
            _exit(2);
        setitimer(ITIMER_REAL, &life, NULL);
        split = gl_split_new(&conf, &before, eventfd(0, 0), why, sizeof why,
                             &busy);
        if (split != NULL)
            gl_split_run(split);
        printf("# no splitter: %s\n", why);
        fflush(stdout);
        _exit(1);
    }
    waitpid(child, &status, 0);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGALRM)
        tap_bail("a splitter ended: %d", status);
}

static int
segments_in(const char *folder)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    int n = 0;

    while (dir != NULL && (entry = readdir(dir)) != NULL)
        n += gl_segment_name_ends(entry->d_name);
    if (dir != NULL)
        closedir(dir);
    return n;
}

/* ---- forwarders ---- */
static void
see_counts(struct gl_decoder *decoder, int lane,
           const struct gl_spool_frame *frame)
{
    struct gl_count counts[GL_COUNTS_MAX];
    const char *why;
    int n = gl_counts_decode(decoder, counts, frame->payload,
                             frame->payload_len, &why);

    while (n-- > 0)
        for (size_t i = 0; i < SITES; i++)
            if (counts[n].site.len == strlen(sites[i].name) &&
                memcmp(counts[n].site.data, sites[i].name,
                       counts[n].site.len) == 0)
                counts_seen[lane][i] += counts[n].n;
}

static void
see(struct gl_decoder *decoder, int lane, const struct gl_spool_frame *frame)
{
    struct gl_event event;
    const char *why;

    if (frame->type == GL_FRAME_COUNTS)
        see_counts(decoder, lane, frame);
    else if (gl_event_decode(decoder, &event, frame->payload,
                             frame->payload_len, &why) != 0)
        tap_bail("an event: %s", why);
    else
        seen[atoi(event.path.data + 1)][lane]++;
}

static void
note(void *arg, const char *sentence)
{
    (void) arg;
    tap_diag("%s", sentence);
}

static void
take_segments(struct gl_spool *spool, int lane)
{
    struct gl_spool_segment *segment = gl_spool_next(spool, NULL), *next;

    for (; segment != NULL; segment = next) {
        next = gl_spool_next(spool, segment);
        if (segment->drops.total > refused_seen[lane])
            refused_seen[lane] = segment->drops.total;
        gl_spool_settle(segment, segment->delivered);
        if (segment->lost == 0 && probe_grows(lanes, segment))
            continue;
        if (segment->lost > 0 || gl_spool_remove(spool, segment) != 0)
            tap_bail("a segment of a lane is not whole");
    }
}

/* What a splitter does before forwarders read. */
static void
recover(void)
{
    char why[512];
    struct gl_lanes_set *set =
        gl_lanes_set_new(lanes, &conf.cluster, why, sizeof why);

    if (set == NULL || gl_lanes_set_recover(set) != 0)
        tap_bail("lanes are not as lanes.db says");
    gl_lanes_set_free(set);
}

/* All that a lane has, and what does not grow goes. */
static void
forward(int lane)
{
    char folder[1200], why[512];
    struct gl_spool_options options = {
        .path = folder, .uids = conf.workers, .uids_n = 1, .note = note};
    struct gl_decoder *decoder = gl_decoder_new();
    const struct gl_spool_frame *frames;
    struct gl_spool *spool;
    int busy, more = 1;
    size_t n;

    recover();
    snprintf(folder, sizeof folder, "%s/%c", lanes, 'a' + lane);
    if (access(folder, F_OK) == 0) {
        spool = gl_spool_open(&options, why, sizeof why, &busy);
        if (spool == NULL)
            tap_bail("%s", why);
        for (int i = 0; more || i < 2; i++) { /* the last finds none */
            more = gl_spool_read(spool, gl_clock_now_ms(), gl_clock_boot_ms(),
                                 &frames, &n);
            for (size_t at = 0; at < n; at++)
                if (!probe_taken(&frames[at]))
                    see(decoder, lane, &frames[at]);
            gl_spool_release(spool);
        }
        take_segments(spool, lane);
        gl_spool_close(spool);
    }
    gl_decoder_free(decoder);
}

/* ---- tests ---- */

static int
is_all_in_lanes(void)
{
    return segments_in(conf.spool) == 0 &&
           probe_int(lanes_db, "SELECT count(*) FROM held") == 0 &&
           probe_int(lanes_db, "SELECT count(*) FROM open") == 0;
}

static void
split_all(void)
{
    gl_writer_seal(&worker);
    while (!is_all_in_lanes()) {
        split_for_a_while();
        for (int lane = 0; lane < LANES; lane++)
            forward(lane);
    }
    for (int lane = 0; lane < LANES; lane++)
        forward(lane);
}

static void
test_waits(void)
{
    make_meta();
    for (int i = 0; i <= BEFORE; i++)
        write_event();
    append();
    memcpy(before_id, worker.current.id, sizeof before_id);
    gl_writer_seal(&worker);
    write_some();
    for (int i = 0; i < 5; i++)
        split_for_a_while();
    tap_int(segments_in(conf.spool) > 0, 1,
            "before any change was made here nobody knows whose events are");
    probe_exec(meta, "INSERT INTO made_change VALUES (1, 1)");
}

static void
test_kills(void)
{
    int right = 0, others = 0;

    for (int round = 0; round < ROUNDS; round++) {
        write_some();
        split_for_a_while();
        probe_exec(meta, round % 2 ? "UPDATE sites SET account = '1' WHERE "
                                     "domain = 'd.example'"
                                   : "UPDATE sites SET account = '2' WHERE "
                                     "domain = 'd.example'");
        if (tap_below(4) == 0)
            forward((int) tap_below(LANES));
        else if (tap_below(2) == 0)
            probe_cut_power(lanes);
    }
    split_all();
    for (int i = BEFORE; i < written; i++) {
        int lane = sites[site_of[i]].lane;
        int n = seen[i][0] + seen[i][1] + seen[i][2];

        right += n == 1 && (lane == -1 ? seen[i][2] == 0 : seen[i][lane] == 1);
        others += n != 1;
    }
    tap_int(others, 0, "each of %d events is in one lane, once", written);
    tap_int(right, written - BEFORE, "and in that of its primary");
    for (int i = 0; i < BEFORE; i++)
        tap_int(seen[i][0] + seen[i][1] + seen[i][2], 0,
                "what one primary had before is in none");
    for (size_t i = 0; i < SITES; i++)
        for (int lane = 0; lane < LANES; lane++)
            tap_uint(counts_seen[lane][i],
                     sites[i].lane == lane ? counted[i] : 0,
                     "counts of %s in lane %c", sites[i].name, 'a' + lane);
}

/* Nobody reads b: a turn each time is no file each time. */
static void
test_far(void)
{
    char folder[1200];
    int most = 0, from = written, wrong = 0;

    snprintf(folder, sizeof folder, "%s/b", lanes);
    for (int i = 0; i < 100; i++) {
        write_event();
        append();
        gl_writer_seal(&worker);
        while (segments_in(conf.spool) > 0)
            split_for_a_while();
        most = segments_in(folder) > most ? segments_in(folder) : most;
    }
    tap_int(most <= 33, 1, "a lane that nobody reads has few files: %d", most);
    split_all();
    for (int i = from; i < written; i++)
        wrong += seen[i][0] + seen[i][1] + seen[i][2] != 1;
    tap_int(wrong, 0, "and each of its events once");
}

static void
test_full(void)
{
    char path[1200];
    int event = written, fd;

    snprintf(path, sizeof path, "%s/lanes/b/%032d.seg", conf.spool, 0);
    fd = open(path, O_CREAT | O_WRONLY, 0600);
    if (fd == -1 || ftruncate(fd, 1 << 30) == -1)
        tap_bail("%s cannot be made", path);
    close(fd);
    write_event();
    append();
    gl_writer_seal(&worker);
    for (int i = 0; i < 5; i++)
        split_for_a_while();
    tap_int(segments_in(conf.spool), 1, "while a lane is full events wait");
    unlink(path);
    split_all();
    tap_int(seen[event][0] + seen[event][1] + seen[event][2], 1,
            "and go on when it is not");
}

static void
test_refused(void)
{
    gl_writer_drop(&worker, 5, gl_clock_now_ms(), gl_clock_boot_ms());
    write_event();
    append();
    split_all();
    tap_uint(refused_seen[0], 5, "the first primary hears what was refused");
    tap_uint(refused_seen[1], 5, "so does the other");
    tap_uint(refused_seen[2], 0, "what is no primary here does not");
}

int
main(void)
{
    begin();
    test_waits();
    test_kills();
    test_far();
    test_full();
    test_refused();
    return tap_done();
}
