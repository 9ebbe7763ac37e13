/* Lanes after a death; see lanes_probe.h. */

#include "lanes_probe.h"

#include "segment.h"
#include "store_probe.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SENT_MAX 65536

static struct {
    uint8_t id[GL_SEGMENT_ID_BYTES];
    uint32_t upto;
} sent[SENT_MAX];
static size_t sent_n;

int
probe_taken(const struct gl_spool_frame *frame)
{
    const uint8_t *id = frame->segment->header.id;
    size_t at = 0;

    while (at < sent_n && memcmp(sent[at].id, id, GL_SEGMENT_ID_BYTES) != 0)
        at++;
    if (at == SENT_MAX)
        tap_bail("more than %d segments", SENT_MAX);
    if (at == sent_n)
        memcpy(sent[sent_n++].id, id, GL_SEGMENT_ID_BYTES);
    if (frame->index <= sent[at].upto)
        return 1;
    sent[at].upto = frame->index;
    return 0;
}

int
probe_grows(const char *lanes, const struct gl_spool_segment *segment)
{
    char name[GL_SEGMENT_NAME_MAX], sql[200], file[1200];

    gl_segment_name(name, segment->header.id);
    snprintf(file, sizeof file, "%s/lanes.db", lanes);
    snprintf(sql, sizeof sql, "SELECT count(*) FROM open WHERE seg = x'%.32s'",
             name);
    return probe_int(file, sql) > 0;
}

/* LEN bytes at AT of the file PATH, or ALL of it. */
static void
lose(const char *path, int at, int len, int all)
{
    uint8_t *zeros = calloc(1, (size_t) len);
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd == -1 && errno != ENOENT)
        tap_bail("%s: %s", path, strerror(errno));
    if (fd != -1 && pwrite(fd, zeros, (size_t) len, at) != len)
        tap_bail("%s: %s", path, strerror(errno));
    if (fd != -1)
        close(fd);
    if (all)
        (void) unlink(path);
    free(zeros);
}

void
probe_cut_power(const char *lanes)
{
    char file[1200], sql[400], name[40], lane[40], path[1300];
    int64_t id = 0;
    int at, len, all;

    snprintf(file, sizeof file, "%s/lanes.db", lanes);
    for (;;) {
        snprintf(sql, sizeof sql, "SELECT min(id) FROM kept WHERE id > %lld",
                 (long long) id);
        if ((id = probe_int(file, sql)) <= 0)
            return;
        snprintf(sql, sizeof sql,
                 "SELECT lower(hex(o.seg)) || ' ' || o.lane || ' ' || k.at || "
                 "' ' || length(k.bytes) || ' ' || (SELECT sum(length(bytes)) "
                 "= o.bytes - 4096 FROM kept WHERE seg = o.seg) "
                 "FROM open o JOIN kept k ON k.seg = o.seg WHERE k.id = %lld",
                 (long long) id);
        if (sscanf(probe_text(file, sql), "%39s %39s %d %d %d", name, lane,
                   &at, &len, &all) != 5)
            tap_bail("lanes.db keeps bytes of no segment");
        snprintf(path, sizeof path, "%s/%s/%s.seg", lanes, lane, name);
        lose(path, at, len, all && tap_below(2) == 0);
    }
}
