/* Frames are decoded, their sites looked up; see said.h.  Writer thread. */

#include "ingest/said.h"

#include "ingest/inflight.h"
#include "ingest/sites.h"
#include "log.h"
#include "reasons.h"

/* meta.db counts the frame, by REASON. */
static void
drop_itself(struct gl_ingest *in, struct gl_ingest_said *said,
            enum gl_reason reason, uint64_t *counter)
{
    struct gl_count count = {.reason = gl_reason_word(reason), .n = 1};

    if (reason == GL_REASON_UNKNOWN_SITE)
        count.site = said->event.site;
    said->own = counter;
    said->drops[0] = (struct gl_ingest_drop){&in->of_meta, NULL, count};
    said->drops_n = 1;
}

static void
say_event(struct gl_ingest *in, const struct gl_ingest_account *only,
          struct gl_ingest_said *said)
{
    struct gl_ingest_site *site = gl_ingest_site_(in, said->event.site);

    /* a parked frame whose site went elsewhere: an older meta.db
     * was restored */
    if (site == NULL || (only != NULL && site->account != only))
        drop_itself(in, said, GL_REASON_UNKNOWN_SITE,
                    &in->counters.unknown_site);
    else
        said->site = site;
}

static void
say_counts(struct gl_ingest *in, struct gl_ingest_said *said,
           const struct gl_count *counts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct gl_ingest_site *site = counts[i].site.len > 0
                                          ? gl_ingest_site_(in, counts[i].site)
                                          : NULL;

        said->drops[i] = (struct gl_ingest_drop){
            site == NULL ? &in->of_meta : site->account, site, counts[i]};
    }
    said->drops_n = n;
}

static void
decode(struct gl_ingest *in, const struct gl_spool_frame *frame,
       const struct gl_ingest_account *only, struct gl_ingest_said *said)
{
    struct gl_count counts[GL_COUNTS_MAX];
    const char *why = "frame of a type not known here";
    int n = -1;

    said->served = frame->type == GL_FRAME_SERVED;
    if (frame->type == GL_FRAME_EVENT || said->served)
        n = gl_event_decode(in->decoder, &said->event, frame->payload,
                            frame->payload_len, &why);
    else if (frame->type == GL_FRAME_COUNTS)
        n = gl_counts_decode(in->decoder, counts, frame->payload,
                             frame->payload_len, &why);
    if (n >= 0 && frame->type != GL_FRAME_COUNTS)
        say_event(in, only, said);
    else if (n >= 0)
        say_counts(in, said, counts, (size_t) n);
    else if (only == NULL) { /* a parked one was counted before */
        gl_log(GL_LOG_DEBUG, "undecodable frame: %s", why);
        said->aside = 1;
        drop_itself(in, said, GL_REASON_UNDECODABLE,
                    &in->counters.undecodable);
    }
}

void
gl_ingest_understand_(struct gl_ingest *in, const struct gl_spool_frame *frame,
                      const struct gl_ingest_account *only,
                      struct gl_ingest_said *said)
{
    const uint8_t *id = frame->segment->header.id;

    said->site = NULL;
    said->served = 0;
    said->drops_n = 0;
    said->own = NULL;
    said->aside = gl_inflight_is_bad(in->inflight, id, frame->index);
    if (said->aside) {
        drop_itself(in, said, GL_REASON_CRASH, &in->counters.crashed);
        return;
    }
    gl_inflight_enter(in->inflight, id, frame->index);
    decode(in, frame, only, said);
}
