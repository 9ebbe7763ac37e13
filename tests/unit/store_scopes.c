/*
 * Promise: a list of scopes is read as it is written, in any order; what is no
 * such list, or has a word that is no scope, is refused.
 */

#include "store/directory/scopes.h"
#include "tap.h"

#include <string.h>

static void
check(const char *list, const char *want)
{
    char text[GL_SCOPES_TEXT];
    uint32_t scopes;

    tap_int(gl_scopes_read(list, &scopes), 1, "\"%s\" is a list", list);
    gl_scopes_text(scopes, text);
    tap_str(text, want, "which is this one");
}

static void
check_no(const char *list)
{
    uint32_t scopes;

    tap_int(gl_scopes_read(list, &scopes), 0, "\"%s\" is none", list);
}

int
main(void)
{
    char text[GL_SCOPES_TEXT];

    check("stats:read", "stats:read");
    check("events:write,stats:read", "stats:read,events:write");
    check("sites:write,sites:write", "sites:write");
    gl_scopes_text(GL_SCOPES_ALL, text);
    check(text, "stats:read,sites:write,events:write");
    tap_ok(strlen(text) + 1 < GL_SCOPES_TEXT, "all of them have room");
    gl_scopes_text(0, text);
    tap_str(text, "", "none");
    check_no("");
    check_no(",");
    check_no("stats:read,");
    check_no(",stats:read");
    check_no("stats:read, sites:write");
    check_no("stats:rea");
    check_no("stats:read:all");
    check_no("Stats:Read");
    return tap_done();
}
