/*
 * The promise: a WebSocket peer may send any bytes in any pieces and gets RFC
 * 6455's answer or a clean end, never more.  Frames go in through the same
 * function the loop uses.  Limits of the room: 4 KiB a message, 10 frames a
 * second, masked only, ping after 30 s, end without a pong after 10 s more.
 */

#include "serve/handshake.h"
#include "serve/websocket.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

#define OUT_MAX (1 << 20)
#define START_MS 1000000

struct peer {
    struct gl_websocket *socket;
    uint8_t *out;
    size_t out_len;
};

static void
on_write(void *arg, const uint8_t *bytes, size_t len)
{
    struct peer *peer = arg;
    if (peer->out_len + len > OUT_MAX)
        tap_bail("more than a MiB written");
    memcpy(peer->out + peer->out_len, bytes, len);
    peer->out_len += len;
}

static void
peer_open(struct peer *peer)
{
    peer->out = malloc(OUT_MAX);
    peer->out_len = 0;
    peer->socket = gl_websocket_new(on_write, peer, START_MS, 0);
    if (peer->out == NULL || peer->socket == NULL)
        tap_bail("out of memory");
}

static void
peer_close(struct peer *peer)
{
    gl_websocket_free(peer->socket);
    free(peer->out);
}

/* A client's frame, built by hand: the second opinion on wslay. */
static size_t
frame(uint8_t *to, int first, int masked, const void *payload, size_t len)
{
    static const uint8_t mask[4] = {0x12, 0x34, 0x56, 0x78};
    const uint8_t *from = payload;
    size_t at = 0;
    to[at++] = (uint8_t) first;
    if (len < 126) {
        to[at++] = (uint8_t) ((masked ? 0x80 : 0) | len);
    } else {
        to[at++] = (uint8_t) ((masked ? 0x80 : 0) | 126);
        to[at++] = (uint8_t) (len >> 8);
        to[at++] = (uint8_t) len;
    }
    if (masked) {
        memcpy(to + at, mask, 4);
        at += 4;
    }
    for (size_t i = 0; i < len; i++)
        to[at++] = masked ? from[i] ^ mask[i % 4] : from[i];
    return at;
}

/* The code of the close frame written, -1 = none. */
static int
close_code(const struct peer *peer)
{
    for (size_t at = 0; at + 2 <= peer->out_len;) {
        size_t len = peer->out[at + 1];
        if (len > 125)
            return -2;
        if (peer->out[at] == 0x88)
            return len < 2 ? 0 : peer->out[at + 2] << 8 | peer->out[at + 3];
        at += 2 + len;
    }
    return -1;
}

/* One frame in; what comes of it. */
static void
check_frame(const char *what, int first, int masked, size_t len, int fill,
            int over, int code)
{
    struct peer peer;
    uint8_t payload[8192], bytes[8192 + 16];
    memset(payload, fill, sizeof payload);
    peer_open(&peer);
    size_t n = frame(bytes, first, masked, payload, len);
    tap_int(gl_websocket_input(peer.socket, bytes, n, START_MS), over,
            "%s: %s", what, over ? "over" : "goes on");
    tap_int(close_code(&peer), code, "%s: close code", what);
    tap_int(gl_websocket_input(peer.socket, bytes, n, START_MS) || !over, 1,
            "%s: stays over", what);
    peer_close(&peer);
}

static void
test_frames(void)
{
    check_frame("text", 0x81, 1, 5, 'a', 0, -1);
    check_frame("text of 4,096 bytes", 0x81, 1, 4096, 'a', 0, -1);
    check_frame("text of 4,097 bytes", 0x81, 1, 4097, 'a', 1, 1009);
    check_frame("unmasked text", 0x81, 0, 5, 'a', 1, 1002);
    check_frame("text that is no UTF-8", 0x81, 1, 5, 0xff, 1, 1007);
    check_frame("reserved opcode", 0x83, 1, 5, 'a', 1, 1002);
    check_frame("reserved bit (compression)", 0xc1, 1, 5, 'a', 1, 1002);
    check_frame("reserved bits", 0xf1, 1, 5, 'a', 1, 1002);
    check_frame("reserved control opcode", 0x8b, 1, 5, 'a', 1, 1002);
    check_frame("unmasked ping", 0x89, 0, 5, 'a', 1, 1002);
    check_frame("unmasked close", 0x88, 0, 0, 0, 1, 1002);
    check_frame("fragmented ping", 0x09, 1, 5, 'a', 1, 1002);
    check_frame("fragmented close", 0x08, 1, 2, 3, 1, 1002);
    check_frame("ping of 126 bytes", 0x89, 1, 126, 'a', 1, 1002);
    check_frame("pong of 200 bytes", 0x8a, 1, 200, 'a', 1, 1002);
    check_frame("close of 200 bytes", 0x88, 1, 200, 3, 1, 1002);
    check_frame("continuation of nothing", 0x80, 1, 5, 'a', 1, 1002);
    check_frame("close of a byte", 0x88, 1, 1, 3, 1, 1002);
    check_frame("close with code 0", 0x88, 1, 2, 0, 1, 1002);
    check_frame("close with code 257", 0x88, 1, 2, 1, 1, 1002);
    check_frame("close with code 65535", 0x88, 1, 2, 0xff, 1, 1002);
    check_frame("close with code 3084", 0x88, 1, 2, 12, 1, 3084);
    check_frame("close", 0x88, 1, 0, 0, 1, 0);
}

/* Frames that the one above cannot make. */
static void
test_bytes(void)
{
    static const struct {
        const char *what;
        const char *bytes;
        size_t len;
        int code;
    } cases[] = {
        {"two beginnings", "\x01\x81\0\0\0\0a\x01\x81\0\0\0\0b", 14, 1002},
        {"a length of 5 in 2 bytes", "\x81\xfe\0\5\0\0\0\0aaaaa", 13, 1002},
        {"a length of 5 in 8 bytes", "\x81\xff\0\0\0\0\0\0\0\5\0\0\0\0aaaaa",
         19, 1002},
        {"a length below zero", "\x81\xff\xff\0\0\0\0\0\0\5\0\0\0\0", 14,
         1002},
        {"a TB", "\x81\xff\0\0\1\0\0\0\0\0\0\0\0\0x", 15, 1009},
        {"half a character at the end", "\x81\x81\0\0\0\0\xc3", 7, 1007},
        {"no UTF-8 in the second part",
         "\x01\x81\0\0\0\0a\x80\x81\0\0\0\0\xff", 14, 1007},
        {"a close of no UTF-8", "\x88\x83\0\0\0\0\x03\xe8\xff", 9, 1007},
        {"a close with code 1005", "\x88\x82\0\0\0\0\x03\xed", 8, 1002},
        {"a close with code 1006", "\x88\x82\0\0\0\0\x03\xee", 8, 1002},
        {"a close with code 999", "\x88\x82\0\0\0\0\x03\xe7", 8, 1002},
        {"a page in the wrong place", "GET / HTTP/1.1\r\n\r\n", 18, 1002},
        {"frames behind a broken one", "\x81\2hi\x89\x80\0\0\0\0", 10, 1002},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t piece = 1; piece <= cases[i].len; piece += 13) {
            struct peer peer;
            int over = 0;
            peer_open(&peer);
            for (size_t at = 0; at < cases[i].len; at += piece) {
                size_t left = cases[i].len - at;
                over |= gl_websocket_input(
                    peer.socket, (const uint8_t *) cases[i].bytes + at,
                    left < piece ? left : piece, START_MS);
            }
            tap_ok(over && close_code(&peer) == cases[i].code &&
                       peer.out_len == 4,
                   "%s in pieces of %zu: one close, with %d (%d)",
                   cases[i].what, piece, cases[i].code, close_code(&peer));
            peer_close(&peer);
        }
    }
}

static void
test_ping_is_answered(void)
{
    static const uint8_t want[] = {0x8a, 2, 'h', 'i'};
    struct peer peer;
    uint8_t bytes[32];
    peer_open(&peer);
    size_t n = frame(bytes, 0x89, 1, "hi", 2);
    for (size_t i = 0; i < n; i++) /* a byte at a time */
        gl_websocket_input(peer.socket, bytes + i, 1, START_MS);
    tap_mem(peer.out, peer.out_len, want, sizeof want,
            "a ping in single bytes gets its pong");
    peer_close(&peer);
}

static void
test_rate(void)
{
    struct peer peer;
    uint8_t bytes[32];
    int over = 0;
    peer_open(&peer);
    size_t n = frame(bytes, 0x81, 1, "a", 1);
    for (int i = 0; i < GL_WEBSOCKET_RATE_MAX; i++)
        over |= gl_websocket_input(peer.socket, bytes, n, START_MS + 999);
    tap_int(over, 0, "10 frames in a second are taken");
    over = gl_websocket_input(peer.socket, bytes, n, START_MS + 1000);
    tap_int(over, 0, "a new second takes more");
    for (int i = 0; i < GL_WEBSOCKET_RATE_MAX; i++)
        over = gl_websocket_input(peer.socket, bytes, n, START_MS + 1500);
    tap_int(over, 1, "the 11th in one second ends it");
    tap_int(close_code(&peer), 1008, "with 1008");
    peer_close(&peer);
}

static void
test_time(void)
{
    struct peer peer;
    uint8_t pong[32];
    peer_open(&peer);
    tap_int(gl_websocket_next_ms(peer.socket), START_MS + 30000,
            "the first ping is due after 30 s");
    tap_int(gl_websocket_tick(peer.socket, START_MS + 29999), 0, "not before");
    tap_int((int64_t) peer.out_len, 0, "and writes nothing");
    gl_websocket_tick(peer.socket, START_MS + 30000);
    tap_int(peer.out_len == 2 && peer.out[0] == 0x89, 1, "a ping goes out");
    size_t n = frame(pong, 0x8a, 1, "", 0);
    gl_websocket_input(peer.socket, pong, n, START_MS + 31000);
    tap_int(gl_websocket_next_ms(peer.socket), START_MS + 60000,
            "with a pong the next thing is the next ping");
    gl_websocket_tick(peer.socket, START_MS + 60000);
    tap_int(gl_websocket_tick(peer.socket, START_MS + 69999), 0,
            "10 s to answer it");
    tap_int(gl_websocket_tick(peer.socket, START_MS + 70000), 1,
            "then it is over");
    tap_int(close_code(&peer), 1001, "with 1001");
    peer_close(&peer);
}

static void
test_life(void)
{
    int64_t shortest = INT64_MAX, longest = 0;
    for (int i = 0; i < 1000; i++) {
        struct peer peer = {.out = malloc(OUT_MAX)};
        peer.socket =
            gl_websocket_new(on_write, &peer, 0, (uint32_t) tap_random());
        uint8_t pong[8];
        int64_t now_ms = 0;
        size_t n = frame(pong, 0x8a, 1, "", 0);
        while (!gl_websocket_tick(peer.socket, now_ms)) {
            gl_websocket_input(peer.socket, pong, n, now_ms);
            now_ms = gl_websocket_next_ms(peer.socket);
        }
        shortest = now_ms < shortest ? now_ms : shortest;
        longest = now_ms > longest ? now_ms : longest;
        peer_close(&peer);
    }
    tap_ok(shortest >= 3240000 && shortest < 3300000, "shortest life 54 min");
    tap_ok(longest <= 3960000 && longest > 3900000, "longest life 66 min");
}

/* Random bytes, random pieces, and real frames with one bit turned. */
static void
test_noise(void)
{
    for (int i = 0; i < 20000; i++) {
        struct peer peer;
        uint8_t bytes[600];
        size_t len = tap_below(sizeof bytes - 16), at = 0;
        int over = 0;
        for (size_t k = 0; k < sizeof bytes; k++)
            bytes[k] = (uint8_t) tap_random();
        if (i % 2) {
            uint8_t payload[600];
            memcpy(payload, bytes, sizeof payload);
            len = frame(bytes, 0x80 | (int) tap_below(11), 1, payload, len);
            bytes[tap_below(8)] ^= (uint8_t) (1 << tap_below(8));
        }
        peer_open(&peer);
        while (at < len && !over) {
            size_t n = 1 + tap_below(len - at);
            over = gl_websocket_input(peer.socket, bytes + at, n, START_MS);
            at += n;
        }
        if (peer.out_len > 11 * 127)
            tap_bail("noise made %zu bytes", peer.out_len);
        peer_close(&peer);
    }
    tap_ok(1, "20,000 noisy peers: no fault, no flood");
}

static void
test_frame_out(void)
{
    size_t len;
    char text[70000];
    memset(text, 'x', sizeof text);
    uint8_t *bytes = gl_websocket_frame("hello", 5, &len);
    tap_mem(bytes, len, "\x81\x05hello", 7, "a short frame");
    free(bytes);
    bytes = gl_websocket_frame(text, 300, &len);
    tap_ok(len == 304 && memcmp(bytes, "\x81\x7e\x01\x2c", 4) == 0,
           "a frame of 300 bytes");
    free(bytes);
    bytes = gl_websocket_frame(text, sizeof text, &len);
    tap_ok(len == sizeof text + 10 && bytes[1] == 127,
           "a frame of 70,000 bytes");
    free(bytes);
}

static void
test_handshake(void)
{
    static const struct {
        const char *origin, *scheme, *host;
        int same;
    } cases[] = {
        {"https://a.example", "https", "a.example", 1},
        {"https://a.example", NULL, "a.example", 1},
        {"http://a.example:8080", NULL, "a.example:8080", 1},
        {"https://a.example", NULL, "a.example:443", 1},
        {"http://a.example", "http", "a.example:80", 1},
        {"https://a.example", NULL, "a.example:80", 1},
        {"https://[::1]", NULL, "[::1]:443", 1},
        {"http://a.example:443", NULL, "a.example:443", 1},
        {"https://a.example:8443", NULL, "a.example", 0},
        {"https://a.example", NULL, "a.example:8443", 0},
        {"https://a.example", NULL, ":443", 0},
        {"https://[::80]", NULL, "[:", 0},
        {"https://a.example:443", NULL, "a.example", 0},
        {"https://a.example:8", NULL, "a.example:80", 0},
        {"http://a.example", "https", "a.example", 0},
        {"http://a.example.", NULL, "a.example", 0},
        {"http://a.example/", NULL, "a.example", 0},
        {"http://a.example:80", NULL, "a.example", 0},
        {"http://xa.example", NULL, "a.example", 0},
        {"http://a.example.evil", NULL, "a.example", 0},
        {"http://a.example@evil", NULL, "a.example", 0},
        {"null", NULL, "a.example", 0},
        {"", NULL, "a.example", 0},
        {NULL, NULL, "a.example", 0},
        {"http://", NULL, "", 0},
        {"ftp://a.example", "ftp", "a.example", 0},
    };
    char accept[GL_WEBSOCKET_ACCEPT_LEN];
    tap_int(gl_websocket_accept("dGhlIHNhbXBsZSBub25jZQ==", accept), 0,
            "a key is taken");
    tap_str(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "RFC 6455's example");
    tap_int(gl_websocket_accept("dGhlIHNhbXBsZSBub25jZQ=", accept), -1,
            "a short key is not");
    tap_int(gl_websocket_accept("!GhlIHNhbXBsZSBub25jZQ==", accept), -1,
            "nor one that is no base64");
    tap_int(gl_websocket_accept("dGhlIHNhbXBsZSBub25jZQAA", accept), -1,
            "nor one of 18 bytes");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        tap_int(gl_handshake_same_origin(cases[i].origin, cases[i].scheme,
                                         cases[i].host),
                cases[i].same, "origin %s of %s",
                cases[i].origin == NULL ? "absent" : cases[i].origin,
                cases[i].host);
}

int
main(void)
{
    test_frames();
    test_bytes();
    test_ping_is_answered();
    test_rate();
    test_time();
    test_life();
    test_noise();
    test_frame_out();
    test_handshake();
    return tap_done();
}
