/* What languages are called in the language in use (CLDR).  Any thread. */

#ifndef GL_LANGUAGE_TONGUES_H
#define GL_LANGUAGE_TONGUES_H

#include <stddef.h>

/* "English (United States)" of "en-US", "German" of "de", "Chinese (Hant)" of
 * "zh-Hant", the caller's (g_free); NULL: there is no such language. */
char *gl_tongue_name(const char *tag);

/* Number I of all codes ("de") and *NAME of it; NULL behind the last. */
const char *gl_tongue_at(size_t i, const char **name);

#endif
