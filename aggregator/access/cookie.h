/* One cookie of a request. */

#ifndef GL_ACCESS_COOKIE_H
#define GL_ACCESS_COOKIE_H

/* VALUE gets the LEN letters of the cookie NAME in COOKIES, a header, NULL =
 * there is none: 1, or 0 and "": there is no such cookie of that length. */
int gl_cookie(const char *cookies, const char *name, char *value, int len);

#endif
