/* What a site may be called. */

#ifndef GL_STORE_DOMAIN_H
#define GL_STORE_DOMAIN_H

#include "request/longest.h"

/* NAME (any bytes) in the form it is stored in, lower case and without www.:
 * 0, or -1 it is no domain. */
int gl_domain(const char *name, char stored[GL_LONGEST_site + 1]);

#endif
