/*
 * What was understood of an agent as one text, so that the agent itself need
 * not be passed on: its parts with tabs between, which none of them has.
 * Parts at the end that are empty are left out.
 *
 *   browser, version, system, version, device, bot, rule, kind, operator
 *
 * Pure.
 */

#ifndef GL_ENRICH_UNDERSTOOD_H
#define GL_ENRICH_UNDERSTOOD_H

#include "enrich.h"

#define GL_UNDERSTOOD_BYTES 512 /* of the text, with its end */

/* An agent that has its own texts. */
struct gl_understood {
    struct gl_agent agent;
    char kind[64], operator[64];
};

/* TEXT gets AGENT; BRIEF: without what only names a bot's owner.  How long it
 * is, at least 1: one nobody understands is a tab. */
size_t gl_understood_write(char text[GL_UNDERSTOOD_BYTES],
                           const struct gl_agent *agent, int brief);
/* Any TEXT: what does not fit is cut. */
void gl_understood_read(struct gl_understood *understood, struct gl_text text);

#endif
