/* The AI loop; see ai.h. */

#include "answer/ai.h"

#include <glib.h>

#include "answer/asking.h"
#include "calls/answer.h"
#include "question/range.h"
#include "store/rows/served.h"

#define CHANNEL "AI Assistants"

/* Whose an assistant is, by the names of sources.json and operators.json. */
static const struct {
    const char *source, *operator;
} assistants[] = {
    {"ChatGPT", "OpenAI"},
    {"Claude", "Anthropic"},
    {"Perplexity", "Perplexity"},
    {"Copilot", "Microsoft"},
    {"Gemini", "Google"},
    {"NotebookLM", "Google"},
    {"DeepSeek", "DeepSeek"},
    {"Doubao", "ByteDance"},
    {"DuckDuckGo AI", "DuckDuckGo"},
    {"Ernie", "Baidu"},
    {"Le Chat", "Mistral"},
    {"Meta AI", "Meta"},
};

static const char *
operator_of(const char *source)
{
    for (size_t i = 0; i < G_N_ELEMENTS(assistants); i++)
        if (g_strcmp0(assistants[i].source, source) == 0)
            return assistants[i].operator;
    return "";
}

/* ---- bots ---- */

/* A signature that proves nothing leaves a claim, and why. */
static void
set_identity(json_t *row, const char *word)
{
    static const char *const known[] = {"proved", "network", "claimed", NULL};
    gboolean whole = g_strv_contains(known, word);

    json_object_set_new(row, "identity",
                        json_string(whole ? word : "claimed"));
    if (!whole)
        json_object_set_new(row, "why", json_string(word));
}

static void
take(void *arg, const struct gl_store_bot *bot, const char *path,
     const struct gl_served_replies *to)
{
    json_t *row =
        json_pack("{s:s, s:s, s:I, s:I, s:I, s:I}", "operator", bot->operator,
                  "bot", bot->family, "views", (json_int_t) to->views,
                  "refused", (json_int_t) to->refused, "missing",
                  (json_int_t) to->missing, "failed", (json_int_t) to->failed);

    set_identity(row, bot->identity);
    if (path != NULL)
        json_object_set_new(row, "page", json_string(path));
    json_array_append_new(arg, row);
}

/* ---- people ---- */

static json_t *
query_of(const char *domain, const char *from, const char *to)
{
    return json_pack("{s:s, s:[s, s], s:[s], s:[s, s], s:[[s, s, [s]]]}",
                     "site_id", domain, "metrics", "visitors", "visits",
                     "dimensions", "visit:source", "date_range", from, to,
                     "filters", "is", "visit:channel", CHANNEL);
}

static json_t *
people_view(const json_t *told)
{
    json_t *people = json_array();
    const json_t *row;
    size_t i;

    json_array_foreach (json_object_get(told, "results"), i, row) {
        const json_t *metrics = json_object_get(row, "metrics");
        json_t *source = json_array_get(json_object_get(row, "dimensions"), 0);

        json_array_append_new(people,
                              json_pack("{s:O, s:s, s:O, s:O}", "source",
                                        source, "operator",
                                        operator_of(json_string_value(source)),
                                        "visitors", json_array_get(metrics, 0),
                                        "visits", json_array_get(metrics, 1)));
    }
    return people;
}

int
gl_ai_answer(const struct gl_asking *asking, int64_t site, const char *domain,
             int64_t first, int64_t last, int limit, json_t **answer)
{
    struct gl_account *account = gl_asking_reader(asking);
    char *from = gl_range_date_text(first), *to = gl_range_date_text(last);
    json_t *bots = json_array(), *pages = json_array(), *told = NULL;
    json_t *query = query_of(domain, from, to);
    int status = gl_asking_ask(asking, query, &told);

    json_decref(query);
    if (status != 200) {
        *answer = told;
        told = NULL;
    } else if (gl_account_served_ai(account, site, first, last, limit, 0, take,
                                    bots) != 0 ||
               gl_account_served_ai(account, site, first, last, limit, 1, take,
                                    pages) != 0) {
        status = gl_verb_storage_(answer, "the account's file");
    } else {
        *answer = json_pack("{s:s, s:s, s:O, s:O, s:o}", "from", from, "to",
                            to, "bots", bots, "pages", pages, "people",
                            people_view(told));
    }
    json_decref(told);
    json_decref(bots);
    json_decref(pages);
    g_free(from);
    g_free(to);
    return status;
}
