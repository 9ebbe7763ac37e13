/* Names of places, read once; see places.h. */

#include "question/places.h"

#include <pthread.h>

#include "embed.h"

static json_t *places; /* never freed */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
read_places(void)
{
    places =
        json_loadb(gl_embed_places_json, gl_embed_places_json_len, 0, NULL);
}

json_t *
gl_places(void)
{
    pthread_once(&once, read_places);
    return places;
}

const char *
gl_place_name(const char *code)
{
    const char *name = json_string_value(json_object_get(gl_places(), code));

    return name == NULL ? code : name;
}
