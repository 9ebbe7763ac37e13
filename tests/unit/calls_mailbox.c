/*
 * Promise: packets reach the writer thread whole and in order; when more come
 * than it takes, frames alone are left out, which it reads from their file,
 * and it is told so.
 */

#include "hint.h"
#include "calls/mailbox.h"
#include "tap.h"

#include <string.h>

#define HELLOS 1000 /* about as many workers as there can be */

struct taken {
    int events, hellos, wrong;
};

static void
take_hint(void *arg, const uint8_t *packet, size_t len)
{
    struct taken *taken = arg;
    int *n = packet[0] == GL_HINT_EVENTS ? &taken->events : &taken->hellos;
    size_t whole =
        packet[0] == GL_HINT_EVENTS ? GL_HINT_PACKET_MAX : GL_HINT_HELLO_BYTES;

    taken->wrong += len != whole || memcmp(packet + 4, n, sizeof *n) != 0;
    (*n)++;
}

static void
take_watch(void *arg, int64_t site, int change)
{
    (void) arg;
    (void) site;
    (void) change;
}

static int
take(struct gl_mailbox *box, struct taken *taken)
{
    struct gl_mailbox_reader reader = {take_hint, take_watch, taken};

    memset(taken, 0, sizeof *taken);
    return gl_mailbox_take(box, &reader);
}

/* N packets of TYPE, numbered from 0. */
static void
put(struct gl_mailbox *box, enum gl_hint_type type, size_t len, int n)
{
    static uint8_t packet[GL_HINT_PACKET_MAX];

    packet[0] = (uint8_t) type;
    for (int i = 0; i < n; i++) {
        memcpy(packet + 4, &i, sizeof i);
        gl_mailbox_hint(box, packet, len);
    }
}

int
main(void)
{
    struct gl_mailbox *box = gl_mailbox_new();
    struct taken taken;
    int full = GL_MAILBOX_HINT_BYTES / GL_HINT_PACKET_MAX;

    put(box, GL_HINT_EVENTS, GL_HINT_PACKET_MAX, 3);
    tap_int(take(box, &taken), 0, "few: none refused");
    tap_int(taken.events, 3, "all there");
    put(box, GL_HINT_EVENTS, GL_HINT_PACKET_MAX, 2 * full);
    put(box, GL_HINT_HELLO, GL_HINT_HELLO_BYTES, HELLOS);
    tap_int(take(box, &taken), 1, "too many: that is told");
    tap_ok(taken.events > full / 2 && taken.events < full,
           "a part of the frames: %d packets", taken.events);
    tap_int(taken.hellos, HELLOS, "every HELLO");
    tap_int(taken.wrong, 0, "whole and in order");
    put(box, GL_HINT_HELLO, GL_HINT_HELLO_BYTES, 1000 * HELLOS);
    tap_int(take(box, &taken), 1, "no end of HELLOs: told, too");
    tap_int(taken.wrong, 0, "and bounded: %d", taken.hellos);
    tap_int(take(box, &taken), 0, "and then");
    tap_int(taken.events + taken.hellos, 0, "it is empty");
    gl_mailbox_free(box);
    return tap_done();
}
