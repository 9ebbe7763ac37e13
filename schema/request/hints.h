/*
 * What browsers say of themselves in client hints (Sec-CH-UA-*, structured
 * fields) beside a User-Agent that tells less and less: brand, system, its
 * version, whether it is a telephone.  What is not understood is not said.
 * Pure.
 */

#ifndef GL_REQUEST_HINTS_H
#define GL_REQUEST_HINTS_H

#include "event.h"

#pragma GCC visibility push(hidden)

/* The headers as they came; empty: it did not. */
struct gl_hints {
    struct gl_text brands;           /* Sec-CH-UA */
    struct gl_text mobile;           /* Sec-CH-UA-Mobile */
    struct gl_text platform;         /* Sec-CH-UA-Platform */
    struct gl_text platform_version; /* Sec-CH-UA-Platform-Version */
};

/* Into EVENT's brand, brand_version, platform, platform_version, mobile. */
void gl_hints_read(const struct gl_hints *hints, struct gl_event *event);

#pragma GCC visibility pop

#endif
