/*
 * Promise: client hints say what a reduced User-Agent does not (Windows 11,
 * the version of Android, Brave); where the two contradict each other the text
 * stays.
 */

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "enrich/enrich.h"
#include "request/hints.h"
#include "tap.h"

#define WINDOWS                                                               \
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, "   \
    "like Gecko) Chrome/142.0.0.0 Safari/537.36"
#define PHONE                                                                 \
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like "     \
    "Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
#define MAC                                                                   \
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 "     \
    "(KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
#define LINUX                                                                 \
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) " \
    "Chrome/142.0.0.0 Safari/537.36"
#define FIREFOX                                                               \
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 "     \
    "Firefox/140.0"
#define EDGE WINDOWS " Edg/142.0.0.0"
#define CHROME                                                                \
    "\"Chromium\";v=\"142\", \"Google Chrome\";v=\"142\", "                   \
    "\"Not_A Brand\";v=\"99\""
#define BRAVE                                                                 \
    "\"Not;A=Brand\";v=\"8\", \"Chromium\";v=\"142\", \"Brave\";v=\"142\""

static const struct {
    const char *agent, *brands, *mobile, *platform, *version;
    const char *want; /* browser version, system version, class */
} cases[] = {
    {WINDOWS, CHROME, "?0", "\"Windows\"", "\"15.0.0\"",
     "Chrome 142.0, Windows 11, Desktop"},
    {WINDOWS, CHROME, "?0", "\"Windows\"", "\"13.0.0\"",
     "Chrome 142.0, Windows 11, Desktop"},
    {WINDOWS, CHROME, "?0", "\"Windows\"", "\"10.0.0\"",
     "Chrome 142.0, Windows 10, Desktop"},
    {WINDOWS, CHROME, "?0", "\"Windows\"", "\"0.3.0\"",
     "Chrome 142.0, Windows 10, Desktop"},
    {WINDOWS, CHROME, "?0", "\"Windows\"", "",
     "Chrome 142.0, Windows 10, Desktop"},
    {WINDOWS, BRAVE, "?0", "\"Windows\"", "\"15.0.0\"",
     "Brave 142, Windows 11, Desktop"},
    {WINDOWS, "\"Made Up\";v=\"1\"", "?0", "\"Windows\"", "\"15.0.0\"",
     "Chrome 142.0, Windows 11, Desktop"},
    {WINDOWS, CHROME, "?1", "\"Android\"", "\"15.0.0\"",
     "Chrome 142.0, Windows 10, Desktop"},
    {WINDOWS, CHROME, "?0", "Windows", "\"15.0.0\"",
     "Chrome 142.0, Windows 10, Desktop"},
    {WINDOWS, CHROME, "?0", "\"Windows", "\"15.0.0\"",
     "Chrome 142.0, Windows 10, Desktop"},
    {EDGE, BRAVE, "?0", "\"Windows\"", "\"15.0.0\"",
     "Microsoft Edge 142.0, Windows 11, Desktop"},
    {FIREFOX, CHROME, "?0", "\"Windows\"", "\"15.0.0\"",
     "Firefox 140.0, Windows 10, Desktop"},
    {PHONE, CHROME, "?1", "\"Android\"", "\"15.0.0\"",
     "Chrome 142.0, Android 15, Mobile"},
    {PHONE, CHROME, "?1", "\"Android\"", "\"8.1.0\"",
     "Chrome 142.0, Android 8.1, Mobile"},
    {PHONE, CHROME, "?1", "\"Android\"", "",
     "Chrome 142.0, Android 10, Mobile"},
    {MAC, CHROME, "?0", "\"macOS\"", "\"26.1.0\"",
     "Chrome 142.0, Mac 26.1, Desktop"},
    {LINUX, CHROME, "?0", "\"Linux\"", "\"6.8.0\"",
     "Chrome 142.0, GNU/Linux , Desktop"},
    {"Googlebot/2.1", CHROME, "?0", "\"Windows\"", "\"15.0.0\"",
     "Googlebot ,  , "},
};

static struct gl_text
text_of(const char *text)
{
    return (struct gl_text){text, (uint32_t) strlen(text)};
}

static struct gl_event
event_of(size_t i)
{
    struct gl_hints hints = {
        text_of(cases[i].brands), text_of(cases[i].mobile),
        text_of(cases[i].platform), text_of(cases[i].version)};
    struct gl_event event = {.agent = text_of(cases[i].agent)};

    gl_hints_read(&hints, &event);
    return event;
}

static void
test_cases(struct gl_enrich *enrich)
{
    char got[256];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gl_event event = event_of(i);
        const struct gl_agent *agent = gl_enrich_client(enrich, &event);

        snprintf(got, sizeof got, "%s %s, %s %s, %s", agent->browser,
                 agent->browser_version, agent->os, agent->os_version,
                 agent->device);
        tap_str(got, cases[i].want, "case %zu: %s, %s %s", i, cases[i].brands,
                cases[i].platform, cases[i].version);
    }
}

static const struct {
    const char *brands, *brand;
} lists[] = {
    {CHROME, "Google Chrome"},
    {BRAVE, "Brave"},
    {"\"Chromium\";v=\"142\", \"Not(A:Brand\";v=\"24\"", "Chromium"},
    {"\"Not/A)Brand\";v=\"8\"", ""},
    {"\"\\\\Not\\\"A;Brand\";v=\"8\", \"Opera\";v=\"1\"", "Opera"},
    {"\"Brave\";v=\"1\", \"", ""},
    {"Brave;v=\"1\"", ""},
    {"", ""},
};

static void
test_brands(void)
{
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        struct gl_hints hints = {.brands = text_of(lists[i].brands)};
        struct gl_event event = {0};

        gl_hints_read(&hints, &event);
        tap_mem(event.brand.data, event.brand.len, lists[i].brand,
                strlen(lists[i].brand), "the brand of %s", lists[i].brands);
    }
}

static void
data_dir(char dir[PATH_MAX])
{
    char self[PATH_MAX - 16], *slash;
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

    if (len == -1)
        tap_bail("where am I?");
    self[len] = '\0';
    slash = strrchr(self, '/');
    *slash = '\0';
    snprintf(dir, PATH_MAX, "%s/../enrich", self);
}

int
main(void)
{
    char dir[PATH_MAX];
    const char *why;
    struct gl_enrich *enrich;

    data_dir(dir);
    enrich = gl_enrich_new(dir, &why);
    if (enrich == NULL)
        tap_bail("%s: %s", dir, why);
    test_cases(enrich);
    test_brands();
    gl_enrich_free(enrich);
    return tap_done();
}
