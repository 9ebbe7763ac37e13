/* What countries and regions are called: of their codes (ISO 3166), in
 * English; regions as their country writes them.  Any thread. */

#ifndef GL_QUESTION_PLACES_H
#define GL_QUESTION_PLACES_H

#include <jansson.h>

/* {"DE": "Germany", "DE-BY": "Bayern"}; nobody's to change. */
json_t *gl_places(void);
/* "Germany" of "DE"; CODE itself where there is no name.  Valid as long as
 * CODE. */
const char *gl_place_name(const char *code);

#endif
