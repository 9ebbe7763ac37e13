/*
 * What the worker encodes the aggregator must be able to decode: a frame it
 * refuses would be an event that was answered with 2xx and lost.
 */

#ifndef GL_FUZZ_PAYLOAD_H
#define GL_FUZZ_PAYLOAD_H

#include "event.h"

/* EVENT encodes and decodes again, and its texts are UTF-8 then. */
void payload_check(const struct gl_event *event);

#endif
