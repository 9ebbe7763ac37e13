/* Lanes of a spool that was split (log/lane.h), as a test finds them when what
 * splits it is dead. */

#ifndef GL_TEST_LANES_PROBE_H
#define GL_TEST_LANES_PROBE_H

#include "spool/frame.h"

/* Of a segment each frame is taken once, as by the position that a primary
 * has: 1 = it was before. */
int probe_taken(const struct gl_spool_frame *frame);
/* 1 = LANES/lanes.db says that SEGMENT grows: nobody may remove it. */
int probe_grows(const char *lanes, const struct gl_spool_segment *segment);
/* Whatever no sync has covered is lost. */
void probe_cut_power(const char *lanes);

#endif
