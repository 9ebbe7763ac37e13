/* Losses of edges, into meta.db; see told_lost.h. */

#include "ingest/told_lost.h"

#include "conf.h"
#include "ingest/batch.h"
#include "log.h"
#include "segment.h"
#include "store/meta/counts.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_BYTES_MAX (4 << 20) /* it has 1 MiB at most (log/lost.c) */

/* "SEGMENT INDEX N AT", in meta.db's transaction: 0, or an error. */
static int
take_line(struct gl_ingest *in, const char *line)
{
    char hex[2 * GL_SEGMENT_ID_BYTES + 1];
    uint8_t seg[GL_SEGMENT_ID_BYTES];
    unsigned int index;
    unsigned long long n;
    long long at_ms;
    int known;

    if (sscanf(line, "%32s %u %llu %lld", hex, &index, &n, &at_ms) != 4 ||
        sodium_hex2bin(seg, sizeof seg, hex, strlen(hex), NULL, NULL, NULL) !=
            0)
        return 0;
    known = gl_meta_lost_known(in->meta, seg, index, index);
    if (known != 0)
        return MIN(known, 0);
    if (gl_ingest_begin_(in, &in->of_meta) != 0)
        return -1;
    in->sums_ms = 0; /* conditions.c: ask again */
    return gl_meta_set_lost(in->meta, seg, index, n, at_ms);
}

/* 0, or -1: once more. */
static int
take_file(struct gl_ingest *in, const char *path)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    int error = 0;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return -1;
    lines = g_strsplit(text, "\n", -1);
    for (int i = 0; lines[i] != NULL && error >= 0; i++)
        error = take_line(in, lines[i]);
    if (in->of_meta.transaction != GL_ACCOUNT_IDLE &&
        gl_ingest_commit_(in, &in->of_meta) != 0)
        error = -1;
    return MIN(error, 0);
}

void
gl_ingest_take_lost_(struct gl_ingest *in)
{
    g_autofree char *path = NULL;
    struct stat st;
    int64_t ns;

    if (in->conf->follow[0] == '\0' || !gl_ingest_works_(&in->of_meta))
        return;
    path = g_build_filename(in->conf->data, "lost", NULL);
    if (stat(path, &st) == -1 || st.st_size > FILE_BYTES_MAX)
        return;
    ns = st.st_mtim.tv_sec * INT64_C(1000000000) + st.st_mtim.tv_nsec;
    if (ns != in->lost_ns && take_file(in, path) == 0)
        in->lost_ns = ns;
}
