/* See payload.h. */

#include "payload.h"

#include <glib.h>
#include <string.h>

#include "fuzz.h"
#include "segment.h"

/* UTF-8 without control characters. */
static void
check_utf8(struct gl_text text)
{
    const char *at = text.data;

    if (text.len == 0)
        return;
    FUZZ_MUST(g_utf8_validate(text.data, text.len, NULL));
    for (; at < text.data + text.len; at += g_utf8_skip[(uint8_t) *at])
        FUZZ_MUST(g_unichar_type(g_utf8_get_char(at)) != G_UNICODE_CONTROL);
}

/* All that came through a parser; agent and language are as sent. */
static void
check_texts(const struct gl_event *event)
{
    uint32_t i;

    check_utf8(event->site);
    check_utf8(event->name);
    check_utf8(event->host);
    check_utf8(event->path);
    check_utf8(event->referrer);
    check_utf8(event->utm_source);
    check_utf8(event->utm_medium);
    check_utf8(event->utm_campaign);
    check_utf8(event->utm_content);
    check_utf8(event->utm_term);
    check_utf8(event->source);
    check_utf8(event->title);
    for (i = 0; i < event->props_n; i++) {
        check_utf8(event->props[i].key);
        check_utf8(event->props[i].value);
    }
}

void
payload_check(const struct gl_event *event)
{
    uint8_t payload[GL_FRAME_PAYLOAD_MAX];
    size_t len = gl_event_encode(event, payload, sizeof payload);
    static struct gl_decoder *decoder; /* large: one for all inputs */
    struct gl_event copy;
    const char *why;

    if (len == 0) /* answered with 413 */
        return;
    if (decoder == NULL)
        decoder = gl_decoder_new();
    FUZZ_MUST(decoder != NULL);
    FUZZ_MUST(gl_event_decode(decoder, &copy, payload, len, &why) == 0);
    check_texts(&copy);
}
