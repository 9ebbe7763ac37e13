
/*
 * Copyright (C) Glinto contributors
 *
 * The life of the worker's state: made at the start of the process, or with
 * the first event if that failed; kept up by a tick; closed with the process.
 *
 * Invariants
 *  1. init_process always says NGX_OK: whatever is wrong with the spool costs
 *     503s, never the web server.
 *  2. Timers (but for turn.c's) are cancelable and descriptors raw, so that
 *     nothing of ours keeps a worker alive or is reported as an open socket.
 */


#include "ngx_http_glinto_batch.h"
#include "ngx_http_glinto_clock.h"
#include "ngx_http_glinto_counts.h"
#include "ngx_http_glinto_held.h"
#include "ngx_http_glinto_hint.h"
#include "ngx_http_glinto_measured.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_outage.h"
#include "ngx_http_glinto_salt.h"
#include "ngx_http_glinto_sites.h"
#include "ngx_http_glinto_worker.h"

#include "apart.h"

#include <malloc.h>
#include <sys/random.h>


#define NGX_HTTP_GLINTO_TICK_MS      1000
#define NGX_HTTP_GLINTO_SLICE_MS     5      /* between slices of the sites */

/*
 * The requests of a turn keep their pools until the end of the turn.  With
 * glibc's thresholds of 128 KiB every turn then gives the top of the heap back
 * to the kernel and takes it again: 0.6 page faults a request at 32
 * connections, a fifth of its CPU time.
 */

#define NGX_HTTP_GLINTO_HEAP_TRIM    (8 * 1024 * 1024)
#define NGX_HTTP_GLINTO_HEAP_PAD     (256 * 1024)


static GL_APART ngx_http_glinto_worker_t *ngx_http_glinto_worker_create(
    ngx_http_glinto_main_conf_t *gmcf);
static void ngx_http_glinto_worker_start(ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_worker_events(ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_worker_open(ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_worker_unopened(ngx_http_glinto_worker_t *gw,
    const char *call);
static void ngx_http_glinto_worker_boot_id(uint8_t *id);
static void ngx_http_glinto_worker_random(uint8_t *bytes, size_t len);
static void ngx_http_glinto_worker_turn(ngx_event_t *ev);
static void ngx_http_glinto_worker_later(ngx_event_t *ev);
static void ngx_http_glinto_worker_tick(ngx_event_t *ev);
static void ngx_http_glinto_worker_second(ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_worker_spool(ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_worker_close(void *data);
static void ngx_http_glinto_worker_untimed(ngx_http_glinto_worker_t *gw);


ngx_int_t
ngx_http_glinto_init_process(ngx_cycle_t *cycle)
{
    ngx_http_glinto_main_conf_t  *gmcf;

    if (ngx_process != NGX_PROCESS_WORKER
        && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    gmcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_glinto_module);

    if (gmcf == NULL || gmcf->spool.len == 0) {
        return NGX_OK;
    }

    (void) mallopt(M_TRIM_THRESHOLD, NGX_HTTP_GLINTO_HEAP_TRIM);
    (void) mallopt(M_TOP_PAD, NGX_HTTP_GLINTO_HEAP_PAD);

    (void) ngx_http_glinto_worker_get(gmcf);

    return NGX_OK;
}


void
ngx_http_glinto_exit_process(ngx_cycle_t *cycle)
{
    ngx_http_glinto_main_conf_t  *gmcf;

    gmcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_glinto_module);

    if (gmcf && gmcf->worker) {
        ngx_http_glinto_worker_close(gmcf->worker);
    }
}


ngx_http_glinto_worker_t *
ngx_http_glinto_worker_get(ngx_http_glinto_main_conf_t *gmcf)
{
    if (gmcf->worker == NULL) {
        gmcf->worker = ngx_http_glinto_worker_create(gmcf);
    }

    return gmcf->worker;
}


static GL_APART ngx_http_glinto_worker_t *
ngx_http_glinto_worker_create(ngx_http_glinto_main_conf_t *gmcf)
{
    ngx_pool_t                *pool;
    ngx_pool_cleanup_t        *cln;
    ngx_http_glinto_worker_t  *gw;

    pool = gmcf->cycle->pool;

    gw = ngx_pcalloc(pool, sizeof(ngx_http_glinto_worker_t));
    if (gw == NULL) {
        return NULL;
    }

    gw->batch = ngx_palloc(pool, NGX_HTTP_GLINTO_BATCH_BYTES);
    gw->hint.packet = ngx_palloc(pool, GL_HINT_PACKET_MAX);
    gw->counts = ngx_palloc(pool, NGX_HTTP_GLINTO_COUNTS
                                  * sizeof(ngx_http_glinto_count_t));

    cln = ngx_pool_cleanup_add(pool, 0);

    if (gw->batch == NULL || gw->hint.packet == NULL || gw->counts == NULL
        || cln == NULL)
    {
        return NULL;
    }

    gw->scratch = ngx_create_pool(NGX_DEFAULT_POOL_SIZE, gmcf->cycle->log);
    if (gw->scratch == NULL) {
        return NULL;
    }

    gw->gmcf = gmcf;
    gw->log = gmcf->cycle->log;

    ngx_http_glinto_worker_start(gw);

    cln->handler = ngx_http_glinto_worker_close;
    cln->data = gw;

    return gw;
}


static void
ngx_http_glinto_worker_start(ngx_http_glinto_worker_t *gw)
{
    uint8_t                       incarnation[GL_SEGMENT_ID_BYTES];
    uint8_t                       boot_id[16];
    ngx_http_glinto_main_conf_t  *gmcf;

    gmcf = gw->gmcf;

    ngx_queue_init(&gw->sending);
    ngx_queue_init(&gw->waiting);
    ngx_queue_init(&gw->due);

    ngx_http_glinto_worker_events(gw);

    gw->psl = psl_builtin();

    ngx_http_glinto_worker_random(incarnation, sizeof(incarnation));
    ngx_http_glinto_worker_random(gw->share_key, sizeof(gw->share_key));
    ngx_http_glinto_worker_boot_id(boot_id);

    gl_writer_init(&gw->writer, -1, incarnation, boot_id, (uint32_t) ngx_pid,
                   (uint32_t) ngx_worker, (uint32_t) gmcf->segment,
                   (uint32_t) (gmcf->budget / (off_t) gmcf->segment));

    gw->dirfd = -1;
    gw->hint.fd = -1;

    ngx_http_glinto_turn_init(gw);
    ngx_http_glinto_clock(gw);
    ngx_http_glinto_worker_open(gw);
    ngx_http_glinto_salt_roll(gw);
    ngx_http_glinto_hint_init(gw);

    /* nothing is served before all sites and their opt-outs are known */

    while (ngx_http_glinto_sites_tick(gw)) { /* void */ }

    ngx_http_glinto_tokens_tick(gw);

    ngx_add_timer(&gw->tick, NGX_HTTP_GLINTO_TICK_MS);
}


static void
ngx_http_glinto_worker_events(ngx_http_glinto_worker_t *gw)
{
    gw->dummy.data = gw;
    gw->dummy.fd = (ngx_socket_t) -1;

    gw->flush.handler = ngx_http_glinto_worker_turn;
    gw->flush.data = &gw->dummy;
    gw->flush.log = gw->log;
    gw->flush.write = 1;

    gw->later.handler = ngx_http_glinto_worker_later;
    gw->later.data = &gw->dummy;
    gw->later.log = gw->log;
    gw->later.cancelable = 1;

    gw->tick.handler = ngx_http_glinto_worker_tick;
    gw->tick.data = &gw->dummy;
    gw->tick.log = gw->log;
    gw->tick.cancelable = 1;
}


/* the spool directory; not there: the tick comes again */

static void
ngx_http_glinto_worker_open(ngx_http_glinto_worker_t *gw)
{
    int          fd;
    struct stat  st;

    fd = open((char *) gw->gmcf->spool.data, O_RDONLY|O_DIRECTORY|O_CLOEXEC);

    if (fd == -1) {
        ngx_http_glinto_worker_unopened(gw, "open");
        return;
    }

    if (fstat(fd, &st) == -1) {
        ngx_http_glinto_worker_unopened(gw, "fstat");
        (void) close(fd);
        return;
    }

    if (gw->dirfd != -1 && st.st_ino == gw->ino && st.st_dev == gw->dev) {
        (void) close(fd);
        return;
    }

    if (gw->dirfd != -1) {
        (void) close(gw->dirfd);
    }

    gw->dirfd = fd;
    gw->writer.dirfd = fd;
    gw->dev = st.st_dev;
    gw->ino = st.st_ino;

    ngx_http_glinto_hint_hello(gw);
}


/* the reason of the 503s to come, unless an older directory takes events */

static void
ngx_http_glinto_worker_unopened(ngx_http_glinto_worker_t *gw,
    const char *call)
{
    if (gw->dirfd == -1) {
        gw->writer.error = ngx_errno;
        gw->writer.error_call = call;
    }
}


static void
ngx_http_glinto_worker_boot_id(uint8_t *id)
{
    int         fd;
    u_char      text[36];
    ssize_t     n;
    ngx_int_t   byte;
    ngx_uint_t  i, at;

    ngx_memzero(id, 16);

    fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY|O_CLOEXEC);
    if (fd == -1) {
        return;
    }

    n = read(fd, text, sizeof(text));
    (void) close(fd);

    for (i = 0, at = 0; i < 16 && (ssize_t) at + 2 <= n; i++, at += 2) {

        if (text[at] == '-') {
            at++;
        }

        byte = ngx_hextoi(text + at, 2);
        id[i] = (uint8_t) (byte == NGX_ERROR ? 0 : byte);
    }
}


static void
ngx_http_glinto_worker_random(uint8_t *bytes, size_t len)
{
    size_t  i;

    if (getrandom(bytes, len, GRND_NONBLOCK) == (ssize_t) len) {
        return;
    }

    /* before the kernel's first seed: nginx has seeded random() with time */

    for (i = 0; i < len; i++) {
        bytes[i] = (uint8_t) (ngx_random() >> 8);
    }
}


/* the posted event: the turn of the event loop is over */

static void
ngx_http_glinto_worker_turn(ngx_event_t *ev)
{
    ngx_connection_t          *c;
    ngx_http_glinto_worker_t  *gw;

    c = ev->data;
    gw = c->data;

    ngx_http_glinto_turn_end(gw);
    ngx_http_glinto_held_tell(gw);

    (void) ngx_http_glinto_batch_append(gw);

    ngx_http_glinto_batch_replies(gw);
}


/* what pages served wait for; what else was there has been appended */

static void
ngx_http_glinto_worker_later(ngx_event_t *ev)
{
    ngx_connection_t  *c;

    c = ev->data;

    (void) ngx_http_glinto_batch_append(c->data);
}


/*
 * The timer is set again while the process is exiting, too: being cancelable
 * it delays nothing, and a worker that still serves long connections has to
 * let go of its segment.
 */

static void
ngx_http_glinto_worker_tick(ngx_event_t *ev)
{
    ngx_uint_t                 more;
    ngx_connection_t          *c;
    ngx_http_glinto_worker_t  *gw;

    c = ev->data;
    gw = c->data;

    ngx_http_glinto_clock(gw);

    more = ngx_http_glinto_sites_tick(gw);

    if (gw->ticked != ngx_time()) {
        gw->ticked = ngx_time();
        ngx_http_glinto_worker_second(gw);
    }

    ngx_add_timer(&gw->tick, more ? NGX_HTTP_GLINTO_SLICE_MS
                                  : NGX_HTTP_GLINTO_TICK_MS);
}


static void
ngx_http_glinto_worker_second(ngx_http_glinto_worker_t *gw)
{
    ngx_http_glinto_salt_tick(gw);
    ngx_http_glinto_tokens_tick(gw);
    ngx_http_glinto_held_tick(gw);

    if (!ngx_http_glinto_pause(gw)) {
        ngx_http_glinto_worker_spool(gw);
    }

    ngx_http_glinto_hint_tick(gw);

    ngx_http_glinto_outage_tick(gw);
    ngx_http_glinto_measured_tell(gw);
}


static void
ngx_http_glinto_worker_spool(ngx_http_glinto_worker_t *gw)
{
    int64_t  began_us;

    began_us = ngx_http_glinto_clock_boot_us();

    if (gw->outage || gw->dirfd == -1) {
        ngx_http_glinto_worker_open(gw);
    }

    ngx_http_glinto_counts_flush(gw);

    (void) ngx_http_glinto_batch_append(gw);

    gl_writer_tick(&gw->writer, gw->wall_ms, gw->boot_ms);

    ngx_http_glinto_pause_look(gw, began_us);
    ngx_http_glinto_hint_sealed(gw);
}


/* exit of the process, or end of the cycle's pool, whichever is first */

static void
ngx_http_glinto_worker_close(void *data)
{
    ngx_http_glinto_worker_t *gw = data;

    if (gw->closed) {
        return;
    }

    gw->closed = 1;

    /* what was dropped without the directory is told if it is there now */

    if (gw->dirfd == -1) {
        ngx_http_glinto_worker_open(gw);
    }

    ngx_http_glinto_clock(gw);

    ngx_http_glinto_held_tell(gw);
    (void) ngx_http_glinto_batch_append(gw);

    /* there is no later time: what a pause has held back is written now */

    gw->pause_until_ms = 0;

    ngx_http_glinto_counts_flush(gw);

    gw->writer.still = 0;

    gl_writer_seal(&gw->writer);

    ngx_http_glinto_hint_sealed(gw);
    ngx_http_glinto_hint_close(gw);
    ngx_http_glinto_measured_tell(gw);

    ngx_http_glinto_turn_close(gw);

    ngx_http_glinto_worker_untimed(gw);

    ngx_http_glinto_sites_free(gw);
    ngx_http_glinto_tokens_free(gw);
    ngx_http_glinto_salt_forget(gw);
    ngx_destroy_pool(gw->scratch);

    if (gw->dirfd != -1) {
        (void) close(gw->dirfd);
        gw->dirfd = -1;
    }
}


static void
ngx_http_glinto_worker_untimed(ngx_http_glinto_worker_t *gw)
{
    if (gw->later.timer_set) {
        ngx_del_timer(&gw->later);
    }

    if (gw->tick.timer_set) {
        ngx_del_timer(&gw->tick);
    }
}
