/* Pages of a site beside its own, and what is wrong; see render.h. */

#include <glib.h>

#include "dashboard/render.h"
#include "domain.h"
#include "language/say.h"
#include "access/elsewhere.h"

/* DOMAIN (any bytes) as a part of an address. */
static json_t *
coded(const char *domain)
{
    g_autofree char *text = g_uri_escape_string(domain, NULL, FALSE);
    return json_string(text);
}

char *
gl_render_sign_in(const char *domain, size_t *len)
{
    return gl_render("error",
                     json_pack("{s:i, s:s, s:s, s:o}", "status", 401, "title",
                               "Sign in", "sentence",
                               "Single rows are shown only to people who "
                               "have signed in.",
                               "sign", coded(domain)),
                     len);
}

char *
gl_render_elsewhere(const struct gl_meta_site *site,
                    const struct gl_elsewhere *where, const char *path,
                    size_t *len)
{
    json_t *outside = where->pages[0] == '\0'
                          ? json_null()
                          : json_sprintf("%s%s", where->pages, path);

    return gl_render_of_site(
        "error", site,
        json_pack("{s:i, s:s, s:{s:s, s:o}}", "status", GL_ELSEWHERE_STATUS,
                  "title", "On another machine", "elsewhere", "primary",
                  where->primary, "outside", outside),
        len);
}

char *
gl_render_of_site(const char *template, const struct gl_meta_site *site,
                  json_t *view, size_t *len)
{
    char shown[GL_DOMAIN_BYTES];

    gl_domain_show(site->domain, shown);
    if (view != NULL) {
        json_object_set_new(view, "site", json_string(shown));
        json_object_set_new(view, "coded", coded(site->domain));
    }
    return gl_render(template, view, len);
}

/* ---- what is wrong ---- */

/* "no such site" as "No such site.", in the language in use. */
static json_t *
sentence_of(const char *text)
{
    const char *stop = g_str_has_suffix(text, ".") ? "" : ".";
    g_autofree char *sentence =
        text[0] == '\0' ? g_strdup("")
                        : g_strdup_printf("%c%s%s", g_ascii_toupper(text[0]),
                                          text + 1, stop);
    g_autofree char *said = gl_say_sentence(sentence);
    return json_string(said);
}

/* TEXT of the engine without the keys of the query it was asked: a page has
 * none. */
static const char *
of_page(const char *text)
{
    static const char queries[] = "\"queries\": number ";
    static const char filters[] = "\"filters\": ";

    if (g_str_has_prefix(text, queries) && strstr(text, ": \"") != NULL) {
        text += sizeof queries - 1;
        text += strspn(text, "0123456789: ");
    }
    return g_str_has_prefix(text, filters) ? text + sizeof filters - 1 : text;
}

json_t *
gl_render_fault(int status, const char *sentence)
{
    const char *code = gl_language_code(gl_language_used());
    json_t *bare = gl_spoken().by == GL_LANGUAGE_CHOSEN
                       ? json_sprintf("?lang=%s", code)
                       : json_string("?");

    return json_pack("{s:{s:o, s:o, s:b, s:b, s:b}}", "fault", "sentence",
                     sentence_of(of_page(sentence)), "bare", bare, "wrong",
                     status == 400, "late", status == 503, "storage",
                     status != 400 && status != 503);
}

json_t *
gl_render_coming(void)
{
    return json_pack("{s:b}", "coming", 1);
}

char *
gl_render_closed(const struct gl_meta_site *site, const char *sentence,
                 size_t *len)
{
    return gl_render("error",
                     json_pack("{s:i, s:s, s:o, s:s?, s:o}", "status", 401,
                               "title", "Not public", "sentence",
                               sentence_of(sentence), "closed",
                               site->domain[0] == '\0' ? NULL : site->domain,
                               "coded", coded(site->domain)),
                     len);
}

char *
gl_render_error(int status, const char *phrase, const char *sentence,
                size_t *len)
{
    return gl_render("error",
                     json_pack("{s:i, s:s, s:o}", "status", status, "title",
                               phrase, "sentence", sentence_of(sentence)),
                     len);
}

char *
gl_render_below(const struct gl_meta_site *site, int status,
                const char *phrase, const char *sentence, size_t *len)
{
    return gl_render_of_site("error", site,
                             json_pack("{s:i, s:s, s:o, s:b}", "status",
                                       status, "title", phrase, "sentence",
                                       sentence_of(sentence), "below", 1),
                             len);
}
