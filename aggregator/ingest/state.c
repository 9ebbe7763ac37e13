/*
 * The clocks of a turn, how often something happened, a disk that is full.
 */

#include "ingest/state.h"

void
gl_ingest_look_at_clocks_(struct gl_ingest *in)
{
    in->now_ms = gl_clock_now_ms();
    in->began_ms = MIN(in->began_ms, in->now_ms);
    in->boot_ms = gl_clock_boot_ms();
}

void
gl_ingest_tally_(struct gl_tally *tally, int64_t now_ms)
{
    if (tally->n++ == 0)
        tally->first_ms = now_ms;
    tally->last_ms = now_ms;
}

int
gl_ingest_is_full_(const struct gl_ingest_account *account, int error)
{
    if (error == 0 || error == GL_STORE_CORRUPT || error == GL_STORE_NEWER)
        return 0;
    return gl_file_full(account->file);
}
