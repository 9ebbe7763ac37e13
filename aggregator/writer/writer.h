/*
 * The writer thread: the one thread that owns every write connection.  It
 * reads the spool, applies frames account by account in one transaction each,
 * closes visits, makes dirty days again, and does what the administrator asks.
 * The loop thread talks to it through these calls only; each returns at once.
 */

#ifndef GL_WRITER_H
#define GL_WRITER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "calls/call.h"
#include "conf.h"
#include "live/numbers.h"

struct gl_directory;
struct gl_ingest;

struct gl_ingest_events {
    /* Numbers of a watched site changed (writer thread; at most 10 a second
     * and site).  Also called once after each gl_writer_watch(). */
    void (*live)(void *arg, const struct gl_live *live);
    void *arg;
};

/*
 * Open everything (R1, R2) and start the thread.  NULL with a sentence in WHY;
 * *EXIT_CODE is then what the process should exit with (75: another glintod
 * has the spool or the data).
 */
struct gl_ingest *gl_writer_start(const struct gl_conf *conf,
                                  const struct gl_ingest_events *events,
                                  char *why, size_t why_len, int *exit_code);

/* R16: read to the end, commit, checkpoint, stop.  Blocks. */
void gl_writer_stop(struct gl_ingest *ingest);

/* The patterns of CONF's folder are read again, and used for all events to
 * come; the sites file is written again, a moment later.  It takes some 10 ms.
 * 0, or -1 with a sentence: those of before stay. */
int gl_writer_reread(struct gl_ingest *ingest, char *why, size_t why_len);

/* Who may see what; any thread, until gl_writer_stop(). */
struct gl_directory *gl_writer_directory(const struct gl_ingest *ingest);

/* A packet from the hint socket (copied).  UID is the sender's. */
void gl_writer_hint(struct gl_ingest *ingest, const uint8_t *packet,
                    size_t len);

/* Submit a copy of CALL, to the thread or, a question about rows (ASKS of
 * admin/verbs.def), to those that query; DONE runs there.  0, or -1 when too
 * many wait (answer 503). */
int gl_writer_call(struct gl_ingest *ingest, const struct gl_call *call);

/* Somebody looks at the site with this id (+1) or stops looking (-1); one
 * that is gone is ignored. */
void gl_writer_watch(struct gl_ingest *ingest, int64_t site, int change);

/* One WebSocket more (1) or less (-1): calls/measured.h. */
void gl_writer_socket(struct gl_ingest *ingest, int change);

#endif
