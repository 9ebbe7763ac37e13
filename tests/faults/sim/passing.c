/* The simulated machine is alone: it passes no change on. */

#include "admin/passing.h"
#include "ingest/told_lost.h"

int
gl_passing_new(const struct gl_conf *conf, struct gl_passing **passing,
               char *why, size_t why_len)
{
    (void) conf;
    (void) passing;
    (void) why;
    (void) why_len;
    return 0;
}

void
gl_passing_free(struct gl_passing *passing)
{
    (void) passing;
}

void
gl_ingest_take_lost_(struct gl_ingest *in)
{
    (void) in;
}

void
gl_passing_tick_(struct gl_ingest *in)
{
    (void) in;
}

void
gl_passing_stop_(struct gl_ingest *in)
{
    (void) in;
}
