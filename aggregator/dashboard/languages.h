/* What of a page is about its language.  Any thread. */

#ifndef GL_DASHBOARD_LANGUAGES_H
#define GL_DASHBOARD_LANGUAGES_H

#include <jansson.h>

#include "dashboard/address.h"

/* The view of ADDRESS, NULL = the first, in each language, to choose from:
 * [{code, name, href, current}], the caller's. */
json_t *gl_languages_view(const struct gl_address *address);

/* Into VIEW, of any page: lang; languages, unless they are there; choice, what
 * an address of ours ends with to go on in the one that the reader has chosen;
 * chosen, its code, where he has.
 * Its fault, sentence and title, which may come from below in English, are in
 * the language in use where they are known. */
void gl_languages_set(json_t *view);

#endif
