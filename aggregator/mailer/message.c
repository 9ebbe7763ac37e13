/* A mail as bytes; see message.h. */

#include "mailer/message.h"

#include <gmime/gmime.h>
#include <string.h>

static const char *
text_of(const json_t *mail, const char *key)
{
    const char *text = json_string_value(json_object_get(mail, key));

    return text == NULL ? "" : text;
}

/* What is told, a paragraph each; the caller's. */
static char **
paragraphs_of(const json_t *mail, const char *text)
{
    GPtrArray *list = g_ptr_array_new();
    const json_t *item;
    size_t i;

    if (text != NULL) {
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

        for (char **line = lines; *line != NULL; line++)
            if (g_strstrip(*line)[0] != '\0')
                g_ptr_array_add(list, g_strdup(*line));
    } else {
        json_array_foreach (json_object_get(mail, "items"), i, item)
            if (json_is_string(item))
                g_ptr_array_add(list, g_strdup(json_string_value(item)));
    }
    g_ptr_array_add(list, NULL);
    return (char **) g_ptr_array_free(list, FALSE);
}

/* ---- text ---- */

static char *
as_text(const json_t *mail, char **paragraphs)
{
    GString *text = g_string_new(text_of(mail, "title"));

    g_string_append_c(text, '\n');
    for (char **one = paragraphs; *one != NULL; one++)
        g_string_append_printf(text, "\n%s%s\n",
                               paragraphs[1] == NULL ? "" : "- ", *one);
    if (text_of(mail, "link")[0] != '\0')
        g_string_append_printf(text, "\n%s: %s\n", text_of(mail, "link_text"),
                               text_of(mail, "link"));
    g_string_append_printf(text, "\n-- \n%s\n", text_of(mail, "why"));
    if (text_of(mail, "unsubscribe")[0] != '\0')
        g_string_append_printf(text, "%s: %s\n",
                               text_of(mail, "unsubscribe_text"),
                               text_of(mail, "unsubscribe"));
    return g_string_free(text, FALSE);
}

/* ---- HTML ---- */

static void
append_link(GString *html, const char *address, const char *text)
{
    g_autofree char *line =
        g_markup_printf_escaped("<a href=\"%s\">%s</a>", address, text);

    g_string_append(html, line);
}

static void
append_tag(GString *html, const char *open, const char *text,
           const char *close)
{
    g_autofree char *coded = g_markup_escape_text(text, -1);

    g_string_append_printf(html, "%s%s%s\n", open, coded, close);
}

/* Styles are on each tag: some mail programs take those alone.  Colours are
 * the program's, light or dark; a long address breaks anywhere. */
static void
append_head(GString *html, const json_t *mail)
{
    g_string_append_printf(
        html,
        "<html lang=\"%s\"><head><meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n",
        text_of(mail, "language"));
    append_tag(html, "<title>", text_of(mail, "title"), "</title></head>");
    g_string_append(html,
                    "<body style=\"margin:0 auto;padding:1em;max-width:36em;"
                    "font:16px/1.5 sans-serif;overflow-wrap:anywhere\">\n");
    append_tag(html,
               "<h1 style=\"margin:0 0 1em;font-size:20px;"
               "line-height:1.3\">",
               text_of(mail, "title"), "</h1>");
}

static char *
as_html(const json_t *mail, char **paragraphs)
{
    GString *html = g_string_new("<!DOCTYPE html>\n");
    int many = paragraphs[0] != NULL && paragraphs[1] != NULL;

    append_head(html, mail);
    g_string_append(
        html, many ? "<ul style=\"margin:0;padding:0 0 0 1.2em\">\n" : "");
    for (char **one = paragraphs; *one != NULL; one++)
        append_tag(html, many ? "<li style=\"margin:0 0 .6em\">" : "<p>", *one,
                   many ? "</li>" : "</p>");
    g_string_append(html, many ? "</ul>\n" : "");
    if (text_of(mail, "link")[0] != '\0') {
        g_string_append(html, "<p>");
        append_link(html, text_of(mail, "link"), text_of(mail, "link_text"));
        g_string_append(html, "</p>\n");
    }
    append_tag(html,
               "<p style=\"margin:2em 0 0;padding:1em 0 0;"
               "border-top:1px solid #888;font-size:13px\">",
               text_of(mail, "why"), "");
    if (text_of(mail, "unsubscribe")[0] != '\0')
        append_link(html, text_of(mail, "unsubscribe"),
                    text_of(mail, "unsubscribe_text"));
    g_string_append(html, "</p>\n</body></html>\n");
    return g_string_free(html, FALSE);
}

/* ---- MIME ---- */

static void
add_part(GMimeMultipart *whole, const char *subtype, char *text)
{
    GMimeTextPart *part = g_mime_text_part_new_with_subtype(subtype);

    g_mime_text_part_set_charset(part, "utf-8");
    g_mime_text_part_set_text(part, text);
    g_mime_part_set_content_encoding(GMIME_PART(part),
                                     GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    g_mime_multipart_add(whole, GMIME_OBJECT(part));
    g_object_unref(part);
    g_free(text);
}

static GMimeObject *
body_of(const json_t *mail, const char *text)
{
    GMimeMultipart *whole = g_mime_multipart_new_with_subtype("alternative");
    g_auto(GStrv) paragraphs = paragraphs_of(mail, text);
    g_autofree char *mark = g_compute_checksum_for_string(
        G_CHECKSUM_SHA256, text_of(mail, "message_id"), -1);
    g_autofree char *boundary = g_strdup_printf("=-%.32s", mark);

    g_mime_multipart_set_boundary(whole, boundary);
    add_part(whole, "plain", as_text(mail, paragraphs));
    add_part(whole, "html", as_html(mail, paragraphs));
    return GMIME_OBJECT(whole);
}

/* FROM, a name with an address or an address alone: 0, or -1. */
static int
add_from(GMimeMessage *message, const char *from)
{
    InternetAddressList *list = internet_address_list_parse(NULL, from);
    InternetAddress *first =
        list == NULL ? NULL : internet_address_list_get_address(list, 0);
    int fits = first != NULL && INTERNET_ADDRESS_IS_MAILBOX(first);

    if (fits)
        g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_FROM,
                                   internet_address_get_name(first),
                                   internet_address_mailbox_get_addr(
                                       INTERNET_ADDRESS_MAILBOX(first)));
    if (list != NULL)
        g_object_unref(list);
    return fits ? 0 : -1;
}

static void
add_headers(GMimeMessage *message, const json_t *mail)
{
    GMimeObject *object = GMIME_OBJECT(message);
    const char *unsubscribe = text_of(mail, "unsubscribe");
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(
        json_integer_value(json_object_get(mail, "made")) / 1000);

    if (date != NULL)
        g_mime_message_set_date(message, date);
    g_mime_object_append_header(object, "Auto-Submitted", "auto-generated",
                                NULL);
    if (unsubscribe[0] != '\0') {
        g_autofree char *bracketed = g_strdup_printf("<%s>", unsubscribe);

        g_mime_object_append_header(object, "List-Unsubscribe", bracketed,
                                    NULL);
        g_mime_object_append_header(object, "List-Unsubscribe-Post",
                                    "List-Unsubscribe=One-Click", NULL);
    }
}

GString *
gl_message(const json_t *mail, const char *from, const char *text)
{
    GString *bytes = NULL;

    if (text_of(mail, "to")[0] == '\0' ||
        text_of(mail, "message_id")[0] == '\0' ||
        json_array_size(json_object_get(mail, "items")) == 0)
        return NULL;
    GMimeMessage *message = g_mime_message_new(TRUE);
    if (add_from(message, from) == 0) {
        g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_TO, NULL,
                                   text_of(mail, "to"));
        g_mime_message_set_subject(message, text_of(mail, "subject"), "utf-8");
        g_mime_message_set_message_id(message, text_of(mail, "message_id"));
        add_headers(message, mail);
        GMimeObject *body = body_of(mail, text);
        g_mime_message_set_mime_part(message, body);
        g_object_unref(body);
        g_autofree char *whole =
            g_mime_object_to_string(GMIME_OBJECT(message), NULL);
        bytes = g_string_new(whole);
    }
    g_object_unref(message);
    return bytes;
}
