/* The text of a summary by a program; see model.h. */

#include "mailer/model.h"

#include <string.h>

#include "mailer/hand.h"
#include "mailer/numbers.h"

/* Facts, and numbers of our own text that are none: dates, and those in names
 * of pages and campaigns. */
static GHashTable *
known_of(const json_t *mail)
{
    static const char *const texts[] = {"title", "week", "first", "last",
                                        "site"};
    GHashTable *known = gl_numbers_new();
    const json_t *fact, *item;
    size_t i;

    json_array_foreach (json_object_get(mail, "facts"), i, fact) {
        gl_numbers_add(known,
                       json_integer_value(json_object_get(fact, "value")));
    }
    json_array_foreach (json_object_get(mail, "items"), i, item)
        gl_numbers_add_text(known, json_string_value(item));
    for (i = 0; i < G_N_ELEMENTS(texts); i++) {
        const char *text = json_string_value(json_object_get(mail, texts[i]));

        if (text != NULL)
            gl_numbers_add_text(known, text);
    }
    return known;
}

/* What a model is told: nothing of who gets it. */
static GString *
input_of(const json_t *mail)
{
    static const char *const keys[] = {
        "site",     "week",  "first", "last",      "timezone",
        "language", "title", "items", "sentences", "facts"};
    json_auto_t *facts = json_object();

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        if (json_object_get(mail, keys[i]) != NULL)
            json_object_set(facts, keys[i], json_object_get(mail, keys[i]));
    char *text = json_dumps(facts, JSON_COMPACT);
    GString *input = g_string_new(text);
    g_string_append_c(input, '\n');
    free(text);
    return input;
}

/* 1, or 0 and *WHY. */
static int
may_be_used(const json_t *mail, const GString *text, char **why)
{
    const char *words =
        json_string_value(json_object_get(mail, "number_words"));
    g_autofree char *unknown = NULL;

    if (text->len > GL_MODEL_TEXT_MAX) {
        *why = g_strdup_printf("it has more than %d bytes", GL_MODEL_TEXT_MAX);
        return 0;
    }
    if (!g_utf8_validate(text->str, (gssize) text->len, NULL)) {
        *why = g_strdup("it is no UTF-8");
        return 0;
    }
    if (strspn(text->str, " \t\r\n") == text->len) {
        *why = g_strdup("it is empty");
        return 0;
    }
    g_autoptr(GHashTable) known = known_of(mail);
    if (!gl_numbers_are_known(known, words == NULL ? "" : words, text->str,
                              &unknown))
        *why = g_strdup_printf("\"%s\" is no number of the facts", unknown);
    return *why == NULL;
}

char *
gl_model_text(const char *command, const json_t *mail, char **why)
{
    static const char *const none[] = {NULL};
    GString *text = g_string_new(NULL);
    g_autoptr(GString) input = input_of(mail);
    int status = gl_hand(command, none, input, text, GL_MODEL_TEXT_MAX + 1,
                         GL_MODEL_LIMIT_S, why);
    int used = status == 0 && may_be_used(mail, text, why);

    if (used)
        return g_string_free(text, FALSE);
    g_string_free(text, TRUE);
    return NULL;
}
