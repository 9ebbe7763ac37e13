/*
 * The page of inflight.h and the handler that writes into it.  It is this
 * machine's own: native integers, read by nobody else.
 */

#include "ingest/inflight.h"

#include "ending.h"
#include "log.h"
#include "segment.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NAME "inflight"
#define MAGIC "GLFLIGH1"
#define PAGE_BYTES 4096
#define BAD_MAX 128             /* 20 bytes each fit the page */
#define ATTEMPTS_MAX 2          /* the second crash is no coincidence */
#define STACK_BYTES (64 * 1024) /* for the handler when the stack is over */
#define SPARE_BYTES (1 << 20)   /* malloc asks for so much before it fails */

struct mark {
    uint8_t id[GL_SEGMENT_ID_BYTES];
    uint32_t index; /* 0 = none */
};

struct page {
    char magic[8];
    volatile uint32_t signal; /* that ended the process in this frame */
    struct mark now;
    struct mark suspect; /* of the last crash */
    uint32_t attempts;   /* crashes of the suspect */
    uint32_t bad_n;      /* ever; the last BAD_MAX are kept */
    struct mark bad[BAD_MAX];
    volatile uint32_t starved; /* there was no memory at that signal */
};

_Static_assert(sizeof(struct page) <= PAGE_BYTES, "the page has one page");

struct gl_inflight {
    struct page *page;
    uint8_t *stack;
};

/* Only the writer thread has one here: a crash elsewhere blames no frame. */
static _Thread_local struct page *flying;

static void
note_signal(int number)
{
    void *spare;

    if (flying == NULL)
        return;
    spare = mmap(NULL, SPARE_BYTES, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    flying->starved = spare == MAP_FAILED;
    flying->signal = (uint32_t) number;
}

static int
same(const struct mark *mark, const uint8_t *id, uint32_t index)
{
    return mark->index == index && memcmp(mark->id, id, sizeof mark->id) == 0;
}

static void
judge(struct page *page)
{
    const struct mark *now = &page->now;

    if (page->signal != 0 && page->starved) {
        gl_log(GL_LOG_ERROR,
               "the last glintod ended by signal %u: there was no memory",
               page->signal);
    } else if (page->signal != 0 && now->index != 0) {
        if (!same(&page->suspect, now->id, now->index)) {
            page->suspect = *now;
            page->attempts = 0;
        }
        page->attempts++;
        gl_log(GL_LOG_ERROR,
               "the last glintod ended by signal %u in frame %u of a segment, "
               "attempt %u",
               page->signal, now->index, page->attempts);
        if (page->attempts >= ATTEMPTS_MAX)
            page->bad[page->bad_n++ % BAD_MAX] = *now;
    }
    page->signal = page->starved = 0;
    page->now.index = 0;
}

/* The file with all its blocks, so that no store meets a full disk. */
static int
open_page(const char *data)
{
    int dir = open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd, error;

    if (dir == -1)
        return -1;
    fd = openat(dir, NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    close(dir);
    if (fd == -1)
        return -1;
    error = posix_fallocate(fd, 0, PAGE_BYTES);
    if (error == 0)
        return fd;
    close(fd);
    errno = error;
    return -1;
}

static struct page *
map_page(const char *data)
{
    struct page *page;
    int fd = open_page(data);

    if (fd == -1)
        return NULL;
    page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return page == MAP_FAILED ? NULL : page;
}

struct gl_inflight *
gl_inflight_open(const char *data, char *why, size_t why_len)
{
    struct gl_inflight *inflight = calloc(1, sizeof *inflight);

    if (inflight != NULL && (inflight->stack = malloc(STACK_BYTES)) != NULL)
        inflight->page = map_page(data);
    if (inflight == NULL || inflight->page == NULL) {
        (void) snprintf(why, why_len, "%s/" NAME ": %s", data,
                        strerror(errno));
        gl_inflight_close(inflight);
        return NULL;
    }
    if (memcmp(inflight->page->magic, MAGIC, sizeof inflight->page->magic) !=
        0) {
        memset(inflight->page, 0, PAGE_BYTES);
        memcpy(inflight->page->magic, MAGIC, sizeof inflight->page->magic);
    }
    judge(inflight->page);
    return inflight;
}

void
gl_inflight_close(struct gl_inflight *inflight)
{
    if (inflight == NULL)
        return;
    if (inflight->page != NULL)
        munmap(inflight->page, PAGE_BYTES);
    free(inflight->stack);
    free(inflight);
}

void
gl_inflight_attach(struct gl_inflight *inflight)
{
    stack_t stack, before;

    if (inflight == NULL)
        return;
    /* A sanitizer gives each thread a stack of its own, and takes it back. */
    stack = (stack_t){.ss_sp = inflight->stack, .ss_size = STACK_BYTES};
    if (sigaltstack(NULL, &before) == 0 && before.ss_flags & SS_DISABLE)
        (void) sigaltstack(&stack, NULL);
    flying = inflight->page;
    gl_ending_note(note_signal);
}

void
gl_inflight_enter(struct gl_inflight *inflight, const uint8_t *id,
                  uint32_t index)
{
    if (inflight == NULL)
        return;
    memcpy(inflight->page->now.id, id, GL_SEGMENT_ID_BYTES);
    inflight->page->now.index = index;
}

void
gl_inflight_leave(struct gl_inflight *inflight)
{
    if (inflight != NULL)
        inflight->page->now.index = 0;
}

int
gl_inflight_is_bad(const struct gl_inflight *inflight, const uint8_t *id,
                   uint32_t index)
{
    uint32_t n;

    if (inflight == NULL)
        return 0;
    n = inflight->page->bad_n < BAD_MAX ? inflight->page->bad_n : BAD_MAX;
    for (uint32_t i = 0; i < n; i++)
        if (same(&inflight->page->bad[i], id, index))
            return 1;
    return 0;
}
