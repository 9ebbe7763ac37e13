/* The list of public sites: what to search with, the sites, the way on. */

#include "dashboard/render_internal.h"

/* A domain in the path of a link. */
static void
put_path(FILE *out, const char *domain)
{
    for (; *domain != '\0'; domain++) {
        unsigned char c = (unsigned char) *domain;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
            c == '-' || c == '_')
            fputc(c, out);
        else
            fprintf(out, "%%%02X", c);
    }
}

/* What to search with, where there is much to search in. */
void
gl_render_search_(FILE *out, const struct gl_render_list *list)
{
    if (!list->more && list->prefix[0] == '\0' && list->after[0] == '\0')
        return;
    fputs("<form class=\"find\" role=\"search\" action=\"/glinto/\">"
          "<label for=\"q\">Begins with</label>"
          "<input id=\"q\" name=\"q\" type=\"search\" maxlength=\"253\" "
          "autocapitalize=\"none\" spellcheck=\"false\" value=\"",
          out);
    gl_render_escape_(out, list->prefix);
    fputs("\"><button>Find</button></form>", out);
}

static void
put_none(FILE *out, const struct gl_render_list *list)
{
    fputs("<p class=\"card empty\">", out);
    if (list->prefix[0] != '\0') {
        fputs("No public site begins with “", out);
        gl_render_escape_(out, list->prefix);
        fputs("”", out);
    } else if (list->after[0] != '\0') {
        fputs("No public site comes after that one", out);
    } else {
        fputs("No site is public yet. Add one with <code>glinto site add "
              "example.com --public</code>",
              out);
    }
    fputs("</p>", out);
}

static void
put_more(FILE *out, const struct gl_render_list *list)
{
    if (!list->more)
        return;
    fputs("<p class=\"more\"><a rel=\"next\" href=\"/glinto/?", out);
    if (list->prefix[0] != '\0') {
        fputs("q=", out);
        put_path(out, list->prefix);
        fputs("&amp;", out);
    }
    fputs("after=", out);
    put_path(out, list->domains[list->n - 1]);
    fputs("\">More</a></p>", out);
}

void
gl_render_sites_(FILE *out, const struct gl_render_list *list)
{
    if (list->n == 0) {
        put_none(out, list);
        return;
    }
    fputs("<ul class=\"sites\">", out);
    for (size_t i = 0; i < list->n; i++) {
        fputs("<li><a class=\"card\" href=\"/glinto/", out);
        put_path(out, list->domains[i]);
        fputs("\">", out);
        gl_render_escape_(out, list->domains[i]);
        fputs("</a></li>", out);
    }
    fputs("</ul>", out);
    put_more(out, list);
}
