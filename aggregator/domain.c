/* Names of sites; see domain.h.  Any thread. */

#include "domain.h"

#include <string.h>

#include <glib.h>
#include <idn2.h>

#include "request/host.h"

/* A longer text is no name for certain: as escapes, the longest one has three
 * times its length. */
#define NAME_MAX_BYTES (3 * GL_HOST_TYPED_MAX)

/* What gl_host_read() takes at most. */
struct room {
    char bytes[5 * NAME_MAX_BYTES + GL_HOST_MEMORY];
    size_t taken;
};

static void *
take(void *from, size_t bytes)
{
    struct room *room = from;

    if (bytes > sizeof room->bytes - room->taken)
        return NULL;
    room->taken += bytes;
    return room->bytes + room->taken - bytes;
}

int
gl_domain_text(struct gl_text name, char stored[GL_DOMAIN_BYTES])
{
    struct room room; /* most names need none of it */
    struct gl_memory memory = {take, &room};
    struct gl_text host;

    room.taken = 0;
    if (name.len > NAME_MAX_BYTES || gl_host_read(memory, name, &host) != 0 ||
        host.len == 0)
        return -1;
    memcpy(stored, host.data, host.len);
    stored[host.len] = '\0';
    return 0;
}

int
gl_domain(const char *name, char stored[GL_DOMAIN_BYTES])
{
    return gl_domain_text(
        (struct gl_text){name, (uint32_t) strnlen(name, NAME_MAX_BYTES + 1)},
        stored);
}

const char *
gl_domain_typed(const char *name, char stored[GL_DOMAIN_BYTES])
{
    if (gl_domain(name, stored) != 0)
        return "is not the name of a host, like example.com";
    if (strchr(name, ':') != NULL && strchr(stored, ':') == NULL)
        return "has a port; a site is a host alone, like example.com";
    return NULL;
}

void
gl_domain_show(const char *stored, char shown[GL_DOMAIN_BYTES])
{
    char again[GL_DOMAIN_BYTES], *made = NULL;
    const char *text = stored;

    if (strstr(stored, "xn--") != NULL &&
        idn2_to_unicode_8z8z(stored, &made, 0) == IDN2_OK &&
        strlen(made) < GL_DOMAIN_BYTES && gl_domain(made, again) == 0 &&
        strcmp(again, stored) == 0)
        text = made;
    g_strlcpy(shown, text, GL_DOMAIN_BYTES);
    idn2_free(made);
}

char *
gl_domain_shown(const char *text)
{
    char host[GL_DOMAIN_BYTES], shown[GL_DOMAIN_BYTES];
    size_t len = strcspn(text, "/");

    if (len >= sizeof host || strstr(text, "xn--") == NULL)
        return g_strdup(text);
    memcpy(host, text, len);
    host[len] = '\0';
    gl_domain_show(host, shown);
    return g_strconcat(shown, text + len, NULL);
}

int
gl_domain_begins(const char *dimension)
{
    return strcmp(dimension, "visit:source") == 0 ||
           strcmp(dimension, "visit:referrer") == 0 ||
           g_str_has_suffix(dimension, "hostname");
}
