/*
 * Door: a watcher's side of a WebSocket, after the handshake, and the key of
 * the handshake.
 *
 * Input: steps of two bytes, the first says what: 0..253 bytes that come in
 * one piece (the second byte is the first of them), 254 the clock goes on by
 * as many seconds, 255 news go out.  Whatever came, the answer is bounded, and
 * nothing follows an end.
 */

#include "fuzz.h"
#include "serve/websocket.h"

#include <string.h>

#define STEP_CLOCK 254
#define STEP_NEWS 255
/* One pong or close a frame, two bytes of header, never longer than sent. */
#define ANSWER_BYTES_MAX(in) (2 * (in) + 256)

struct peer {
    struct gl_websocket *socket;
    int64_t now_ms;
    size_t in, out;
    uint8_t sum; /* of all bytes, so that each is looked at */
    int over;
};

static void
on_write(void *arg, const uint8_t *bytes, size_t len)
{
    struct peer *peer = arg;
    size_t i;

    FUZZ_MUST(!peer->over);
    for (i = 0; i < len; i++)
        peer->sum ^= bytes[i];
    peer->out += len;
}

static void
input(struct peer *peer, const uint8_t *bytes, size_t len)
{
    peer->in += len;
    if (gl_websocket_input(peer->socket, bytes, len, peer->now_ms) == 1)
        peer->over = 1;
    else
        FUZZ_MUST(!peer->over);
    FUZZ_MUST(peer->out <= ANSWER_BYTES_MAX(peer->in));
}

static void
wait_s(struct peer *peer, int seconds)
{
    peer->now_ms += (int64_t) seconds * 1000;
    if (gl_websocket_tick(peer->socket, peer->now_ms) == 1)
        peer->over = 1;
    peer->in += 16; /* it may have sent a ping */
    if (!peer->over)
        FUZZ_MUST(gl_websocket_next_ms(peer->socket) > peer->now_ms);
}

static void
try_key(const uint8_t *data, size_t size)
{
    char accept[GL_WEBSOCKET_ACCEPT_LEN], key[64];
    size_t len = size < sizeof key ? size : sizeof key - 1;

    if (len > 0)
        memcpy(key, data, len);
    key[len] = '\0';
    if (gl_websocket_accept(key, accept) == 0)
        FUZZ_MUST(strlen(accept) == GL_WEBSOCKET_ACCEPT_LEN - 1);
}

static void
step(struct peer *peer, struct fuzz_bytes *in)
{
    uint8_t what = fuzz_take(in);
    const uint8_t *bytes;
    uint8_t *piece;
    size_t len;

    if (what == STEP_CLOCK) {
        wait_s(peer, fuzz_take(in));
        return;
    }
    if (what == STEP_NEWS) {
        bytes = gl_websocket_frame("{}", 2, &len);
        FUZZ_MUST(bytes != NULL && len == 4);
        free((void *) (uintptr_t) bytes);
        return;
    }
    bytes = fuzz_take_some(in, what, &len);
    piece = malloc(len == 0 ? 1 : len);
    FUZZ_MUST(piece != NULL);
    if (len > 0)
        memcpy(piece, bytes, len);
    input(peer, piece, len);
    free(piece);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_bytes in = {data, size};
    struct peer peer = {.now_ms = 1000000};

    try_key(data, size);
    peer.socket = gl_websocket_new(on_write, &peer, peer.now_ms, 0);
    FUZZ_MUST(peer.socket != NULL);
    while (in.left > 0)
        step(&peer, &in);
    gl_websocket_free(peer.socket);
    return 0;
}
