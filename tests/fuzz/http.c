/*
 * Both ends of one connection in one thread: the client's bytes are sent, then
 * the loop turns without waiting until the connection is over.
 */

#include "http.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/http.h>
#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fuzz.h"
#include "log.h"
#include "serve/admin.h"
#include "serve/ahead.h"
#include "serve/ask.h"
#include "serve/door.h"
#include "serve/hub.h"
#include "serve/watcher.h"
#include "serve/path.h"
#include "serve/paths.h"
#include "serve/socket.h"
#include "serve/stream.h"
#include "tap.h"

/* As serve.c has them. */
#define ADMIN_BODY_MAX GL_ADMIN_BODY_MAX
#define DASHBOARD_BODY_MAX (8 * GL_PATHS_BODY_MAX)
/* Fewer than a corpus has: ended connections must not count. */
#define CONNECTIONS_MAX 32
#define REQUEST_MS 10000
#define WATCHERS_MAX 16

/* Turns of the loop for one connection; a few dozen are enough. */
#define TURNS_MAX 2000
#define ANSWER_BYTES_MAX (1024 * 1024)

#define SITE "site.example"
#define OTHER "other.example"
#define TOKEN "token"

/* ---- the writer thread's stand-in ---- */

struct gl_ingest {
    int64_t watched; /* id of a site somebody has come to: tell its numbers */
};

static json_t *
site_json(const char *domain, int public)
{
    return json_pack("{s:i,s:s,s:s,s:s,s:b,s:i,s:b,s:s,s:i}", "id", 1,
                     "domain", domain, "account", "default", "timezone", "UTC",
                     "public", public, "refresh_window", 0, "optout", 0,
                     "hosts", "", "created", 0);
}

static const char *
text_arg(const struct gl_call *call, const char *name)
{
    const char *text = json_string_value(json_object_get(call->args, name));

    return text == NULL ? "" : text;
}

static int
answer(const struct gl_call *call, json_t **object)
{
    struct gl_live live = {.site = SITE, .at_ms = 1};

    if (strcmp(call->verb, "site.get") == 0) {
        const char *domain = text_arg(call, "domain");

        if (strcmp(domain, SITE) == 0 || strcmp(domain, OTHER) == 0) {
            *object = site_json(domain, strcmp(domain, SITE) == 0);
            return 200;
        }
    } else if (strcmp(call->verb, "live.get") == 0) {
        *object = gl_live_json(&live);
        return 200;
    } else {
        *object = json_pack("{s:O}", "args", call->args);
        return 200;
    }
    *object = json_pack("{s:s}", "error", "there is none");
    return 404;
}

int
gl_writer_call(struct gl_ingest *ingest, const struct gl_call *call)
{
    json_t *object = NULL;
    int status;

    (void) ingest;
    FUZZ_MUST(json_is_object(call->args) && call->actor[0] != '\0');
    status = answer(call, &object);
    FUZZ_MUST(object != NULL);
    json_decref(call->args);
    free(call->body);
    call->done(call->arg, status, object);
    return 0;
}

void
gl_writer_hint(struct gl_ingest *ingest, const uint8_t *packet, size_t len)
{
    (void) ingest;
    (void) packet;
    (void) len;
}

void
gl_writer_socket(struct gl_ingest *ingest, int change)
{
    (void) ingest;
    (void) change;
}

void
gl_writer_watch(struct gl_ingest *ingest, int64_t site, int change)
{
    if (change > 0)
        ingest->watched = site;
}

/* ---- the server ---- */

struct fuzz_http {
    struct event_base *base;
    struct gl_ingest ingest;
    struct gl_asks *asks;
    struct gl_hub *hub;
    struct gl_admin admin;
    struct gl_paths paths;
    struct gl_socket listening;
    struct gl_door *door;
    char path[512];
    char answer[ANSWER_BYTES_MAX];
    size_t answer_len;
};

static void
open_door(struct fuzz_http *http, enum fuzz_http_door which)
{
    int admin = which == FUZZ_HTTP_ADMIN;
    const struct gl_door_rules rules = {
        .name = "fuzz",
        .body_max = admin ? ADMIN_BODY_MAX : DASHBOARD_BODY_MAX,
        .connections_max = CONNECTIONS_MAX,
        .request_ms = REQUEST_MS,
        .own_users_only = admin,
        .request = admin ? gl_admin_request : gl_paths_request,
        .arg = admin ? (void *) &http->admin : (void *) &http->paths};
    char why[256];

    snprintf(http->path, sizeof http->path, "%s/sock", tap_dir());
    FUZZ_MUST(gl_socket_open(&http->listening, http->path, SOCK_STREAM, 0600,
                             why, sizeof why) == 0);
    http->door = gl_door_open(http->base, &http->listening, &rules);
    FUZZ_MUST(http->door != NULL);
    http->paths.door = http->door;
}

static struct gl_directory *
new_directory(void)
{
    struct gl_directory *directory = gl_directory_new();
    struct gl_meta_site site = {.id = 1,
                                .domain = SITE,
                                .account = "default",
                                .timezone = "UTC",
                                .is_public = 1};
    struct gl_meta_site other = {
        .id = 2, .domain = OTHER, .account = "default", .timezone = "UTC"};
    struct gl_meta_token token = {
        .id = "t", .account = "default", .scopes = GL_SCOPES_ALL};

    crypto_hash_sha256(token.hash, (const unsigned char *) TOKEN,
                       strlen(TOKEN));
    gl_directory_put_site(directory, &site);
    gl_directory_put_site(directory, &other);
    gl_directory_add_token(directory, &token);
    gl_directory_commit(directory);
    return directory;
}

struct fuzz_http *
fuzz_http_open(enum fuzz_http_door which)
{
    static const struct gl_conf conf = {
        .dashboard_hosts = {{"stats.example", "s"}, 2},
        .token_requests_per_minute = 1000000};
    const struct gl_lives_limits limits = {WATCHERS_MAX, WATCHERS_MAX};
    struct fuzz_http *http = calloc(1, sizeof *http);

    FUZZ_MUST(http != NULL);
    signal(SIGPIPE, SIG_IGN);
    gl_log_open(GL_LOG_ERROR);
    http->base = event_base_new();
    FUZZ_MUST(http->base != NULL);
    http->asks = gl_asks_new(http->base);
    http->hub = gl_hub_new(http->base);
    http->paths.hub = http->hub;
    http->paths.asks = http->asks;
    http->admin.asks = http->asks;
    http->paths.lives = gl_lives_new(http->base, http->hub, &limits);
    http->paths.kept = gl_kept_new(http->base, http->hub);
    http->admin.streams = gl_streams_new(http->hub);
    FUZZ_MUST(http->paths.lives != NULL && http->paths.kept != NULL &&
              http->admin.streams != NULL);
    gl_asks_attach(http->asks, &http->ingest);
    gl_hub_attach(http->hub, &http->ingest);
    http->paths.access =
        (struct gl_access){new_directory(), &conf, gl_rate_new(), {0}};
    gl_lives_attach(http->paths.lives, &http->paths.access);
    gl_streams_attach(http->admin.streams, http->paths.access.directory,
                      http->paths.access.conf);
    http->paths.ahead = gl_ahead_new(http->base, http->hub, http->asks);
    gl_ahead_attach(http->paths.ahead, &http->paths.access, tap_dir());
    open_door(http, which);
    return http;
}

/* ---- the client ---- */

static int
connect_and_send(struct fuzz_http *http, const uint8_t *data, size_t size)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    FUZZ_MUST(strlen(http->path) < sizeof address.sun_path);
    memcpy(address.sun_path, http->path, strlen(http->path));
    FUZZ_MUST(fd != -1 &&
              connect(fd, (struct sockaddr *) &address, sizeof address) == 0);
    /* less than the kernel keeps for a socket: all goes out at once */
    FUZZ_MUST(send(fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL) ==
              (ssize_t) size);
    FUZZ_MUST(shutdown(fd, SHUT_WR) == 0);
    return fd;
}

/* 1: the server has ended the connection. */
static int
receive(struct fuzz_http *http, int fd)
{
    size_t room = sizeof http->answer - 1 - http->answer_len;
    ssize_t n;

    FUZZ_MUST(room > 0);
    n = recv(fd, http->answer + http->answer_len, room, MSG_DONTWAIT);
    if (n > 0)
        http->answer_len += (size_t) n;
    return n == 0 || (n == -1 && errno != EAGAIN);
}

static void
tell_numbers(struct fuzz_http *http)
{
    struct gl_live live = {
        .id = http->ingest.watched, .site = SITE, .at_ms = 2, .known = 1};

    if (http->ingest.watched == 0)
        return;
    http->ingest.watched = 0;
    gl_hub_put(http->hub, &live);
}

/* evhttp repeats the version it was asked in, whatever number that is. */
static void
check_answer(struct fuzz_http *http)
{
    const char *text = http->answer;
    int status;

    http->answer[http->answer_len] = '\0';
    if (http->answer_len == 0)
        return;
    FUZZ_MUST(sscanf(text, "HTTP/%*[-0-9.] %3d ", &status) == 1);
    FUZZ_MUST(status >= 100 && status < 600 && status != 500);
}

void
fuzz_http_try(struct fuzz_http *http, const uint8_t *data, size_t size)
{
    int fd = connect_and_send(http, data, size), turns = 0;

    http->answer_len = 0;
    do {
        FUZZ_MUST(event_base_loop(http->base, EVLOOP_NONBLOCK) != -1);
        tell_numbers(http);
        FUZZ_MUST(++turns < TURNS_MAX);
    } while (!receive(http, fd));
    close(fd);
    check_answer(http);
}
