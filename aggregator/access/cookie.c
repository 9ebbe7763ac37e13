/* One cookie of a request; see cookie.h. */

#include "access/cookie.h"

#include <string.h>

/* Of a name that begins with __Host- a browser sends but one. */
int
gl_cookie(const char *cookies, const char *name, char *value, int len)
{
    size_t name_len = strlen(name);

    value[0] = '\0';
    while (cookies != NULL && *cookies != '\0') {
        cookies += strspn(cookies, "; ");
        size_t all = strcspn(cookies, "; ");
        if (all == name_len + 1 + (size_t) len &&
            strncmp(cookies, name, name_len) == 0 &&
            cookies[name_len] == '=') {
            memcpy(value, cookies + name_len + 1, (size_t) len);
            value[len] = '\0';
            return 1;
        }
        cookies += all;
    }
    return 0;
}
