/* Parts of render shared by its files. */

#ifndef GL_RENDER_INTERNAL_H
#define GL_RENDER_INTERNAL_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "dashboard/render.h"

/* TEXT as HTML text or attribute value. */
void gl_render_escape_(FILE *out, const char *text);

/* 12,345 */
void gl_render_number_(FILE *out, int64_t n);

/* An SVG of the pageviews of 30 minutes, oldest first. */
void gl_render_bars_(FILE *out, const json_t *minutes);

/* A page of public sites, and where there are many a form to search them. */
void gl_render_sites_(FILE *out, const struct gl_render_list *list);
void gl_render_search_(FILE *out, const struct gl_render_list *list);

#endif
