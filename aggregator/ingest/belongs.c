/*
 * Whose a frame is, by meta.db alone.
 *
 * Writer thread.
 */

#include "ingest/belongs.h"

#include "store/meta/sites.h"

#include <string.h>

static int
is_of(struct gl_ingest *in, struct gl_text domain,
      const struct gl_ingest_account *account)
{
    const struct gl_meta_site *site =
        domain.len > 0 ? gl_meta_site(in->meta, domain) : NULL;

    return site != NULL && strcmp(site->account, account->id) == 0;
}

int
gl_ingest_belongs_(struct gl_ingest *in,
                   const struct gl_ingest_account *account,
                   const struct gl_frame *frame)
{
    struct gl_count counts[GL_COUNTS_MAX];
    struct gl_event event;
    const char *why;
    int n;

    if (frame->type == GL_FRAME_EVENT || frame->type == GL_FRAME_SERVED)
        return gl_event_decode(in->decoder, &event, frame->payload,
                               frame->payload_len, &why) != 0 ||
               is_of(in, event.site, account);
    if (frame->type != GL_FRAME_COUNTS)
        return 0;
    n = gl_counts_decode(in->decoder, counts, frame->payload,
                         frame->payload_len, &why);
    if (n < 0)
        return 1;
    while (n > 0)
        if (is_of(in, counts[--n].site, account))
            return 1;
    return 0;
}
