/* What people and programs type, as it is kept: texts follow the rules that
 * those of events do (schema/request), or nothing could ever match them. */

#ifndef GL_TYPED_H
#define GL_TYPED_H

#include <jansson.h>

/* Each text in VALUE, keys aside, without control characters: a tab is a
 * blank, ESC is %1B, as gl_utf8_mend() has it. */
void gl_typed_mend(json_t *value);

/* The path that TEXT names, as pages have theirs: escapes are decoded.  The
 * caller's, g_free(). */
char *gl_typed_path(const char *text);

#endif
