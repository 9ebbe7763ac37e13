/* What "privacy" answers as a page to print, sign and file. */

#ifndef GL_PRIVACY_PAGE_H
#define GL_PRIVACY_PAGE_H

#include <jansson.h>

/* The HTML, in English as all of the command line, whole in itself: it asks
 * for no other file.  ANSWER is the verb's.  A text; NULL: out of memory. */
json_t *gl_privacy_page_(const json_t *answer);

#endif
