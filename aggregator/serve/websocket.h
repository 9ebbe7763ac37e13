/*
 * The server's side of one WebSocket, without a socket: bytes in, bytes out,
 * time as an argument.  The only file that knows wslay (frames) and nettle
 * (the handshake's key).
 */

#ifndef GL_WEBSOCKET_H
#define GL_WEBSOCKET_H

#include <stddef.h>
#include <stdint.h>

/* What a client may send; nothing it says has a meaning here. */
#define GL_WEBSOCKET_MESSAGE_MAX 4096 /* bytes; beyond: close 1009 */
#define GL_WEBSOCKET_RATE_MAX 10      /* frames in a second; beyond: 1008 */
#define GL_WEBSOCKET_PING_MS 30000
#define GL_WEBSOCKET_PONG_MS 10000   /* to answer a ping; beyond: 1001 */
#define GL_WEBSOCKET_LIFE_MS 3600000 /* ± 10 %, then 1001: come again */

#define GL_WEBSOCKET_ACCEPT_LEN 29 /* with the NUL */

enum gl_websocket_code {
    GL_WEBSOCKET_AWAY = 1001,
    GL_WEBSOCKET_PROTOCOL = 1002,
    GL_WEBSOCKET_NO_TEXT = 1007,
    GL_WEBSOCKET_POLICY = 1008,
    GL_WEBSOCKET_LATER = 1013
};

struct gl_websocket;

/* WRITE takes all bytes it is given (the owner bounds its queue). */
typedef void gl_websocket_write(void *arg, const uint8_t *bytes, size_t len);

/* LUCK (any 32 bits) spreads the ends of lives.  NULL when out of memory. */
struct gl_websocket *gl_websocket_new(gl_websocket_write *write, void *arg,
                                      int64_t now_ms, uint32_t luck);
void gl_websocket_free(struct gl_websocket *socket);

/*
 * Any bytes of the peer, in any pieces.  0, or 1: it is over, send what was
 * written and hang up; nothing more may be put in.
 */
int gl_websocket_input(struct gl_websocket *socket, const uint8_t *bytes,
                       size_t len, int64_t now_ms);

/* What time brings: ping, no pong, end of life.  0, or 1 as above. */
int gl_websocket_tick(struct gl_websocket *socket, int64_t now_ms);

/* When gl_websocket_tick() is next of use. */
int64_t gl_websocket_next_ms(const struct gl_websocket *socket);

/* Write a close frame; then it is over. */
void gl_websocket_close(struct gl_websocket *socket,
                        enum gl_websocket_code code);

/* One unmasked text frame that holds TEXT, malloc'd; NULL: out of memory.  The
 * same bytes may go to any number of peers. */
uint8_t *gl_websocket_frame(const char *text, size_t len, size_t *frame_len);

/* The Sec-WebSocket-Accept for KEY.  0, or -1 when KEY is none. */
int gl_websocket_accept(const char *key, char accept[GL_WEBSOCKET_ACCEPT_LEN]);

#endif
