/* summary: a site's week in words; summary.mail: a mail of it.  Query
 * thread. */

#include <string.h>

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "answer/answer.h"
#include "language/dates.h"
#include "language/language.h"
#include "language/say.h"
#include "question/range.h"
#include "summary/summary.h"

static void
set_text(json_t *mail, const char *key, char *text)
{
    json_object_set_new(mail, key, json_string(text));
    g_free(text);
}

/* What is told together is one text. */
static json_t *
items_of(const json_t *told)
{
    const json_t *sentence;
    json_t *items = json_array();
    g_autoptr(GString) item = g_string_new(NULL);
    size_t i;

    json_array_foreach (json_object_get(told, "sentences"), i, sentence) {
        if (json_is_true(json_object_get(sentence, "goes_on"))) {
            g_string_append_c(item, ' ');
        } else if (item->len > 0) {
            json_array_append_new(items, json_string(item->str));
            g_string_truncate(item, 0);
        }
        g_string_append(item,
                        json_string_value(json_object_get(sentence, "text")));
    }
    if (item->len > 0)
        json_array_append_new(items, json_string(item->str));
    return items;
}

/* TOLD becomes a mail: words around it. */
static void
make_mail(const struct gl_meta_site *site, json_t *told)
{
    int64_t monday = 0;
    char shown[GL_DOMAIN_BYTES];

    gl_domain_show(site->domain, shown);
    gl_range_read_date(json_string_value(json_object_get(told, "first")),
                       &monday);
    g_autofree char *span = gl_date_span_text(monday, monday + 6);
    json_object_set_new(told, "kind", json_string("summary"));
    json_object_set_new(told, "items", items_of(told));
    set_text(told, "subject",
             gl_say_with(GL_SAY_MAIL_SUBJECT, json_pack("{s:s, s:s}", "site",
                                                        shown, "span", span)));
    set_text(told, "title",
             gl_say_with(GL_SAY_SUMMARY_OF, json_pack("{s:s}", "span", span)));
    set_text(told, "why",
             gl_say_with(GL_SAY_MAIL_WHY, json_pack("{s:s}", "site", shown)));
    set_text(told, "link_text", g_strdup(gl_say(GL_SAY_MAIL_LINK)));
    set_text(told, "unsubscribe_text", g_strdup(gl_say(GL_SAY_MAIL_LEAVE)));
    set_text(told, "number_words", g_strdup(gl_say(GL_SAY_NUMBER_WORDS)));
    json_object_set_new(told, "language",
                        json_string(gl_language_code(gl_language_used())));
    json_object_del(told, "method");
}

static int
answer_summary(const struct gl_query_view *view, const struct gl_call *call,
               int is_mail, json_t **answer)
{
    const char *code = gl_verb_text_(call, "language", "en");
    enum gl_language language;
    struct gl_meta_site site;

    if (!gl_language_find(code, strlen(code), &language))
        return gl_verb_refuse_(answer, 400, "there is no language \"%s\"",
                               code);
    int status = gl_query_find(view, gl_verb_text_(call, "site", NULL), NULL,
                               &site, answer);
    if (status != 0)
        return status;
    gl_language_use(language);
    status =
        gl_summary(view, &site, gl_verb_text_(call, "week", NULL), answer);
    if (status == 200 && is_mail)
        make_mail(&site, *answer);
    gl_language_use(GL_LANGUAGE_EN);
    return status;
}

int
gl_verb_summary_(const struct gl_query_view *view, const struct gl_call *call,
                 json_t **answer)
{
    return answer_summary(view, call, 0, answer);
}

int
gl_verb_summary_mail_(const struct gl_query_view *view,
                      const struct gl_call *call, json_t **answer)
{
    return answer_summary(view, call, 1, answer);
}
