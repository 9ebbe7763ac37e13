/* Sites and accounts that are not here any more. */

#ifndef GL_INGEST_FORGET_H
#define GL_INGEST_FORGET_H

#include "ingest/state.h"

/* The account was removed. */
void gl_ingest_forget_account_(struct gl_ingest *in, const char *id);
/* Forget a site that was moved or removed. */
void gl_ingest_forget_site_(struct gl_ingest *in, int64_t id);

#endif
