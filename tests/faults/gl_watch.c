/*
 * gl-watch: a crowd of watchers on the dashboard socket.
 *
 *     gl-watch SOCKET NUMBER SITES SEED [KINDS [PORT VIA]]
 *
 * Watcher N looks at site s<N % SITES>.load.example; the last VIA of them by
 * nginx at PORT, each from an address of its own.  KINDS says by the first
 * letters what each is, in turn, by N / SITES; without it, of ten
 *
 *     1 reads nothing, 1 reads a byte a second     DEAF, SLOW
 *     2 leave and come back at random              RESTLESS
 *     6 read all and answer pings                  GOOD
 *
 * Whoever is closed comes back at once.  TERM: wait until the good ones have
 * heard nothing for a second and a half, tell and end:
 *
 *     refused N               handshakes that were not answered 101
 *     lost N                  good ones that were closed
 *     late N                  deaf and slow ones that stayed for over 30 s
 *     closed N                deaf and slow ones that were closed
 *     pushes N p50 MS p99 MS  "at" of a message until a good one has read it
 *     site K LEAST MOST       today's pageviews as the good ones saw them last
 *     seen PAGEVIEWS N P50 P99   of one site: by how many of the good ones so
 *                             many were seen, and when by half of them and by
 *                             99 of 100, ms since 1970
 *
 * "ready" is printed when all have been connected once.  Single thread.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define AT_ONCE 100       /* handshakes under way */
#define STAY_MS 30000     /* of those that read nothing */
#define QUIET_MS 1500     /* the good ones hear nothing for so long: the end */
#define END_MS 20000      /* but no later */
#define RESTLESS_MS 10000 /* at most in one place */
#define PUSH_MS_MAX 60000
#define INPUT_MAX 16384
#define SEEN_MAX 256 /* changes of the one site that are told */

enum kind { GOOD, DEAF, SLOW, RESTLESS };

enum state { AWAY, GREETING, WATCHING };

struct watcher {
    enum kind kind;
    enum state state;
    int fd, site, came; /* has been connected once */
    int64_t since_ms;   /* of the state */
    int64_t next_ms;    /* SLOW: the next byte; RESTLESS: leaves */
    long pageviews;     /* the last it was told, -1 = nothing */
    size_t len;
    char in[INPUT_MAX];
};

static struct watcher *watchers;
static int watchers_n, sites_n, greeting_n, came_n, poll_fd;
static const char *socket_path;
static long refused, lost, late, closed, pushes;
static long histogram[PUSH_MS_MAX + 1];
static int64_t heard_ms;
static int via_n, via_port;
static const char *mix = "dsrrgggggg";
static long seen_first = -1; /* pageviews of told_at[0] */
static struct seen {
    int64_t *at_ms; /* [n]: of those who have seen so many */
    int n;
} told_at[SEEN_MAX];
static volatile sig_atomic_t ending;

static int64_t
clock_ms(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int64_t
now_ms(void)
{
    return clock_ms(CLOCK_MONOTONIC);
}

static void
enter(struct watcher *w, enum state state)
{
    greeting_n += (state == GREETING) - (w->state == GREETING);
    w->state = state;
    w->since_ms = now_ms();
}

static void
leave(struct watcher *w)
{
    close(w->fd);
    w->fd = -1;
    enter(w, AWAY);
}

/* Hear of what arrives, or, as one who does not read, of the end alone. */
static void
listen_for(struct watcher *w, int operation, uint32_t events)
{
    struct epoll_event event = {.events = events | EPOLLRDHUP, .data.ptr = w};
    epoll_ctl(poll_fd, operation, w->fd, &event);
}

/* To glintod or to nginx, or -1: a full backlog. */
static int
reach(const struct watcher *w)
{
    struct sockaddr_un direct = {.sun_family = AF_UNIX};
    struct sockaddr_in nginx = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t) via_port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int is_via = w - watchers >= watchers_n - via_n;
    /* on loopback a connection is there at once */
    int fd = socket(is_via ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    strncpy(direct.sun_path, socket_path, sizeof direct.sun_path - 1);
    if (fd == -1)
        return -1;
    if (!is_via)
        fcntl(fd, F_SETFL, O_NONBLOCK);
    if (is_via
            ? connect(fd, (struct sockaddr *) &nginx, sizeof nginx) == 0
            : connect(fd, (struct sockaddr *) &direct, sizeof direct) == 0) {
        fcntl(fd, F_SETFL, O_NONBLOCK);
        return fd;
    }
    close(fd);
    return -1;
}

static void
greet(struct watcher *w)
{
    char hello[512];
    w->fd = reach(w);
    if (w->fd == -1)
        return;
    int n = snprintf(hello, sizeof hello,
                     "GET /glinto/s%d.load.example/live HTTP/1.1\r\n"
                     "Host: localhost\r\nOrigin: http://localhost\r\n"
                     "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Version: 13\r\n"
                     "X-Forwarded-For: 10.0.%d.%d\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                     w->site, (int) (w - watchers) / 250,
                     (int) (w - watchers) % 250);
    if (write(w->fd, hello, (size_t) n) != n)
        abort();
    w->len = 0;
    w->pageviews = -1;
    enter(w, GREETING);
    listen_for(w, EPOLL_CTL_ADD, EPOLLIN);
}

static void
welcome(struct watcher *w)
{
    enter(w, WATCHING);
    came_n += !w->came;
    w->came = 1;
    if (came_n == watchers_n && w->came == 1) {
        w->came = 2;
        puts("ready");
        fflush(stdout);
    }
    w->next_ms = w->since_ms +
                 (w->kind == RESTLESS ? 1 + random() % RESTLESS_MS : 1000);
    if (w->kind == DEAF || w->kind == SLOW)
        listen_for(w, EPOLL_CTL_MOD, 0);
}

/* W has seen TO pageviews, and before FROM. */
static void
note_seen(long from, long to)
{
    if (from < 0)
        return; /* what there was when it came */
    if (seen_first < 0)
        seen_first = from + 1;
    for (long views = from + 1; views <= to; views++) {
        long i = views - seen_first;
        if (i < 0 || i >= SEEN_MAX)
            continue;
        if (told_at[i].at_ms == NULL)
            told_at[i].at_ms = calloc((size_t) watchers_n, sizeof(int64_t));
        if (told_at[i].at_ms != NULL && told_at[i].n < watchers_n)
            told_at[i].at_ms[told_at[i].n++] = clock_ms(CLOCK_REALTIME);
    }
}

static void
take_message(struct watcher *w, const char *text)
{
    const char *at = strstr(text, "\"at\":");
    const char *today = strstr(text, "\"today\":");
    const char *views = today != NULL ? strstr(today, "\"pageviews\":") : NULL;
    if (w->kind != GOOD || at == NULL || views == NULL)
        return;
    long ms = (long) (clock_ms(CLOCK_REALTIME) - atoll(at + 5));
    ms = ms < 0 ? 0 : ms > PUSH_MS_MAX ? PUSH_MS_MAX : ms;
    histogram[ms]++;
    pushes++;
    if (sites_n == 1)
        note_seen(w->pageviews, atol(views + 12));
    w->pageviews = atol(views + 12);
    heard_ms = now_ms();
}

/* A pong without words, masked with zeros. */
static void
answer_ping(struct watcher *w)
{
    static const char pong[] = {(char) 0x8a, (char) 0x80, 0, 0, 0, 0};
    if (write(w->fd, pong, sizeof pong) != sizeof pong)
        lost++; /* it has gone, or takes nothing */
}

/* One whole frame at the begin of IN: its length, or 0. */
static size_t
take_frame(struct watcher *w)
{
    const unsigned char *in = (const unsigned char *) w->in;
    size_t head = 2, len = w->len > 1 ? in[1] & 127 : 0;
    if (len == 126) {
        head = 4;
        len = w->len >= 4 ? (size_t) in[2] << 8 | in[3] : 0;
    }
    if (w->len < head || w->len < head + len)
        return 0;
    char *text = w->in + head, after = text[len];
    text[len] = '\0';
    if ((in[0] & 15) == 1)
        take_message(w, text);
    else if ((in[0] & 15) == 9)
        answer_ping(w);
    text[len] = after;
    return head + len;
}

static void
take_input(struct watcher *w)
{
    size_t used = 0;
    if (w->state == GREETING) {
        w->in[w->len] = '\0';
        char *end = strstr(w->in, "\r\n\r\n");
        if (end == NULL)
            return;
        if (strncmp(w->in, "HTTP/1.1 101 ", 13) != 0) {
            refused++;
            leave(w);
            return;
        }
        used = (size_t) (end + 4 - w->in);
        welcome(w);
    }
    do {
        memmove(w->in, w->in + used, w->len -= used);
    } while ((used = take_frame(w)) > 0);
}

static void
on_end(struct watcher *w)
{
    int64_t stayed_ms = now_ms() - w->since_ms;
    if (w->state == GREETING) {
        refused++;
    } else if (w->kind == GOOD) {
        lost++;
    } else if (w->kind != RESTLESS) {
        closed++;
        late += stayed_ms > STAY_MS;
    }
    leave(w);
}

static void
on_event(struct watcher *w, uint32_t events)
{
    if (w->state == WATCHING && (w->kind == DEAF || w->kind == SLOW)) {
        if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
            on_end(w);
        return;
    }
    ssize_t n = read(w->fd, w->in + w->len, INPUT_MAX - 1 - w->len);
    if (n > 0) {
        w->len += (size_t) n;
        take_input(w);
    } else if (n == 0 || errno != EAGAIN) {
        on_end(w);
    }
}

/* What time brings. */
static void
tend(struct watcher *w, int64_t now)
{
    char byte;
    if (w->state == AWAY && greeting_n < AT_ONCE) {
        greet(w);
    } else if (w->state == WATCHING && now >= w->next_ms) {
        if (w->kind == RESTLESS) {
            leave(w);
        } else if (w->kind == SLOW) {
            w->next_ms = now + 1000;
            if (read(w->fd, &byte, 1) == 0)
                on_end(w);
        }
    } else if (w->state == WATCHING && w->kind == DEAF &&
               now - w->since_ms > 2 * STAY_MS) {
        late++; /* nobody ever closes it */
        leave(w);
    }
}

static void
turn(void)
{
    struct epoll_event events[256];
    int n = epoll_wait(poll_fd, events, 256, 10);
    for (int i = 0; i < n; i++)
        on_event(events[i].data.ptr, events[i].events);
    static int64_t tended_ms;
    int64_t now = now_ms();
    if (now - tended_ms >= 10) {
        tended_ms = now;
        for (int i = 0; i < watchers_n; i++)
            tend(&watchers[i], now);
    }
}

static long
percentile(int percent)
{
    long seen = 0, ms = 0;
    for (; ms < PUSH_MS_MAX; ms++) {
        seen += histogram[ms];
        if (seen * 100 >= pushes * percent)
            break;
    }
    return ms;
}

static void
tell(void)
{
    printf("refused %ld\nlost %ld\nlate %ld\nclosed %ld\n"
           "pushes %ld p50 %ld p99 %ld\n",
           refused, lost, late, closed, pushes, percentile(50),
           percentile(99));
    for (int site = 0; site < sites_n; site++) {
        long least = INT32_MAX, most = -1;
        for (int i = site; i < watchers_n; i += sites_n) {
            long views = watchers[i].pageviews;
            if (watchers[i].kind == GOOD) {
                least = views < least ? views : least;
                most = views > most ? views : most;
            }
        }
        printf("site %d %ld %ld\n", site, least, most);
    }
}

/* As they came, which is by time. */
static void
tell_seen(void)
{
    for (int i = 0; i < SEEN_MAX; i++)
        if (told_at[i].n > 0)
            printf(
                "seen %ld %d %lld %lld\n", seen_first + i, told_at[i].n,
                (long long) told_at[i].at_ms[(told_at[i].n - 1) / 2],
                (long long) told_at[i].at_ms[(told_at[i].n - 1) * 99 / 100]);
}

static enum kind
kind_of(char letter)
{
    return letter == 'd'   ? DEAF
           : letter == 's' ? SLOW
           : letter == 'r' ? RESTLESS
                           : GOOD;
}

static void
on_term(int signal)
{
    (void) signal;
    ending = 1;
}

static void
prepare(void)
{
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, on_term);
    watchers = calloc((size_t) watchers_n, sizeof *watchers);
    poll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (watchers == NULL || poll_fd == -1)
        abort();
    for (int i = 0; i < watchers_n; i++) {
        watchers[i].site = i % sites_n;
        watchers[i].kind = kind_of(mix[(size_t) (i / sites_n) % strlen(mix)]);
        watchers[i].fd = -1;
    }
}

int
main(int argc, char **argv)
{
    if (argc != 5 && argc != 6 && argc != 8) {
        fputs("usage: gl-watch SOCKET NUMBER SITES SEED [KINDS [PORT VIA]]\n",
              stderr);
        return 2;
    }
    mix = argc > 5 && argv[5][0] != '\0' ? argv[5] : mix;
    via_port = argc > 6 ? atoi(argv[6]) : 0;
    via_n = argc > 6 ? atoi(argv[7]) : 0;
    socket_path = argv[1];
    watchers_n = atoi(argv[2]);
    sites_n = atoi(argv[3]);
    srandom((unsigned) atoi(argv[4]));
    prepare();
    while (!ending)
        turn();
    int64_t end_ms = now_ms() + END_MS;
    heard_ms = now_ms();
    while (now_ms() < end_ms && now_ms() - heard_ms < QUIET_MS)
        turn();
    tell();
    tell_seen();
    return 0;
}
