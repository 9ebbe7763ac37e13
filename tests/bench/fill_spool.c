/*
 * Fill a spool directory with events, as a worker would, for measuring how
 * fast the aggregator applies them.
 *
 *   fill-spool DIR SITE EVENTS [HOURS [PATHS [VISITORS [SITES [RATE
 *       [AGENTS]]]]]]
 *
 * Pageviews of VISITORS (EVENTS / 20) on PATHS (500) pages, 4 browsers and 6
 * referrers, some 230 bytes each, spread over the ten minutes before now, or
 * before HOURS ago.  No other run has the same visitors.  With SITES each of
 * them goes to one of s0.SITE, s1.SITE and so on, by chance; when ZIPF is in
 * the environment the N-th of them with a chance of 1/N.  With RATE they
 * come now, so many a second, as a worker under load would write them.  AGENTS
 * is a file of User-Agents, one a line: each event has one, with a number of
 * its own at the end of what is looked at, so that none comes twice.
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
#define TURN_MS 10     /* between two appends at a RATE */
#define AGENTS_MAX 50000
#define AGENT_BYTES_MAX 512  /* longer ones are cut */
#define AGENT_BYTES_READ 256 /* glintod looks at no more (enrich/agent.h) */
#define OWN_BYTES 9          /* of them, for a number of its own */

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

/* Agent NUMBER, in TO.  The letters of its own number make no known word. */
static struct gl_text
make_up(char to[AGENT_BYTES_MAX + 1], uint32_t number)
{
    static const char digits[] = "ghjkqvwxyzGHJKQV";
    const char *from = made_up[number % made_up_n];
    size_t len = strlen(from), at = len;

    if (len > AGENT_BYTES_MAX)
        len = AGENT_BYTES_MAX;
    if (at > AGENT_BYTES_READ - OWN_BYTES)
        at = AGENT_BYTES_READ - OWN_BYTES;
    memcpy(to, from, len);
    to[at] = ' ';
    for (size_t i = 1; i < OWN_BYTES; i++, number >>= 4)
        to[at + i] = digits[number & 15];
    if (len < at + OWN_BYTES)
        len = at + OWN_BYTES;
    return (struct gl_text){to, (uint32_t) len};
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
    uint32_t sites, rate; /* 0: SITE itself; all is past */
    int zipf;
    int64_t ago_ms;
    int64_t wall_ms, boot_ms; /* of the first event */
};

/* By chance CHANCE, 31 bits.  Zipf: of each octave as many, evenly. */
static unsigned
site_of(const struct load *load, uint64_t chance)
{
    unsigned octaves = 1, octave;

    if (!load->zipf)
        return (unsigned) (chance % load->sites);
    while (UINT64_C(1) << octaves < load->sites)
        octaves++;
    octave = (unsigned) (chance % octaves);
    return (unsigned) (((UINT64_C(1) << octave) - 1 +
                        (chance / octaves) % (UINT64_C(1) << octave)) %
                       load->sites);
}

/* Event NUMBER of LOAD; PATH and SITE are its buffers. */
static void
make_event(struct gl_event *event, const struct load *load, uint32_t number,
           char path[64], char site[254])
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
    uint64_t id = of_all * UINT64_C(0xd6e8feb86659fd93);

    if (load->sites == 0)
        snprintf(site, 254, "%s", load->site);
    else
        snprintf(site, 254, "s%u.%s", site_of(load, id >> 33), load->site);
    snprintf(path, 64, "/articles/2026/number-%u",
             load->paths < load->events
                 ? (unsigned) ((mix >> 40) % load->paths)
                 : (unsigned) number);
    memset(event, 0, sizeof *event);
    event->schema = GL_EVENT_SCHEMA;
    event->kind = GL_PAGEVIEW;
    event->site = event->host = text(site);
    event->path = text(path);
    event->referrer = text(referrers[visitor % 6]);
    event->agent = text(agents[visitor % 4]);
    event->language = text("en-GB");
    event->country = text("DE");
    event->evidence = GL_EVIDENCE_LANGUAGE | GL_EVIDENCE_ENCODING;
    event->visitor = id & GL_VISITOR_MASK;
}

static int
append(struct gl_writer *writer, uint8_t *buf)
{
    uint32_t written;

    return writer->pending_bytes == 0
               ? 0
               : gl_writer_append(writer, buf, &written);
}

/* When event NUMBER happens, after the first. */
static int64_t
passed_ms(const struct load *load, uint32_t number)
{
    return load->rate > 0 ? (int64_t) number * 1000 / load->rate
                          : (int64_t) number * SPAN_MS / load->events;
}

/* What has happened is written before the next is waited for. */
static int
wait_for(struct gl_writer *writer, uint8_t *buf, int64_t boot_ms)
{
    struct timespec turn = {0, TURN_MS * 1000000};

    if (clock_ms(CLOCK_BOOTTIME) >= boot_ms)
        return 0;
    if (append(writer, buf) == -1)
        return -1;
    while (clock_ms(CLOCK_BOOTTIME) < boot_ms)
        nanosleep(&turn, NULL);
    return 0;
}

static int
put(struct gl_writer *writer, uint8_t *buf, const struct load *load,
    uint32_t number)
{
    char path[64], site[254], agent[AGENT_BYTES_MAX + 1];
    struct gl_event event;
    uint8_t *at = buf + writer->pending_bytes;
    int64_t at_ms = load->boot_ms + passed_ms(load, number);
    size_t len;

    make_event(&event, load, number, path, site);
    if (made_up_n > 0)
        event.agent = make_up(agent, number);
    len = gl_event_encode(&event, at + GL_FRAME_HEADER_BYTES,
                          GL_FRAME_PAYLOAD_MAX);
    if (len == 0)
        return -1;
    return gl_writer_frame(writer, at, (uint32_t) len, at_ms,
                           GL_FRAME_EVENT) == 0
               ? -1
               : 0;
}

static int
fill(struct gl_writer *writer, const struct load *load)
{
    static uint8_t buf[64 * 1024] __attribute__((aligned(8)));

    for (uint32_t i = 0; i < load->events; i++) {
        int64_t ms = passed_ms(load, i);

        if (load->rate > 0 && wait_for(writer, buf, load->boot_ms + ms) == -1)
            return -1;
        if ((gl_writer_room(writer) < GL_FRAME_MAX ||
             writer->pending_bytes + GL_FRAME_MAX > sizeof buf) &&
            (append(writer, buf) == -1 ||
             gl_writer_ready(writer, GL_FRAME_MAX, load->wall_ms + ms,
                             load->boot_ms + ms) != GL_WRITER_OK))
            return -1;
        if (put(writer, buf, load, i) == -1)
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
              "[SITES [RATE [AGENTS]]]]]]\n",
              stderr);
        return 2;
    }
    load.site = argv[2];
    load.events = number(argc, argv, 3, 0);
    load.ago_ms = (int64_t) number(argc, argv, 4, 0) * 3600000;
    load.paths = number(argc, argv, 5, 500);
    load.visitors = number(argc, argv, 6, load.events / 20 + 1);
    load.sites = number(argc, argv, 7, 0);
    load.zipf = getenv("ZIPF") != NULL;
    load.rate = number(argc, argv, 8, 0);
    if (argc > 9 && (read_agents(argv[9]) == -1 || made_up_n == 0)) {
        perror(argv[9]);
        return 1;
    }
    load.wall_ms = clock_ms(CLOCK_REALTIME) - load.ago_ms;
    load.boot_ms = clock_ms(CLOCK_BOOTTIME);
    if (load.rate == 0) {
        load.wall_ms -= SPAN_MS;
        load.boot_ms -= SPAN_MS;
    }
    dirfd = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dirfd == -1 || getrandom(incarnation, sizeof incarnation, 0) !=
                           (ssize_t) sizeof incarnation) {
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
