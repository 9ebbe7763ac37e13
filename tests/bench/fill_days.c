/*
 * Fill a spool directory as workers would have in some days, for measuring
 * what a site of a certain size costs:
 *
 *   fill-days DIR SITE PAGEVIEWS DAYS
 *
 * The DAYS before today, UTC, all day long.  A visit is five pageviews, 20 s
 * to two minutes apart; a visitor of a day makes one, as a daily salt has it.
 * What a visit is comes from its number: 16 agents, 18 countries, 40 sources
 * for three of five, 400 pages, the first ones of each the most frequent.
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "event.h"
#include "gl_segment.h"

#define DAY_MS INT64_C(86400000)
#define VIEWS 5 /* of a visit */
#define COUNTRIES 18
#define SOURCES 40
#define PAGES 400

static const char *const systems[] = {
    "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7",
    "X11; Linux x86_64", "Linux; Android 15; Pixel 9"};
static const char *const browsers[] = {
    "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
    "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 "
    "Edg/138.0.0.0",
    "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36 "
    "OPR/121.0.0.0",
    "Gecko/20100101 Firefox/140.0"};
static const char countries[] = "DEFRUSGBNLESITPLSEATCHBEDKNOFIPTCZIE";

struct load {
    const char *site;
    uint64_t visits;
    int64_t begin_ms, span_ms;
};

static uint64_t
mix(uint64_t x)
{
    x = (x ^ (x >> 31)) * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 29)) * UINT64_C(0xd6e8feb86659fd93);
    return x ^ (x >> 32);
}

/* Below N, small ones more often; WHAT of what NUMBER says. */
static uint32_t
draw(uint64_t number, uint32_t what, uint32_t n)
{
    uint64_t random = mix(number * 8 + what);
    double a = (double) (random & 0xffff) / 65536;
    double b = (double) (random >> 16 & 0xffff) / 65536;

    return (uint32_t) (n * a * b);
}

static struct gl_text
text(const char *s, size_t len)
{
    return (struct gl_text){s, (uint32_t) len};
}

static size_t
encode(const struct load *load, uint64_t visit, uint32_t view, uint8_t *to)
{
    char path[32], agent[256], referrer[48];
    struct gl_text site = text(load->site, strlen(load->site));
    struct gl_event event = {.schema = GL_EVENT_SCHEMA,
                             .kind = GL_PAGEVIEW,
                             .site = site,
                             .host = site,
                             .language = text("en-GB", 5),
                             .evidence =
                                 GL_EVIDENCE_LANGUAGE | GL_EVIDENCE_ENCODING,
                             .visitor = (mix(visit) & GL_VISITOR_MASK) | 1};
    int len = snprintf(path, sizeof path, "/page/%u",
                       draw(visit * VIEWS + view, 0, PAGES));

    event.path = text(path, (size_t) len);
    len = snprintf(agent, sizeof agent, "Mozilla/5.0 (%s) %s",
                   systems[draw(visit, 1, 4)], browsers[draw(visit, 2, 4)]);
    event.agent = text(agent, (size_t) len);
    event.country = text(&countries[2 * draw(visit, 3, COUNTRIES)], 2);
    len = snprintf(referrer, sizeof referrer, "https://r%u.example/",
                   draw(visit, 4, SOURCES) + 1);
    if (view == 0 && mix(visit * 8 + 5) % 5 < 3)
        event.referrer = text(referrer, (size_t) len);
    return gl_event_encode(&event, to, GL_FRAME_PAYLOAD_MAX);
}

/* View number VIEW of a visit is so many visits' beginnings after it. */
static uint64_t
steps(uint64_t visit, uint32_t view, uint64_t a_minute)
{
    return view * (a_minute / 3 + 1 + mix(visit) % (a_minute + 1));
}

struct pen {
    struct gl_writer writer;
    uint8_t *buf;
    size_t size;
};

static int
append(struct pen *pen)
{
    uint32_t written;

    return pen->writer.pending_bytes == 0
               ? 0
               : gl_writer_append(&pen->writer, pen->buf, &written);
}

/* A segment is as long as it has room, however old it grows. */
static int
put(struct pen *pen, const struct load *load, uint64_t visit, uint32_t view,
    int64_t ms)
{
    struct gl_writer *writer = &pen->writer;
    uint8_t *at;
    size_t len;

    if (writer->pending_bytes + GL_FRAME_MAX > pen->size && append(pen) == -1)
        return -1;
    if (gl_writer_room(writer) < GL_FRAME_MAX &&
        (append(pen) == -1 ||
         gl_writer_ready(writer, GL_FRAME_MAX, load->begin_ms + ms, 1 + ms) !=
             GL_WRITER_OK))
        return -1;
    at = pen->buf + writer->pending_bytes;
    len = encode(load, visit, view, at + GL_FRAME_HEADER_BYTES);
    return len == 0 || gl_writer_frame(writer, at, (uint32_t) len, 1 + ms,
                                       GL_FRAME_EVENT) == 0
               ? -1
               : 0;
}

/* At each visit's beginning, the views of earlier ones that are due. */
static int
fill(struct pen *pen, const struct load *load)
{
    uint64_t a_minute = load->visits * 60000 / (uint64_t) load->span_ms;
    uint64_t longest = VIEWS * (a_minute / 3 + a_minute + 2);

    for (uint64_t now = 0; now < load->visits + longest; now++) {
        int64_t ms =
            (int64_t) ((double) now / (double) (load->visits + longest) *
                       (double) load->span_ms);

        for (uint64_t age = 0; age <= longest && age <= now; age++) {
            uint64_t visit = now - age;

            for (uint32_t view = 0; view < VIEWS; view++)
                if (visit < load->visits &&
                    steps(visit, view, a_minute) == age &&
                    put(pen, load, visit, view, ms) == -1)
                    return -1;
        }
    }
    return append(pen);
}

int
main(int argc, char **argv)
{
    static uint8_t buf[64 * 1024] __attribute__((aligned(8)));
    uint8_t incarnation[GL_SEGMENT_ID_BYTES] = {1}, boot_id[16] = {0};
    struct pen pen = {.buf = buf, .size = sizeof buf};
    int64_t today_ms = time(NULL) / 86400 * DAY_MS;
    struct load load;
    int dirfd, days;

    if (argc != 5) {
        fputs("usage: fill-days DIR SITE PAGEVIEWS DAYS\n", stderr);
        return 2;
    }
    days = atoi(argv[4]);
    load = (struct load){argv[2], strtoull(argv[3], NULL, 10) / VIEWS,
                         today_ms - days * DAY_MS, days * DAY_MS};
    dirfd = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dirfd == -1) {
        perror(argv[1]);
        return 1;
    }
    gl_writer_init(&pen.writer, dirfd, incarnation, boot_id,
                   (uint32_t) getpid(), 0, GL_SEGMENT_BYTES_DEFAULT, 65536);
    if (fill(&pen, &load) == -1) {
        fputs("fill-days: it cannot be written\n", stderr);
        return 1;
    }
    gl_writer_seal(&pen.writer);
    return 0;
}
