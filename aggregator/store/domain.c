/*
 * Names of sites: labels of letters, digits, hyphens and underscores (hosts of
 * tests and of intranets have them); UTF-8 passes as it is, nginx hands it on
 * so.  Any thread.
 */

#include "store/domain.h"

#include <glib.h>
#include <string.h>

#include "request/host.h"

static int
is_domain(const char *text)
{
    size_t len = strlen(text);
    if (len == 0 || len > GL_LONGEST_site || text[0] == '.' ||
        text[len - 1] == '.' || strstr(text, "..") != NULL)
        return 0;
    for (const char *at = text; *at != '\0'; at++)
        if (!g_ascii_isalnum(*at) && strchr("-._:", *at) == NULL &&
            (unsigned char) *at < 0x80)
            return 0;
    return 1;
}

int
gl_domain(const char *name, char stored[GL_LONGEST_site + 1])
{
    struct gl_text text = {name, (uint32_t) strlen(name)};

    name = gl_host_bare(text).data;
    if (!is_domain(name) || !g_utf8_validate(name, -1, NULL))
        return -1;
    for (size_t i = 0; i <= strlen(name); i++)
        stored[i] = g_ascii_tolower(name[i]);
    return 0;
}
