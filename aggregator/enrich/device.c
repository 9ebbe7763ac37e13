/*
 * Pure.  An iPad that asks for desktop pages calls itself a Macintosh and
 * nothing in the text tells it apart: it counts as a desktop.
 */

#define _GNU_SOURCE /* memmem */

#include "device.h"

#include <string.h>

/* The first row whose word is in the text decides. */
static const struct {
    const char *word, *class;
} words[] = {
    {"SmartTV", "TV"},
    {"SMART-TV", "TV"},
    {"Smart-TV", "TV"},
    {"Smart TV", "TV"},
    {"HbbTV", "TV"},
    {"AppleTV", "TV"},
    {"Apple TV", "TV"},
    {"GoogleTV", "TV"},
    {"Google TV", "TV"},
    {"Android TV", "TV"},
    {"BRAVIA", "TV"},
    {"Web0S", "TV"},
    {"NetCast", "TV"},
    {"Roku", "TV"},
    {"CrKey", "TV"},
    {"; AFT", "TV"},
    {"VIERA", "TV"},
    {"VIDAA", "TV"},
    {"PlayStation", ""},
    {"Nintendo", ""},
    {"Xbox", ""},
    {"iPad", "Tablet"},
    {"PlayBook", "Tablet"},
    {"Kindle", "Tablet"},
    {"iPhone", "Mobile"},
    {"iPod", "Mobile"},
    {"Mobile", "Mobile"},
    {"Opera Mini", "Mobile"},
    {"Windows Phone", "Mobile"},
    {"BlackBerry", "Mobile"},
    {"Android", "Tablet"},
    {"Windows NT", "Desktop"},
    {"Macintosh", "Desktop"},
    {"CrOS", "Desktop"},
    {"X11", "Desktop"},
    {"Windows", "Desktop"},
    {"Linux", "Desktop"},
};

const char *
gl_device_class_(const char *agent, size_t len)
{
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (memmem(agent, len, words[i].word, strlen(words[i].word)) != NULL)
            return words[i].class;
    }
    return "";
}
