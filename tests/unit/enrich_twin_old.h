/* Of enrich_twin.c: browsers that are known by how they are written. */

#ifndef GL_TEST_ENRICH_TWIN_OLD_H
#define GL_TEST_ENRICH_TWIN_OLD_H

#include <regex.h>
#include <string.h>

#include "enrich/agent.h"
#include "tap.h"

static int
has_engine(struct gl_text text)
{
    char copy[GL_AGENT_TEXT_BYTES_MAX + 1] = "";

    for (size_t i = 0; i < text.len; i++)
        copy[i] = text.data[i] != '\0' ? text.data[i] : '.';
    return strcasestr(copy, "webkit") != NULL ||
           strcasestr(copy, "gecko") != NULL ||
           strcasestr(copy, "khtml") != NULL;
}

/* Netscape, Opera, and what is made of Gecko under another name. */
static int
is_old_browser(struct gl_text text)
{
    static const char *const expressions[] = {
        "^Mozilla/[1-4][^(]*[(]([^);]*;)* *[IUN] *(;[^)]*)?[)]",
        "^Opera/",
        "^Mozilla/5[^(]*[(][^)]*rv:[^)]*[)] [A-Za-z]+/[0-9]",
    };
    static regex_t made[sizeof expressions / sizeof expressions[0]];
    static int all_made;
    char copy[GL_AGENT_TEXT_BYTES_MAX + 1];
    int found = 0;

    memcpy(copy, text.data, text.len);
    for (uint32_t i = 0; i < text.len; i++)
        if (copy[i] == '\0' || (unsigned char) copy[i] > '~')
            copy[i] = '?';
    copy[text.len] = '\0';
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
        if (!all_made &&
            regcomp(&made[i], expressions[i], REG_EXTENDED | REG_NOSUB) != 0)
            tap_bail("no expression: %s", expressions[i]);
        found |= regexec(&made[i], copy, 0, NULL, 0) == 0;
    }
    all_made = 1;
    return found;
}

#endif
