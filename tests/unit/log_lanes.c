/*
 * Promise: what a version before left in lanes goes on: frames that it held in
 * lanes.db, and a segment that it had committed and not shown yet, are in
 * their lane once; so they are after a further start.  While calls of lanes.db
 * fail a frame that is given once more is there once.
 */

#include "clock.h"
#include "cluster.h"
#include "log/lane.h"
#include "segment.h"
#include "spool/spool.h"
#include "store_probe.h"
#include "tap.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define IO_ERROR 10 /* SQLite's SQLITE_IOERR */

static struct gl_cluster cluster = {.n = 2};
static char folder[1000], file[1100];

static struct gl_lanes_set *
start(void)
{
    char why[512];
    struct gl_lanes_set *set =
        gl_lanes_set_new(folder, &cluster, why, sizeof why);

    if (set == NULL || gl_lanes_set_recover(set) != 0)
        tap_bail("no lanes: %s", set == NULL ? why : set->why);
    return set;
}

/* A turn without frames of a spool: 0, or -1. */
static int
try_turn(struct gl_lanes_set *set)
{
    return gl_lanes_set_write(set, 0) != 0 || gl_lanes_begin(set->db) < 0 ||
                   gl_lanes_set_note(set) != 0 ||
                   gl_lanes_commit(set->db) < 0 ||
                   gl_lanes_set_show(set, gl_clock_boot_ms()) != 0
               ? -1
               : 0;
}

static void
turn(struct gl_lanes_set *set)
{
    gl_lanes_set_end(set, gl_clock_boot_ms(), 1);
    if (try_turn(set) != 0)
        tap_bail("no turn: %s", set->why);
}

/* Frames of an older version: "held 1" to "held 3", and "to be shown". */
static void
leave(void)
{
    GByteArray *piece = g_byte_array_new();
    GString *sql = g_string_new(NULL), *names = g_string_new(NULL);
    char lane[1100], why[512], text[32];
    struct gl_handover *handover;

    snprintf(lane, sizeof lane, "%s/b", folder);
    handover = gl_handover_new(lane, NULL, why, sizeof why);
    gl_chunk_begin(piece);
    for (uint32_t i = 1; i <= 4; i++) {
        /* times fall back */
        struct gl_chunk_frame frame = {i, 0, 1700000000000 - 1000 * i,
                                       GL_FRAME_EVENT, (uint8_t *) text};

        snprintf(text, sizeof text, i < 4 ? "held %u" : "to be shown", i);
        frame.payload_len = (uint32_t) strlen(text);
        if (i < 4)
            gl_chunk_add(piece, &frame);
        else
            gl_handover_add(handover, &frame);
    }
    if (gl_handover_write(handover, names) != 0)
        tap_bail("no segment of before");
    gl_handover_free(handover);
    g_string_append(sql, "DROP TABLE open; DROP TABLE kept; "
                         "PRAGMA user_version = 2; "
                         "INSERT INTO held (lane, frames) VALUES ('b', x'");
    for (guint i = 0; i < piece->len; i++)
        g_string_append_printf(sql, "%02x", piece->data[i]);
    g_string_append_printf(sql, "'); INSERT INTO lane VALUES ('b', '%s')",
                           names->str);
    probe_exec(file, sql->str);
    g_byte_array_free(piece, TRUE);
    g_string_free(sql, TRUE);
    g_string_free(names, TRUE);
}

static void
note(void *arg, const char *sentence)
{
    (void) arg;
    tap_diag("%s", sentence);
}

/* How many frames the lane b has, and how many of these are TEXT. */
static int
frames_of(const char *text, int *all)
{
    char lane[1100], why[512];
    uid_t self = geteuid();
    struct gl_spool_options options = {
        .path = lane, .uids = &self, .uids_n = 1, .note = note};
    const struct gl_spool_frame *frames;
    struct gl_spool *spool;
    int busy, n = 0;
    size_t len;

    snprintf(lane, sizeof lane, "%s/b", folder);
    spool = gl_spool_open(&options, why, sizeof why, &busy);
    if (spool == NULL)
        tap_bail("%s", why);
    gl_spool_read(spool, gl_clock_now_ms(), gl_clock_boot_ms(), &frames, &len);
    for (size_t i = 0; i < len; i++)
        n += frames[i].payload_len == strlen(text) &&
             memcmp(frames[i].payload, text, strlen(text)) == 0 &&
             (text[0] != 'h' ||
              frames[i].at_ms == 1700000000000 - 1000 * (text[5] - '0'));
    *all = (int) len;
    gl_spool_close(spool);
    return n;
}

static void
look(const char *when)
{
    static const char *const texts[] = {"held 1", "held 2", "held 3",
                                        "to be shown"};
    int all;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        tap_int(frames_of(texts[i], &all), 1, "%s: what was %s is there", when,
                texts[i]);
    tap_int(all, 4, "and no more");
}

/* Each call of a turn fails once, before or after what it commits.  FRAMES are
 * in the lane; how many are then. */
static int
test_failures(struct gl_lanes_set *set, int frames)
{
    uint8_t bytes[100000] = "failing";
    struct gl_chunk_frame frame = {1, 0, 0, GL_FRAME_EVENT, bytes};
    int failed = 0, right = 0, turns = 0, all;

    for (int nth = 1; nth <= 12; nth++, turns++) {
        int64_t open = probe_int(file, "SELECT coalesce(sum(frames), 0) FROM "
                                       "open");
        int done = 0;

        frame.at_ms = gl_clock_now_ms();
        frame.payload_len = 7;
        while (!done) {
            /* some turns are of many bytes */
            gl_lane_add(gl_lanes_set_find(set, "b"), &frame);
            for (int i = 0; nth % 2 == 0 && i < 10; i++) {
                frame.payload_len = GL_FRAME_PAYLOAD_MAX;
                gl_lane_add(gl_lanes_set_find(set, "b"), &frame);
            }
            frame.payload_len = 7;
            probe_fail(failed < nth ? nth : 0, IO_ERROR, 1);
            done = try_turn(set) == 0;
            probe_fail(0, 0, 0);
            if (done)
                break;
            failed = nth;
            if (gl_lanes_set_recover(set) != 0)
                tap_bail("no recovery: %s", set->why);
            done = probe_int(file, "SELECT coalesce(sum(frames), 0) FROM "
                                   "open") > open;
        }
        frames += nth % 2 == 0 ? 11 : 1;
        (void) frames_of("failing", &all);
        right += all == frames;
    }
    tap_int(failed > 2, 1, "some turns failed");
    tap_int(right, turns, "and each frame is there once");
    return frames;
}

int
main(void)
{
    struct gl_lanes_set *set;

    probe_faults();
    strcpy(cluster.primaries[0].name, "a");
    strcpy(cluster.primaries[1].name, "b");
    snprintf(folder, sizeof folder, "%s", tap_dir());
    snprintf(file, sizeof file, "%s/lanes.db", folder);
    gl_lanes_set_free(start());
    leave();
    set = start();
    tap_int(gl_lanes_set_is_due(set, 1), 1, "there is something to do");
    gl_lanes_set_free(set); /* killed before it was done */
    set = start();
    turn(set);
    look("after a turn");
    gl_lanes_set_free(set);
    set = start();
    turn(set);
    turn(set);
    look("after a further start");
    tap_int(probe_int(file, "SELECT (SELECT count(*) FROM open) + (SELECT "
                            "count(*) FROM kept) + (SELECT count(*) FROM "
                            "held)"),
            0, "nothing is kept any more");
    test_failures(set, 4);
    gl_lanes_set_free(set);
    return tap_done();
}
