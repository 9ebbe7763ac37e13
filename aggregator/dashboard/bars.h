/* How high the bars of the last 30 minutes are: the one place that knows. */

#ifndef GL_BARS_H
#define GL_BARS_H

#include <jansson.h>

/* In thousandths of the picture. */
#define GL_BARS_HIGH 1000
#define GL_BARS_ROOM 80 /* above the highest bar, for the scale */

/* Of MINUTES, pageviews a minute, oldest first, null = not known: {top, what
 * the scale ends with; heights, one a minute}.  The caller owns it. */
json_t *gl_bars(const json_t *minutes);

#endif
