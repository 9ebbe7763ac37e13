/* Messages with their places filled; see say.h. */

#include "language/say.h"

#include <glib.h>
#include <string.h>

#include "language/locale.h"
#include "language/numbers.h"

#include "texts.h" /* made by conf/messages */

#define NAME_MAX_ 32 /* bytes of a place's name */

const char *
gl_say(enum gl_say which)
{
    return messages[gl_language_used()][which];
}

const char *
gl_say_english(const char *english)
{
    for (int i = GL_SAY_SAID_FIRST; i < GL_SAY_SAID_END; i++)
        if (strcmp(messages[GL_LANGUAGE_EN][i], english) == 0)
            return gl_say((enum gl_say) i);
    return english;
}

/* What stands in the places of PATTERN, a message, when TEXT is it: an
 * object, or NULL: it is another text. */
static json_t *
places_of(const char *pattern, const char *text)
{
    json_t *places = json_object();

    for (;;) {
        size_t plain = strcspn(pattern, "{"), name;

        if (strncmp(pattern, text, plain) != 0)
            break;
        pattern += plain, text += plain;
        if (*pattern == '\0' && *text == '\0')
            return places;
        if (*pattern == '\0')
            break;
        name = strcspn(pattern, "}");
        g_autofree char *key = g_strndup(pattern + 1, name - 1);
        pattern += name + 1;
        plain = strcspn(pattern, "{");
        g_autofree char *next = g_strndup(pattern, plain);
        const char *end = pattern[plain] == '\0' ? g_strrstr(text, next)
                                                 : strstr(text, next);
        if (end == NULL)
            break;
        json_object_set_new(places, key,
                            json_stringn(text, (size_t) (end - text)));
        text = end;
    }
    json_decref(places);
    return NULL;
}

char *
gl_say_sentence(const char *english)
{
    for (int i = GL_SAY_SAID_FIRST; i < GL_SAY_SAID_END; i++) {
        json_t *places = places_of(messages[GL_LANGUAGE_EN][i], english);

        if (places != NULL)
            return gl_say_with((enum gl_say) i, places);
    }
    return g_strdup(english);
}

char *
gl_say_value(const json_t *value)
{
    if (json_is_string(value))
        return g_strdup(json_string_value(value));
    if (json_is_integer(value))
        return gl_number_text((double) json_integer_value(value), 0);
    if (json_is_real(value))
        return gl_number_text(json_real_value(value), 1);
    return g_strdup(json_is_null(value) ? "–" : "");
}

/* Of "|one: file|other: files}", at AT, the form of VALUE: where it begins,
 * and its length. */
static const char *
form_of(const char *at, const json_t *value, size_t *len)
{
    const char *category = gl_locale_plural_(json_number_value(value),
                                             json_is_real(value) ? 1 : 0);

    for (;;) {
        const char *name = at + 1, *text = strchr(name, ':') + 1;

        text += *text == ' ';
        *len = strcspn(text, "|}");
        if (text[*len] == '}' ||
            strncmp(name, category, strlen(category)) == 0)
            return text;
        at = text + *len;
    }
}

/* A place, behind its '{': what is behind its '}'. */
static const char *
say_place(const char *at, const struct gl_say_to *to, void *arg)
{
    size_t len = strcspn(at, "|}");
    char name[NAME_MAX_];

    g_strlcpy(name, at, MIN(len + 1, sizeof name));
    const json_t *value = to->place(arg, name);
    if (at[len] == '|') {
        const char *form = form_of(at + len, value, &len);
        to->text(arg, form, len);
        return strchr(form, '}') + 1;
    }
    g_autofree char *text = gl_say_value(value);
    to->text(arg, text, strlen(text));
    return at + len + 1;
}

static void
say_piece(const char *at, const char *end, const struct gl_say_to *to,
          void *arg)
{
    while (at < end) {
        size_t len = strcspn(at, "{<");

        if (at + len > end)
            len = (size_t) (end - at);
        if (len > 0)
            to->text(arg, at, len);
        at += len;
        if (at < end && *at == '{') {
            at = say_place(at + 1, to, arg);
        } else if (at < end) {
            len = strcspn(at, ">") + 1;
            to->tag(arg, at, len);
            at += len;
        }
    }
}

void
gl_say_walk(enum gl_say which, enum gl_say_part part,
            const struct gl_say_to *to, void *arg)
{
    const char *text = gl_say(which), *end = text + strlen(text);
    const char *open = strchr(text, '['), *close = strchr(text, ']');

    if (part == GL_PART_WHOLE || open == NULL || close == NULL)
        say_piece(text, end, to, arg);
    else if (part == GL_PART_BEFORE)
        say_piece(text, open, to, arg);
    else if (part == GL_PART_LINK)
        say_piece(open + 1, close, to, arg);
    else
        say_piece(close + 1, end, to, arg);
}

/* ---- as one text ---- */

struct filling {
    GString *text;
    const json_t *places;
};

static void
append(void *arg, const char *bytes, size_t len)
{
    struct filling *filling = arg;

    g_string_append_len(filling->text, bytes, (gssize) len);
}

static const json_t *
look(void *arg, const char *name)
{
    struct filling *filling = arg;

    return json_object_get(filling->places, name);
}

char *
gl_say_with(enum gl_say which, json_t *places)
{
    static const struct gl_say_to to = {append, append, look};
    struct filling filling = {g_string_new(""), places};

    gl_say_walk(which, GL_PART_WHOLE, &to, &filling);
    json_decref(places);
    return g_string_free(filling.text, FALSE);
}
