/* store/meta/counts.h: what is counted of frames that no account has. */

#include "sim.h"
#include "store/meta/counts.h"

int
gl_meta_set_incarnation(struct gl_meta *meta, const uint8_t id[16],
                        uint64_t total, int64_t first_ms, int64_t last_ms)
{
    (void) meta;
    (void) first_ms;
    (void) last_ms;
    return sim_db_change(0, SIM_TOTAL, id[0] | (uint32_t) id[1] << 8,
                         (uint32_t) total);
}

int
gl_meta_lost_known(struct gl_meta *meta, const uint8_t seg[16], uint32_t from,
                   uint32_t upto)
{
    (void) meta;
    (void) seg;
    (void) from;
    (void) upto;
    return 0;
}

int
gl_meta_set_lost(struct gl_meta *meta, const uint8_t seg[16], uint32_t index,
                 uint64_t n, int64_t at_ms)
{
    (void) meta;
    (void) seg;
    (void) index;
    (void) at_ms;
    sim_truth_lost(n);
    return 0;
}
