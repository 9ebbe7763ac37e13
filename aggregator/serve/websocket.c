/*
 * The server's side of one WebSocket.  wslay reads frames, judges them (RFC
 * 6455: unmasked, fragmented control, bad UTF-8, too long) and writes pongs
 * and closes; data frames go out beside it, since one frame serves all
 * watchers. That is safe because WRITE takes all it is given: frames never
 * interleave.
 *
 * No compression is offered, so a small frame cannot become a large message.
 * Single thread.
 */

#include "serve/websocket.h"

#include "gl_assert.h"

#include <glib.h>
#include <nettle/base64.h>
#include <nettle/sha1.h>
#include <stdlib.h>
#include <string.h>
#include <wslay/wslay.h>

#define GL_WEBSOCKET_KEY_LEN 24    /* base64 of 16 bytes */
#define GL_WEBSOCKET_HEADER_MAX 10 /* of an unmasked frame */

struct gl_websocket {
    wslay_event_context_ptr frames;
    gl_websocket_write *write;
    void *arg;
    const uint8_t *in; /* during gl_websocket_input() */
    size_t in_len;
    int64_t ping_ms;   /* when the next ping goes out */
    int64_t pong_ms;   /* when the pong is missed; INT64_MAX = none awaited */
    int64_t end_ms;    /* end of life */
    int64_t second_ms; /* begin of the second that frames are counted in */
    int frames_n;      /* in that second */
    int over;
};

static ssize_t
on_recv(wslay_event_context_ptr frames, uint8_t *buf, size_t len, int flags,
        void *arg)
{
    struct gl_websocket *socket = arg;
    (void) flags;
    GL_ASSERT(frames == socket->frames);
    if (socket->in_len == 0) {
        wslay_event_set_error(frames, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    size_t n = len < socket->in_len ? len : socket->in_len;
    memcpy(buf, socket->in, n);
    socket->in += n;
    socket->in_len -= n;
    return (ssize_t) n;
}

static ssize_t
on_send(wslay_event_context_ptr frames, const uint8_t *data, size_t len,
        int flags, void *arg)
{
    struct gl_websocket *socket = arg;
    (void) flags;
    GL_ASSERT(frames == socket->frames);
    socket->write(socket->arg, data, len);
    return (ssize_t) len;
}

static void
on_frame(wslay_event_context_ptr frames,
         const struct wslay_event_on_frame_recv_start_arg *frame, void *arg)
{
    struct gl_websocket *socket = arg;
    (void) frame;
    GL_ASSERT(frames == socket->frames);
    if (++socket->frames_n > GL_WEBSOCKET_RATE_MAX) {
        wslay_event_shutdown_read(frames);
        gl_websocket_close(socket, GL_WEBSOCKET_POLICY);
    }
}

/* A close that wslay would answer with another code, or with none: what it has
 * in its queue can be neither changed nor left out, so ours goes instead. */
static void
break_off(struct gl_websocket *socket, enum gl_websocket_code code)
{
    const uint8_t frame[] = {0x88, 2, (uint8_t) (code >> 8), code & 0xff};
    socket->write(socket->arg, frame, sizeof frame);
    socket->over = 1;
}

/* wslay takes a close of one byte for one without a code, and a reason that
 * comes in pieces for UTF-8. */
static void
check_close(struct gl_websocket *socket,
            const struct wslay_event_on_msg_recv_arg *message)
{
    if (message->msg_length == 1)
        break_off(socket, GL_WEBSOCKET_PROTOCOL);
    else if (message->msg_length > 2 &&
             !g_utf8_validate_len((const char *) message->msg + 2,
                                  message->msg_length - 2, NULL))
        break_off(socket, GL_WEBSOCKET_NO_TEXT);
}

static void
on_message(wslay_event_context_ptr frames,
           const struct wslay_event_on_msg_recv_arg *message, void *arg)
{
    struct gl_websocket *socket = arg;
    GL_ASSERT(frames == socket->frames);
    if (message->opcode == WSLAY_PONG)
        socket->pong_ms = INT64_MAX;
    else if (message->opcode == WSLAY_CONNECTION_CLOSE)
        check_close(socket, message);
}

static const struct wslay_event_callbacks callbacks = {
    .recv_callback = on_recv,
    .send_callback = on_send,
    .on_frame_recv_start_callback = on_frame,
    .on_msg_recv_callback = on_message,
};

struct gl_websocket *
gl_websocket_new(gl_websocket_write *write, void *arg, int64_t now_ms,
                 uint32_t luck)
{
    struct gl_websocket *socket = calloc(1, sizeof *socket);
    if (socket == NULL || wslay_event_context_server_init(
                              &socket->frames, &callbacks, socket) != 0) {
        free(socket);
        return NULL;
    }
    wslay_event_config_set_max_recv_msg_length(socket->frames,
                                               GL_WEBSOCKET_MESSAGE_MAX);
    socket->write = write;
    socket->arg = arg;
    socket->ping_ms = now_ms + GL_WEBSOCKET_PING_MS;
    socket->pong_ms = INT64_MAX;
    /* ± 10 %, so that watchers who came together do not come back together. */
    socket->end_ms = now_ms + GL_WEBSOCKET_LIFE_MS * 9 / 10 +
                     luck % (GL_WEBSOCKET_LIFE_MS / 5);
    socket->second_ms = now_ms;
    return socket;
}

void
gl_websocket_free(struct gl_websocket *socket)
{
    if (socket != NULL) {
        wslay_event_context_free(socket->frames);
        free(socket);
    }
}

static int
send_all(struct gl_websocket *socket)
{
    int failed = wslay_event_send(socket->frames) != 0;
    if (failed || wslay_event_get_close_sent(socket->frames))
        socket->over = 1;
    return socket->over;
}

int
gl_websocket_input(struct gl_websocket *socket, const uint8_t *bytes,
                   size_t len, int64_t now_ms)
{
    if (socket->over)
        return 1;
    GL_ASSERT(socket->in == NULL); /* not from a callback of its own */
    if (now_ms - socket->second_ms >= 1000) {
        socket->second_ms = now_ms;
        socket->frames_n = 0;
    }
    socket->in = bytes;
    socket->in_len = len;
    int failed = wslay_event_recv(socket->frames) != 0;
    socket->in = NULL;
    socket->in_len = 0;
    if (failed && !socket->over)
        break_off(socket, GL_WEBSOCKET_PROTOCOL);
    if (socket->over || send_all(socket) ||
        !wslay_event_get_read_enabled(socket->frames))
        socket->over = 1;
    return socket->over;
}

int
gl_websocket_tick(struct gl_websocket *socket, int64_t now_ms)
{
    static const struct wslay_event_msg ping = {.opcode = WSLAY_PING};
    if (now_ms >= socket->pong_ms || now_ms >= socket->end_ms) {
        gl_websocket_close(socket, GL_WEBSOCKET_AWAY);
    } else if (now_ms >= socket->ping_ms) {
        socket->ping_ms = now_ms + GL_WEBSOCKET_PING_MS;
        socket->pong_ms = now_ms + GL_WEBSOCKET_PONG_MS;
        if (wslay_event_queue_msg(socket->frames, &ping) != 0)
            socket->over = 1;
        send_all(socket);
    }
    return socket->over;
}

int64_t
gl_websocket_next_ms(const struct gl_websocket *socket)
{
    int64_t next_ms = socket->ping_ms;
    next_ms = socket->pong_ms < next_ms ? socket->pong_ms : next_ms;
    return socket->end_ms < next_ms ? socket->end_ms : next_ms;
}

void
gl_websocket_close(struct gl_websocket *socket, enum gl_websocket_code code)
{
    if (!socket->over) {
        wslay_event_queue_close(socket->frames, (uint16_t) code, NULL, 0);
        send_all(socket);
        socket->over = 1;
    }
}

struct frame_out {
    uint8_t *bytes;
    size_t len, size;
};

static ssize_t
on_frame_send(const uint8_t *data, size_t len, int flags, void *arg)
{
    struct frame_out *out = arg;
    (void) flags;
    GL_ASSERT(out->len <= out->size);
    if (len > out->size - out->len)
        return -1;
    memcpy(out->bytes + out->len, data, len);
    out->len += len;
    return (ssize_t) len;
}

uint8_t *
gl_websocket_frame(const char *text, size_t len, size_t *frame_len)
{
    static const struct wslay_frame_callbacks to_memory = {.send_callback =
                                                               on_frame_send};
    struct frame_out out = {malloc(len + GL_WEBSOCKET_HEADER_MAX), 0,
                            len + GL_WEBSOCKET_HEADER_MAX};
    struct wslay_frame_iocb frame = {.fin = 1,
                                     .opcode = WSLAY_TEXT_FRAME,
                                     .payload_length = len,
                                     .data = (const uint8_t *) text,
                                     .data_length = len};
    wslay_frame_context_ptr context;
    if (out.bytes == NULL ||
        wslay_frame_context_init(&context, &to_memory, &out) != 0) {
        free(out.bytes);
        return NULL;
    }
    ssize_t sent = wslay_frame_send(context, &frame);
    wslay_frame_context_free(context);
    if (sent != (ssize_t) len) {
        free(out.bytes);
        return NULL;
    }
    *frame_len = out.len;
    return out.bytes;
}

int
gl_websocket_accept(const char *key, char accept[GL_WEBSOCKET_ACCEPT_LEN])
{
    /* RFC 6455, 1.3 */
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    struct base64_decode_ctx decode;
    struct sha1_ctx sha1;
    uint8_t nonce[BASE64_DECODE_LENGTH(GL_WEBSOCKET_KEY_LEN)];
    uint8_t digest[SHA1_DIGEST_SIZE];
    size_t nonce_len = sizeof nonce;
    if (strlen(key) != GL_WEBSOCKET_KEY_LEN)
        return -1;
    base64_decode_init(&decode);
    if (!base64_decode_update(&decode, &nonce_len, nonce, GL_WEBSOCKET_KEY_LEN,
                              key) ||
        !base64_decode_final(&decode) || nonce_len != 16)
        return -1;
    sha1_init(&sha1);
    sha1_update(&sha1, GL_WEBSOCKET_KEY_LEN, (const uint8_t *) key);
    sha1_update(&sha1, sizeof guid - 1, (const uint8_t *) guid);
    sha1_digest(&sha1, sizeof digest, digest);
    base64_encode_raw(accept, sizeof digest, digest);
    accept[BASE64_ENCODE_RAW_LENGTH(SHA1_DIGEST_SIZE)] = '\0';
    return 0;
}
