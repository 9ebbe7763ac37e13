/*
 * A request on its way through the worker, from its adapter to an encoded
 * payload, and what must hold at every step.
 */

#ifndef GL_FUZZ_HIT_H
#define GL_FUZZ_HIT_H

#include "stand_in.h"

/* Set up IN's headers where they matter, and have the hit filled; an
 * adapter's parse result. */
typedef ngx_int_t hit_parse(struct stand_in *in, void *arg);

/* Once with all the memory there is, once more with too little. */
void hit_try(hit_parse *parse, void *arg);

/* What a browser sends, so that the event is not taken for a bot's. */
void hit_browser(struct stand_in *in);

#endif
