/* One event to its rows. */

#ifndef GL_INGEST_APPLY_H
#define GL_INGEST_APPLY_H

#include "ingest/state.h"
#include "store/rows/rows.h"
#include "store/words/words.h"

/* 0 or -enum gl_store_error; inside SITE's account's transaction. */
int gl_ingest_apply_(struct gl_ingest *in, struct gl_ingest_site *site,
                     const struct gl_event *event);

/*
 * An event as its row: words, place, agent and origin to codes.  GIVEN is NULL
 * for events of strangers; of an import it has what outranks what the agent
 * and the referrer tell, codes have been looked up, words have no cap.
 * 0, 1 = it was a bot or spam and is counted as such, or -enum gl_store_error.
 */
struct gl_ingest_given {
    struct gl_text source, channel;
    struct gl_store_agent agent;
};
int gl_ingest_row_(struct gl_ingest *in, struct gl_ingest_site *site,
                   const struct gl_event *event,
                   const struct gl_ingest_given *given,
                   struct gl_store_event *row);

/* 1 = an event of that time would be of a day of which SITE has no rows any
 * more, the last of which is *DAY; 0, or -enum gl_store_error. */
int gl_ingest_let_go_(struct gl_ingest *in, const struct gl_ingest_site *site,
                      int64_t at_ms, int64_t *day);

/* The month (UTC) of AT_MS, months since 1970: of quotas. */
int64_t gl_ingest_month_(int64_t at_ms);

#endif
