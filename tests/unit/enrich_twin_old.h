/* Of enrich_twin.c: browsers that are known by how they are written, and where
 * in them no word counts. */

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

/* A regex_t made of EXPRESSION once, for each place that says so. */
#define MADE(name, expression, flags)                                         \
    static regex_t name;                                                      \
    static int name##_made;                                                   \
    if (!name##_made && regcomp(&name, expression, REG_EXTENDED | (flags)))   \
        tap_bail("no expression: %s", expression);                            \
    name##_made = 1

/* Printable, for <regex.h>. */
static void
printable(char copy[GL_AGENT_TEXT_BYTES_MAX + 1], struct gl_text text)
{
    for (uint32_t i = 0; i < text.len; i++)
        copy[i] = text.data[i] == '\0' || (unsigned char) text.data[i] > '~'
                      ? '?'
                      : text.data[i];
    copy[text.len] = '\0';
}

/* Netscape and who writes as it did, Opera, and what is made of Gecko under
 * another name. */
static int
is_old_browser(struct gl_text text)
{
    char copy[GL_AGENT_TEXT_BYTES_MAX + 1];

    MADE(netscape, "^Mozilla/[1-4][^(]*[(]([^);]*;)* *[IUN] *(;[^)]*)?[)]", 0);
    MADE(fields, "^Mozilla/[1-4][^(]*[(][^);]*;[^)]*[)]", 0);
    MADE(compatible, "^[^(]*[(][^)]*compatible", REG_ICASE);
    MADE(opera, "^Opera/", 0);
    MADE(gecko, "^Mozilla/5[^(]*[(][^)]*rv:[^)]*[)] [A-Za-z]+/[0-9]", 0);
    printable(copy, text);
    return regexec(&netscape, copy, 0, NULL, 0) == 0 ||
           regexec(&opera, copy, 0, NULL, 0) == 0 ||
           regexec(&gecko, copy, 0, NULL, 0) == 0 ||
           (regexec(&fields, copy, 0, NULL, 0) == 0 &&
            regexec(&compatible, copy, 0, NULL, 0) != 0);
}

static void
blank(char *copy, regmatch_t part)
{
    for (regoff_t i = part.rm_so; i < part.rm_eo; i++)
        copy[i] = '~';
}

/* COPY is TEXT without what telephones, their builds and languages are called:
 * no word ends there. */
static struct gl_text
without_names(char copy[GL_AGENT_TEXT_BYTES_MAX + 1], struct gl_text text)
{
    char all[GL_AGENT_TEXT_BYTES_MAX + 1];
    regmatch_t parts[2];
    size_t at = 0;

    MADE(build, "[(;]([^();]* Build/[^ ();]*)", 0);
    MADE(model,
         "^Mozilla/5.0 [(]Linux; Android [^();]*;([^();]*)(;[^();]*)*[)] "
         "AppleWebKit/.* Chrome/",
         0);
    MADE(language, "(@)[A-Za-z]+=", 0);
    printable(all, text);
    memcpy(copy, text.data, text.len);
    if (regexec(&build, all, 2, parts, 0) == 0)
        blank(copy, parts[1]);
    else if (regexec(&model, all, 2, parts, 0) == 0)
        blank(copy, parts[1]);
    for (; regexec(&language, all + at, 2, parts, 0) == 0;
         at += (size_t) parts[0].rm_eo)
        copy[at + (size_t) parts[1].rm_so] = '~';
    return (struct gl_text){copy, text.len};
}

#endif
