/* What leaves an edge; see recode.h. */

#include "log/recode.h"

#include "enrich/enrich.h"
#include "enrich/understood.h"
#include "gl_assert.h"
#include "left_out.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#define NOBODY_CAN_READ 0xc1 /* no type of msgpack */

struct gl_recoder {
    struct gl_decoder *decoder;
    struct gl_enrich *enrich;
};

struct gl_recoder *
gl_recoder_new(const char *enrich, char *why, size_t why_len)
{
    struct gl_recoder *r = g_new0(struct gl_recoder, 1);
    const char *sentence = "out of memory";

    r->decoder = gl_decoder_new();
    if (r->decoder != NULL)
        r->enrich = gl_enrich_new(enrich, &sentence);
    if (r->enrich != NULL)
        return r;
    snprintf(why, why_len, "%s (key \"enrich\"): %s", enrich, sentence);
    gl_recoder_free(r);
    return NULL;
}

void
gl_recoder_free(struct gl_recoder *r)
{
    if (r == NULL)
        return;
    gl_enrich_free(r->enrich);
    gl_decoder_free(r->decoder);
    g_free(r);
}

/* An event that is nearly as long as a frame may be, with a short agent of
 * which much is understood, loses what there is no room for. */
static uint32_t
write_event(struct gl_recoder *r, struct gl_event *event,
            uint8_t payload[GL_FRAME_PAYLOAD_MAX])
{
    const struct gl_agent *agent = gl_enrich_client(r->enrich, event);
    char text[GL_UNDERSTOOD_BYTES];
    size_t n = 0;

    gl_left_out_apply(event, GL_LEFT_OUT_AGENT);
    for (int brief = 0; n == 0 && brief < 2; brief++) {
        event->understood = (struct gl_text){
            text, (uint32_t) gl_understood_write(text, agent, brief)};
        n = gl_event_encode(event, payload, GL_FRAME_PAYLOAD_MAX);
    }
    if (n == 0) {
        event->understood = (struct gl_text){0};
        n = gl_event_encode(event, payload, GL_FRAME_PAYLOAD_MAX);
    }
    return (uint32_t) n;
}

void
gl_recode(struct gl_recoder *r, struct gl_recoded *to,
          const struct gl_spool_frame *frame)
{
    struct gl_event event;
    const char *why;

    to->site = (struct gl_text){"", 0};
    to->payload_len = 0;
    to->before = 0;
    if (frame->type == GL_FRAME_COUNTS) {
        GL_ASSERT(frame->payload_len <= GL_FRAME_PAYLOAD_MAX);
        memcpy(to->payload, frame->payload, frame->payload_len);
        to->payload_len = frame->payload_len;
    } else if ((frame->type == GL_FRAME_EVENT ||
                frame->type == GL_FRAME_SERVED) &&
               gl_event_decode(r->decoder, &event, frame->payload,
                               frame->payload_len, &why) == 0) {
        to->site = event.site;
        to->before = event.visitor_before;
        event.visitor_before = 0;
        to->payload_len = write_event(r, &event, to->payload);
    }
    if (to->payload_len == 0) {
        to->payload[0] = NOBODY_CAN_READ;
        to->payload_len = 1;
    }
}
