/* What of a page is about its language; see languages.h. */

#include "dashboard/languages.h"

#include "language/say.h"

json_t *
gl_languages_view(const struct gl_address *address)
{
    struct gl_address *first = gl_address_read("");
    json_t *list = json_array();

    for (int i = 0; i < GL_LANGUAGES_N; i++) {
        enum gl_language one = (enum gl_language) i;
        const char *code = gl_language_code(one);
        g_autofree char *href = gl_address_with(
            address == NULL ? first : address, "lang", code, NULL);

        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:b}", "code", code, "name",
                            gl_language_name(one), "href", href, "current",
                            one == gl_language_used()));
    }
    gl_address_free(first);
    return list;
}

/* Texts of VIEW that come from below in English, where they are known. */
static void
translate(json_t *view)
{
    static const char *const keys[] = {"fault", "sentence", "title"};

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        const char *text = json_string_value(json_object_get(view, keys[i]));

        g_autofree char *said = text == NULL ? NULL : gl_say_sentence(text);
        if (said != NULL)
            json_object_set_new(view, keys[i], json_string(said));
    }
    if (json_is_object(json_object_get(view, "told")))
        translate(json_object_get(view, "told"));
}

void
gl_languages_set(json_t *view)
{
    const char *code = gl_language_code(gl_language_used());

    translate(view);
    json_object_set_new(view, "lang", json_string(code));
    json_object_set_new(view, "choice",
                        gl_spoken().by == GL_LANGUAGE_CHOSEN
                            ? json_sprintf("?lang=%s", code)
                            : json_string(""));
    if (gl_spoken().by == GL_LANGUAGE_CHOSEN)
        json_object_set_new(view, "chosen", json_string(code));
    if (json_object_get(view, "languages") == NULL)
        json_object_set_new(view, "languages", gl_languages_view(NULL));
}
