/*
 * What client hints say beyond a User-Agent, which Chromium keeps the same for
 * all: the version of the system, the brand, telephone or not.
 */

#ifndef GL_ENRICH_HINTS_H
#define GL_ENRICH_HINTS_H

#include "enrich.h"

/* AGENT, which its text gave, as the hints of EVENT have it. */
void gl_hints_apply_(struct gl_agent *agent, const struct gl_event *event);

/* 1: they say that nobody looks at the browser. */
int gl_hints_headless_(const struct gl_event *event);

#endif
