/*
 * Fill a spool directory with events, as a worker would, for measuring how
 * fast the aggregator applies them.
 *
 *   fill-spool DIR SITE EVENTS [HOURS [PATHS [VISITORS [AGENTS]]]]
 *
 * Pageviews of VISITORS (EVENTS / 20) on PATHS (500) pages, 4 browsers and 6
 * referrers, some 230 bytes each, spread over the ten minutes before now, or
 * before HOURS ago.  No other run has the same visitors.  AGENTS is a file of
 * User-Agents, one a line: each event has one, with a number of its own at the
 * end, so that none comes twice.
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "event.h"
#include "gl_segment.h"

#define SPAN_MS 600000 /* before now */
#define AGENTS_MAX 50000
#define AGENT_BYTES_MAX 512 /* longer ones are cut */

static char *made_up[AGENTS_MAX];
static uint32_t made_up_n;

/* 0, or -1: errno. */
static int
read_agents(const char *path)
{
    size_t cap;
    FILE *in = fopen(path, "r");

    if (in == NULL)
        return -1;
    for (; made_up_n < AGENTS_MAX; made_up_n++) {
        cap = 0;
        if (getline(&made_up[made_up_n], &cap, in) == -1)
            break;
        made_up[made_up_n][strcspn(made_up[made_up_n], "\n")] = '\0';
    }
    fclose(in);
    return 0;
}

/* Agent NUMBER, in TO. */
static struct gl_text
make_up(char to[AGENT_BYTES_MAX + 1], uint32_t number)
{
    char end[12];
    size_t len = strlen(made_up[number % made_up_n]);
    size_t end_len =
        (size_t) snprintf(end, sizeof(end), " %08x", (unsigned) number);

    if (len > AGENT_BYTES_MAX - end_len)
        len = AGENT_BYTES_MAX - end_len;
    memcpy(to, made_up[number % made_up_n], len);
    memcpy(to + len, end, end_len);
    return (struct gl_text){to, (uint32_t) (len + end_len)};
}

static int64_t
clock_ms(clockid_t clock)
{
    struct timespec ts;

    clock_gettime(clock, &ts);
    return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static struct gl_text
text(const char *s)
{
    return (struct gl_text){s, (uint32_t) strlen(s)};
}

struct load {
    const char *site;
    uint32_t events, paths, visitors;
    int64_t ago_ms;
};

/* Event NUMBER of LOAD; PATH is its buffer. */
static void
make_event(struct gl_event *event, const struct load *load, uint32_t number,
           char path[64])
{
    static const char *const referrers[] = {
        "",
        "https://www.google.com/",
        "https://duckduckgo.com/",
        "https://news.ycombinator.com/item?id=1",
        "https://t.co/abc",
        "https://blog.example.net/a/long/path/of/an/article"};
    static const char *const agents[] = {
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, "
        "like Gecko) Chrome/138.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/18.5 Safari/605.1.15",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 "
        "Firefox/140.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) "
        "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
        "Mobile/15E148 Safari/604.1"};
    uint64_t mix = number * UINT64_C(0x9e3779b97f4a7c15);
    uint64_t visitor = (mix >> 20) % load->visitors;
    uint64_t of_all = ((uint64_t) getpid() << 32) + visitor + 1;

    snprintf(path, 64, "/articles/2026/number-%u",
             load->paths < load->events
                 ? (unsigned) ((mix >> 40) % load->paths)
                 : (unsigned) number);
    memset(event, 0, sizeof(*event));
    event->schema = GL_EVENT_SCHEMA;
    event->kind = GL_PAGEVIEW;
    event->site = event->host = text(load->site);
    event->path = text(path);
    event->referrer = text(referrers[visitor % 6]);
    event->agent = text(agents[visitor % 4]);
    event->language = text("en-GB");
    event->country = text("DE");
    event->evidence = GL_EVIDENCE_LANGUAGE | GL_EVIDENCE_ENCODING;
    event->visitor = (of_all * UINT64_C(0xd6e8feb86659fd93)) & GL_VISITOR_MASK;
}

static int
append(struct gl_writer *writer, uint8_t *buf)
{
    uint32_t written;

    return writer->pending_bytes == 0
               ? 0
               : gl_writer_append(writer, buf, &written);
}

static int
fill(struct gl_writer *writer, const struct load *load)
{
    static uint8_t buf[64 * 1024] __attribute__((aligned(8)));
    int64_t wall_ms = clock_ms(CLOCK_REALTIME) - SPAN_MS - load->ago_ms;
    int64_t boot_ms = clock_ms(CLOCK_BOOTTIME) - SPAN_MS;
    struct gl_event event;
    char path[64], agent[AGENT_BYTES_MAX + 1];

    for (uint32_t i = 0; i < load->events; i++) {
        int64_t passed_ms = (int64_t) i * SPAN_MS / load->events;
        uint8_t *at;
        size_t len;

        if (gl_writer_room(writer) < GL_FRAME_MAX ||
            writer->pending_bytes + GL_FRAME_MAX > sizeof(buf)) {
            if (append(writer, buf) == -1 ||
                gl_writer_ready(writer, GL_FRAME_MAX, wall_ms + passed_ms,
                                boot_ms + passed_ms) != GL_WRITER_OK)
                return -1;
        }
        at = buf + writer->pending_bytes;
        make_event(&event, load, i, path);
        if (made_up_n > 0)
            event.agent = make_up(agent, i);
        len = gl_event_encode(&event, at + GL_FRAME_HEADER_BYTES,
                              GL_FRAME_PAYLOAD_MAX);
        if (len == 0 ||
            gl_writer_frame(writer, at, (uint32_t) len, boot_ms + passed_ms,
                            GL_FRAME_EVENT) == 0)
            return -1;
    }
    return append(writer, buf);
}

/* Argument AT, or FALLBACK. */
static uint32_t
number(int argc, char **argv, int at, uint32_t fallback)
{
    return at < argc ? (uint32_t) strtoul(argv[at], NULL, 10) : fallback;
}

int
main(int argc, char **argv)
{
    uint8_t incarnation[GL_SEGMENT_ID_BYTES], boot_id[16] = {0};
    struct gl_writer writer;
    struct load load;
    int dirfd;

    if (argc < 4) {
        fputs("usage: fill-spool DIR SITE EVENTS [HOURS [PATHS [VISITORS "
              "[AGENTS]]]]\n",
              stderr);
        return 2;
    }
    load.site = argv[2];
    load.events = number(argc, argv, 3, 0);
    load.ago_ms = (int64_t) number(argc, argv, 4, 0) * 3600000;
    load.paths = number(argc, argv, 5, 500);
    load.visitors = number(argc, argv, 6, load.events / 20 + 1);
    if (argc > 7 && (read_agents(argv[7]) == -1 || made_up_n == 0)) {
        perror(argv[7]);
        return 1;
    }
    dirfd = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dirfd == -1 || getrandom(incarnation, sizeof(incarnation), 0) !=
                           (ssize_t) sizeof(incarnation)) {
        perror(argv[1]);
        return 1;
    }
    gl_writer_init(&writer, dirfd, incarnation, boot_id, (uint32_t) getpid(),
                   0, GL_SEGMENT_BYTES_DEFAULT, 65536);
    if (fill(&writer, &load) == -1) {
        fprintf(stderr, "fill-spool: %s\n",
                writer.error_call == NULL ? "no segment" : writer.error_call);
        return 1;
    }
    gl_writer_seal(&writer);
    return 0;
}
