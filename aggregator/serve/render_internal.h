/* Parts of render shared by its files. */

#ifndef GL_RENDER_INTERNAL_H
#define GL_RENDER_INTERNAL_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

/* TEXT as HTML text or attribute value. */
void gl_render_escape_(FILE *out, const char *text);

/* 12,345 */
void gl_render_number_(FILE *out, int64_t n);

/* An SVG of the pageviews of 30 minutes, oldest first. */
void gl_render_bars_(FILE *out, const json_t *minutes);

#endif
