/* Pages of a site beside its own; see render.h. */

#include <glib.h>

#include "dashboard/render.h"
#include "domain.h"
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
