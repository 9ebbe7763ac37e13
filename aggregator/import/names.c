/* Words of other products; see names.h. */

#include "import/names.h"

#include <string.h>

static const struct {
    const char *theirs, *ours;
} names[] = {
    /* Umami */
    {"chrome", "Chrome"},
    {"crios", "Chrome"},
    {"firefox", "Firefox"},
    {"fxios", "Firefox"},
    {"safari", "Safari"},
    {"ios", "Safari"},
    {"edge", "Microsoft Edge"},
    {"edge-chromium", "Microsoft Edge"},
    {"edge-ios", "Microsoft Edge"},
    {"opera", "Opera"},
    {"samsung", "Samsung Browser"},
    {"Mac OS", "Mac"},
    {"Android OS", "Android"},
    {"desktop", "Desktop"},
    {"laptop", "Desktop"},
    {"mobile", "Mobile"},
    {"tablet", "Tablet"},
    /* GoatCounter, Google Analytics */
    {"Edge", "Microsoft Edge"},
    {"Samsung Internet", "Samsung Browser"},
    {"macOS", "Mac"},
    {"Macintosh", "Mac"},
    {"Linux", "GNU/Linux"},
    {"smart tv", "TV"},
    /* Matomo */
    {"Smartphone", "Mobile"},
    {"Phablet", "Mobile"},
    {"Feature phone", "Mobile"},
    {"Tv", "TV"},
    {"Unknown", ""},
};

const char *
gl_import_our_name_(const char *theirs)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i].theirs, theirs) == 0)
            return names[i].ours;
    return theirs;
}
