/*
 * Client hints over a User-Agent; see hints.h.  Pure.
 *
 * Both are what the client says.  Where they tell of one browser on one
 * system, the hint knows more; where they do not, all of the text stays:
 *
 *   the text is of ...              hints say ...    then
 *   a bot                           anything         the text: it says so
 *   Firefox, Safari                 anything         the text: these send none
 *   one system                      another system   the text: it is what the
 *                                                    visitor's id is made of
 *   Windows 10                      13 or later      Windows 11
 *   Windows 10                      1 to 12          Windows 10
 *   Android 10, Mac 10.15           a version        that version
 *   Chrome                          a known brand    that brand
 *   Edge, Opera ...                 another brand    the text's browser
 *   Android, no class of device     no telephone     a tablet
 *   Android, no class of device     a telephone      a telephone
 */

#include "hints.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Of Sec-CH-UA-Platform. */
static const struct {
    const char *platform, *system;
} systems[] = {
    {"Windows", "Windows"},     {"Android", "Android"},
    {"macOS", "Mac"},           {"Linux", "GNU/Linux"},
    {"Chrome OS", "Chrome OS"}, {"Chromium OS", "Chrome OS"},
};

/* Of Sec-CH-UA; others make no names of their own. */
static const struct {
    const char *brand, *browser;
} browsers[] = {
    {"Google Chrome", "Chrome"},
    {"Chromium", "Chrome"},
    {"Microsoft Edge", "Microsoft Edge"},
    {"Opera", "Opera"},
    {"Opera GX", "Opera"},
    {"Brave", "Brave"},
    {"Vivaldi", "Vivaldi"},
    {"YaBrowser", "Yandex Browser"},
    {"Yandex", "Yandex Browser"},
    {"Samsung Internet", "Samsung Browser"},
    {"DuckDuckGo", "DuckDuckGo"},
};

#define N(list) (sizeof(list) / sizeof(list)[0])

static int
is(struct gl_text text, const char *word)
{
    return text.len == strlen(word) && memcmp(text.data, word, text.len) == 0;
}

static void
copy(char *to, size_t cap, const char *from, size_t len)
{
    if (len >= cap)
        len = cap - 1;
    if (len > 0)
        memcpy(to, from, len);
    to[len] = '\0';
}

#define COPY(to, from) copy((to), sizeof(to), (from), strlen(from))

/* The first two numbers of a version; 0 where there are none. */
struct version {
    int major, minor;
};

static struct version
version_of(struct gl_text text)
{
    struct version version = {0, 0};
    int *number = &version.major;

    for (uint32_t i = 0; i < text.len; i++)
        if (text.data[i] == '.' && number == &version.major)
            number = &version.minor;
        else if (!isdigit((unsigned char) text.data[i]))
            break;
        else if (*number < 100000)
            *number = *number * 10 + (text.data[i] - '0');
    return version;
}

static int
has_hints(const struct gl_agent *agent)
{
    return agent->bot[0] == '\0' && strcmp(agent->browser, "Firefox") != 0 &&
           strcmp(agent->browser, "Safari") != 0;
}

/* 1: the hint and the text are of one system. */
static int
agrees(const struct gl_agent *agent, struct gl_text platform)
{
    for (size_t i = 0; i < N(systems); i++)
        if (is(platform, systems[i].platform))
            return strcmp(agent->os, systems[i].system) == 0;
    return 0;
}

static void
set_system(struct gl_agent *agent, struct gl_text text)
{
    struct version version = version_of(text);

    if (version.major == 0)
        return; /* Windows 8 and before say so in their text */
    if (strcmp(agent->os, "Windows") == 0)
        COPY(agent->os_version, version.major >= 13 ? "11" : "10");
    else if (strcmp(agent->os, "Android") == 0 && version.minor == 0)
        snprintf(agent->os_version, sizeof agent->os_version, "%d",
                 version.major);
    else if (strcmp(agent->os, "GNU/Linux") != 0) /* a kernel's */
        snprintf(agent->os_version, sizeof agent->os_version, "%d.%d",
                 version.major, version.minor);
}

static void
set_browser(struct gl_agent *agent, const struct gl_event *event)
{
    if (strcmp(agent->browser, "Chrome") != 0)
        return;
    for (size_t i = 0; i < N(browsers); i++) {
        if (!is(event->brand, browsers[i].brand) ||
            strcmp(browsers[i].browser, "Chrome") == 0)
            continue;
        COPY(agent->browser, browsers[i].browser);
        copy(agent->browser_version, sizeof agent->browser_version,
             event->brand_version.data, event->brand_version.len);
    }
}

static void
set_class(struct gl_agent *agent, uint64_t mobile)
{
    if (strcmp(agent->os, "Android") == 0 && agent->device[0] == '\0' &&
        mobile != 0)
        COPY(agent->device, mobile == 2 ? "Mobile" : "Tablet");
}

void
gl_hints_apply_(struct gl_agent *agent, const struct gl_event *event)
{
    if (!has_hints(agent) || !agrees(agent, event->platform))
        return;
    set_system(agent, event->platform_version);
    set_browser(agent, event);
    set_class(agent, event->mobile);
}

int
gl_hints_headless_(const struct gl_event *event)
{
    return is(event->brand, "HeadlessChrome");
}
